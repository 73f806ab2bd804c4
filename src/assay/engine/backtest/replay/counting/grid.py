"""Sums of a replay, by scope, stratum and kind. Whole numbers stay exact, however rows are cut into blocks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.moments import Moments

# Fields of whole numbers. A square of views may take more than 64 bits: it is kept in two halves of 32 and more.
ROWS, COUNT, COUNT_SQUARE, VIEWED_ROWS, VIEWS, HIGH, LOW = range(7)
# Fields of fractions, the same sums with weights; they count only where one stratum has several weights.
W, WW, W_COUNT, W_COUNT_SQUARE, WW_COUNT_SQUARE, W_VIEWS, W_VIEWS_SQUARE, WW_VIEWS_SQUARE = range(8)
_HALF = 32
_LOWER = (1 << _HALF) - 1
# Up to here every sum of a block's whole numbers is exact in a double: 2^53 over 2^16 rows.
_SMALL = 1 << 37
# Below this a square fits a signed 64-bit number.
_SQUARES = 1 << 31


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """Sums of one block, the last axis being the fields.

    whole      whole numbers
    fractions  the same with weights
    """

    whole: NDArray[np.int64]
    fractions: NDArray[np.float64]

    def shaped(self, *shape: int) -> Summed:
        """The same sums under other axes."""
        return Summed(self.whole.reshape(*shape, 7), self.fractions.reshape(*shape, 8))

    def mapped(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Summed:
        """The same change made to both."""
        return Summed(change(self.whole), change(self.fractions))


def summed(
    cells: NDArray[np.integer[Any]],
    size: int,
    *,
    counts: NDArray[np.int64] | None = None,
    views: NDArray[np.int64] | None = None,
    weights: NDArray[np.float64] | None = None,
    squares: bool = True,
) -> Summed:
    """Sums over rows, by the cell of each; cells are numbered from nothing.

    counts   what each row counts as; without them each is one
    views    each row's views
    weights  without them the fractions are left to be worked out of the whole numbers
    squares  whether squares are wanted; rows taken with certainty need none
    """
    whole, fractions = np.zeros((size, 7), np.int64), np.zeros((size, 8))
    rows = np.bincount(cells, minlength=size)
    whole[:, ROWS] = rows
    whole[:, COUNT] = rows if counts is None else exactly(cells, counts, size)
    if squares:
        whole[:, COUNT_SQUARE] = rows if counts is None else exactly(cells, counts * counts, size)
    if views is not None:
        whole[:, VIEWED_ROWS] = np.bincount(cells[views != 0], minlength=size)
        whole[:, VIEWS] = exactly(cells, views, size)
        if squares:
            whole[:, HIGH], whole[:, LOW] = _squares(cells, views, size)
    if weights is not None:
        _weigh(fractions, cells, counts, views, weights)
    return Summed(whole, fractions)


def exactly(cells: NDArray[np.integer[Any]], numbers: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Sums of whole numbers by cell, without rounding."""
    if not numbers.size or max(-int(numbers.min()), int(numbers.max())) < _SMALL:
        return np.bincount(cells, numbers, size).astype(np.int64)
    low = np.bincount(cells, numbers & _LOWER, size).astype(np.int64)
    return (np.bincount(cells, numbers >> _HALF, size).astype(np.int64) << _HALF) + low


def _squares(
    cells: NDArray[np.integer[Any]], numbers: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sums of squares by cell in two halves."""
    large = np.flatnonzero(np.abs(numbers) >= _SQUARES)
    few = np.delete(numbers, large) if large.size else numbers
    of_few = np.delete(cells, large) if large.size else cells
    square = few * few
    high = np.bincount(of_few, square >> _HALF, size).astype(np.int64)
    low = np.bincount(of_few, square & _LOWER, size).astype(np.int64)
    # Two billion views of one item come once in a while, and NumPy has no number for their square.
    for cell, number in zip(cells[large].tolist(), numbers[large].tolist(), strict=True):
        high[cell] += number * number >> _HALF
        low[cell] += number * number & _LOWER
    return high, low


def _weigh(
    fractions: NDArray[np.float64],
    cells: NDArray[np.integer[Any]],
    counts: NDArray[np.int64] | None,
    views: NDArray[np.int64] | None,
    weights: NDArray[np.float64],
) -> None:
    size = len(fractions)
    fractions[:, W] = np.bincount(cells, weights, size)
    fractions[:, WW] = np.bincount(cells, weights**2, size)
    for numbers, first in ((counts, W_COUNT), (views, W_VIEWS)):
        if numbers is not None:
            weighted = weights * numbers
            fractions[:, first] = np.bincount(cells, weighted, size)
            fractions[:, first + 1] = np.bincount(cells, weighted * numbers, size)
            fractions[:, first + 2] = np.bincount(cells, weighted**2, size)
    if counts is None:
        fractions[:, W_COUNT] = fractions[:, W_COUNT_SQUARE] = fractions[:, W]
        fractions[:, WW_COUNT_SQUARE] = fractions[:, WW]


def weighed(found: Summed, each: NDArray[np.float64]) -> Summed:
    """Sums with the fractions worked out: `each` is the weight of all rows of a sum, as it goes with the other axes."""
    whole = found.whole.astype(np.float64)
    squares = whole[..., HIGH] * 2.0**_HALF + whole[..., LOW]
    fractions = np.empty_like(found.fractions)
    fractions[..., W], fractions[..., WW] = whole[..., ROWS] * each, whole[..., ROWS] * each**2
    fractions[..., W_COUNT] = whole[..., COUNT] * each
    fractions[..., W_COUNT_SQUARE] = whole[..., COUNT_SQUARE] * each
    fractions[..., WW_COUNT_SQUARE] = whole[..., COUNT_SQUARE] * each**2
    fractions[..., W_VIEWS] = whole[..., VIEWS] * each
    fractions[..., W_VIEWS_SQUARE], fractions[..., WW_VIEWS_SQUARE] = squares * each, squares * each**2
    return Summed(found.whole, fractions)


class Axis:
    """Names along one axis of a grid, in the order in which they came."""

    def __init__(self) -> None:
        self.places: dict[Hashable, int] = {}

    def of(self, names: Sequence[Hashable]) -> NDArray[np.intp]:
        """The places of some names; new ones get places of their own."""
        return np.array([self.places.setdefault(name, len(self.places)) for name in names], np.intp)


class Grid:
    """Sums by scope, stratum and kind: an accumulator."""

    def __init__(self) -> None:
        self.scopes, self.strata, self.kinds = Axis(), Axis(), Axis()
        self._sums = Summed(np.zeros((0, 0, 0, 7), np.int64), np.zeros((0, 0, 0, 8)))

    def add(
        self, scopes: Sequence[Hashable], strata: Sequence[Hashable], kinds: Sequence[Hashable], sums: Summed
    ) -> None:
        """The sums of a block, with an axis for each; no name may come twice."""
        at = np.ix_(self.scopes.of(scopes), self.strata.of(strata), self.kinds.of(kinds))
        self._make_room()
        whole = self._sums.whole[at] + sums.whole
        whole[..., HIGH] += whole[..., LOW] >> _HALF
        whole[..., LOW] &= _LOWER
        self._sums.whole[at] = whole
        self._sums.fractions[at] += sums.fractions

    def merge(self, other: Grid) -> None:
        """The sums of another stretch of the same history."""
        shape = tuple([len(axis.places) for axis in (other.scopes, other.strata, other.kinds)])
        if all(shape):
            filled = tuple([slice(0, size) for size in shape])
            sums = other._sums.mapped(lambda found: found[filled])
            self.add(tuple(other.scopes.places), tuple(other.strata.places), tuple(other.kinds.places), sums)

    def of(self, scope: Hashable, stratum: Hashable, kinds: Sequence[Hashable]) -> Summed:
        """The sums of a scope and a stratum over several kinds, of which no row has two."""
        places = [self.kinds.places[kind] for kind in kinds if kind in self.kinds.places]
        at = (self.scopes.places.get(scope), self.strata.places.get(stratum))
        if not places or None in at:
            return Summed(np.zeros(7, np.int64), np.zeros(8))
        return self._sums.mapped(lambda found: found[at][places].sum(axis=0))

    def filled(self, scope: Hashable) -> list[Hashable]:
        """The kinds of which a scope has rows."""
        at = self.scopes.places.get(scope)
        if at is None:
            return []
        rows = self._sums.whole[at, :, :, ROWS].sum(axis=0)
        return [kind for kind, place in self.kinds.places.items() if place < rows.size and rows[place]]

    def filled_scopes(self) -> list[Hashable]:
        """The scopes that have rows."""
        rows = self._sums.whole[..., ROWS].sum(axis=(1, 2))
        return [scope for scope, place in self.scopes.places.items() if place < rows.size and rows[place]]

    def move(self, scope: Hashable, to: Hashable) -> None:
        """Counts a scope's rows with those of another."""
        at = self.scopes.places.get(scope)
        if at is None:
            return
        shape = (len(self.strata.places), len(self.kinds.places))
        sums = self._sums.mapped(lambda found: found[at : at + 1, : shape[0], : shape[1]].copy())
        self._sums.whole[at], self._sums.fractions[at] = 0, 0.0
        self.add((to,), tuple(self.strata.places), tuple(self.kinds.places), sums)

    def _make_room(self) -> None:
        shape = tuple([len(axis.places) for axis in (self.scopes, self.strata, self.kinds)])
        has = self._sums.whole.shape[:3]
        if any(size > old for size, old in zip(shape, has, strict=True)):
            grown = [old if size <= old else max(size, 2 * old) for size, old in zip(shape, has, strict=True)]
            spare = [(0, size - old) for size, old in zip(grown, has, strict=True)]
            self._sums = self._sums.mapped(lambda found: np.pad(found, [*spare, (0, 0)]))


def moments_of(found: Summed, unit: Unit, weight: float | None) -> Moments:
    """Sums as the estimators take them.

    weight  how many items each row stands for, so that no rounding of weighted sums matters; None where rows differ
    """
    whole, fractions = [int(number) for number in found.whole], [float(number) for number in found.fractions]
    if unit is Unit.VIEWS:
        rows, x, square = whole[VIEWED_ROWS], whole[VIEWS], (whole[HIGH] << _HALF) + whole[LOW]
        weighted = fractions[W_VIEWS : WW_VIEWS_SQUARE + 1]
    elif unit is Unit.ITEMS:
        rows = x = square = whole[ROWS]
        weighted = [fractions[W], fractions[W], fractions[WW]]
    else:
        rows, x, square = whole[ROWS], whole[COUNT], whole[COUNT_SQUARE]
        weighted = fractions[W_COUNT : WW_COUNT_SQUARE + 1]
    if weight == 1.0:
        # Rows that were all taken add to no variance. Some blocks sum up their squares and others do not.
        return Moments(rows, float(x), float(x))
    if weight is not None:
        weighted = [weight * x, weight * square, weight**2 * square]
    return Moments(rows, float(x), weighted[0], float(square), weighted[1], weighted[2])


def less(whole: Moments, part: Moments) -> Moments:
    """The moments of the rows of a whole that are not among some of its rows."""
    return Moments(
        whole.rows - part.rows,
        whole.x - part.x,
        whole.wx - part.wx,
        whole.xx - part.xx,
        whole.wxx - part.wxx,
        whole.wwxx - part.wwxx,
    )
