"""What likelihood ratios cost whoever believes them: Cllr, its least, calibration error, AUC. It fits no curve."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.curves.isotonic import pooled_by
from assay.detection.calibration.sample import Bools

BINS = 10
Measure = Callable[[Floats], float]
_TEN = math.log(10)


def costs_of(log10_lr: Floats, ai: Bools) -> Floats:
    """What each item costs, in bits: nothing where it is strongly right, 1 where nothing is said, more where wrong.

    source  Brümmer and du Preez 2006, doi:10.1016/j.csl.2005.08.001
    """
    sign = np.where(ai, -1.0, 1.0)
    return np.asarray(np.logaddexp(0.0, sign * log10_lr * _TEN) / math.log(2), np.float64)


def cllr(log10_lr: Floats, ai: Bools, balanced: Floats) -> float:
    """The mean cost over both kinds taken alike: 0 is perfect, 1 is what saying nothing costs, more misleads.

    balanced  weights of which either kind's add up to 1
    """
    return cllr_by(log10_lr, ai)(balanced)


def cllr_by(log10_lr: Floats, ai: Bools) -> Measure:
    """The same for many balanced weights of the same rows."""
    costs = costs_of(log10_lr, ai)
    return lambda balanced: float(balanced @ costs) / 2


def cllr_min(log10_lr: Floats, ai: Bools, balanced: Floats) -> float:
    """The least cost that any rising reading of these same values has: what the detector itself is to blame for."""
    return cllr_min_by(log10_lr, ai)(balanced)


def cllr_min_by(log10_lr: Floats, ai: Bools) -> Measure:
    """The same for many balanced weights of the same rows."""
    pooled = pooled_by(log10_lr, ai)

    def measure(balanced: Floats) -> float:
        by_ai, other, share = pooled(balanced)
        # A share of 0 or 1 stands only where nobody of the other kind pays for it.
        with np.errstate(divide="ignore", invalid="ignore"):
            ai_pays, others_pay = by_ai * np.log2(share), other * np.log2(1 - share)
        paid = np.where(by_ai > 0, ai_pays, 0.0) + np.where(other > 0, others_pay, 0.0)
        return -float(paid.sum()) / 2

    return measure


def auc_by(score: Floats, ai: Bools) -> Measure:
    """How often an item made by AI has the higher score of a pair, ties counted half, by balanced weights."""
    distinct, place = np.unique(score, return_inverse=True)

    def measure(balanced: Floats) -> float:
        for_ai = np.bincount(place, weights=balanced * ai, minlength=len(distinct))
        other = np.bincount(place, weights=balanced * ~ai, minlength=len(distinct))
        below = np.cumsum(other) - other
        total = float(for_ai.sum() * other.sum())
        return float(for_ai @ (below + other / 2)) / total if total else 0.5

    return measure


def error_by(log10_lr: Floats, ai: Bools) -> Measure:
    """How far off a posterior at even odds is, bin by bin of equal weight, on average (ECE), by balanced weights."""
    distinct, place = np.unique(1 / (1 + 10.0**-log10_lr), return_inverse=True)
    off = distinct[place] - ai

    def measure(balanced: Floats) -> float:
        weight = np.bincount(place, weights=balanced, minlength=len(distinct))
        apart = np.bincount(place, weights=balanced * off, minlength=len(distinct))
        bins = bins_of(np.asarray(weight, np.float64))
        return float(np.abs(np.bincount(bins, weights=apart, minlength=BINS)).sum() / (float(weight.sum()) or 1.0))

    return measure


def bins_of(weight: Floats) -> NDArray[np.intp]:
    """The bin of each distinct value, in rising order, by its weight.

    Equal values stay together: a bin that ended inside them would divide them by the order of the file, which is
    often that of the labels.
    """
    reached = np.cumsum(weight)
    if not reached[-1]:
        return np.zeros(len(weight), np.intp)
    return np.asarray(np.minimum(reached / reached[-1] * BINS - 1e-9, BINS - 1), np.intp)
