"""New labelled scores: what the likelihood ratios cost now, against then, and whether verdicts keep their promise."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assay.detection.calibration.calibration import WHOLE, Calibration, Fitted
from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.drift.outlook import Outlook
from assay.detection.calibration.drift.reference import clustered_mean
from assay.detection.calibration.measures.band import Verdict
from assay.detection.calibration.measures.costs import cllr_min, costs_of
from assay.detection.calibration.measures.resampled import Figure
from assay.detection.calibration.sample import Sample
from assay.engine.backtest.estimate.intervals import quantile, score_bounds
from assay.engine.backtest.figures import CONFIDENCE

# With fewer items of a kind a mean cost wavers more than its interval says, since few items bear most of it.
LEAST_OF_A_KIND = 50
# So much dearer, in bits, is worth a new calibration; so much could be hidden by noise without anybody's harm.
WORTH_BITS, HARMLESS_BITS = 0.02, 0.05
# One in two hundred periods in which nothing changed may be told as dearer, not one in forty. Buckets that are looked
# at together share that chance: else of thirty that are as they were one would be told every few periods.
_CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise against what was seen: of so many independent items of one kind, the share that was misjudged.

    likely  the most that the calibration's own sample left open, with 95 % confidence
    broken  whether more were misjudged than promised, beyond the chance of both samples
    """

    verdict: Verdict
    promised: float
    likely: float
    seen: Figure
    items: int
    broken: bool


@dataclass(frozen=True, slots=True)
class CostShift:
    """What likelihood ratios cost on new labelled items, of all or of one bucket, against then.

    then, now   Cllr in bits
    change      now less then
    least       of `now`, what the detector itself costs: recalibrating cannot take that away
    """

    bucket: str
    ai: int
    other: int
    then: float
    now: Figure
    change: Figure
    least: float
    kept: tuple[Kept, ...]
    outlook: Outlook


def cost_shift(calibration: Calibration, sample: Sample, bucket: str = WHOLE, looks: int = 1) -> CostShift | None:
    """Compares new labelled items; None where the bucket has no figures of its own or a kind is missing.

    looks  how many buckets are looked at together, which share the chance of a false alarm

    source  the variance of both means by groups: Cochran 1977, Sampling Techniques, ch. 9; shared chance: Dunn 1961,
            doi:10.1080/01621459.1961.10482090
    """
    fitted = calibration.whole if bucket == WHOLE else calibration.buckets.get(bucket)
    if fitted is None or not sample.ai.any() or sample.ai.all():
        return None
    told = calibration.log10_lrs(sample.score, bucket)
    now, change = _costs(sample, told, fitted)
    counts = int(sample.effective(ai=True)), int(sample.effective(ai=False))
    least = min(cllr_min(told, sample.ai, sample.balanced()), now.value)
    kept = _kept(calibration, sample, bucket, looks)
    outlook = _outlook(min(counts), now, change, kept, looks)
    return CostShift(bucket, *counts, short(_then(fitted)), now, change, short(least), kept, outlook)


def _then(fitted: Fitted) -> float:
    return (fitted.reference.cost_ai + fitted.reference.cost_other) / 2


def _costs(sample: Sample, told: Floats, fitted: Fitted) -> tuple[Figure, Figure]:
    costs = costs_of(told, sample.ai)
    means, variances = [], []
    for kind in (sample.ai, ~sample.ai):
        mean, variance = clustered_mean(costs[kind], sample.weight[kind], sample.group[kind])
        means.append(mean)
        variances.append(variance)
    now = sum(means) / 2
    spread = quantile() * math.sqrt(sum(variances)) / 2
    reference = fitted.reference
    both = quantile() * math.sqrt(sum(variances) + reference.variance_ai + reference.variance_other) / 2
    change = now - _then(fitted)
    return _around(now, spread, least=0.0), _around(change, both)


def _around(value: float, spread: float, least: float = -math.inf) -> Figure:
    return Figure(short(value), short(max(value - spread, least)), short(value + spread))


def _kept(calibration: Calibration, sample: Sample, bucket: str, looks: int) -> tuple[Kept, ...]:
    verdicts = calibration.verdicts(sample.score, bucket)
    band = calibration.fitted_for(bucket)[1].band
    found = []
    for kind, wrong, side in ((~sample.ai, Verdict.FOR, band.above), (sample.ai, Verdict.AGAINST, band.below)):
        weights, items = sample.weight[kind], sample.effective(ai=wrong is Verdict.AGAINST)
        share = float(weights @ (verdicts[kind] == wrong)) / float(weights.sum())
        low, high = score_bounds(share, items, quantile())
        surely, _ = score_bounds(share, items, quantile(confidence=1 - (1 - CONFIDENCE) / looks))
        broken = items >= LEAST_OF_A_KIND and surely > max(side.alpha, side.likely)
        seen = Figure(short(share), short(low), short(high))
        found.append(Kept(wrong, side.alpha, side.likely, seen, int(items), broken))
    return tuple(found)


def _outlook(rarer: int, now: Figure, change: Figure, kept: tuple[Kept, ...], looks: int) -> Outlook:
    if any(one.broken for one in kept):
        return Outlook.RECALIBRATE
    if rarer < LEAST_OF_A_KIND:
        return Outlook.CANNOT_TELL
    # Costs of few items are skewed, and the further out the chance lies, the more that tells: so Student's quantile.
    wider = quantile(rarer - 1, 1 - (1 - _CONFIDENCE) / looks) / quantile()
    dearer = change.value > (change.value - change.low) * wider and change.value >= WORTH_BITS
    # Above 1 whoever believes the likelihood ratios is worse off than with none, whatever they cost then.
    if dearer or now.value - (now.high - now.value) * wider > 1:
        return Outlook.RECALIBRATE
    return Outlook.STEADY if change.high <= HARMLESS_BITS else Outlook.CANNOT_TELL
