"""By which conditions two versions impose a measure, market by market, where they differ. It looks at no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.language.pack.classes import REST, MarketClass
from assay.engine.program.columnar.bundles import Bundle, Effect, Firing, Place
from assay.engine.program.columnar.compile import Columnar
from assay.engine.program.core import InRollout

_SUBJECT = "item"
# A step, the shares of items it is for, and what these can tell of a place.
_Condition: TypeAlias = tuple[int, tuple[InRollout, ...], tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Imposing:
    """A rule, by its place, that imposes a measure; from an instant on where people are spared it before."""

    rule: int
    since: int | None


# The rules of both versions that rest on one condition.
Sides: TypeAlias = tuple[tuple[Imposing, ...], tuple[Imposing, ...]]


@dataclass(frozen=True)
class Apart:
    """Where measures of two versions may differ: a condition that may hold for one of them and not for the other.

    What both impose by the same condition they would decide alike, however the unknown is answered.
    """

    columnar: Columnar
    markets: Sequence[str]

    @cached_property
    def pairs(self) -> tuple[tuple[str, int | None, int | None], ...]:
        """Every measure of some version, with its place in each."""
        packs = [bundle.program.pack.measures for bundle in self.columnar.bundles]
        names = dict.fromkeys([measure.id for measures in packs for measure in measures.all])
        return tuple([(name, packs[0].index.get(name), packs[1].index.get(name)) for name in names])

    def by_market(self, pair: int) -> Mapping[tuple[Sides, ...], list[str]]:
        """The conditions that set a pair of measures apart, and the markets in which they are these."""
        found: dict[tuple[Sides, ...], list[str]] = {}
        for market in self.markets:
            sides = self._sides(pair, market)
            if sides:
                found.setdefault(sides, []).append(market)
        return found

    def _sides(self, pair: int, market: str) -> tuple[Sides, ...]:
        _, *places = self.pairs[pair]
        old, new = (self._effects(version, place, market) for version, place in enumerate(places))
        differ = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
        return tuple(
            [(self._rules(0, old.get(key, ()), market), self._rules(1, new.get(key, ()), market)) for key in differ]
        )

    def _effects(self, version: int, measure: int | None, market: str) -> dict[_Condition, list[Effect]]:
        """What imposes a measure on items in a market, by what makes it hold, but for the time."""
        bundle = self.columnar.bundles[version]
        here = _class_of(bundle, market)
        if measure is None or here is None:
            return {}
        place, found = Place(here, market), dict[_Condition, list[Effect]]()
        for effect in sorted(self._unions[bundle.then[here.name][measure]], key=_order):
            firing = self._firings[effect.firing]
            # Rows are items, of which no rule on accounts or campaigns holds.
            if firing.subject == _SUBJECT:
                seen = place.seen(self.columnar.parts.graph.scopes[firing.step])
                found.setdefault((firing.step, firing.rollouts, seen), []).append(effect)
        return found

    @cached_property
    def _firings(self) -> tuple[Firing, ...]:
        return tuple(self.columnar.parts.firings)

    @cached_property
    def _unions(self) -> tuple[frozenset[Effect], ...]:
        return tuple(self.columnar.parts.unions)

    def _rules(self, version: int, effects: Sequence[Effect], market: str) -> tuple[Imposing, ...]:
        bundle = self.columnar.bundles[version]
        here = _class_of(bundle, market)
        return tuple([Imposing(_rule_of(bundle, effect, here), effect.since) for effect in effects])


def _order(effect: Effect) -> tuple[int, int]:
    return effect.firing, effect.since or 0


def _class_of(bundle: Bundle, market: str) -> MarketClass | None:
    for found in bundle.program.classes:
        if market in found.codes or (market == ELSEWHERE and found.name == REST):
            return found
    return None


def _rule_of(bundle: Bundle, effect: Effect, here: MarketClass | None) -> int:
    """A rule of a version that is an effect's firing in a market class."""
    return next(
        place
        for place, firing in enumerate(bundle.firings)
        if firing == effect.firing and here is not None and bundle.holds_in(place, here)
    )
