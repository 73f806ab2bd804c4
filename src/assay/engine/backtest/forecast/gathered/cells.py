"""Items counted by stratum and by what both versions make of them, exactly. They hold no item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.domain import Domain, domain
from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.sampling.exact import as_float, exact_sums, exactly

Codes: TypeAlias = NDArray[Any]


class Cell(NamedTuple):
    """What items have in common that are counted together."""

    of: str
    stratum: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """How many rows, and the exact sums of their weights and of the squares of these."""

    rows: int
    weights: int
    squares: int

    def __add__(self, other: Weighed) -> Weighed:
        return Weighed(self.rows + other.rows, self.weights + other.weights, self.squares + other.squares)

    def times(self, figure: float) -> Moments:
        """The moments of rows that all have one figure."""
        weights, squares = as_float(self.weights), as_float(self.squares)
        square = figure * figure
        return Moments(
            self.rows, self.rows * figure, weights * figure, self.rows * square, weights * square, squares * square
        )


NO_ROWS = Weighed(0, 0, 0)
_ONE = exactly(1.0)


def weighed(history: HistoryBlock, rows: NDArray[np.intp], codes: Codes, size: int) -> Iterator[tuple[int, Weighed]]:
    """For each code that some row has: how many rows have it, and what they weigh."""
    counts = np.bincount(codes, minlength=size)
    probability = history.probability[rows]
    if (probability == 1.0).all():
        for code in np.flatnonzero(counts).tolist():
            found = int(counts[code])
            yield code, Weighed(found, found * _ONE, found * _ONE)
        return
    weights = 1.0 / probability
    sums, squares = exact_sums(weights, codes, size), exact_sums(weights * weights, codes, size)
    for code in np.flatnonzero(counts).tolist():
        yield code, Weighed(int(counts[code]), sums[code], squares[code])


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Counts of items by a small number that each version gives them; those that both give 0 are not counted."""

    found: dict[Cell, Weighed] = field(default_factory=dict)

    def count(self, of: str, history: HistoryBlock, old: Codes, new: Codes) -> None:
        """Count a block's items by what both versions make of them."""
        rows = np.flatnonzero((old != 0) | (new != 0))
        if not rows.size:
            return
        first, second = old[rows].astype(np.int64), new[rows].astype(np.int64)
        height, width = int(first.max()) + 1, int(second.max()) + 1
        names = history.stratum.names
        joint = (history.stratum.codes[rows] * height + first) * width + second
        for code, sums in weighed(history, rows, joint, len(names) * height * width):
            left, new_code = divmod(code, width)
            stratum, old_code = divmod(left, height)
            self._put(Cell(of, names[stratum], old_code, new_code), sums)

    def merge(self, other: Cells) -> None:
        """Take in counts of other blocks."""
        for cell, sums in other.found.items():
            self._put(cell, sums)

    def _put(self, cell: Cell, sums: Weighed) -> None:
        self.found[cell] = self.found.get(cell, NO_ROWS) + sums

    def domain(self, of: str, figure: Callable[[int, int], float], *, signed: bool = False) -> Domain:
        """The items of some count as a domain in which each has a figure, by what both versions make of it."""
        parts: dict[str, Moments] = {}
        for cell in sorted(self.found):
            one = figure(cell.old, cell.new) if cell.of == of else 0.0
            if one:
                parts[cell.stratum] = parts.get(cell.stratum, Moments()) + self.found[cell].times(one)
        return domain(parts, signed=signed)

    def rows(self, of: str) -> int:
        """How many rows some count has seen."""
        return sum(sums.rows for cell, sums in self.found.items() if cell.of == of)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """A figure of rows under both versions, such as their views: exact sums, by stratum and side."""

    found: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def count(
        self, history: HistoryBlock, old: NDArray[np.int64], new: NDArray[np.int64], whole: NDArray[np.int64]
    ) -> None:
        """Count a block's rows by their figures; `whole` is the most that each row could have."""
        for side, figures in (("old", old), ("new", new), ("change", new - old), ("whole", whole)):
            rows = np.flatnonzero(figures)
            if rows.size:
                self._side(side, history, rows, figures[rows].astype(np.float64))

    def _side(self, side: str, history: HistoryBlock, rows: NDArray[np.intp], x: NDArray[np.float64]) -> None:
        codes, names = history.stratum.codes[rows], history.stratum.names
        counts = np.bincount(codes, minlength=len(names))
        sums = {kind: exact_sums(values, codes, len(names)) for kind, values in (("x", x), ("xx", x * x))}
        w = 1.0 / history.probability[rows]
        if (w == 1.0).all():
            sums |= {"wx": sums["x"], "wxx": sums["xx"], "wwxx": sums["xx"]}
        else:
            kinds = (("wx", w * x), ("wxx", w * x * x), ("wwxx", w * w * x * x))
            sums |= {kind: exact_sums(values, codes, len(names)) for kind, values in kinds}
        for code in np.flatnonzero(counts).tolist():
            into = self.found.setdefault((side, names[code]), Counter())
            into["rows"] += int(counts[code])
            for kind, found in sums.items():
                into[kind] += found[code]

    def merge(self, other: Sides) -> None:
        """Take in counts of other blocks."""
        for key, sums in other.found.items():
            into = self.found.setdefault(key, Counter())
            for kind, total in sums.items():
                into[kind] += total

    def domain(self, side: str) -> Domain:
        """The rows of one side as a domain."""
        parts = {
            stratum: Moments(sums["rows"], *[as_float(sums[kind]) for kind in ("x", "wx", "xx", "wxx", "wwxx")])
            for (of, stratum), sums in sorted(self.found.items())
            if of == side
        }
        return domain(parts, signed=side == "change")
