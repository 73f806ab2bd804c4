"""How the scores of a calibration lay, kept in few numbers for later comparison. It holds no score of an item."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.measures.costs import costs_of
from assay.detection.calibration.sample import Sample

MOST_BINS = 20
_LEAST_IN_BIN = 10


@dataclass(frozen=True, slots=True)
class Reference:
    """Shares of either kind's scores between edges, and what held-out likelihood ratios cost then.

    edges       inner edges, rising: a score equal to one lies below it
    ai, other   shares, one more than edges, each adding up to 1
    cost        mean cost in bits of either kind, and the variance of either mean
    """

    edges: tuple[float, ...]
    ai: tuple[float, ...]
    other: tuple[float, ...]
    cost_ai: float
    cost_other: float
    variance_ai: float
    variance_other: float

    def __post_init__(self) -> None:
        rising = all(first < second for first, second in pairwise(self.edges))
        shares = len(self.ai) == len(self.other) == len(self.edges) + 1 and min((*self.ai, *self.other)) >= 0
        if not (rising and shares and sum(self.ai) > 0 and sum(self.other) > 0):
            raise ValueError("a reference has edges that rise, and shares of either kind between them")

    def counted(self, scores: Floats, weights: Floats) -> Floats:
        """The share of new scores in each bin."""
        place = np.searchsorted(np.array(self.edges), scores, side="left")
        found = np.bincount(place, weights=weights, minlength=len(self.ai)).astype(np.float64)
        return found / float(found.sum())


def reference_of(sample: Sample, log10_lr: Floats) -> Reference:
    """The reference of a sample with its held-out log10 likelihood ratios."""
    rarer = min(sample.effective(ai=True), sample.effective(ai=False))
    bins = int(max(2, min(MOST_BINS, rarer // _LEAST_IN_BIN)))
    weights = sample.balanced()
    order = np.argsort(sample.score, kind="stable")
    reached = np.cumsum(weights[order])
    wanted = np.arange(1, bins) / bins * reached[-1]
    edges = np.unique(sample.score[order][np.searchsorted(reached, wanted)])
    # An edge at the greatest score would leave the last bin empty.
    edges = edges[edges < sample.score.max()]
    place = np.searchsorted(edges, sample.score, side="left")
    shares = [np.bincount(place, weights=weights * kind, minlength=len(edges) + 1) for kind in (sample.ai, ~sample.ai)]
    (cost_ai, variance_ai), (cost_other, variance_other) = (_cost(sample, log10_lr, ai=ai) for ai in (True, False))
    return Reference(
        tuple(edges.tolist()),
        tuple(short(share) for share in shares[0].tolist()),
        tuple(short(share) for share in shares[1].tolist()),
        short(cost_ai),
        short(cost_other),
        short(variance_ai),
        short(variance_other),
    )


def _cost(sample: Sample, log10_lr: Floats, *, ai: bool) -> tuple[float, float]:
    """The mean cost of a kind and the variance of that mean, by groups."""
    kind = sample.ai == ai
    return clustered_mean(costs_of(log10_lr, sample.ai)[kind], sample.weight[kind], sample.group[kind])


def clustered_mean(
    values: Floats, weights: Floats, groups: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> tuple[float, float]:
    """A weighted mean, and its variance where the rows of a group belong together.

    source  linearised ratio estimator: Cochran 1977, Sampling Techniques, ch. 9
    """
    total = float(weights.sum())
    mean = float(weights @ values) / total
    sums = np.bincount(groups, weights=weights * (values - mean))
    count = len(np.unique(groups))
    scale = count / (count - 1) if count > 1 else 1.0
    return mean, scale * float((sums**2).sum()) / total**2
