"""Market classes: markets that no rule and no window tells apart. A decision is computed once a class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.engine.kernel.markets import Markets
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack

REST = "rest"


@dataclass(frozen=True, slots=True)
class MarketClass:
    """Markets that are always treated alike. `name` is a code, a group, a few codes joined by `+`, or `rest`."""

    name: str
    codes: frozenset[str]

    @property
    def example(self) -> str:
        """One code of the class, always the same."""
        return min(self.codes)


def market_classes(pack: Pack) -> tuple[MarketClass, ...]:
    """The classes of a pack, by name, the largest last as `rest`."""
    return classes_of(pack.markets, sets_apart(pack))


def sets_apart(pack: Pack) -> set[frozenset[str]]:
    """The sets of markets that a pack's rules, and the windows that they read, set apart from the others."""
    sets = {codes for codes in pack.markets_of.values() if codes is not None}
    kinds = _calendar_kinds(pack)
    return sets | {window.markets for window in pack.windows if window.kind in kinds}


def classes_of(markets: Markets, sets: Iterable[frozenset[str]]) -> tuple[MarketClass, ...]:
    """The coarsest classes of which each lies wholly inside or wholly outside of every one of some sets."""
    ordered = sorted(set(sets), key=sorted)
    groups: dict[tuple[bool, ...], set[str]] = {}
    for code in markets.codes:
        groups.setdefault(tuple(code in found for found in ordered), set()).add(code)
    largest = max(groups.values(), key=lambda codes: (len(codes), min(codes)))
    named = [
        MarketClass(_name(markets, frozenset(codes)), frozenset(codes))
        for codes in groups.values()
        if codes is not largest
    ]
    return (*sorted(named, key=lambda found: found.name), MarketClass(REST, frozenset(largest)))


def _calendar_kinds(pack: Pack) -> set[str]:
    """The kinds of windows that some condition reads; other windows tell no markets apart."""
    conditions = [rule.when for rule in pack.rules] + [rule.unless for rule in pack.rules if rule.unless is not None]
    conditions += [exception.when for exception in pack.exceptions]
    used = {name for condition in conditions for name in signals_of(condition.expression)}
    signals = (pack.vocabulary.by_name[name] for name in used if name in pack.vocabulary.by_name)
    return {signal.calendar.kind for signal in signals if signal.calendar is not None}


def _name(markets: Markets, codes: frozenset[str]) -> str:
    for group in markets.groups:
        if markets.reach(group) == codes:
            return group
    ordered = sorted(codes)
    return "+".join(ordered) if len(ordered) <= 4 else f"{ordered[0]}+{len(ordered) - 1}"
