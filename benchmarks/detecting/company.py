"""Several made-up detectors in one group: twins, relatives and strangers, weighed together. No detector gave them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.choices import Method
from assay.detection.calibration.fitting import Wanted
from assay.detection.calibration.joint.fitting import Scored, combine
from assay.detection.calibration.joint.model import Joint
from assay.detection.calibration.measures.costs import cllr
from benchmarks.detecting.families import Drawn, Floats
from benchmarks.detecting.recovered import calibrated, sample_from

_APART = 1.6


@dataclass(frozen=True, slots=True)
class Company:
    """One group on new items: what the joint costs, beside the best alone, all added up, and the truth.

    weights  of the members in their order
    """

    name: str
    weights: tuple[float, ...]
    alone: float
    joint: float
    added: float
    ideal: float


@dataclass(frozen=True, slots=True)
class _Group:
    """Sources whose scores are normal, as wide as one another, correlated alike in both kinds of item.

    members  which source each member repeats: twins repeat the same
    """

    name: str
    apart: tuple[float, ...]
    correlation: float
    members: tuple[int, ...]


_GROUPS = (
    _Group("one alone, twice: an exact twin", (_APART,), 0.0, (0, 0)),
    _Group("strangers", (_APART, _APART), 0.0, (0, 1)),
    _Group("relatives, correlated 0.7", (_APART, _APART), 0.7, (0, 1)),
    _Group("a stranger and exact twins", (_APART, _APART), 0.0, (0, 0, 1)),
    _Group("a good one and a blind one", (_APART, 0.0), 0.0, (0, 1)),
)


def companies(count: int) -> list[Company]:
    """Every group, fitted on `count` items of either kind; calibrations on as many others."""
    return [_company(group, count) for group in _GROUPS]


def _company(group: _Group, count: int) -> Company:
    calibrations = {
        name: calibrated(Drawn(scores, ai), Wanted(Method.LOGISTIC))
        for (name, scores), ai in ((pair, _kinds(count)) for pair in _drawn(group, count, 1).items())
    }
    scored = Scored(sample_from(Drawn(np.zeros(2 * count), _kinds(count))), _drawn(group, count, 2))
    joint = combine(group.name, scored, calibrations, "2026-11-23")
    assert isinstance(joint, Joint), joint
    new, ai = _drawn(group, 20_000, 3), _kinds(20_000)
    values = np.stack([calibrations[name].log10_lrs(new[name]) for name in sorted(new)], 1)
    weights = np.array([member.weight for member in joint.members])
    together = joint.bounds.clip(values @ weights)
    balanced = np.full(len(ai), 1 / 20_000)
    costs = [cllr(column, ai, balanced) for column in values.T]
    return Company(
        group.name,
        tuple(weights.tolist()),
        min(costs),
        cllr(together, ai, balanced),
        cllr(values.sum(1), ai, balanced),
        cllr(_truth(group, new), ai, balanced),
    )


def _kinds(count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.arange(2 * count) < count


def _drawn(group: _Group, count: int, seed: int) -> dict[str, Floats]:
    """The members' scores; groups of as many sources share their chance, so that they can be compared."""
    noise = np.random.default_rng(seed).normal(0, 1, (2 * count, len(group.apart)))
    noise = noise @ np.linalg.cholesky(_spread(group)).T
    sign = np.where(_kinds(count), 0.5, -0.5)[:, None]
    sources = noise + sign * np.array(group.apart)
    return {f"member {place}": sources[:, source] for place, source in enumerate(group.members)}


def _spread(group: _Group) -> Floats:
    size = len(group.apart)
    return np.full((size, size), group.correlation) + (1 - group.correlation) * np.eye(size)


def _truth(group: _Group, scores: dict[str, Floats]) -> Floats:
    """The true log10 likelihood ratio of all sources, each counted once."""
    direction = np.linalg.solve(_spread(group), np.array(group.apart))
    names = [f"member {group.members.index(source)}" for source in range(len(group.apart))]
    found = np.stack([scores[name] for name in names], 1) @ direction
    return np.asarray(found / math.log(10), np.float64)
