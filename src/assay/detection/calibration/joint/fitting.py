"""Fits how several detectors of one group count together, on items that all of them may have seen. It keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from assay.detection.calibration.calibration import Calibration, counts_of
from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.joint.model import Joint, Member
from assay.detection.calibration.joint.weights import joint_weights
from assay.detection.calibration.joint.written import sealed_joint
from assay.detection.calibration.measures.bounds import supported_by
from assay.detection.calibration.measures.costs import cllr
from assay.detection.calibration.measures.resampled import Figure, drawn_weights, figure_of
from assay.detection.calibration.sample import FOLDS, Sample, too_few
from assay.engine.kernel.errors import Fault

MOST_MEMBERS = 32
_FURTHEST = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The items that members were asked about.

    sample   truth, groups and weights of the items; its own scores are not read
    scores   by member, one for each item; NaN where the member gave none
    """

    sample: Sample
    scores: Mapping[str, Floats]


def combine(group: str, scored: Scored, calibrations: Mapping[str, Calibration], made_on: str) -> Joint | list[Fault]:
    """The joint model of a group's members, or every reason why there can be none.

    calibrations  by member; each is applied to the member's scores by the item's bucket

    Figures and bounds come from items that the weights were not fitted on.
    """
    names = sorted(scored.scores)
    faults = [*_members(names, calibrations), *too_few(scored.sample)]
    if faults:
        return faults
    values = np.stack([_values(scored.sample, scored.scores[name], calibrations[name]) for name in names], 1)
    silent = [name for name in names if not np.isfinite(scored.scores[name]).any()]
    if silent:
        words = f"`{silent[0]}` has no score for any of these items; score them, or leave it out of the group"
        return [Fault("no-scores", words, "score")]
    held = _held_out(scored.sample, values)
    bounds = supported_by(scored.sample, np.clip(held, -_FURTHEST, _FURTHEST))
    weights = joint_weights(scored.sample, values)
    members = tuple(
        Member(name, calibrations[name].digest, short(weight))
        for name, weight in zip(names, weights.tolist(), strict=True)
    )
    told, *rest = _figures(scored.sample, [bounds.clip(held), values.sum(1), *values.T])
    by_ai, other = counts_of(scored.sample)
    digest = _digest(scored)
    return sealed_joint(Joint(group, members, bounds, told, tuple(rest[1:]), rest[0], by_ai, other, digest, made_on))


def _members(names: list[str], calibrations: Mapping[str, Calibration]) -> list[Fault]:
    if not 2 <= len(names) <= MOST_MEMBERS:
        return [Fault("not-several", f"{len(names)} detectors cannot be combined; name 2 to {MOST_MEMBERS}", "names")]
    missing = [name for name in names if name not in calibrations]
    return [Fault("uncalibrated", f"`{name}` has no calibration; calibrate it first", "names") for name in missing]


def _values(sample: Sample, scores: Floats, calibration: Calibration) -> Floats:
    """The member's log10 likelihood ratios; 0 where it gave no score."""
    values = np.zeros(sample.rows)
    seen = np.isfinite(scores)
    for number, bucket in enumerate(("", *sample.buckets), -1):
        rows = seen & (sample.bucket == number)
        if rows.any():
            values[rows] = calibration.log10_lrs(scores[rows], bucket)
    return values


def _held_out(sample: Sample, values: Floats) -> Floats:
    held = np.zeros(sample.rows)
    folds = sample.folds()
    for fold in range(FOLDS):
        out = folds == fold
        rest = sample.taken(~out)
        if out.any() and not too_few(rest, least=1):
            held[out] = values[out] @ joint_weights(rest, values[~out])
    return held


def _figures(sample: Sample, readings: list[Floats]) -> list[Figure]:
    draws = drawn_weights(sample)
    found = []
    for reading in readings:
        value = cllr(reading, sample.ai, sample.balanced())
        found.append(figure_of(value, np.array([cllr(reading, sample.ai, weights) for weights in draws])))
    return found


def _digest(scored: Scored) -> str:
    from assay.engine.kernel.digest import canonical_json, sha256_of

    parts = {}
    for name, scores in scored.scores.items():
        # A score that is missing is told apart from every score that there is.
        seen = np.isfinite(scores)
        marked = replace(scored.sample, weight=scored.sample.weight + seen)
        parts[name] = marked.with_scores(np.where(seen, scores, 0.0)).digest()
    return sha256_of(canonical_json(parts))
