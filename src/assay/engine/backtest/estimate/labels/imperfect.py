"""Shares found by people or tests that err, corrected for it with all that is uncertain. It never hides a bad test."""

from __future__ import annotations

import math

from assay.engine.backtest.estimate.intervals import quantile
from assay.engine.backtest.figures import Estimate

ROGAN_GLADEN = "rogan-gladen"


def apparent_rate(true: float, sensitivity: float, specificity: float) -> float:
    """The share that a test finds where the true share is this."""
    return true * sensitivity + (1 - true) * (1 - specificity)


def effective_trials(estimate: Estimate) -> float:
    """How many trials a share of this interval comes from; endless where there is no doubt about it."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return 0.0
    width = estimate.high - estimate.low
    if width <= 0:
        return math.inf
    if not 0 < estimate.value < 1:
        # The bound where none was seen, solved for the number of rows.
        return math.log(0.05) / math.log1p(-width) if width < 1 else 0.0
    square = quantile() ** 2
    spread = estimate.value * (1 - estimate.value)
    # Half of a score interval, solved for the trials plus the quantile's square.
    by, rest = square * spread, square**2 * (0.25 - spread)
    half = width**2 / 4
    return max(0.0, (by + math.sqrt(by**2 + 4 * half * rest)) / (2 * half) - square)


def rogan_gladen(apparent: Estimate, sensitivity: tuple[int, int], specificity: tuple[int, int]) -> Estimate:
    """The true share behind an apparent one, for a test whose errors are themselves known from trials only.

    sensitivity   of those that are, how many the test found, and how many there were
    specificity   of those that are not, how many the test cleared, and how many there were
    returns       no value, and bounds of 0 and 1, where the test is no better than chance
    source        Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510; interval: Lang and Reiczigel 2014,
                  doi:10.1016/j.prevetmed.2013.09.015
    """
    (found, ill), (cleared, well) = sensitivity, specificity
    nothing = Estimate(None, 0.0, 1.0, apparent.rows, ROGAN_GLADEN, apparent.suppressed)
    if apparent.value is None or not ill or not well:
        return nothing
    better = found / ill + cleared / well - 1
    if better <= 0:
        return nothing
    value = (apparent.value + cleared / well - 1) / better
    low, high = _bounds(apparent.value, effective_trials(apparent), sensitivity, specificity)
    value = min(max(value, 0.0), 1.0)
    return Estimate(value, min(value, low), max(value, high), apparent.rows, ROGAN_GLADEN)


def _bounds(
    apparent: float, trials: float, sensitivity: tuple[int, int], specificity: tuple[int, int]
) -> tuple[float, float]:
    by = quantile()
    square = by**2
    (found, ill), (cleared, well) = sensitivity, specificity
    # Each share is moved towards the middle as if a few more trials had been seen, so that none has no variance.
    share = apparent if math.isinf(trials) else (trials * apparent + square / 2) / (trials + square)
    finds, clears = (found + 1) / (ill + 2), (cleared + 1) / (well + 2)
    better = finds + clears - 1
    if better <= 0:
        return 0.0, 1.0
    value = (share + clears - 1) / better
    by_found, by_cleared = finds * (1 - finds) / (ill + 2), clears * (1 - clears) / (well + 2)
    own = 0.0 if math.isinf(trials) else share * (1 - share) / (trials + square)
    error = math.sqrt(own + value**2 * by_found + (1 - value) ** 2 * by_cleared) / better
    shift = 2 * square * (value * by_found - (1 - value) * by_cleared)
    low, high = value + shift - by * error, value + shift + by * error
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)
