"""Fits a calibration: one curve for all scores, held-out figures, bounds, a band, and buckets that can stand alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assay.detection.calibration.calibration import Calibration, Fitted, Origin, counts_of
from assay.detection.calibration.choices import ALPHA, Method
from assay.detection.calibration.curves.curve import Curve, Floats, short
from assay.detection.calibration.curves.isotonic import fit_isotonic
from assay.detection.calibration.curves.logistic import fit_logistic
from assay.detection.calibration.curves.rising import Task, fitted
from assay.detection.calibration.drift.reference import reference_of
from assay.detection.calibration.measures.band import band_of
from assay.detection.calibration.measures.bounds import supported_by
from assay.detection.calibration.measures.diagrams import diagrams_of
from assay.detection.calibration.measures.resampled import figures_of
from assay.detection.calibration.sample import FOLDS, LEAST_OF_A_KIND, Indices, Sample, too_few
from assay.detection.calibration.stored import sealed
from assay.engine.kernel.errors import Fault

FITS: Mapping[Method, Callable[[Sample], Curve]] = {Method.ISOTONIC: fit_isotonic, Method.LOGISTIC: fit_logistic}
# A bucket's line is held to the whole's as by so many items of its own.
_SHRINKAGE = 25.0
# Far beyond what any sample supports, and small enough to count with.
_FURTHEST = 12.0
LOWEST_ALPHA, HIGHEST_ALPHA = 0.0001, 0.3
MOST_BUCKETS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a calibration is to be made.

    alpha_for      share of items not made by AI that a verdict may accuse
    alpha_against  share of items made by AI that a verdict may clear
    """

    method: Method = Method.LOGISTIC
    alpha_for: float = ALPHA
    alpha_against: float = ALPHA


def fit(
    sample: Sample, origin: Origin, wanted: Wanted | None = None, reached: Callable[[int, int], None] | None = None
) -> Calibration | list[Fault]:
    """A calibration of a sample, or every reason why there can be none.

    reached  told how many steps are done, and of how many

    Figures, bounds and diagrams come from likelihood ratios of items that the curve was not fitted on: `FOLDS` parts
    are left out in turn, and a group is never divided. The curve that is kept is fitted on all of them.
    """
    wanted = Wanted() if wanted is None else wanted
    faults = [*too_few(sample), *_alphas(wanted)]
    if faults:
        return faults
    if len(sample.buckets) > MOST_BUCKETS:
        return [Fault("too-many-buckets", f"{len(sample.buckets):,} buckets are more than {MOST_BUCKETS}", "bucket")]
    steps = 2 + len(sample.buckets)
    tell = reached or _nobody
    tell(0, steps)
    folds = sample.folds()
    held = _held_out(sample, folds, FITS[wanted.method])
    curve = FITS[wanted.method](sample)
    tell(1, steps)
    whole = _fitted(sample, held, wanted, 0.0, 1.0)
    turned = _turned_round(sample, whole)
    if turned is not None:
        return [turned]
    buckets, too_small = {}, {}
    for number, name in enumerate(sample.buckets):
        tell(2 + number, steps)
        rows = np.flatnonzero(sample.bucket == number)
        found = _bucket(sample.taken(rows), held[rows], folds[rows], wanted)
        if isinstance(found, Fitted):
            buckets[name] = found
        else:
            too_small[name] = found
    origin = origin if origin.sample_digest else replace(origin, sample_digest=sample.digest())
    return sealed(Calibration(origin, wanted.method, curve, whole, buckets, too_small))


def _nobody(_done: int, _steps: int) -> None:
    """Is told how far it is, and tells nobody."""


def _alphas(wanted: Wanted) -> list[Fault]:
    return [
        Fault("bad-promise", f"`{alpha:g}` is no share of errors between {LOWEST_ALPHA} and {HIGHEST_ALPHA}", field)
        for field, alpha in (("alpha_for", wanted.alpha_for), ("alpha_against", wanted.alpha_against))
        if not LOWEST_ALPHA <= alpha <= HIGHEST_ALPHA
    ]


def _turned_round(sample: Sample, whole: Fitted) -> Fault | None:
    area = whole.figures.auc
    if area.high >= 0.5:
        return None
    words = f"higher scores go with items that AI did not make (AUC {area.value:.2f}, at most {area.high:.2f})"
    return Fault("turned-round", f"{words}; turn the detector's orientation round, or check the labels", "score")


def _held_out(sample: Sample, folds: Indices, fits: Callable[[Sample], Curve]) -> Floats:
    """For every row the value of a curve that was fitted without the row's fold."""
    held = np.zeros(sample.rows)
    for fold in range(FOLDS):
        out = folds == fold
        rest = sample.taken(~out)
        if out.any() and not too_few(rest, least=1):
            held[out] = fits(rest)(sample.score[out])
    return np.clip(held, -_FURTHEST, _FURTHEST)


def _fitted(sample: Sample, held: Floats, wanted: Wanted, offset: float, slope: float) -> Fitted:
    bounds = supported_by(sample, held)
    told = bounds.clip(held)
    by_ai, other = counts_of(sample)
    return Fitted(
        short(offset),
        short(slope),
        bounds,
        band_of(sample, wanted.alpha_for, wanted.alpha_against),
        figures_of(sample, told),
        diagrams_of(sample, told),
        reference_of(sample, told),
        by_ai,
        other,
    )


# ---------------------------------------------------------------------- buckets


def _bucket(sample: Sample, held: Floats, folds: Indices, wanted: Wanted) -> Fitted | str:
    """A bucket's own line over the whole's curve, or why it has none."""
    counts = [int(sample.effective(ai=ai)) for ai in (True, False)]
    if min(counts) < LEAST_OF_A_KIND:
        return f"{counts[0]:,} items by AI and {counts[1]:,} others; {LEAST_OF_A_KIND} of each are needed"
    own = np.zeros(sample.rows)
    for fold in range(FOLDS):
        out = folds == fold
        rest = sample.taken(~out)
        if out.any():
            offset, slope = _line(rest, held[~out]) if not too_few(rest, least=1) else (0.0, 1.0)
            own[out] = offset + slope * held[out]
    offset, slope = _line(sample, held)
    return _fitted(sample, np.clip(own, -_FURTHEST, _FURTHEST), wanted, offset, slope)


def _line(sample: Sample, held: Floats) -> tuple[float, float]:
    """Offset and slope of a bucket, drawn towards 0 and 1, the whole's own."""
    worth = 2 / (1 / sample.effective(ai=True) + 1 / sample.effective(ai=False))
    nats = held * math.log(10)
    spread = max(float(np.average(nats**2, weights=sample.balanced())), 1e-6)
    # The offset is a slope of a column of ones in both signs: slopes are bounded below by 0.
    features = np.stack((nats, np.ones(len(held)), -np.ones(len(held))), 1)
    penalty = np.diag([_SHRINKAGE * spread, _SHRINKAGE, _SHRINKAGE]) / 4
    task = Task(features, sample.ai, sample.balanced() * worth, penalty, np.array([1.0, 0.0, 0.0]), intercept=False)
    _, slopes = fitted(task)
    return float(slopes[1] - slopes[2]) / math.log(10), float(slopes[0])
