"""How many decisions and views each measure has under both versions, certain and possible. It keeps no row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.draw import CERTAIN, Draw
from assay.engine.backtest.replay.counting.grid import (
    COUNT,
    COUNT_SQUARE,
    ROWS,
    VIEWED_ROWS,
    VIEWS,
    W_COUNT,
    W_COUNT_SQUARE,
    W_VIEWS,
    WW_COUNT_SQUARE,
    Grid,
    Summed,
    less,
    moments_of,
    summed,
    weighed,
)
from assay.engine.backtest.replay.counting.groups import EVERYWHERE
from assay.engine.backtest.replay.counting.states import VIEWED, Aligned, Count, Counted, states_of
from assay.engine.backtest.replay.seen import Seen
from assay.engine.program.columnar.planes import Plane, count, pack, unpack

# For each row how often it counts up less how often it counts down.
Signed: TypeAlias = NDArray[np.int8] | NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted of which measure.

    rest   whether it is what rows have beside it: of their views those that are not under the measure
    whole  whether it is all that rows have which have some of it
    """

    measure: str
    count: Count
    rest: bool = False
    whole: bool = False


# All views of all sampled rows.
ALL_VIEWS = Kind("", Count.DONE_OLD, whole=True)


class MeasureTally:
    """Decisions by measure, market and what is counted of it: an accumulator."""

    def __init__(self) -> None:
        self.grid = Grid()

    def add(self, seen: Seen, draw: Draw) -> None:
        """The rows of a block."""
        aligned = Aligned(seen)
        by_bits = _ByBits(self.grid, None if draw.certain else pack(draw.weights <= 1.0), draw.names)
        by_rows = _ByRows(self.grid, draw, len(seen.history.markets))
        for market in seen.history.markets:
            some, states = states_of(seen, market, aligned)
            views = seen.history.views.get(market)
            known = None if views is None else np.maximum(views, 0)
            names = [aligned.ids[place] for place in some]
            for stretch in (by_bits, by_rows):
                stretch.add(market, names, states, seen.present(market), known)
        by_bits.end()
        by_rows.end()

    def merge(self, other: MeasureTally) -> None:
        """The rows of another stretch of the same history."""
        self.grid.merge(other.grid)

    def moments(self, scope: Scope, kind: Kind, unit: Unit, weights: Mapping[str, float | None]) -> dict[str, Moments]:
        """By stratum, the moments of what is counted; `weights` are those of its rows, None where they differ."""
        found = {}
        for name, weight in weights.items():
            own = moments_of(self.grid.of(scope, name, (kind,)), unit, weight)
            if kind.rest:
                # Rows that have nothing of a measure have all of their views beside it.
                everything = moments_of(self.grid.of(scope, name, (ALL_VIEWS,)), unit, weight)
                counted = replace(kind, rest=False, whole=True)
                own += less(everything, moments_of(self.grid.of(scope, name, (counted,)), unit, weight))
            found[name] = own
        return found

    def measures(self, scope: Scope) -> list[str]:
        """The measures that some row of a scope has, in no order."""
        return list(
            dict.fromkeys([kind.measure for kind in self.grid.filled(scope) if isinstance(kind, Kind) and kind.measure])
        )


class _ByBits:
    """Rows that were taken with certainty: none of them adds to a variance, and bits are all that must be counted."""

    def __init__(self, grid: Grid, sure: Plane | None, strata: Sequence[str]) -> None:
        self._grid, self._sure, self._wanted = grid, sure, CERTAIN in strata
        # Over all markets: the rows of each kind, and its sums.
        self._rows: dict[Kind, Plane] = {}
        self._viewed: dict[Kind, Plane] = {}
        self._none = np.uint64(0)
        self._sums: dict[Kind, NDArray[np.int64]] = {}

    def add(
        self,
        market: str,
        names: Sequence[str],
        states: Mapping[Count, Counted],
        present: Plane,
        views: NDArray[np.int64] | None,
    ) -> None:
        if not self._wanted or not names:
            return
        mask = present if self._sure is None else present & self._sure
        viewed = mask if views is None else pack(views > 0)
        kinds: list[Hashable] = []
        parts = []
        for of, counted in states.items():
            up = counted.up & mask
            down = None if counted.down is None else counted.down & mask
            rows, fall = _popcounts(up), None if down is None else _popcounts(down)
            either = up if down is None else up | down
            for place in np.flatnonzero(rows if fall is None else rows + fall).tolist():
                kind = Kind(names[place], of)
                found = np.zeros(7, np.int64)
                found[ROWS] = rows[place] + (0 if fall is None else fall[place])
                found[COUNT] = rows[place] - (0 if fall is None else fall[place])
                if views is not None and of in VIEWED:
                    under = views[np.flatnonzero(unpack(up[place], views.size))]
                    found[VIEWED_ROWS], found[VIEWS] = np.count_nonzero(under), under.sum()
                    self._viewed[kind] = self._viewed.get(kind, self._none) | up[place] & viewed
                kinds.append(kind)
                parts.append(found)
                self._together(kind, either[place], found)
        self._put(Scope(market), kinds, parts)

    def _together(self, kind: Kind, rows: Plane, found: NDArray[np.int64]) -> None:
        if kind in self._rows:
            self._rows[kind] = self._rows[kind] | rows
            self._sums[kind] = self._sums[kind] + found
        else:
            self._rows[kind], self._sums[kind] = rows, found

    def end(self) -> None:
        """What all markets together come to; a row counts once as a row."""
        parts = []
        for kind, found in self._sums.items():
            own = found.copy()
            own[ROWS] = count(self._rows[kind])
            own[VIEWED_ROWS] = count(self._viewed[kind]) if kind in self._viewed else 0
            parts.append(own)
        self._put(EVERYWHERE, list(self._sums), parts)

    def _put(self, scope: Scope, kinds: Sequence[Hashable], parts: Sequence[NDArray[np.int64]]) -> None:
        if kinds:
            whole = np.stack(parts)[np.newaxis, np.newaxis]
            sums = weighed(Summed(whole, np.zeros((*whole.shape[:3], 8))), np.ones(1))
            self._grid.add((scope,), (CERTAIN,), kinds, sums)


class _ByRows:
    """Sampled rows: over several markets a row's own sum is what varies, so that each counts by itself."""

    def __init__(self, grid: Grid, draw: Draw, markets: int) -> None:
        self._grid, self._draw = grid, draw
        self._sampled = np.zeros(0, np.intp) if draw.certain else np.flatnonzero(draw.weights > 1.0)
        self._strata, self._weights = draw.strata[self._sampled], draw.weights[self._sampled]
        # A row counts at most once up or down in each market: so many sums it can have.
        self._reach = markets
        self._sums = self._strata * (2 * markets + 1) + markets
        self._counts: dict[Kind, Signed] = {}
        self._views: dict[Kind, NDArray[np.int64]] = {}
        self._all_views = np.zeros(self._sampled.size, np.int64)

    def add(
        self,
        market: str,
        names: Sequence[str],
        states: Mapping[Count, Counted],
        present: Plane,
        views: NDArray[np.int64] | None,
    ) -> None:
        """The rows of a market."""
        if not self._sampled.size:
            return
        seen = None if views is None else views[self._sampled]
        counts: dict[Kind, Signed] = {}
        under: dict[Kind, NDArray[np.int64]] = {}
        for of, counted in states.items():
            up = counted.up & present
            down = None if counted.down is None else counted.down & present
            some = up.any(axis=1) if down is None else (up | down).any(axis=1)
            for place in np.flatnonzero(some).tolist():
                kind = Kind(names[place], of)
                counts[kind] = self._of(up[place]) if down is None else self._of(up[place]) - self._of(down[place])
                if seen is not None and of in VIEWED:
                    under[kind] = counts[kind] * seen
        for kind, signed in counts.items():
            self._counts[kind] = self._counts[kind] + signed if kind in self._counts else signed.astype(np.int16)
        for kind, own in under.items():
            self._views[kind] = self._views[kind] + own if kind in self._views else own
        if seen is not None:
            self._all_views += seen
        self._put(Scope(market), counts, under)

    def end(self) -> None:
        """What all markets together come to."""
        if self._sampled.size:
            beside: dict[Kind, NDArray[np.int64]] = {ALL_VIEWS: self._all_views}
            for kind, own in self._views.items():
                whole = np.where(own != 0, self._all_views, 0)
                beside[replace(kind, whole=True)] = whole
                beside[replace(kind, rest=True)] = whole - own
            self._put(EVERYWHERE, self._counts, self._views | beside)

    def _of(self, plane: Plane) -> Signed:
        flags = unpack(plane, self._draw.strata.size).view(np.int8)
        return flags if self._sampled.size == flags.size else flags[self._sampled]

    def _put(self, scope: Scope, counts: Mapping[Kind, Signed], views: Mapping[Kind, NDArray[np.int64]]) -> None:
        kinds = tuple(dict.fromkeys((*counts, *views)))
        if not kinds:
            return
        shape = (len(self._draw.names), len(kinds))
        found = Summed(np.zeros((*shape, 7), np.int64), np.zeros((*shape, 8)))
        for place, kind in enumerate(kinds):
            own = found.mapped(lambda of, place=place: of[:, place])  # type: ignore[misc]
            if kind in counts:
                self._count(own, counts[kind])
            if kind in views:
                self._view(own, views[kind])
        if self._draw.each is not None:
            found = weighed(found, self._draw.each[:, np.newaxis])
        self._grid.add((scope,), self._draw.names, kinds, found.mapped(lambda of: of[np.newaxis]))

    def _count(self, into: Summed, signed: Signed) -> None:
        """How many rows have each sum: from that follow sums and squares."""
        cells, shape = self._sums + signed, (len(self._draw.names), 2 * self._reach + 1)
        size, by = shape[0] * shape[1], np.arange(-self._reach, self._reach + 1)
        rows = np.bincount(cells, minlength=size).reshape(shape)
        into.whole[:, ROWS] = rows.sum(axis=1) - rows[:, self._reach]
        into.whole[:, COUNT], into.whole[:, COUNT_SQUARE] = rows @ by, rows @ by**2
        if self._draw.each is None:
            one = np.bincount(cells, self._weights, size).reshape(shape)
            two = np.bincount(cells, self._weights**2, size).reshape(shape)
            into.fractions[:, W_COUNT] = (one * by).sum(axis=1)
            into.fractions[:, W_COUNT_SQUARE] = (one * by**2).sum(axis=1)
            into.fractions[:, WW_COUNT_SQUARE] = (two * by**2).sum(axis=1)

    def _view(self, into: Summed, views: NDArray[np.int64]) -> None:
        has = np.flatnonzero(views)
        weights = self._weights[has] if self._draw.each is None else None
        found = summed(self._strata[has], len(self._draw.names), views=views[has], weights=weights)
        into.whole[:, VIEWED_ROWS:] = found.whole[:, VIEWED_ROWS:]
        into.fractions[:, W_VIEWS:] = found.fractions[:, W_VIEWS:]
        into.whole[:, ROWS] = np.maximum(into.whole[:, ROWS], found.whole[:, ROWS])


def _popcounts(stack: NDArray[np.uint64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.bitwise_count(stack).sum(axis=1, dtype=np.int64)
    return found
