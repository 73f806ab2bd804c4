"""Populations and samples of them for tests of estimates. It tests nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.moments import Moments, Stratum


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows that were drawn: their places in the population, their strata and weights."""

    rows: NDArray[np.int64]
    strata: NDArray[np.int64]
    weights: NDArray[np.float64]
    equal: bool = True

    def moments(self, x: NDArray[np.generic], where: NDArray[np.bool_] | None = None) -> dict[str, Moments]:
        """Moments by stratum of figures of the population, of the rows where something holds."""
        figures = x[self.rows].astype(np.float64)
        kept = np.ones(self.rows.size, np.bool_) if where is None else where[self.rows]
        found = {}
        for name in np.unique(self.strata).tolist():
            here = kept & (self.strata == name)
            own, by = figures[here], self.weights[here]
            squares = own**2
            found[str(name)] = Moments(
                int(here.sum()),
                float(own.sum()),
                float((by * own).sum()),
                float(squares.sum()),
                float((by * squares).sum()),
                float((by**2 * squares).sum()),
            )
        return found

    @property
    def design(self) -> Design:
        found = {}
        for name in np.unique(self.strata).tolist():
            by = self.weights[self.strata == name]
            found[str(name)] = Stratum(str(name), by.size, float(by.sum()), float((by**2).sum()), self.equal)
        return Design.of(found)


def simple(chance: np.random.Generator, size: int, rows: int) -> Sample:
    """A simple random sample without replacement."""
    drawn = chance.choice(size, rows, replace=False)
    return Sample(drawn, np.zeros(rows, np.int64), np.full(rows, size / rows))


def stratified(chance: np.random.Generator, strata: NDArray[np.int64], rows: list[int]) -> Sample:
    """So many rows of each stratum, without replacement."""
    parts = [chance.choice(np.flatnonzero(strata == name), many, replace=False) for name, many in enumerate(rows)]
    weights = [np.full(many, (strata == name).sum() / many) for name, many in enumerate(rows)]
    drawn = np.concatenate(parts)
    return Sample(drawn, strata[drawn], np.concatenate(weights))


def poisson(chance: np.random.Generator, probability: NDArray[np.float64]) -> Sample:
    """Each row by itself, with its own probability."""
    drawn = np.flatnonzero(chance.random(probability.size) < probability)
    return Sample(drawn, np.zeros(drawn.size, np.int64), 1 / probability[drawn], equal=False)
