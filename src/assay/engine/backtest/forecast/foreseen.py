"""All that a forecast needs of a replay, gathered while it streams by, in bounded memory. It forecasts nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.gathered.cells import Cells, Sides
from assay.engine.backtest.forecast.gathered.clocks import Clocks
from assay.engine.backtest.forecast.gathered.strikes import Strikes, points_of
from assay.engine.backtest.forecast.gathered.trend import Trend
from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.backtest.replay.treatment import Lane
from assay.engine.backtest.sampling.reached import VERSIONS, Reached
from assay.engine.backtest.sampling.sampler import Sampler, Sizes
from assay.engine.language.pack.measures import Measures
from assay.engine.program.columnar.planes import unpack

OPEN, LABELLED, LANE, POINTS = "open", "labelled", "lane", "points"
LABELS = "label"


class Foreseen:
    """One accumulator: a sample of rows, counts of items, clocks, strikes and days.

    lanes  those of the versions replayed, the mildest first; empty before the first block
    """

    def __init__(self, assumptions: Assumptions | None = None, sizes: Sizes | None = None) -> None:
        self.assumptions = Assumptions() if assumptions is None else assumptions
        self.sampler = Sampler(sizes)
        self.cells, self.views = Cells(), Sides()
        self.clocks, self.trend = Clocks(), Trend()
        self.strikes = Strikes(self.assumptions.strikes)
        self.lanes: tuple[Lane, ...] = ()
        self.has_views, self.unknown_views = False, 0

    def add(self, seen: Seen) -> None:
        """Take in a block."""
        history = seen.history
        reached = Reached(seen)
        self.lanes = reached.lanes.all
        self.sampler.add(seen, reached)
        for name, (old, new) in (
            (OPEN, reached.open),
            (LABELLED, tuple([reached.having(version, labels_of(reached, version)) for version in VERSIONS])),
        ):
            self.cells.count(name, history, unpack(old, reached.rows), unpack(new, reached.rows))
        self.cells.count(LANE, history, *reached.ranks)
        points = points_of(reached, self.assumptions.strikes)
        self.cells.count(POINTS, history, *points)
        self.strikes.add(seen, reached, points)
        self.clocks.add(seen, reached)
        self.trend.add(seen, reached)
        if history.views:
            self.has_views = True
            self._count_views(reached)

    def merge(self, other: Foreseen) -> None:
        """Take in what was gathered from other blocks."""
        self.lanes = self.lanes or other.lanes
        self.sampler.merge(other.sampler)
        self.cells.merge(other.cells)
        self.views.merge(other.views)
        self.clocks.merge(other.clocks)
        self.trend.merge(other.trend)
        self.strikes.merge(other.strikes)
        self.has_views = self.has_views or other.has_views
        self.unknown_views += other.unknown_views

    def _count_views(self, reached: Reached) -> None:
        """Views in markets in which an item is in the strongest lane, by version."""
        history = reached.history
        found = [np.zeros(reached.rows, np.int64) for _ in VERSIONS]
        whole = np.zeros(reached.rows, np.int64)
        for market in reached.markets:
            views: NDArray[np.int64] = history.views[market]
            known = np.maximum(views, 0)
            self.unknown_views += int(np.count_nonzero(views < 0))
            whole += known
            for version in VERSIONS:
                gone = reached.lanes_in(version, market)[-1]
                if gone.any():
                    found[version] += known * unpack(gone, reached.rows)
        self.views.count(history, found[OLD], found[NEW], whole)


def labels_of(reached: Reached, version: int) -> list[str]:
    """The measures of one version that are labels."""
    return label_measures(reached.seen.programs[version].pack.measures)


def label_measures(measures: Measures) -> list[str]:
    """The measures that are labels."""
    return [measure.id for measure in measures.all if measure.kind == "member" and measure.family == LABELS]
