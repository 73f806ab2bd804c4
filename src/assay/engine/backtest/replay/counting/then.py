"""Whether the old version does what was done then. It takes what is unknown for neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.history.block import UNKNOWN, Group
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.replay.counting.draw import Draw
from assay.engine.backtest.replay.counting.entries import Entries
from assay.engine.backtest.replay.counting.grid import COUNT, COUNT_SQUARE, ROWS, Grid, Summed, moments_of
from assay.engine.backtest.replay.counting.groups import EVERYWHERE, Grouping
from assay.engine.backtest.replay.seen import OLD, Seen
from assay.engine.language.pack.measures import Measures
from assay.engine.program.columnar.planes import Bools, nothing, unpack

SEPARATOR = "|"
_DIFFERS, _AGREES = 0, 1


class Then:
    """Rows of which is known what was done: an accumulator."""

    def __init__(self) -> None:
        self._grid = Grid()

    def add(self, seen: Seen, draw: Draw) -> None:
        """The rows of a block."""
        done = seen.history.done
        if done is None:
            return
        known = np.flatnonzero(np.array([name != UNKNOWN for name in done.names], np.bool_)[done.codes])
        if known.size:
            agrees = _agrees(seen, done)[known].astype(np.int64)
            Entries(known, agrees, (_DIFFERS, _AGREES)).packed().put(self._grid, draw, Grouping((EVERYWHERE,)))

    def merge(self, other: Then) -> None:
        """The rows of another stretch of the same history."""
        self._grid.merge(other._grid)

    def put(self, stratum: str, rows: int, *, agrees: bool) -> None:
        """Rows of one stratum that were counted elsewhere, all of which have one weight."""
        whole = np.zeros((1, 1, 1, 7), np.int64)
        whole[..., [ROWS, COUNT, COUNT_SQUARE]] = rows
        kind = _AGREES if agrees else _DIFFERS
        self._grid.add((EVERYWHERE,), (stratum,), (kind,), Summed(whole, np.zeros((1, 1, 1, 8))))

    def moments(self, weights: Mapping[str, float | None]) -> tuple[dict[str, Moments], dict[str, Moments]]:
        """By stratum, the rows that agree, and all of which is known what was done."""
        found = [
            {
                name: moments_of(self._grid.of(EVERYWHERE, name, kinds), Unit.ITEMS, weight)
                for name, weight in weights.items()
            }
            for kinds in ((_AGREES,), (_AGREES, _DIFFERS))
        ]
        return found[0], found[1]


def _agrees(seen: Seen, done: Group) -> Bools:
    """The rows on which the old version does what was done, all their markets taken together."""
    measures, rows = seen.programs[OLD].pack.measures, seen.history.rows
    applied = np.zeros((len(measures.all), nothing(rows).size), np.uint64)
    for market in seen.history.markets:
        applied |= seen.standing(OLD, market).applied & seen.present(market)
    sets = [as_applied(name, measures) for name in done.names]
    agrees = np.array([found is not None for found in sets], np.bool_)[done.codes]
    for place, plane in enumerate(_strongest(applied, measures)):
        was = np.array([found is not None and place in found for found in sets], np.bool_)
        if was.any() or plane.any():
            agrees &= was[done.codes] == unpack(plane, rows)
    return agrees


def as_applied(done: str, measures: Measures) -> frozenset[int] | None:
    """What was done as places of measures, on a ladder the strongest only; None where the pack lacks one of them."""
    bases = {ladder.base.id for ladder in measures.ladders}
    names = [name for name in done.split(SEPARATOR) if name and name not in bases]
    if any(name not in measures.index for name in names):
        return None
    places = {measures.index[name] for name in names}
    for ladder in measures.ladders:
        reached = sorted(places & {measures.index[step.id] for step in ladder.steps})
        places.difference_update(reached[:-1])
    return frozenset(places)


def agrees_with(done: str, applied: Iterable[int], measures: Measures) -> bool:
    """Whether measures by their places, applied somewhere, are what was done; on a ladder the strongest counts."""
    was = as_applied(done, measures)
    names = SEPARATOR.join([measures.all[place].id for place in applied])
    return was is not None and was == as_applied(names, measures)


def _strongest(applied: NDArray[np.uint64], measures: Measures) -> NDArray[np.uint64]:
    """Of the steps that an item reached in any market, the strongest of each ladder."""
    for ladder in measures.ladders:
        above = np.zeros_like(applied[0])
        for place in sorted([measures.index[step.id] for step in ladder.steps], reverse=True):
            reached = applied[place].copy()
            applied[place] &= ~above
            above |= reached
    return applied
