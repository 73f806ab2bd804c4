"""Intervals for shares and counts, and how many rows one needs. They never put out a bound that cannot be."""

from __future__ import annotations

import math
from functools import cache

from assay.engine.backtest.figures import CONFIDENCE, Estimate

# Beyond so many degrees of freedom Student's quantile is the normal one to four digits.
_MANY = 100_000


class EmptySample(ValueError):
    """A share was asked for of no trials at all."""


@cache
def quantile(degrees: float = math.inf, confidence: float = CONFIDENCE) -> float:
    """The two-sided quantile of Student's t, or of the normal distribution for as good as endless degrees."""
    from scipy.special import ndtri, stdtrit

    share = 0.5 + confidence / 2
    return float(ndtri(share) if degrees > _MANY else stdtrit(max(degrees, 1.0), share))


def score_bounds(share: float, trials: float, spread: float) -> tuple[float, float]:
    """Bounds for a share by the score test, for trials that need not be whole: an effective number of rows.

    spread   the quantile, such as 1.96
    source   Wilson 1927, doi:10.1080/01621459.1927.10502953; with an effective number of rows in surveys:
             Franco, Little, Louis and Slud 2019, doi:10.1093/jssam/smy019
    """
    if trials <= 0:
        return 0.0, 1.0
    square = spread**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = spread / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))


def wilson_interval(hits: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Bounds for the rate behind `hits` in `trials`.

    hits, trials   counts, 0 <= hits <= trials
    confidence     probability in (0, 1), not percent
    returns        (low, high), both rates in [0, 1]
    raises         EmptySample when trials is 0
    source         Wilson 1927, doi:10.1080/01621459.1927.10502953
    """
    from statsmodels.stats.proportion import proportion_confint

    _check(hits, trials)
    low, high = proportion_confint(hits, trials, alpha=1 - confidence, method="wilson")
    return (0.0 if hits == 0 else float(low)), (1.0 if hits == trials else float(high))


def exact_interval(hits: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Bounds that hold for every rate, and are wider for it.

    raises   EmptySample when trials is 0
    source   Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404
    """
    from statsmodels.stats.proportion import proportion_confint

    _check(hits, trials)
    low, high = proportion_confint(hits, trials, alpha=1 - confidence, method="beta")
    return (0.0 if hits == 0 else float(low)), (1.0 if hits == trials else float(high))


def _check(hits: int, trials: int) -> None:
    if trials <= 0:
        raise EmptySample("no trials")
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} is no share")


def most_unseen(trials: float, *, confidence: float = CONFIDENCE) -> float:
    """The largest share that is still plausible when none was seen in so many rows; close to 3 / trials.

    source   Hanley and Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031
    """
    return 1.0 if trials <= 0 else -math.expm1(math.log1p(-confidence) / trials)


def share_of_trials(hits: int, trials: int) -> Estimate:
    """A share of independent trials with Wilson's interval; with the one-sided bound where none or all are hits."""
    if trials <= 0:
        return Estimate(None, None, None, 0, "wilson")
    if hits == 0:
        return Estimate(0.0, 0.0, most_unseen(trials), trials, "wilson")
    if hits == trials:
        return Estimate(1.0, 1 - most_unseen(trials), 1.0, trials, "wilson")
    low, high = wilson_interval(hits, trials)
    return Estimate(hits / trials, low, high, trials, "wilson")


def required_sample(share: float, relative: float = 0.2, *, confidence: float = CONFIDENCE) -> int:
    """Rows of a simple random sample that give a share so closely, in parts of itself.

    share, relative   1 % to ± 20 % of itself are 0.01 and 0.2
    source            Cochran 1977, Sampling Techniques, §4.4
    """
    if not 0 < share < 1 or relative <= 0:
        raise ValueError("a share lies between 0 and 1, and a relative error above 0")
    return math.ceil(quantile(math.inf, confidence) ** 2 * (1 - share) / (share * relative**2))
