"""A likelihood ratio that rises with the score and is otherwise free: pools of neighbours. It assumes no shape."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assay.detection.calibration.curves.curve import Curve, Floats, Scale, curve_through
from assay.detection.calibration.sample import Bools, Sample

# Added to either kind in every pool: a pool that saw none of a kind has not shown that there are none.
_HALF = 0.5


def fit_isotonic(sample: Sample) -> Curve:
    """Pools neighbouring scores until the share of AI rises from pool to pool; each pool gives one likelihood ratio.

    source  pool adjacent violators: Ayer et al. 1955, doi:10.1214/aoms/1177728423; as calibration of likelihood
            ratios: Brümmer and du Preez 2006, doi:10.1016/j.csl.2005.08.001
    """
    scores, ai, other = _by_score(sample)
    first, last = _pools(ai, other)
    counts = sample.effective(ai=True), sample.effective(ai=False)
    sums = [np.add.reduceat(part, first) * count for part, count in zip((ai, other), counts, strict=True)]
    height = np.log10((sums[0] + _HALF) / counts[0]) - np.log10((sums[1] + _HALF) / counts[1])
    height = _rising(height, sums[0] / counts[0] + sums[1] / counts[1])
    # A pool is level from its first score to its last, and the curve is straight from there to the next pool.
    knots = np.stack((scores[first], scores[last])).T.ravel()
    return curve_through(Scale.PLAIN, knots, np.repeat(height, 2))


def _by_score(sample: Sample) -> tuple[Floats, Floats, Floats]:
    """Distinct scores, and the share of either kind that has each."""
    scores, place = np.unique(sample.score, return_inverse=True)
    weights = sample.balanced()

    def summed(kind: Bools) -> Floats:
        return np.bincount(place, weights=weights * kind, minlength=len(scores)).astype(np.float64)

    return scores, summed(sample.ai), summed(~sample.ai)


def _pools(ai: Floats, other: Floats) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...]:
    """The first and the last place of each pool."""
    from scipy.optimize import isotonic_regression

    both = ai + other
    blocks = np.asarray(isotonic_regression(ai / both, weights=both).blocks, np.intp)
    return blocks[:-1], blocks[1:] - 1


def _rising(height: Floats, weight: Floats) -> Floats:
    """The halves that were added can turn two neighbours round; they are pooled again."""
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(height, weights=weight).x, np.float64)


def pooled_by(scores: Floats, ai: Bools) -> Callable[[Floats], tuple[Floats, Floats, Floats]]:
    """By weights, for every distinct score: the weight of either kind, and the share of AI in its pool.

    That share is the best that any rising reading of these very scores can say.
    """
    from scipy.optimize import isotonic_regression

    distinct, place = np.unique(scores, return_inverse=True)

    def pooled(weight: Floats) -> tuple[Floats, Floats, Floats]:
        by_ai = np.asarray(np.bincount(place, weights=weight * ai, minlength=len(distinct)), np.float64)
        other = np.asarray(np.bincount(place, weights=weight * ~ai, minlength=len(distinct)), np.float64)
        total = by_ai + other
        share = by_ai / np.where(total > 0, total, 1.0)
        # A score that a resample left out has no weight, and the regression wants some.
        found = isotonic_regression(share, weights=np.where(total > 0, total, 1e-300)).x
        return by_ai, other, np.asarray(found, np.float64)

    return pooled
