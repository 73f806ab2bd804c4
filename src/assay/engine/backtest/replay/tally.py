"""All that a comparison of two versions counts over a replay. It keeps no row and no id."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.replay.counting.creators import Creators
from assay.engine.backtest.replay.counting.draw import Draw, Strata
from assay.engine.backtest.replay.counting.entries import Entries
from assay.engine.backtest.replay.counting.grid import Grid, moments_of
from assay.engine.backtest.replay.counting.groups import EVERYWHERE, Grouping
from assay.engine.backtest.replay.counting.lanes import LaneTally
from assay.engine.backtest.replay.counting.measures import MeasureTally
from assay.engine.backtest.replay.counting.then import Then
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.seen import Seen

# The one kind of items that are counted.
CHANGED = "changed"


class Tally:
    """What both versions make of a history, counted: an accumulator.

    lanes, measures   decisions and views by lane, and by measure
    items             distinct items that end up in another lane in some market
    strata, creators  what was found of each stratum; different uploaders of what changes
    then              rows on which the old version does what was done then
    """

    def __init__(self, ways: Paths) -> None:
        self.ways = ways
        self.lanes, self.measures, self.items = LaneTally(ways), MeasureTally(), Grid()
        self.strata, self.creators, self.then = Strata(), Creators(), Then()
        self.markets: dict[str, bool] = {}

    def add(self, seen: Seen) -> None:
        """The rows of a block."""
        history = seen.history
        for market in history.markets:
            self.markets[market] = self.markets.get(market, False) or market in history.views
        if not history.rows:
            return
        draw = Draw.of(history)
        self.strata.add(draw)
        cells = self.lanes.add(seen, draw)
        self.measures.add(seen, draw)
        self.then.add(seen, draw)
        changed = _joined(cells)
        kinds = np.zeros(changed.size, np.int64)
        Entries(changed, kinds, (CHANGED,)).packed().put(self.items, draw, Grouping((EVERYWHERE,)))
        self.creators.add(history.creators, changed, cells)

    def merge(self, other: Tally) -> None:
        """The rows of another stretch of the same history."""
        self.lanes.merge(other.lanes)
        self.measures.merge(other.measures)
        self.items.merge(other.items)
        self.strata.merge(other.strata)
        self.creators.merge(other.creators)
        self.then.merge(other.then)
        for market, has_views in other.markets.items():
            self.markets[market] = self.markets.get(market, False) or has_views

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return self.strata.rows

    @property
    def has_views(self) -> bool:
        """Whether the history counts views."""
        return any(self.markets.values())

    def weights(self) -> dict[str, float | None]:
        """By stratum the weight of its rows; None where they differ."""
        return {name: self.strata.weight(name) for name in self.strata.all}

    def items_changed(self, weights: Mapping[str, float | None]) -> dict[str, Moments]:
        """By stratum, the items that end up in another lane in some market."""
        return {
            name: moments_of(self.items.of(EVERYWHERE, name, (CHANGED,)), Unit.ITEMS, weight)
            for name, weight in weights.items()
        }


def _joined(cells: Mapping[int, NDArray[np.intp]]) -> NDArray[np.intp]:
    return np.unique(np.concatenate([np.zeros(0, np.intp), *cells.values()]))
