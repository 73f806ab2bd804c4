"""A file of newer scores against a calibration: all of it, and each bucket by itself. It keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.calibration import WHOLE, Calibration
from assay.detection.calibration.drift.labelled import CostShift, cost_shift
from assay.detection.calibration.drift.outlook import Outlook, worst_of
from assay.detection.calibration.drift.unlabelled import ScoreShift, score_shift
from assay.detection.calibration.sample import sample_of
from assay.detection.calibration.scores.table import Scores
from assay.engine.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Compared:
    """What newer scores say of a calibration.

    digest      of the calibration
    unlabelled  rows without a label
    """

    detector: str
    digest: str
    outlook: Outlook
    scores: tuple[ScoreShift, ...]
    costs: tuple[CostShift, ...]
    unlabelled: int


def compare_with(calibration: Calibration, newer: Scores) -> Compared | list[Fault]:
    """Compares newer scores, and by the rows that have labels, what they were taken to mean."""
    buckets = np.array(newer.buckets, dtype=np.str_)
    every = np.ones(newer.rows, np.bool_)
    scopes = [(WHOLE, every), *[(name, buckets == name) for name in sorted(calibration.buckets)]]
    # The whole is one look; its buckets together are another, since the more there are, the more look odd by chance.
    looks = {name: 1 if name == WHOLE else sum(bool(rows.any()) for _, rows in scopes[1:]) or 1 for name, _ in scopes}
    shifts = [
        score_shift(calibration, newer.scores[rows], newer.weights[rows], name, looks[name]) for name, rows in scopes
    ]
    labelled = np.array([label is not None for label in newer.labels], np.bool_)
    costs: list[CostShift | None] = []
    if labelled.any():
        truth = np.array([bool(label) for label in newer.labels], np.bool_)
        groups = np.array(newer.groups, dtype=np.str_)
        for name, rows in scopes:
            chosen = rows & labelled
            sample = sample_of(
                newer.scores[chosen], truth[chosen], groups[chosen].tolist(), None, newer.weights[chosen]
            )
            if isinstance(sample, list):
                return sample
            costs.append(cost_shift(calibration, sample, name, looks[name]))
    scores = tuple(one for one in shifts if one is not None)
    dear = tuple(one for one in costs if one is not None)
    outlook = _together(scores, dear)
    return Compared(calibration.detector, calibration.digest, outlook, scores, dear, int((~labelled).sum()))


def _together(scores: tuple[ScoreShift, ...], costs: tuple[CostShift, ...]) -> Outlook:
    """Any sign of drift counts; that nothing was seen counts only where the whole was large enough."""
    found = [(one.bucket, one.outlook) for one in scores] + [(one.bucket, one.outlook) for one in costs]
    if Outlook.RECALIBRATE in [outlook for _, outlook in found]:
        return Outlook.RECALIBRATE
    return worst_of([outlook for bucket, outlook in found if bucket == WHOLE])
