"""A calibration: what a detector's score is worth as evidence, and how sure that is. It never asks the detector."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.detection.calibration.choices import Method
from assay.detection.calibration.curves.curve import Curve, Floats, short
from assay.detection.calibration.drift.reference import Reference
from assay.detection.calibration.measures.band import Band, Verdict
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.diagrams import Diagrams
from assay.detection.calibration.measures.resampled import Figures
from assay.detection.calibration.sample import Sample

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a kind there was: rows, and how many independent items they are worth."""

    rows: int
    worth: float


def counts_of(sample: Sample) -> tuple[Count, Count]:
    """The items of a sample that AI made, and the others."""
    by_ai, other = (Count(int((sample.ai == ai).sum()), short(sample.effective(ai=ai))) for ai in (True, False))
    return by_ai, other


@dataclass(frozen=True, slots=True)
class Fitted:
    """What holds for all scores, or for those of one bucket.

    offset, slope  applied to the curve's value before it is bounded; 0 and 1 for the whole
    """

    offset: float
    slope: float
    bounds: Bounds
    band: Band
    figures: Figures
    diagrams: Diagrams
    reference: Reference
    ai: Count
    other: Count

    def __post_init__(self) -> None:
        if self.slope < 0:
            raise ValueError("a slope below 0 would turn scores round")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one score is worth.

    log10_lr       0 where it says nothing; above 0 it speaks for AI
    lower, upper   the bounds that the sample supports
    bucket         whose figures were used; `""` for the whole
    capped         whether a bound held it back
    """

    log10_lr: float
    lower: float
    upper: float
    verdict: Verdict
    bucket: str
    capped: bool

    @property
    def cap(self) -> float:
        """How far the sample supports a value on the side to which the score speaks; 0 or more."""
        return abs(self.lower) if self.log10_lr < 0 else self.upper


@dataclass(frozen=True, slots=True)
class Origin:
    """What a calibration was made from, and when; nothing here reads a clock."""

    detector: str
    detector_digest: str
    sample_digest: str
    made_on: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Likelihood ratios for a detector's scores.

    buckets    figures of their own for kinds of item of which there were enough
    too_small  buckets of which there were too few; the whole counts for them
    digest     `sha256:…` of all of it: what a decision names
    """

    origin: Origin
    method: Method
    curve: Curve
    whole: Fitted
    buckets: Mapping[str, Fitted] = field(hash=False)
    too_small: Mapping[str, str] = field(hash=False)
    digest: str = ""

    @property
    def detector(self) -> str:
        return self.origin.detector

    @property
    def detector_digest(self) -> str:
        return self.origin.detector_digest

    def fitted_for(self, bucket: str) -> tuple[str, Fitted]:
        """The figures that hold for a bucket, and whose they are."""
        found = self.buckets.get(bucket)
        return (bucket, found) if found is not None else (WHOLE, self.whole)

    def weigh(self, score: float, bucket: str = WHOLE) -> Weighed:
        """What a score is worth; one that is no finite number says nothing."""
        name, fitted = self.fitted_for(bucket)
        bounds = fitted.bounds
        if not math.isfinite(score):
            return Weighed(0.0, bounds.lower, bounds.upper, Verdict.ABSTAINS, name, capped=False)
        free = fitted.offset + fitted.slope * float(self.curve(np.array([score]))[0])
        told = short(min(max(free, bounds.lower), bounds.upper))
        verdict = fitted.band.verdict(score)
        # A verdict that the likelihood ratio does not share is none: abstaining breaks no promise.
        agrees = (verdict is Verdict.FOR and told > 0) or (verdict is Verdict.AGAINST and told < 0)
        verdict = verdict if agrees else Verdict.ABSTAINS
        held = not bounds.lower <= free <= bounds.upper
        return Weighed(told, bounds.lower, bounds.upper, verdict, name, capped=held)

    def log10_lr(self, score: float, bucket: str = WHOLE) -> float:
        """The bounded log10 likelihood ratio of a score."""
        return self.weigh(score, bucket).log10_lr

    def log10_lrs(self, scores: Floats, bucket: str = WHOLE) -> Floats:
        """The same for many finite scores of one bucket."""
        fitted = self.fitted_for(bucket)[1]
        return fitted.bounds.clip(fitted.offset + fitted.slope * self.curve(scores))

    def verdicts(self, scores: Floats, bucket: str = WHOLE) -> NDArray[np.object_]:
        """What many finite scores of one bucket come to."""
        band, told = self.fitted_for(bucket)[1].band, self.log10_lrs(scores, bucket)
        found = np.full(len(scores), Verdict.ABSTAINS, np.object_)
        above = np.zeros(len(scores), np.bool_) if band.above.beyond is None else scores > band.above.beyond
        below = np.zeros(len(scores), np.bool_) if band.below.beyond is None else scores < band.below.beyond
        found[above & ~below & (told > 0)] = Verdict.FOR
        found[below & ~above & (told < 0)] = Verdict.AGAINST
        return found

    def verdict(self, score: float, bucket: str = WHOLE) -> Verdict:
        """What a score comes to."""
        return self.weigh(score, bucket).verdict

    def cap(self, bucket: str = WHOLE) -> Bounds:
        """The bounds of what may be told."""
        return self.fitted_for(bucket)[1].bounds
