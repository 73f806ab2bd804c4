"""Two periods held against each other: how large a difference is, and how often chance makes one. It names no cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.drift.calibration import (
    Reliability,
    Target,
    best_target,
    filled,
    shares,
    variances,
)
from assay.engine.backtest.drift.categories import NO_CATEGORY
from assay.engine.backtest.drift.counted import GROUPS
from assay.engine.backtest.drift.moved import Calibrated, CategoryMove, Drift, Shift, Worth
from assay.engine.backtest.drift.shares import Shares, names_of_thing, shares_of
from assay.engine.backtest.drift.watch import MIX, OUTCOME, REACH, SIGNAL, Thing, Watch
from assay.engine.backtest.drift.words import facts_of, notes_of, target_title, title_of
from assay.engine.backtest.estimate.intervals import most_unseen, quantile, score_bounds
from assay.engine.backtest.estimate.rates import difference
from assay.engine.backtest.figures import Estimate

METHOD = "clustered"
# Categories that so few rows of both periods have say nothing by themselves.
_LEAST_ROWS = 10
_LEAST_IN_BIN = 10
_KINDS = (SIGNAL, MIX, REACH, OUTCOME)


@dataclass(frozen=True, slots=True)
class _Test:
    """How large a difference is, and how often chance alone makes one."""

    probability: float
    size: float
    points: float


def compare_periods(before: Watch, after: Watch, titles: tuple[str, str], worth: Worth | None = None) -> Drift:
    """What moved from one period to another, by one pack.

    titles  what the periods are called
    """
    worth = Worth() if worth is None else worth
    shifts = [_shift(before, after, thing) for thing in _things(before, after)]
    calibrated = _calibrated(before, after)
    adjusted = _corrected([*[one.probability for one in shifts], *[one.probability for one in calibrated]])
    told = [_told(one, by, worth) for one, by in zip(shifts, adjusted, strict=False)]
    scores = [_told_score(one, by, worth) for one, by in zip(calibrated, adjusted[len(shifts) :], strict=True)]
    facts = facts_of(before, titles[0]), facts_of(after, titles[1])
    notes = notes_of(facts, before, {one.target.score for one in calibrated})
    return Drift(*facts, tuple(sorted(told, key=_first)), tuple(scores), worth, len(adjusted), notes)


def _first(one: Shift) -> tuple[object, ...]:
    return not one.moved, not one.real, _KINDS.index(one.thing.kind), -one.points, one.thing


def _things(before: Watch, after: Watch) -> list[Thing]:
    """What either period has, where either has rows."""
    if not before.rows or not after.rows:
        return []
    return list(dict.fromkeys((*before.things, *after.things)))


def _corrected(probabilities: Sequence[float]) -> list[float]:
    """Probabilities corrected for how many there are, so that few of those that are told are chance's.

    source  Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    if not probabilities:
        return []
    from statsmodels.stats.multitest import multipletests

    return [float(one) for one in multipletests(probabilities, method="fdr_bh")[1]]


# ------------------------------------------------------------------- categories


def _shift(before: Watch, after: Watch, thing: Thing) -> Shift:
    names = names_of_thing((before, after), thing)
    old, new = shares_of(before, thing, names), shares_of(after, thing, names)
    noise = _noise_of(old, new)
    test = _tested(old, new, noise)
    moves = [
        CategoryMove(name, *_estimates(old, new, noise, place))
        for place, name in enumerate(names)
        if old.rows[place] + new.rows[place] and name != NO_CATEGORY
    ]
    moves.sort(key=_by_change)
    title = title_of(thing, before)
    return Shift(thing, title, tuple(moves), test.size, test.points, test.probability, 1.0, real=False, moved=False)


def _by_change(move: CategoryMove) -> tuple[float, str]:
    return -abs(move.change.value or 0.0), move.name


@dataclass(frozen=True, slots=True, eq=False)
class _Noise:
    """How far chance moves the difference of each share, and the degrees of freedom with which that is known."""

    variance: NDArray[np.float64]
    degrees: float


def _noise_of(old: Shares, new: Shares) -> _Noise:
    """The larger of two: periods that have nothing to do with each other, and uploaders that come with all they make.

    Who uploads in both periods uploads alike in both, so that a group is held against itself; a group that comes or
    goes brings its difference with it (random groups: Wolter 2007, Introduction to Variance Estimation, ch. 2).
    """
    apart = old.variance + new.variance
    whole = float(apart.sum())
    degrees = min(old.degrees, new.degrees)
    if whole > 0:
        parts = [(float(one.variance.sum()), one.degrees) for one in (old, new)]
        degrees = whole**2 / sum(variance**2 / freedom for variance, freedom in parts)
    if old.groups is None or new.groups is None:
        return _Noise(apart, degrees)
    by_groups = ((new.groups - old.groups) ** 2).sum(0) * GROUPS / (GROUPS - 1)
    if bool((by_groups > apart).any()):
        degrees = min(degrees, GROUPS - 1.0)
    return _Noise(np.maximum(apart, by_groups), degrees)


def _estimates(old: Shares, new: Shares, noise: _Noise, place: int) -> tuple[Estimate, Estimate, Estimate]:
    before, after = _estimate(old, place), _estimate(new, place)
    change = difference(after, before)
    apart = float(old.variance[place] + new.variance[place])
    if change.value is None or change.low is None or change.high is None or not apart:
        return before, after, change
    wider = float(noise.variance[place] / apart) ** 0.5
    low, high = (change.value + wider * (bound - change.value) for bound in (change.low, change.high))
    return before, after, replace(change, low=low, high=high)


def _estimate(found: Shares, place: int) -> Estimate:
    share, rows = float(found.share[place]), int(found.rows[place])
    if not found.total:
        return Estimate(None, None, None, 0, METHOD)
    if not 0 < share < 1:
        open_still = most_unseen(found.total)
        low, high = (0.0, open_still) if share <= 0 else (1 - open_still, 1.0)
        return Estimate(min(max(share, 0.0), 1.0), low, high, rows, METHOD)
    low, high = score_bounds(share, share * (1 - share) / float(found.variance[place]), quantile(found.degrees))
    return Estimate(share, low, high, rows, METHOD)


def _tested(old: Shares, new: Shares, noise: _Noise) -> _Test:
    """Whether two periods have the same shares, corrected for how alike rows of a day or of an uploader are.

    source  Rao and Scott 1984, doi:10.1214/aos/1176346391, of the first order, with an F distribution; for two
            samples Scott and Rao 1981, in Krewski, Platek and Rao, Current Topics in Survey Sampling
    """
    if not old.total or not new.total:
        return _Test(1.0, 0.0, 0.0)
    points = float(np.abs(new.share - old.share).sum()) / 2
    size = _stability(old, new)
    pooled = (old.share * old.total + new.share * new.total) / (old.total + new.total)
    kept = ((old.rows + new.rows) >= _LEAST_ROWS) & (pooled > 0) & (pooled < 1)
    free = int(kept.sum()) - 1
    if free < 1 or not points:
        return _Test(1.0, size, points)
    share = pooled[kept]
    variance = noise.variance[kept]
    for one in (old, new):
        # A category that a period has nowhere, or everywhere, varies as it would if nothing had changed.
        variance = variance + np.where(one.variance[kept] > 0, 0.0, share * (1 - share) / one.total)
    # What one row more or less would be worth, on average over the categories.
    effect = float((variance / share).sum() / (1 - share).sum())
    square = float(((new.share - old.share)[kept] ** 2 / share).sum()) / effect
    from scipy.special import fdtrc

    return _Test(float(fdtrc(free, free * noise.degrees, square / free)), size, points)


def _stability(old: Shares, new: Shares) -> float:
    """The population stability index; a category of no row is told as if half a row had it."""
    least_old, least_new = 0.5 / old.total, 0.5 / new.total
    some = (old.rows + new.rows) > 0
    one, other = np.maximum(old.share[some], least_old), np.maximum(new.share[some], least_new)
    return float(((other - one) * np.log(other / one)).sum())


def _told(shift: Shift, adjusted: float, worth: Worth) -> Shift:
    real = adjusted <= worth.doubt
    large = shift.points >= worth.points
    if shift.thing.kind == OUTCOME:
        large = large or any(_is_much(move, worth.relative) for move in shift.categories)
    return replace(shift, adjusted=adjusted, real=real, moved=real and large)


def _is_much(move: CategoryMove, relative: float) -> bool:
    """Whether something rare happens much more or less often, which hardly moves the share of rows."""
    old, change = move.before.value, move.change
    if old is None or change.value is None or change.low is None or change.high is None:
        return False
    return abs(change.value) >= relative * old and not change.low <= 0 <= change.high


# ----------------------------------------------------------------- calibration


def _calibrated(before: Watch, after: Watch) -> list[Calibrated]:
    found = []
    for score in dict.fromkeys(target.score for target in (*before.scores.bins, *after.scores.bins)):
        target = best_target(before.scores, score)
        old = None if target is None else before.scores.reliability(target)
        new = None if target is None else after.scores.reliability(target)
        if target is not None and old is not None and new is not None:
            found.append(_calibrated_of(before, after, target, (old, new)))
    return found


def _calibrated_of(before: Watch, after: Watch, target: Target, both: tuple[Reliability, Reliability]) -> Calibrated:
    one, other = before.scores.bins[target], after.scores.bins[target]
    kept = filled(one, _LEAST_IN_BIN) & filled(other, _LEAST_IN_BIN)
    apart = (shares(other) - shares(one))[kept]
    probability, points = 1.0, 0.0
    if kept.any():
        from scipy.special import chdtrc

        square = float((apart**2 / (variances(one) + variances(other))[kept]).sum())
        probability = float(chdtrc(int(kept.sum()), square))
        weights = (one[:, 1] / one[:, 1].sum() + other[:, 1] / other[:, 1].sum())[kept]
        points = float((weights * np.abs(apart)).sum() / weights.sum())
    title = target_title(target, before)
    change = difference(both[1].brier, both[0].brier)
    return Calibrated(target, title, *both, change, points, probability, 1.0, real=False, moved=False)


def _told_score(one: Calibrated, adjusted: float, worth: Worth) -> Calibrated:
    real = adjusted <= worth.doubt
    return replace(one, adjusted=adjusted, real=real, moved=real and one.points >= worth.scores)
