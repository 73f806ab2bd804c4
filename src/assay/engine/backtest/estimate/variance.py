"""Variances of weighted sums under a design, and what unseen rows leave open. It estimates no total itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.backtest.estimate.design import Design, is_taken_whole
from assay.engine.backtest.estimate.domain import NO_ROW, Domain, Sums
from assay.engine.backtest.estimate.intervals import most_unseen
from assay.engine.backtest.moments import Stratum


@dataclass(frozen=True, slots=True)
class Spread:
    """How far an estimate strays, by stratum: what each adds to its variance. Strata that add nothing are not in it."""

    by_stratum: Mapping[str, float]

    @property
    def variance(self) -> float:
        """The variance of the estimate."""
        return sum(self.by_stratum.values())

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(self.variance)


@dataclass(frozen=True, slots=True)
class Residuals:
    """Sums over the rows of a stratum of u, by which a row moves an estimate; rows without one have 0.

    u  sum of u      uu  sum of u²     wuu  sum of w u²     wwuu  sum of w² u²
    """

    u: float = 0.0
    uu: float = 0.0
    wuu: float = 0.0
    wwuu: float = 0.0

    def __add__(self, other: Residuals) -> Residuals:
        return Residuals(self.u + other.u, self.uu + other.uu, self.wuu + other.wuu, self.wwuu + other.wwuu)


def residuals(part: Sums, whole: Sums = NO_ROW, ratio: float = 0.0, factor: float = 1.0) -> Residuals:
    """The residuals u = factor (y - ratio z) of a stratum.

    source  Woodruff 1971, doi:10.1080/01621459.1971.10482279; Särndal, Swensson and Wretman 1992, §5.6
    """
    square, twice = ratio**2, 2 * ratio
    by = factor**2
    return Residuals(
        factor * (part.y - ratio * whole.y),
        by * max(0.0, part.yy - twice * part.yz + square * whole.yy),
        by * max(0.0, part.wyy - twice * part.wyz + square * whole.wyy),
        by * max(0.0, part.wwyy - twice * part.wwyz + square * whole.wwyy),
    )


def spread(design: Design, found: Mapping[str, Residuals]) -> Spread:
    """The variance of the sum of w u over all rows.

    Within a stratum of one probability rows were drawn without replacement (Cochran 1977, §5.3 and §2.6); apart
    from these each row was drawn by itself (Särndal, Swensson and Wretman 1992, §3.5).
    """
    variances = {}
    mean = sum(one.u for one in found.values()) / design.rows if design.rows else 0.0
    for name, stratum in design.strata.items():
        one = found.get(name)
        if stratum.rows and one is not None and not is_taken_whole(stratum):
            variance = _of_stratum(stratum, one, mean, by_itself=name in design.apart)
            if variance > 0:
                variances[name] = variance
    return Spread(variances)


def degrees(design: Design, known: Spread, found: Domain | None = None) -> float:
    """The degrees of freedom with which a variance is known.

    found   where rows count unequally, as by their views: a few of them carry the estimate and its variance as well,
            and neither is known better than from so many rows
    source  Satterthwaite 1946, doi:10.2307/3002019
    """
    uneven = found is not None and not found.is_count
    squares = 0.0
    for name, variance in known.by_stratum.items():
        rows: float = design.strata[name].rows
        if uneven and found is not None:
            rows = min(rows, _effective(found, name))
        squares += variance**2 / max(rows - 1, 1)
    return max(known.variance**2 / squares, _LEAST_DEGREES) if squares else math.inf


# With fewer, Student's quantile says little more than that nothing is known.
_LEAST_DEGREES = 3.0


def _effective(found: Domain, stratum: str) -> float:
    part = found.part(stratum)
    if found.signed or not part.wwyy:
        return part.rows
    return part.wy**2 / part.wwyy


def skewed(parts: Mapping[str, Sums], whole: Domain, known: Spread, by: float) -> tuple[float, float]:
    """How far a sum of what strata have may lie below and above itself, each with the skew of its figures.

    A stratum's amount varies like so many independent hits; its bounds are those of a Poisson count's score test, and
    the distances of all strata are added up as standard errors are. Figures that differ widely, as views do, are more
    skewed than a count by as much as a few of them outweigh the others: what was not drawn may be larger than all.

    whole   all rows with what each has at most, which show better than a few of them how unequal rows are

    source  Zou and Donner 2008, doi:10.1002/sim.3095
    """
    below = above = 0.0
    for name, variance in known.by_stratum.items():
        part = parts.get(name, NO_ROW)
        if part.wy <= 0:
            below, above = below + by**2 * variance, above + by**2 * variance
            continue
        hits = part.wy**2 / variance
        half, shift = by * math.sqrt(hits + by**2 / 4), by**2 / 2
        uneven = _unevenness(part, whole.part(name))
        below += (part.wy * (half - shift) / hits) ** 2
        above += (part.wy * (half + shift * uneven) / hits) ** 2
    return math.sqrt(below), math.sqrt(above)


# A part is taken to be as uneven as its own rows and so many more together, which are as uneven as the whole.
_ROWS_OF_THE_WHOLE = 8


def _unevenness(part: Sums, whole: Sums) -> float:
    """By how much a few rows outweigh the others: 1 where all count alike."""
    own = max(1.0, part.rows * part.wwyy / part.wy**2)
    if not whole.wy:
        return own
    of_all = max(1.0, whole.rows * whole.wwyy / whole.wy**2)
    return max(own, (part.rows * own + _ROWS_OF_THE_WHOLE * of_all) / (part.rows + _ROWS_OF_THE_WHOLE))


def _of_stratum(stratum: Stratum, one: Residuals, mean: float, *, by_itself: bool) -> float:
    if by_itself:
        return max(0.0, one.wwuu - one.wuu)
    rows = stratum.rows
    left_out = max(0.0, 1 - rows / stratum.weights)
    if rows == 1:
        # One row says nothing of its stratum's variance; how far it is from all rows stands in for it.
        squared = (one.u - mean) ** 2
    else:
        squared = max(0.0, one.uu - one.u**2 / rows) / (rows - 1)
    return float(stratum.weights**2 * left_out * squared / rows)


def unseen(design: Design, whole: Domain, strata: Iterable[str]) -> float:
    """The most that some strata may hold of a thing that was seen in none of their rows, with one bound for all.

    Where every stratum's rows are free of it, the least likely way to miss it is that all of it lies in the stratum
    whose rows stand for most; so the largest of the bounds holds for all of them together.
    """
    return max((_unseen_of(whole.part(name)) for name in strata if name in design.strata), default=0.0)


def _unseen_of(part: Sums) -> float:
    if part.wwyy <= 0:
        return 0.0
    return max(0.0, part.wy - part.y) * most_unseen(part.wy**2 / part.wwyy)
