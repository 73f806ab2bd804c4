"""What changed from one decision of an item to the next, by what the index knows of both. It reads no record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.interfaces.look.markets import title_of
from assay.interfaces.stores.indexing.facts import ANY

_RANK = {"": "not imposed", "yes": "certain", "unknown": "open"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A measure that stands otherwise than before.

    before, after  `certain`, `open` or `not imposed`
    """

    measure: str
    before: str
    after: str
    markets: tuple[str, ...]


def turns(before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]) -> tuple[Turn, ...]:
    """Measures that stand otherwise.

    before, after  by market, what was so only before, and what is so only after
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for market in sorted((before.keys() | after.keys()) - {ANY}):
        was, now = _truths(before.get(market, ())), _truths(after.get(market, ()))
        for measure in sorted(was.keys() | now.keys()):
            found.setdefault((measure, was.get(measure, ""), now.get(measure, "")), []).append(market)
    return tuple(
        Turn(measure, _RANK[one], _RANK[other], tuple(map(title_of, markets)))
        for (measure, one, other), markets in found.items()
    )


def _truths(facts: Iterable[str]) -> dict[str, str]:
    """From a measure to `yes` or `unknown`."""
    found = {}
    for fact in facts:
        kind, _, rest = fact.partition(":")
        if kind == "measure":
            measure, _, truth = rest.rpartition("=")
            found[measure] = truth
    return found
