"""Figures of held-out likelihood ratios with their intervals, resampled by source. Every run draws the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.measures.costs import Measure, auc_by, cllr_by, cllr_min_by, error_by
from assay.detection.calibration.sample import Sample

RESAMPLES = 200
# More rows make the interval no better and the resampling slower.
_MOST_CELLS = 40_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Figures:
    """How good likelihood ratios are on items that they were not fitted on.

    cllr      cost in bits; 1 is what saying nothing costs
    cllr_min  of it, what the detector itself costs; the rest is calibration
    error     expected calibration error at even odds
    auc       of the raw scores
    """

    cllr: Figure
    cllr_min: Figure
    error: Figure
    auc: Figure

    @property
    def loss(self) -> float:
        """What imperfect calibration costs, in bits."""
        return max(self.cllr.value - self.cllr_min.value, 0.0)


def figures_of(sample: Sample, log10_lr: Floats) -> Figures:
    """Figures of the log10 likelihood ratios of a sample's rows, with intervals by resampling groups."""
    draws, balanced = drawn_weights(sample), sample.balanced()

    def seen(measure: Measure) -> tuple[float, Floats]:
        return measure(balanced), np.array([measure(weights) for weights in draws])

    def figure(measure: Measure) -> Figure:
        return figure_of(*seen(measure))

    return Figures(
        figure(cllr_by(log10_lr, sample.ai)),
        figure(cllr_min_by(log10_lr, sample.ai)),
        distance_of(*seen(error_by(log10_lr, sample.ai))),
        figure(auc_by(sample.score, sample.ai)),
    )


def figure_of(value: float, seen: Floats) -> Figure:
    """A value between the 2.5th and 97.5th percentile of what resamples gave, stretched to hold the value itself.

    source  Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13
    """
    low, high = np.percentile(seen, (2.5, 97.5))
    return Figure(short(value), short(min(float(low), value)), short(max(float(high), value)))


def distance_of(value: float, seen: Floats) -> Figure:
    """The same for a sum of distances, to which chance only adds: in the sample, and once more in every resample.

    What resampling adds is about what the sample had added to the truth, and is taken off the value and both ends.

    source  bias and basic interval: Davison and Hinkley 1997, Bootstrap Methods and their Application, ch. 2.3, 5.2
    """
    added = max(float(seen.mean()) - value, 0.0)
    upper = float(np.percentile(seen, 97.5)) - added
    lower = 2 * (value - added) - upper
    return Figure(short(value), short(min(max(lower, 0.0), value)), short(max(upper, value)))


def drawn_weights(sample: Sample, resamples: int = RESAMPLES) -> list[Floats]:
    """Balanced weights of resamples: groups drawn with replacement, those of either kind apart."""
    generator = np.random.default_rng(20260801)
    count = max(20, min(resamples, _MOST_CELLS // max(sample.rows, 1)))
    groups = len(sample.names)
    rows = np.maximum(np.bincount(sample.group, minlength=groups), 1)
    present = np.bincount(sample.group, minlength=groups) > 0
    mostly = np.bincount(sample.group, weights=sample.ai, minlength=groups) / rows > 0.5
    found = []
    for _ in range(count):
        times = np.zeros(groups)
        for kind in (mostly & present, ~mostly & present):
            places = np.flatnonzero(kind)
            if len(places):
                times[places] = generator.multinomial(len(places), np.full(len(places), 1 / len(places)))
        found.append(_balanced(sample, sample.weight * times[sample.group]))
    return found


def _balanced(sample: Sample, weights: Floats) -> Floats:
    for kind in (sample.ai, ~sample.ai):
        total = float(weights[kind].sum())
        if total:
            weights[kind] /= total
    return weights
