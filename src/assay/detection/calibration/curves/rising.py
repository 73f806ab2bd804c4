"""Logistic regression whose slopes are bounded and whose losses are penalised. It never turns round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.sample import Bools


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is fitted: log odds = intercept + features @ slopes.

    weight    of each row; the sum is how many independent rows they are worth
    penalty   a matrix P; slopes @ P @ slopes / 2 is added to the loss
    towards   slopes from which the penalty counts
    most      the upper bound of every slope, whose lower bound is 0
    """

    features: Floats
    ai: Bools
    weight: Floats
    penalty: Floats
    towards: Floats
    most: float = np.inf
    intercept: bool = True


def fitted(task: Task) -> tuple[float, Floats]:
    """The intercept and the slopes with the least loss, in nats.

    source  sequential least squares: Kraft 1988, DFVLR-FB 88-28; the problem is convex, so that there is one least
            loss
    """
    from scipy.optimize import minimize

    count = task.features.shape[1]
    sign = np.where(task.ai, 1.0, -1.0)
    # A loss of about 1, whatever the number of rows, is what the method's tolerance is meant for.
    total = float(task.weight.sum())
    weight, penalty = task.weight / total, task.penalty / total

    def loss(parameters: Floats) -> tuple[float, Floats]:
        intercept, slopes = parameters[0], parameters[1:]
        odds = intercept + task.features @ slopes
        against = sign * odds
        away = slopes - task.towards
        value = float(weight @ np.logaddexp(0.0, -against) + away @ penalty @ away / 2)
        pull = -weight * sign * _logistic(-against)
        first = float(pull.sum()) if task.intercept else 0.0
        return value, np.concatenate(([first], pull @ task.features + penalty @ away))

    held = (None, None) if task.intercept else (0.0, 0.0)
    start = np.concatenate(([0.0], np.minimum(task.towards, task.most)))
    found = minimize(
        loss,
        start,
        jac=True,
        method="SLSQP",
        bounds=[held, *[(0.0, task.most)] * count],
        options={"maxiter": 300, "ftol": 1e-12},
    )
    return float(found.x[0]), np.asarray(found.x[1:], np.float64)


def _logistic(odds: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(odds), np.float64)
