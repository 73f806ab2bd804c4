"""How the rows of one block were drawn: their strata and weights. It never guesses a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.moments import Stratum

# Rows that were taken with certainty are a stratum of their own, wherever they come from: they add to no variance.
CERTAIN = "taken with certainty"


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """The sampling design of one block.

    names    the strata that the block has rows of
    strata   places in `names`, one a row
    weights  how many items each row stands for
    each     by stratum the weight of its rows in this block; None where one stratum has several
    certain  whether every row was taken with certainty
    """

    names: tuple[str, ...]
    strata: NDArray[np.int64]
    weights: NDArray[np.float64]
    each: NDArray[np.float64] | None
    certain: bool

    @classmethod
    def of(cls, history: HistoryBlock) -> Draw:
        """The design of a block."""
        sure = history.probability >= 1.0
        if sure.all():
            return cls((CERTAIN,), np.zeros(history.rows, np.int64), np.ones(history.rows), np.ones(1), certain=True)
        given = history.stratum
        codes = np.where(sure, len(given.names), given.codes)
        names = (*given.names, CERTAIN)
        used = np.flatnonzero(np.bincount(codes, minlength=len(names)))
        places = np.zeros(len(names), np.int64)
        places[used] = np.arange(used.size)
        strata, weights = places[codes], history.weights
        return cls(tuple([names[at] for at in used.tolist()]), strata, weights, _each(strata, weights), certain=False)


def _each(strata: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
    found = np.zeros(int(strata.max()) + 1)
    found[strata] = weights
    return found if np.array_equal(found[strata], weights) else None


class Strata:
    """What was found of each stratum: an accumulator."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, float, float, float, float]] = {}

    def add(self, draw: Draw) -> None:
        """The rows of a block."""
        size = len(draw.names)
        rows = np.bincount(draw.strata, minlength=size)
        sums = np.bincount(draw.strata, draw.weights, size)
        squares = np.bincount(draw.strata, draw.weights**2, size)
        for place, name in enumerate(draw.names):
            own = draw.weights if size == 1 else draw.weights[draw.strata == place]
            found = (int(rows[place]), float(sums[place]), float(squares[place]), float(own.min()), float(own.max()))
            self._put(name, found)

    def put(self, name: str, rows: int, weight: float) -> None:
        """Rows of one weight that were counted elsewhere."""
        self._put(name, (rows, rows * weight, rows * weight**2, weight, weight))

    def merge(self, other: Strata) -> None:
        """The rows of another stretch of the same history."""
        for name, found in other._found.items():
            self._put(name, found)

    def _put(self, name: str, found: tuple[int, float, float, float, float]) -> None:
        rows, weights, squares, least, most = self._found.get(name, (0, 0.0, 0.0, found[3], found[4]))
        self._found[name] = (
            rows + found[0],
            weights + found[1],
            squares + found[2],
            min(least, found[3]),
            max(most, found[4]),
        )

    def weight(self, name: str) -> float | None:
        """How many items each row of a stratum stands for; None where its rows differ."""
        _, _, _, least, most = self._found[name]
        return least if least == most else None

    @property
    def all(self) -> dict[str, Stratum]:
        """The strata by name, in order of the names."""
        found = {}
        for name in sorted(self._found):
            rows, weights, squares, least, most = self._found[name]
            if least == most:
                # By product and not by sum, so that it does not matter how the rows were cut into blocks.
                weights, squares = rows * least, rows * least**2
            found[name] = Stratum(name, rows, weights, squares, equal=least == most)
        return found

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum([found[0] for found in self._found.values()])
