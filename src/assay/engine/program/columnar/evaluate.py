"""One block under all bundles: rules, measures and outcomes as planes, worked out when asked for. It never guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.program.columnar.atoms.instants import Rows
from assay.engine.program.columnar.bundles import Bundle, Effect, Parts, Place
from assay.engine.program.columnar.firings import Firings
from assay.engine.program.columnar.graph import Scope
from assay.engine.program.columnar.outcomes import MeasurePlanes, Outcomes, StandingPlanes, outcomes_of, standing_of
from assay.engine.program.columnar.planes import Pair, Plane, cut, union
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.core import InRollout

_Key: TypeAlias = tuple[int, tuple[str | None, ...]]
# What makes a firing hold where its period and the market are right.
_Condition: TypeAlias = tuple[int, str, tuple[InRollout, ...], tuple[str | None, ...]]
_Union: TypeAlias = tuple[tuple[Effect, ...], Scope]


class Planes:
    """What several bundles say of a block. All that is given out may be shared: nobody may write to it.

    In every method `bundle` is the place of a pack among those compiled, and `market` the name of one of its market
    classes, or the code of a single market: rows may say something of a market that they do not say of its class.
    """

    def __init__(self, bundles: Sequence[Bundle], parts: Parts, firings: Firings, block: Block) -> None:
        self._bundles, self._firings, self._block = bundles, firings, block
        self._unions = tuple([self._union(effects) for effects in parts.unions])
        self._told_apart = frozenset([code for given in block.by_market.values() for code in given])
        self._imposed: dict[_Key, Pair] = {}
        self._meanwhile: dict[_Key, Plane] = {}
        self._measures: dict[tuple[int, Place], MeasurePlanes] = {}

    @property
    def rows(self) -> int:
        """How many rows the block has."""
        return self._block.rows

    def markets(self, bundle: int) -> tuple[str, ...]:
        """Every market class of a bundle, and the single markets that rows tell apart from their class."""
        classes = self._bundles[bundle].program.classes
        names = [found.name for found in classes]
        codes = {code for code in self._told_apart if any(code in found.codes for found in classes)}
        return (*names, *sorted(codes.difference(names)))

    def rules(self, bundle: int, market: str) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Where rules are certain and where they are certain or unknown, each of the shape (rules, words)."""
        found, place = self._bundles[bundle], self._place(bundle, market)
        pairs = [
            self._firings.pair(firing, place) if found.holds_in(rule, place.market) else self._firings.none
            for rule, firing in enumerate(found.firings)
        ]
        stacked = self._stacked(pairs, self._firings.none)
        return stacked[:, 0], stacked[:, 1]

    def measures(self, bundle: int, market: str) -> MeasurePlanes:
        """Where measures are certain, certain or unknown, and imposed until more is known."""
        place = self._place(bundle, market)
        found = self._measures.get((bundle, place))
        if found is None:
            of = self._bundles[bundle]
            imposed = [self._impose(union, place) for union in of.then[place.market.name]]
            waiting = [self._impose_meanwhile(union, place) for union in of.until_known[place.market.name]]
            pairs = self._stacked(imposed, self._firings.none)
            planes = self._stacked(waiting, self._firings.none[0])
            found = self._measures[bundle, place] = MeasurePlanes(pairs[:, 0], pairs[:, 1], planes)
        return found

    def standing(self, bundle: int, market: str) -> StandingPlanes:
        """What is done now, and what may still change."""
        return standing_of(self.measures(bundle, market), self._bundles[bundle].program.pack.measures)

    def outcomes(self, bundle: int, market: str) -> Outcomes:
        """A small code for what is done to each row."""
        return outcomes_of(self.standing(bundle, market), self.rows)

    def apart(
        self, one: tuple[int, str], other: tuple[int, str], measures: Sequence[tuple[int | None, int | None]]
    ) -> NDArray[np.uint64]:
        """Where measures of two bundles may differ; elsewhere they are alike, however the unknown is answered.

        one, other  a bundle and a market of it
        measures    pairs of places, of the one bundle and of the other; None where a bundle has no such measure
        returns     a plane for each pair
        """
        places = (self._place(*one), self._place(*other))
        imposing = [
            self._bundles[bundle].then[place.market.name]
            for (bundle, _), place in zip((one, other), places, strict=True)
        ]
        found = []
        for pair in measures:
            old, new = (
                {} if at is None else self._possible(self._unions[unions[at]][0], place)
                for at, unions, place in zip(pair, imposing, places, strict=True)
            )
            none = self._firings.none[0]
            differ = [old.get(key, none) ^ new.get(key, none) for key in dict.fromkeys((*old, *new))]
            found.append(union(differ, self.rows))
        return self._stacked(found, self._firings.none[0])

    def _possible(self, effects: Sequence[Effect], place: Place) -> dict[_Condition, Plane]:
        """Where effects may hold, by what makes them hold: condition, rollout, and what these can tell of a place."""
        found: dict[_Condition, Plane] = {}
        for effect in effects:
            firing = self._firings.of(effect.firing)
            key = (firing.step, firing.subject, firing.rollouts, place.seen(self._firings.scope(effect.firing)))
            plane = _joined([(self._firings.pair(effect.firing, place)[1], self._since(effect))], self._firings.none[0])
            found[key] = found[key] | plane if key in found else plane
        return found

    def _place(self, bundle: int, market: str) -> Place:
        for found in self._bundles[bundle].program.classes:
            # A class of one market has its code for a name, and rows may say something of it.
            if market in found.codes:
                return Place(found, market if market in self._told_apart else None)
            if market == found.name:
                return Place(found)
        raise KeyError(market)

    def _stacked(self, planes: Sequence[NDArray[np.uint64]], like: NDArray[np.uint64]) -> NDArray[np.uint64]:
        return cut(np.stack(planes) if planes else np.empty((0, *like.shape), np.uint64), self.rows)

    def _union(self, effects: frozenset[Effect]) -> _Union:
        return tuple(effects), max([self._firings.scope(effect.firing) for effect in effects], default=Scope.ITEM)

    def _impose(self, union: int, place: Place) -> Pair:
        """Where one of some firings imposes a measure."""
        effects, scope = self._unions[union]
        key = (union, place.seen(scope))
        found = self._imposed.get(key)
        if found is None:
            pairs = [(self._firings.pair(one.firing, place), self._since(one)) for one in effects]
            found = self._imposed[key] = _joined(pairs, self._firings.none)
        return found

    def _impose_meanwhile(self, union: int, place: Place) -> Plane:
        """Where one of some firings is unknown and imposes a measure until it is known."""
        effects, scope = self._unions[union]
        key = (union, place.seen(scope))
        found = self._meanwhile.get(key)
        if found is None:
            planes = [(self._firings.open(one.firing, place), self._since(one)) for one in effects]
            found = self._meanwhile[key] = _joined(planes, self._firings.none[0])
        return found

    def _since(self, effect: Effect) -> Rows:
        return True if effect.since is None else self._firings.instants.since(effect.since)


def _joined(parts: Sequence[tuple[NDArray[np.uint64], Rows]], none: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The union of planes, each in its rows only."""
    kept = [found if isinstance(rows, bool) else found & rows for found, rows in parts if rows is not False]
    if len(kept) < 2:
        return kept[0] if kept else none
    found = kept[0] | kept[1]
    for more in kept[2:]:
        np.bitwise_or(found, more, out=found)
    return found
