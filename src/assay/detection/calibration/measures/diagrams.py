"""What the two diagrams of a calibration are drawn from: reliability and Tippett. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.measures.costs import BINS, bins_of
from assay.detection.calibration.sample import Bools, Sample
from assay.engine.backtest.estimate.intervals import quantile, score_bounds

_STEPS = 41


@dataclass(frozen=True, slots=True)
class Bin:
    """Held-out items with neighbouring likelihood ratios: what was said at even odds, and what was so.

    low, high  95 % interval of `found`
    worth      independent items
    """

    said: float
    found: float
    low: float
    high: float
    worth: float


@dataclass(frozen=True, slots=True)
class Tippett:
    """Of either kind, the share of held-out items whose log10 likelihood ratio lies above each of `at`.

    source  Evett and Buckleton 1996, in Advances in Forensic Haemogenetics 6
    """

    at: tuple[float, ...]
    ai: tuple[float, ...]
    other: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Diagrams:
    """Both diagrams; `misleading` is the share of either kind whose likelihood ratio points the wrong way."""

    reliability: tuple[Bin, ...]
    tippett: Tippett
    misleading_ai: float
    misleading_other: float


def diagrams_of(sample: Sample, log10_lr: Floats) -> Diagrams:
    """The diagrams of held-out log10 likelihood ratios."""
    weights = sample.balanced()
    at = np.linspace(float(log10_lr.min()), float(log10_lr.max()), _STEPS) if len(log10_lr) else np.zeros(1)

    def above(kind: Bools) -> tuple[float, ...]:
        return tuple(short(float(weights[kind & (log10_lr > value)].sum())) for value in at.tolist())

    tippett = Tippett(tuple(short(value) for value in at.tolist()), above(sample.ai), above(~sample.ai))
    wrong = float(weights[sample.ai & (log10_lr < 0)].sum()), float(weights[~sample.ai & (log10_lr > 0)].sum())
    return Diagrams(_reliability(sample, log10_lr, weights), tippett, short(wrong[0]), short(wrong[1]))


def _reliability(sample: Sample, log10_lr: Floats, weights: Floats) -> tuple[Bin, ...]:
    said = 1 / (1 + 10.0**-log10_lr)
    distinct, place = np.unique(said, return_inverse=True)
    bins = bins_of(np.asarray(np.bincount(place, weights=weights, minlength=len(distinct)), np.float64))[place]
    found = []
    for number in range(BINS):
        rows = np.flatnonzero(bins == number)
        if len(rows):
            found.append(_bin(sample, said, weights, rows))
    return tuple(found)


def _bin(sample: Sample, said: Floats, weights: Floats, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Bin:
    weight = weights[rows]
    total = float(weight.sum())
    share = float(weight @ sample.ai[rows]) / total
    sums = np.bincount(sample.group[rows], weights=weight)
    worth = total**2 / float((sums**2).sum())
    low, high = score_bounds(share, worth, quantile())
    mean = float(weight @ said[rows]) / total
    return Bin(short(mean), short(share), short(low), short(high), short(worth))
