"""How strong a likelihood ratio a sample supports, on both sides. It loosens no bound for a good detector."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.sample import Sample

# Beyond what any sample supports by far, and far from where a power of ten is too large for a float.
FURTHEST = 100.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest log10 likelihood ratio that may be told; lower <= 0 <= upper."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not -FURTHEST <= self.lower <= 0 <= self.upper <= FURTHEST:
            raise ValueError(f"bounds lie on either side of 0, and within {FURTHEST:g} of it")

    def clip(self, log10_lr: Floats) -> Floats:
        """The same, no further out than the bounds."""
        return np.asarray(np.clip(log10_lr, self.lower, self.upper), np.float64)


def supported_by(sample: Sample, log10_lr: Floats) -> Bounds:
    """Bounds from held-out likelihood ratios, by the stricter of two rules on each side.

    One more misleading item: at no decision between even odds and the bound may the likelihood ratios do worse than
    saying nothing, had the sample held one more misleading item of each kind. And chance: the share of misleading
    items beyond a score is taken at the upper end of its 95 % interval, the share of the others as seen.

    source  Vergeer, van Es, de Jongh, Alberink and Stoel 2016, doi:10.1016/j.scijus.2016.06.003 (the first);
            Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404 (the second)
    """
    upper = min(_before_harm(sample, log10_lr), _beyond_chance(sample, log10_lr))
    turned = _turned(sample)
    lower = min(_before_harm(turned, -log10_lr), _beyond_chance(turned, -log10_lr))
    return Bounds(-_floored(lower), _floored(upper))


def _floored(ratio: float) -> float:
    """The logarithm to six digits, rounded towards nothing: a bound that rounding moved out would be none."""
    return short(max(math.floor(math.log10(max(ratio, 1.0)) * 1e6) / 1e6, 0.0))


def _turned(sample: Sample) -> Sample:
    return replace(sample, ai=~sample.ai)


def _reached(sample: Sample, log10_lr: Floats) -> tuple[Floats, Floats, Floats]:
    """Distinct values, and of either kind the share that lies at each or above."""
    distinct, place = np.unique(log10_lr, return_inverse=True)
    weights = sample.balanced()

    def above(weight: Floats) -> Floats:
        share = np.bincount(place, weights=weight, minlength=len(distinct))
        return np.asarray(np.cumsum(share[::-1])[::-1], np.float64)

    return distinct, above(weights * sample.ai), above(weights * ~sample.ai)


def _before_harm(sample: Sample, log10_lr: Floats) -> float:
    """The greatest likelihood ratio up to which every decision is at least as good as saying nothing."""
    distinct, hit, alarm = _reached(sample, log10_lr)
    most = 10.0**distinct
    one_more = 1 / sample.effective(ai=True), 1 / sample.effective(ai=False)
    # A decision for AI is taken above a threshold t at prior odds of 1/t: missing AI costs 1, a false alarm costs t.
    # Between two values no item changes sides, so that t is limited by what lies above the lower of them.
    limit = np.maximum(hit - one_more[0], 0.0) / (alarm + one_more[1])
    bound = 1.0
    for value, allowed in zip(most.tolist(), limit.tolist(), strict=True):
        if value <= bound:
            continue
        # All thresholds in (bound, value] have the items from `value` on above them.
        if allowed < value:
            return max(bound, float(allowed))
        bound = float(value)
    return bound


def _beyond_chance(sample: Sample, log10_lr: Floats) -> float:
    """The greatest ratio of the two shares beyond any value, the misleading share as large as chance allows."""
    from scipy.special import betaincinv

    _, hit, alarm = _reached(sample, log10_lr)
    trials = sample.effective(ai=False)
    seen = alarm * trials
    highest = np.where(seen < trials, betaincinv(seen + 1, np.maximum(trials - seen, 1e-9), 0.95), 1.0)
    return float((hit / np.maximum(highest, 1e-12)).max())
