"""A likelihood ratio whose logarithm is a few straight, rising pieces. With few items it is one straight line."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from assay.detection.calibration.curves.curve import Curve, Floats, curve_through, scale_of, scaled
from assay.detection.calibration.curves.rising import Task, fitted
from assay.detection.calibration.sample import Sample

# More pieces only where there are items to place them by: independent items of the rarer kind, and pieces.
_PIECES = ((1000, 8), (400, 6), (150, 3))
# In a likelihood of as many terms as there are items: how far neighbouring slopes hold each other together, and how
# far all are held to 0, without which two kinds that never overlap would have a slope without end.
_SMOOTH, _RIDGE = 2.0, 0.02


def fit_logistic(sample: Sample) -> Curve:
    """Straight pieces between quantiles, on the score or its log odds, with slopes that never fall below 0.

    source  logistic regression for likelihood ratios: Morrison 2013, doi:10.1080/00450618.2012.733025; bounded
            slopes keep it monotone, a penalty on neighbouring slopes keeps it straight where data are few: Eilers
            and Marx 1996, doi:10.1214/ss/1038425655
    """
    scale = scale_of(sample.score)
    across = scaled(sample.score, scale)
    weights = sample.balanced()
    edges = _edges(across, weights, _pieces(sample))
    if len(edges) < 2:
        return curve_through(scale, edges, np.zeros(1))
    spread = float(edges[-1] - edges[0])
    features = _ramps(across, edges) / spread
    # A slope counts for the stretch of scores between the two ends, so that the penalty is the same on every scale.
    count = features.shape[1]
    steps = np.diff(np.eye(count), axis=0)
    penalty = (_SMOOTH * steps.T @ steps + _RIDGE * np.eye(count) / count) / 10
    worth = 2 / (1 / sample.effective(ai=True) + 1 / sample.effective(ai=False))
    intercept, slopes = fitted(
        Task(features, sample.ai, weights * worth, penalty, np.zeros(count)),
    )
    height = (intercept + _ramps(edges, edges) / spread @ slopes) / math.log(10)
    return curve_through(scale, edges, height)


def _pieces(sample: Sample) -> int:
    rarer = min(sample.effective(ai=True), sample.effective(ai=False))
    return next((pieces for least, pieces in _PIECES if rarer >= least), 1)


def _edges(across: Floats, weights: Floats, pieces: int) -> Floats:
    """The least and the greatest score, and quantiles between them of both kinds taken alike."""
    order = np.argsort(across, kind="stable")
    reached = np.cumsum(weights[order])
    wanted = np.arange(1, pieces) / pieces * reached[-1]
    inner = across[order][np.minimum(np.searchsorted(reached, wanted), len(across) - 1)]
    return np.unique(np.concatenate(([across.min()], inner, [across.max()])))


def _ramps(across: Floats, edges: Floats) -> Floats:
    """How far each score has come in each piece."""
    return np.stack([np.clip(across, low, high) - low for low, high in pairwise(edges)], 1)
