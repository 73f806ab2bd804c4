"""Samples by the designs that histories have, and the sums that estimators take. It estimates nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import Domain, domain, within
from assay.engine.backtest.moments import Moments, Stratum
from benchmarks.covering.population import Population

Numbers = NDArray[np.float64]
# The upper ends of strata, as shares of all uploads, and how the sample is split among them.
_BY_RISK = ((0.80, 0.95), (0.4, 0.3, 0.3))
# What is seen most is taken whole, or a sample would miss most of the views.
_BY_VIEWS = ((0.60, 0.90, 0.985), (0.15, 0.25, 0.25, 0.35))


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One sample: places in the population, what each stands for, and strata by name and code."""

    population: Population
    rows: NDArray[np.intp]
    weights: Numbers
    strata: NDArray[np.int64]
    names: tuple[str, ...]
    design: Design

    def moments(self, amounts: Numbers) -> dict[str, Moments]:
        """The sums of some amounts, one a sampled row, by stratum."""
        some = np.flatnonzero(amounts)
        strata, x, weights, width = self.strata[some], amounts[some], self.weights[some], len(self.names)
        weighted = weights * x
        sums = [
            np.bincount(strata, each, width).tolist() for each in (None, x, weighted, x**2, weighted * x, weighted**2)
        ]
        return {
            name: Moments(int(rows), *others)
            for name, (rows, *others) in zip(self.names, zip(*sums, strict=True), strict=True)
            if rows
        }

    def domain(self, amounts: Numbers, *, signed: bool = False) -> Domain:
        """Sampled rows that have some of an amount."""
        return domain(self.moments(amounts), signed=signed)

    def within(self, amounts: Numbers, whole: Numbers, *, signed: bool = False) -> Domain:
        """A part of what each row has."""
        return within(self.moments(amounts), self.moments(whole), self.moments(whole - amounts), signed=signed)


@dataclass(frozen=True, slots=True)
class Plan:
    """A design for a population, of which any number of samples is drawn.

    kind  simple; stratified by risk; `cut by views`, stratified by views; poisson, each upload by itself, the likelier
          the riskier; `by views`, the same, the likelier the more it was seen
    size  how many rows, or how many are expected
    """

    kind: str
    size: int

    def of(self, population: Population) -> Drawing:
        """The design, worked out for a population."""
        if self.kind in _BY_ITSELF:
            size = _BY_ITSELF[self.kind](population)
            return Drawing(population, (), np.minimum(1.0, self.size * size / size.sum()))
        cuts, shares = self._strata(population)
        members = tuple([np.flatnonzero(cuts == place) for place in range(len(shares))])
        wanted = [min(int(share * self.size), each.size) for share, each in zip(shares, members, strict=True)]
        return Drawing(population, tuple(zip(members, wanted, strict=True)), None)

    def _strata(self, population: Population) -> tuple[NDArray[np.int64], tuple[float, ...]]:
        """The stratum of each upload, and how the sample is split among strata."""
        if self.kind == "simple":
            return np.zeros(population.rows, np.int64), (1.0,)
        by, (ends, shares) = (population.risk, _BY_RISK) if self.kind == "stratified" else (population.views, _BY_VIEWS)
        return np.searchsorted(np.quantile(by, ends), by, side="left").astype(np.int64), shares


_BY_ITSELF: dict[str, Callable[[Population], Numbers]] = {
    "poisson": lambda population: 0.15 + population.risk / 255.0,
    "by views": lambda population: population.views + 1.0,
}


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A design for one population.

    strata       uploads of each, and how many of them are taken
    probability  of each upload, where it is taken or not by itself
    """

    population: Population
    strata: tuple[tuple[NDArray[np.intp], int], ...]
    probability: Numbers | None

    def draw(self, chance: np.random.Generator) -> Drawn:
        """One sample."""
        if self.probability is not None:
            rows = np.flatnonzero(chance.random(self.population.rows) < self.probability)
            weights = 1.0 / self.probability[rows]
            return _drawn(self.population, rows, weights, np.zeros(rows.size, np.int64), "poisson")
        picked = [
            np.sort(members[chance.choice(members.size, taken, replace=False, shuffle=False)])
            for members, taken in self.strata
        ]
        weights = np.concatenate([np.full(taken, members.size / taken) for members, taken in self.strata])
        strata = np.repeat(np.arange(len(picked)), [each.size for each in picked])
        kind = "simple" if len(picked) == 1 else "stratified"
        return _drawn(self.population, np.concatenate(picked), weights, strata, kind)


def _drawn(
    population: Population, rows: NDArray[np.intp], weights: Numbers, strata: NDArray[np.int64], kind: str
) -> Drawn:
    names = tuple([f"stratum {place}" for place in range(int(strata.max()) + 1)])
    found = {}
    for place, name in enumerate(names):
        own = weights[strata == place]
        found[name] = Stratum(name, own.size, float(own.sum()), float((own**2).sum()), bool(np.ptp(own) == 0))
    return Drawn(population, rows, weights, strata, names, Design.of(found, kind))


# Sizes for which the smallest part that is estimated still has some tens of rows.
PLANS = (
    Plan("simple", 10_000),
    Plan("stratified", 15_000),
    Plan("poisson", 8000),
    Plan("by views", 6000),
    Plan("cut by views", 8000),
)
