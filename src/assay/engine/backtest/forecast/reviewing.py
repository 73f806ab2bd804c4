"""Reviewers' work on a sample of open items, weighted up to all of them. It walks through no more than it was told."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import domain
from assay.engine.backtest.estimate.intervals import quantile
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.walk import NO_WALK, Walk, Walker
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.sampling.sampler import Drawn, Sampler, Waiting

SIMULATED = "simulated"
LEAST_OF_A_POOL = 12

Figure: TypeAlias = Callable[[Walk, Walk], float]


@dataclass(frozen=True, slots=True)
class _Walked:
    weight: float
    old: Walk
    new: Walk


@dataclass(frozen=True, slots=True)
class _Pool:
    stratum: str
    rows: int
    walked: tuple[_Walked, ...]


class Reviewing:
    """Walks through the sampled open items under both versions once, and adds up whatever is asked of them.

    most  items to walk through, over all pools together
    """

    def __init__(self, sampler: Sampler, old: Walker, new: Walker, design: Design, most: int) -> None:
        self.design = design
        pools = [(pool, drawn) for pool, drawn in sampler.drawn(Waiting) if isinstance(pool, Waiting) and drawn.kept]
        each = max(LEAST_OF_A_POOL, most // max(1, len(pools)))
        self.pools = tuple(_walk(pool, drawn, old, new, each) for pool, drawn in pools)
        self._longest = (old.longest, new.longest)
        self.walked = sum(len(pool.walked) for pool in self.pools)
        both = [walk for pool in self.pools for one in pool.walked for walk in (one.old, one.new)]
        self.capped = sum(walk.capped for walk in both)

    def total(self, figure: Figure, *, signed: bool = False) -> Estimate:
        """A figure of walks added up over all items of the history, with what both samples leave open."""
        parts: dict[str, Moments] = {}
        most = variance = 0.0
        for pool in self.pools:
            figures = [figure(one.old, one.new) for one in pool.walked]
            weights = [one.weight for one in pool.walked]
            parts[pool.stratum] = parts.get(pool.stratum, Moments()) + _moments(figures, weights, pool.rows)
            variance += _variance(figures, weights, pool.rows)
            most = max([most, *map(abs, figures)])
        if not self.pools:
            # Where the sample has no open item, there may still be some, of which nothing is known but this.
            most = max(abs(figure(self._longest[0], NO_WALK)), abs(figure(NO_WALK, self._longest[1])))
        found = total(self.design, domain(parts, signed=signed), whole_of(self.design, most))
        return self._widened(found, variance, signed=signed)

    def _widened(self, found: Estimate, variance: float, *, signed: bool) -> Estimate:
        """The interval with what the second sample, the items walked through, leaves open as well."""
        if found.value is None or found.low is None or found.high is None:
            return found
        if variance > 0:
            by = quantile(max(1, self.walked - len(self.pools))) * math.sqrt(variance)
            low = found.value - math.hypot(found.value - found.low, by)
            high = found.value + math.hypot(found.high - found.value, by)
            found = replace(found, low=low if signed else max(0.0, low), high=high)
        return replace(found, rows=self.walked, method=SIMULATED)


def _walk(pool: Waiting, drawn: Drawn, old: Walker, new: Walker, most: int) -> _Pool:
    walked = [
        _Walked(
            record.weight,
            old.walk(record) if pool.under != "new" else NO_WALK,
            new.walk(record) if pool.under != "old" else NO_WALK,
        )
        for record in drawn.records[:most]
    ]
    return _Pool(pool.stratum, drawn.rows, tuple(walked))


def _moments(figures: Sequence[float], weights: Sequence[float], rows: int) -> Moments:
    """The moments that all rows of a pool would have if they were like those walked through."""
    each = rows / len(figures)
    pairs = list(zip(figures, weights, strict=True))
    return Moments(
        rows,
        each * math.fsum(figures),
        each * math.fsum(w * x for x, w in pairs),
        each * math.fsum(x * x for x in figures),
        each * math.fsum(w * x * x for x, w in pairs),
        each * math.fsum(w * w * x * x for x, w in pairs),
    )


def _variance(figures: Sequence[float], weights: Sequence[float], rows: int) -> float:
    """The variance of a pool's total for having walked through some of its rows only.

    source  Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, §9.3: the second phase's term
    """
    walked = len(figures)
    if walked >= rows:
        return 0.0
    weighted = [x * w for x, w in zip(figures, weights, strict=True)]
    mean = math.fsum(weighted) / walked
    # One row tells nothing of how rows differ; then it may be as far from the others as it is from nothing.
    squares = math.fsum((x - mean) ** 2 for x in weighted) / (walked - 1) if walked > 1 else mean * mean
    return rows * rows * (1 - walked / rows) * squares / walked
