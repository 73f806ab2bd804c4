"""Samples and calibrations that the tests here share. It holds no test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.detection.calibration.calibration import Calibration, Origin
from assay.detection.calibration.choices import Method
from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.fitting import Wanted, fit
from assay.detection.calibration.sample import Sample, sample_of

ORIGIN = Origin("eye", "sha256:model", "", "2026-11-23")


def normal(count: int, *, apart: float = 2.0, seed: int = 1) -> tuple[Floats, Floats]:
    """Scores of items by AI and of others, as far apart as many of their own widths."""
    generator = np.random.default_rng(seed)
    return generator.normal(apart / 2, 1, count), generator.normal(-apart / 2, 1, count)


def sampled(
    by_ai: Sequence[float] | Floats,
    other: Sequence[float] | Floats,
    groups: Sequence[str] | None = None,
    buckets: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
) -> Sample:
    """A sample of both kinds, those by AI first."""
    found = sample_of(
        np.concatenate((by_ai, other)), [True] * len(by_ai) + [False] * len(other), groups, buckets, weights
    )
    assert isinstance(found, Sample), found
    return found


def calibrated(sample: Sample, method: Method = Method.LOGISTIC, alpha: float = 0.05) -> Calibration:
    """A calibration that there must be."""
    found = fit(sample, ORIGIN, Wanted(method, alpha, alpha))
    assert isinstance(found, Calibration), found
    return found
