"""Draws a population again and again and counts how often intervals hold the truth. It tunes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.engine.backtest.figures import Estimate
from benchmarks.covering.drawing import Plan
from benchmarks.covering.figures import Figure
from benchmarks.covering.population import Population

# So many times the smallest sums are off the truth and still hold it.
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Covered:
    """How one estimator did under one design.

    below, above  how often the whole interval lay below the truth, and above it
    width         of intervals, on average
    bias          of estimates, on average, in parts of the truth
    """

    name: str
    design: str
    truth: float
    resamples: int
    below: int
    above: int
    width: float
    bias: float

    @property
    def share(self) -> float:
        """The share of intervals that hold the truth."""
        return 1 - (self.below + self.above) / self.resamples


def covered(
    population: Population, plans: Iterable[Plan], figures: Sequence[Figure], resamples: int, seed: int
) -> list[Covered]:
    """Every figure under every design that it is for."""
    found = []
    for number, plan in enumerate(plans):
        used = [figure for figure in figures if plan.kind in figure.designs]
        drawing = plan.of(population)
        given: list[list[Estimate]] = [[] for _ in used]
        for resample in range(resamples):
            chance = np.random.default_rng([seed, number, resample])
            drawn = drawing.draw(chance)
            for figure, estimates in zip(used, given, strict=True):
                estimates.append(figure.estimate(drawn, chance))
        found += [
            summed_up(figure.name, plan.kind, figure.truth(population), estimates)
            for figure, estimates in zip(used, given, strict=True)
        ]
    return found


def summed_up(name: str, design: str, truth: float, estimates: Sequence[Estimate]) -> Covered:
    """What some estimates of one truth come to; one without bounds holds nothing."""
    near = _EXACT * max(abs(truth), 1.0)
    below = above = 0
    widths, values = [], []
    for estimate in estimates:
        if estimate.low is None or estimate.high is None:
            below += 1
            continue
        below += estimate.high < truth - near
        above += estimate.low > truth + near
        widths.append(estimate.high - estimate.low)
        values.append(estimate.value if estimate.value is not None else math.nan)
    bias = float(np.nanmean(values)) / truth - 1 if truth and values else 0.0
    return Covered(name, design, truth, len(estimates), below, above, float(np.mean(widths)), bias)
