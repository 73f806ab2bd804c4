"""How much each member of a group counts: the weights with the least loss of which none lets a voice count twice."""

from __future__ import annotations

import math

import numpy as np

from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.sample import Sample

# The penalty holds what the members say together, not each by itself, so that a copy of a member costs nothing; the
# little that is left decides only how twins share their weight: evenly.
_TOGETHER, _EACH = 0.1, 1e-4
_SILENT = 1e-9


def joint_weights(sample: Sample, values: Floats) -> Floats:
    """Weights between 0 and 1 of columns of log10 likelihood ratios, 0 where a member is missing.

    Logistic regression without an intercept, since likelihood ratios of nothing are 1. Two bounds keep evidence from
    being counted twice: no weight is above 1, and where a member's value rises by one, what all members say together
    rises by no more than one in either kind of item, on average. For twins that means a sum of 1.

    source  logistic fusion: Brümmer et al. 2007, doi:10.1109/TASL.2007.902870; sequential least squares: Kraft 1988,
            DFVLR-FB 88-28. The problem is convex, so that there is one least loss
    """
    from scipy.optimize import LinearConstraint, minimize
    from scipy.special import expit

    nats, weight = values * math.log(10), sample.balanced() / 2
    sign = np.where(sample.ai, 1.0, -1.0)
    worth = 2 / (1 / sample.effective(ai=True) + 1 / sample.effective(ai=False))
    moments = (nats * weight[:, None]).T @ nats
    scale = max(float(np.trace(moments)) / len(moments), _SILENT)
    penalty = (_TOGETHER * moments / scale + _EACH * np.eye(len(moments))) / worth

    def loss(weights: Floats) -> tuple[float, Floats]:
        against = sign * (nats @ weights)
        value = float(weight @ np.logaddexp(0.0, -against) + weights @ penalty @ weights / 2)
        pull = -weight * sign * np.asarray(expit(-against), np.float64)
        return value, pull @ nats + penalty @ weights

    overlap = _overlap(sample, nats)
    found = minimize(
        loss,
        np.zeros(len(moments)),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(moments),
        constraints=[LinearConstraint(overlap, -np.inf, 1.0)] if len(overlap) else [],
        options={"maxiter": 300, "ftol": 1e-12},
    )
    return np.asarray(np.clip(found.x, 0.0, 1.0), np.float64)


def _overlap(sample: Sample, nats: Floats) -> Floats:
    """By how much each member rises, on average within a kind, where another rises by one; a row for each of those."""
    centred = nats.copy()
    weights = sample.balanced()
    for kind in (sample.ai, ~sample.ai):
        centred[kind] -= weights[kind] @ nats[kind]
    spread = (centred * weights[:, None]).T @ centred / 2
    own = np.diag(spread)
    told = own > _SILENT
    return np.asarray(spread[told] / own[told][:, None], np.float64)
