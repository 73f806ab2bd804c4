"""Assertions to signal values: the strongest asserter prevails, equals who differ give unknown. It never averages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import Any

from assay.engine.decision.assertion import Assertion
from assay.engine.decision.item import Item
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, Vocabulary

# One for all items that need no resolution, since most do not.
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolution:
    """What assertions came to.

    values     a value for each signal, in vocabulary order
    prevailed  by signal, the assertion that gave its value
    conflicts  by signal, assertions of equal rank that differ, which leave the signal unknown
    """

    values: tuple[MaybeValue, ...]
    prevailed: Mapping[str, Assertion] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[Assertion, ...]] = field(default_factory=dict)


def resolve(item: Item, vocabulary: Vocabulary, as_of: int) -> Resolution:
    """The values an item is decided by, at an instant: assertions made after it do not count.

    A value given in `signals` needs no resolution, and assertions for that signal are left aside.
    """
    if not item.assertions:
        return Resolution(item.values, _NOTHING, _NOTHING)
    values = list(item.values)
    by_signal: dict[str, list[Assertion]] = {}
    for assertion in item.assertions:
        by_signal.setdefault(assertion.signal, []).append(assertion)
    prevailed: dict[str, Assertion] = {}
    conflicts: dict[str, tuple[Assertion, ...]] = {}
    for name, assertions in by_signal.items():
        place = vocabulary.index[name]
        if values[place] is not None:
            continue
        strongest = _strongest(assertions, vocabulary.by_name[name], as_of)
        if len({assertion.value for assertion in strongest}) > 1:
            conflicts[name] = strongest
        elif strongest:
            prevailed[name] = strongest[0]
            values[place] = strongest[0].value
    return Resolution(tuple(values), prevailed, conflicts)


def _strongest(assertions: list[Assertion], signal: Signal, as_of: int) -> tuple[Assertion, ...]:
    """The assertions of the strongest asserter who says anything that counts, one a source: its latest."""
    counted = [
        assertion
        for assertion in assertions
        if assertion.by in signal.asserted_by
        and (assertion.at is None or assertion.at <= as_of)
        and (assertion.confidence is None or assertion.confidence >= signal.confidence_at_least)
    ]
    if not counted:
        return ()
    rank = min(_rank(assertion, signal) for assertion in counted)
    prevailing = [assertion for assertion in counted if _rank(assertion, signal) == rank]
    if len(prevailing) == 1:
        return (prevailing[0],)
    latest: dict[str, float] = {}
    for assertion in prevailing:
        latest[assertion.source] = max(latest.get(assertion.source, -inf), _when(assertion))
    # Whoever changes their mind contradicts nobody but themselves.
    last = [assertion for assertion in prevailing if _when(assertion) == latest[assertion.source]]
    said: dict[tuple[str, Value], Assertion] = {}
    for assertion in sorted(last, key=_order):
        said.setdefault((assertion.source, assertion.value), assertion)
    return tuple(said.values())


def _when(assertion: Assertion) -> float:
    """When it was asserted; without a time it is older than every assertion that has one."""
    return -inf if assertion.at is None else assertion.at


def _order(assertion: Assertion) -> tuple[str, str, str, float, tuple[str, ...]]:
    """The same order however assertions are given; of those that say the same, the surest first."""
    # A set's own order changes from one run to the next, and a record must not.
    value = sorted(assertion.value) if isinstance(assertion.value, frozenset) else assertion.value
    sure = -1.0 if assertion.confidence is None else assertion.confidence
    return (assertion.source, repr(value), assertion.by, -sure, assertion.evidence)


def _rank(assertion: Assertion, signal: Signal) -> int:
    order = signal.precedence
    return order.index(assertion.by) if assertion.by in order else len(order)
