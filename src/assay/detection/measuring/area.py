"""The area under the curve, with an interval that knows that variants of one item are not independent. No threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.measuring.sample import Floats, Sample

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def area_under_curve(sample: Sample) -> Rate | None:
    """How often a file that AI made scores above one that it did not; a tie counts half. None where a kind is missing.

    source  DeLong et al. 1988, doi:10.2307/2531595; for items with several variants Obuchowski 1997,
            doi:10.2307/2533958; on the logit scale, with Student's t by what the smaller kind is worth
    """
    if not sample.ai.any() or sample.ai.all():
        return None
    area, influence = _influence(sample)
    items = min(sample.worth(ai=True), sample.worth(ai=False))
    variance = _variance(sample, influence)
    if variance <= 1e-18 or not 0 < area < 1 or items < 2:
        return _exact(area, items)
    from scipy.stats import t

    spread = float(t.ppf((1 + CONFIDENCE) / 2, items - 1)) * math.sqrt(variance) / (area * (1 - area))
    middle = math.log(area / (1 - area))
    return Rate(area, _logistic(middle - spread), _logistic(middle + spread))


def _influence(sample: Sample) -> tuple[float, Floats]:
    """The area, and how far each file moves it: a file's own share of pairs won, less the area."""
    ai, real = sample.ai, ~sample.ai
    shares = np.empty(len(sample.scores))
    shares[ai] = _share_below(sample.scores[ai], sample.scores[real], sample.weights[real])
    shares[real] = 1 - _share_below(sample.scores[real], sample.scores[ai], sample.weights[ai])
    weights = np.where(ai, sample.weights / sample.weights[ai].sum(), sample.weights / sample.weights[real].sum())
    area = float((weights[ai] * shares[ai]).sum())
    return min(max(area, 0.0), 1.0), weights * (shares - area)


def _share_below(scores: Floats, others: Floats, weights: Floats) -> Floats:
    """For each score the weighted share of the others below it; those that tie count half."""
    order = np.argsort(others, kind="stable")
    ranked = others[order]
    passed = np.concatenate(([0.0], np.cumsum(weights[order])))
    below = passed[np.searchsorted(ranked, scores, side="left")]
    up_to = passed[np.searchsorted(ranked, scores, side="right")]
    shares: Floats = (below + up_to) / (2 * passed[-1])
    return shares


def _variance(sample: Sample, influence: Floats) -> float:
    """Of the area: files of one item move it together, so they are summed before they are squared."""
    if sample.is_paired:
        return _spread_of_items(sample.groups, influence)
    return sum(_spread_of_items(sample.groups[kind], influence[kind]) for kind in (sample.ai, ~sample.ai))


def _spread_of_items(groups: NDArray[np.int64], influence: Floats) -> float:
    _names, numbers = np.unique(groups, return_inverse=True)
    sums = np.bincount(numbers, weights=influence)
    return 0.0 if len(sums) < 2 else float((sums**2).sum()) * len(sums) / (len(sums) - 1)


def _exact(area: float, items: float) -> Rate:
    """Where every pair came out alike: as many pairs share no item as there are of the smaller kind."""
    slack = 1 - ((1 - CONFIDENCE) / 2) ** (1 / items) if items else 1.0
    return Rate(area, max(0.0, area - slack), min(1.0, area + slack))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
