"""What a history comes to, counted block by block: days, strata, what is missing. It never holds a row."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import ELSEWHERE, UNKNOWN, HistoryBlock
from assay.engine.backtest.moments import Stratum
from assay.engine.kernel.instants import day_of
from assay.engine.program.columnar.atoms.leaves import Answers, Leaves
from assay.engine.program.columnar.planes import count, cut, union
from assay.engine.program.columnar.table.block import Block


class Facts:
    """Counts over the blocks of a history, in the order of its files.

    signals  those of which it is counted how many rows do not have them; a signal without a column is missing in all
    """

    def __init__(self, signals: Iterable[str]) -> None:
        self.rows = self.labels = self.labelled_rows = 0
        self._strata: dict[str, Stratum] = {}
        self.has_views = self.has_creators = self.has_hours = False
        self.days: dict[int, int] = {}
        # By market: rows that reached it, or may have, and views of those where they are known.
        self.markets: dict[str, tuple[int, int]] = {}
        self._known = dict.fromkeys(signals, 0)
        self._probabilities: dict[str, tuple[float, float]] = {}

    def add(self, block: HistoryBlock) -> None:
        """Count a block."""
        self.rows += block.rows
        self.labels += len(block.labels)
        self.labelled_rows += len({label.row for label in block.labels})
        self.has_views |= bool(block.views)
        self.has_creators |= block.creators is not None and _says_something(block.creators.codes, block.creators.names)
        self.has_hours |= block.hours is not None and bool((block.hours >= 0).any())
        self._add_days(block)
        self._add_strata(block)
        self._add_markets(block)
        self._add_known(block.block)

    def merge(self, later: Facts) -> None:
        """Take in what was counted of later blocks."""
        self.rows += later.rows
        self.labels += later.labels
        self.labelled_rows += later.labelled_rows
        self.has_views |= later.has_views
        self.has_creators |= later.has_creators
        self.has_hours |= later.has_hours
        for day, rows in later.days.items():
            self.days[day] = self.days.get(day, 0) + rows
        for name, stratum in later._strata.items():
            self._put(name, stratum.rows, stratum.weights, stratum.squares, later._probabilities[name])
        for market, (rows, views) in later.markets.items():
            before = self.markets.get(market, (0, 0))
            self.markets[market] = before[0] + rows, before[1] + views
        for name, known in later._known.items():
            self._known[name] = self._known.get(name, 0) + known

    def drawn(self, stratum: str, rows: int, probability: float) -> None:
        """Rows of a stratum, drawn with one probability and counted elsewhere."""
        weight = 1.0 / probability
        self._put(stratum, rows, rows * weight, rows * weight * weight, (probability, probability))

    def know(self, signal: str, rows: int) -> None:
        """Rows that have a signal, counted elsewhere."""
        self._known[signal] = self._known.get(signal, 0) + rows

    @property
    def strata(self) -> dict[str, Stratum]:
        """What was found in each stratum. Where all rows have one probability, sums are exact however rows were cut."""
        found = {}
        for name, stratum in self._strata.items():
            weight = 1.0 / self._probabilities[name][0]
            weights, squares = stratum.rows * weight, stratum.rows * weight * weight
            found[name] = Stratum(name, stratum.rows, weights, squares, equal=True) if stratum.equal else stratum
        return found

    @property
    def missing(self) -> dict[str, float]:
        """By signal, the share of rows that do not have it, the most missing first."""
        shares = {name: 1 - known / self.rows if self.rows else 0.0 for name, known in self._known.items()}
        return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def effective_rows(self) -> float:
        """Rows of a simple random sample that would say as much (Kish 1965, Survey Sampling, §11.7)."""
        weights = sum(stratum.weights for stratum in self.strata.values())
        squares = sum(stratum.squares for stratum in self.strata.values())
        return weights * weights / squares if squares else 0.0

    @property
    def first_day(self) -> str:
        """The first day of which there is a row, or nothing."""
        return day_of(min(self.days)) if self.days else ""

    @property
    def last_day(self) -> str:
        """The last day of which there is a row, or nothing."""
        return day_of(max(self.days)) if self.days else ""

    def _add_days(self, block: HistoryBlock) -> None:
        as_of = block.block.as_of
        if isinstance(as_of, int):
            self.days[as_of] = self.days.get(as_of, 0) + block.rows
            return
        for day, rows in zip(*(found.tolist() for found in np.unique(as_of, return_counts=True)), strict=True):
            self.days[day] = self.days.get(day, 0) + rows

    def _add_strata(self, block: HistoryBlock) -> None:
        codes, weights = block.stratum.codes, block.weights
        size = len(block.stratum.names)
        rows = np.bincount(codes, minlength=size)
        sums = np.bincount(codes, weights, minlength=size)
        squares = np.bincount(codes, weights * weights, minlength=size)
        for place in np.flatnonzero(rows).tolist():
            drawn = block.probability[codes == place]
            between = float(drawn.min()), float(drawn.max())
            name = block.stratum.names[place]
            self._put(name, int(rows[place]), float(sums[place]), float(squares[place]), between)

    def _put(self, name: str, rows: int, weights: float, squares: float, between: tuple[float, float]) -> None:
        low, high = self._probabilities.get(name, between)
        low, high = min(low, between[0]), max(high, between[1])
        self._probabilities[name] = low, high
        before = self._strata.get(name, Stratum(name, 0, 0.0, 0.0, equal=True))
        self._strata[name] = Stratum(
            name, before.rows + rows, before.weights + weights, before.squares + squares, low == high
        )

    def _add_markets(self, block: HistoryBlock) -> None:
        if not block.views:
            before = self.markets.get(ELSEWHERE, (0, 0))
            self.markets[ELSEWHERE] = before[0] + block.rows, before[1]
        for market, views in block.views.items():
            rows, seen = self.markets.get(market, (0, 0))
            self.markets[market] = rows + int(np.count_nonzero(views)), seen + int(np.maximum(views, 0).sum())

    def _add_known(self, block: Block) -> None:
        leaves = Leaves(block.rows, Answers())
        for name in self._known:
            own = block.columns.get(name)
            columns = [*block.by_market.get(name, {}).values()] if own is None else [own]
            planes = [leaves.known(column) for column in columns]
            self._known[name] += count(cut(union(planes, block.rows), block.rows)) if planes else 0


def _says_something(codes: NDArray[np.int64], names: tuple[str, ...]) -> bool:
    told = np.array([name != UNKNOWN for name in names], np.bool_)
    return bool(told.any()) and bool(told[codes].any())
