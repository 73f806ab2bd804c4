"""What is counted of one block: kinds by row, summed by scope and stratum into a grid. It keeps nothing."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.counting.draw import Draw
from assay.engine.backtest.replay.counting.grid import ROWS, Grid, summed, weighed
from assay.engine.backtest.replay.counting.groups import Grouping


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Something to count: one entry a row, or several, or none.

    rows    the row of each entry; None where every row has one, in order
    kinds   places in `names`, one an entry
    counts  what each entry counts as; None where each is one
    views   its views; None where the history has none
    """

    rows: NDArray[np.intp] | None
    kinds: NDArray[np.integer[Any]]
    names: tuple[Hashable, ...]
    counts: NDArray[np.int64] | None = None
    views: NDArray[np.int64] | None = None

    def only(self, rows: NDArray[np.intp]) -> Entries:
        """The entries of some rows, where every row has one."""
        counts = None if self.counts is None else self.counts[rows]
        views = None if self.views is None else self.views[rows]
        return Entries(rows, self.kinds[rows], self.names, counts, views)

    def packed(self) -> Entries:
        """The same without the kinds that no entry has, so that sums take little room."""
        if not self.kinds.size:
            return Entries(self.rows, self.kinds, (), self.counts, self.views)
        used = np.flatnonzero(np.bincount(self.kinds, minlength=len(self.names)))
        places = np.zeros(len(self.names), np.int64)
        places[used] = np.arange(used.size)
        names = tuple([self.names[place] for place in used.tolist()])
        return Entries(self.rows, places[self.kinds], names, self.counts, self.views)

    def put(self, grid: Grid, draw: Draw, grouping: Grouping) -> None:
        """Adds the entries up by scope, stratum and kind."""
        if not self.names:
            return
        cells = self.kinds.astype(np.int64, copy=False)
        shape = (len(grouping.scopes), len(draw.names), len(self.names))
        if shape[1] > 1:
            cells = cells + self._at(draw.strata) * shape[2]
        if grouping.codes is not None:
            cells = cells + self._at(grouping.codes) * (shape[1] * shape[2])
        weights = self._at(draw.weights) if draw.each is None else None
        size = shape[0] * shape[1] * shape[2]
        sums = summed(
            cells, size, counts=self.counts, views=self.views, weights=weights, squares=not draw.certain
        ).shaped(*shape)
        if draw.each is not None:
            sums = weighed(sums, draw.each[:, np.newaxis])
        if shape[0] > 1:
            # A scope that has rows of the block may have no entry, and would be shown with nothing in it.
            has = np.flatnonzero(sums.whole[..., ROWS].any(axis=(1, 2)))
            grid.add(
                [grouping.scopes[at] for at in has.tolist()],
                draw.names,
                self.names,
                sums.mapped(lambda found: found[has]),
            )
        else:
            grid.add(grouping.scopes, draw.names, self.names, sums)

    def _at(self, values: NDArray[Any]) -> NDArray[Any]:
        return values if self.rows is None else values[self.rows]
