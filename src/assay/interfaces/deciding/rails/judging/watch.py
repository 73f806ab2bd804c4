"""The rates of one bundle against its bands, look by look. It puts no brake on: it says what is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.deciding.counting.tally import Book
from assay.interfaces.deciding.rails.judging.bands import Bands
from assay.interfaces.deciding.rails.judging.evidence import evidence
from assay.interfaces.deciding.rails.judging.windows import Windows, window_lengths


@dataclass(frozen=True, slots=True)
class Out:
    """A rate that is outside its band.

    seconds  the window in which it was seen
    """

    measure: str
    market: str
    above: bool
    hits: int
    decisions: int
    low: float
    high: float
    seconds: float

    @property
    def rate(self) -> float:
        """The share of decisions that impose the measure."""
        return self.hits / self.decisions

    @property
    def words(self) -> str:
        """What is out, for people."""
        window = f"{self.seconds:g} seconds" if self.seconds < 120 else f"{self.seconds / 60:g} minutes"
        return (
            f"`{self.measure}` is imposed in {_percent(self.rate)} of decisions in {self.market} "
            f"({self.hits:,} of {self.decisions:,} in {window}), and the band is "
            f"{_percent(self.low)} to {_percent(self.high)}"
        )


class Watch:
    """The rates of a bundle, with and without brakes, since it came or since brakes changed.

    wanted  the evidence that one look must bring
    """

    def __init__(self, bands: Bands, *, least: int, longest: float, wanted: float) -> None:
        self.bands, self._least, self._wanted = bands, least, wanted
        self._windows = Windows(longest)
        # By class and measure: decisions that impose it, all decisions, all items.
        self._table = np.zeros((3, *bands.high.shape), np.int64)
        self._seen: dict[Book, NDArray[np.int64]] = {}
        self._out: dict[tuple[str, str, bool], Out] = {}

    def forget(self, measures: frozenset[str]) -> None:
        """Judge some measures by nothing that was until now."""
        columns = [place for place, measure in enumerate(self.bands.measures) if measure in measures]
        self._windows.forget(self._table, columns)
        self._out = {key: out for key, out in self._out.items() if out.measure not in measures}

    def take(self, books: Sequence[Book]) -> None:
        """Add what the books of this bundle have grown by. A book that is gone has been taken to its end."""
        seen = {}
        for book in books:
            start = book.layout.imposed.start
            columns = [start + book.layout.measures.index(measure) for measure in self.bands.measures]
            hits = book.totals.by_class[:, columns]
            table = np.array((hits, np.broadcast_to(book.totals.decided[:, None], hits.shape), hits), np.int64)
            table[2] = book.totals.items
            self._table += table - self._seen.get(book, 0)
            seen[book] = table
        self._seen = seen

    def look(self, now: float) -> list[Out]:
        """Everything that is out, the highest rate above its band first; what was out stays so until it is back."""
        best: dict[tuple[str, str, bool], Out] = {}
        for window in self._windows.all:
            hits, decisions, items = window.grown(now, self._table)
            for above, edge in ((True, self.bands.high), (False, self.bands.low)):
                for row, column in self._outside(hits, decisions, items, edge, above):
                    counts = int(hits[row, column]), int(decisions[row, column])
                    found = self._describe(row, column, above, counts, window.length)
                    # The shortest window in which it shows says best what happens now.
                    best.setdefault((found.measure, found.market, above), found)
        self._out = best
        return sorted(best.values(), key=lambda out: (not out.above, -out.rate, out.measure, out.market))

    def _outside(
        self,
        hits: NDArray[np.int64],
        decisions: NDArray[np.int64],
        items: NDArray[np.int64],
        edge: NDArray[np.float64],
        above: bool,
    ) -> list[tuple[int, int]]:
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = hits / decisions
            # An item that tells two markets of a class apart is decided twice there and says no more than once.
            trials = np.minimum(decisions, items).astype(np.float64)
            beyond = (trials >= self._least) & ((rate > edge) if above else (rate < edge))
            if not beyond.any():
                return []
            surely = evidence(rate * trials, trials, edge) >= self._wanted
        # One that is out is back as soon as its rate is inside again, not as soon as the proof has grown thin.
        for row, column in np.argwhere(beyond & ~surely):
            key = (self.bands.measures[column], self.bands.classes[row], above)
            surely[row, column] = key in self._out
        return [(int(row), int(column)) for row, column in np.argwhere(beyond & surely)]

    def _describe(self, row: int, column: int, above: bool, counts: tuple[int, int], seconds: float) -> Out:
        low, high = float(self.bands.low[row, column]), float(self.bands.high[row, column])
        measure, market = self.bands.measures[column], self.bands.classes[row]
        return Out(measure, market, above, *counts, low, high, seconds)


def rates_judged(bands: Bands, longest: float) -> int:
    """How many rates one look judges: every band, on both sides, in every window."""
    return bands.count * 2 * len(window_lengths(longest))


def _percent(share: float) -> str:
    percent = share * 100
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
