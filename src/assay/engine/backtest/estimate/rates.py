"""Rates: shares of decisions, of items, of views. They never divide by what is not there."""

from __future__ import annotations

import math

from assay.engine.backtest.estimate.design import Design, Kind
from assay.engine.backtest.estimate.domain import Domain, Sums
from assay.engine.backtest.estimate.intervals import quantile, score_bounds
from assay.engine.backtest.estimate.variance import Spread, degrees, residuals, skewed, spread, unseen
from assay.engine.backtest.figures import Estimate


def rate(design: Design, found: Domain, whole: Domain) -> Estimate:
    """A part of a whole, both estimated from the same rows; of views, the prevalence per view.

    found   rows of the whole, each with no more than it has there; signed, for the difference of two rates of one whole
    rows    of the estimate: those of the whole, since the rows without it speak as well
    source  Hájek 1971; Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, §5.6-5.7
    """
    size = whole.weighted
    if size <= 0:
        return Estimate(None, None, None, whole.rows, design.kind)
    value = found.weighted / size
    if design.kind is Kind.CENSUS:
        return Estimate(value, value, value, whole.rows, design.kind)
    known = spread(design, {name: residuals(found.part(name), whole.part(name), value) for name in design.strata})
    by = quantile(degrees(design, known, found))
    low, high = _signed(known, value, size, by) if found.signed else _share(found, whole, known, value, by)
    down, up = _slack(design, found, whole)
    if found.signed:
        slack = max(down, up)
        low, high = value - math.hypot(value - low, slack), value + math.hypot(high - value, slack)
        return Estimate(value, max(-1.0, low), min(1.0, high), whole.rows, design.kind)
    low, high = value - math.hypot(value - low, down), value + math.hypot(high - value, up)
    return Estimate(value, max(0.0, low), min(1.0, high), whole.rows, design.kind)


def _signed(known: Spread, value: float, size: float, by: float) -> tuple[float, float]:
    half = by * known.error / size
    return value - half, value + half


def _share(found: Domain, whole: Domain, known: Spread, value: float, by: float) -> tuple[float, float]:
    if not 0 < value < 1:
        # What a sample of none or of all leaves open is the slack of its strata.
        return value, value
    size = whole.weighted
    if not whole.is_count and known.variance > 0:
        # The smaller side is the skewed one.
        if value <= 0.5:
            below, above = skewed(found.parts, whole, known, by)
        else:
            rest = {name: Sums(wy=part.wy - found.part(name).wy) for name, part in whole.parts.items()}
            above, below = skewed(rest, whole, known, by)
        return value - below / size, value + above / size
    # The score test with as many rows as a simple random sample of the same variance would have.
    rows = value * (1 - value) * size**2 / known.variance if known.variance > 0 else whole.effective_rows
    return score_bounds(value, rows, by)


def _slack(design: Design, found: Domain, whole: Domain) -> tuple[float, float]:
    """How far the rate may lie lower or higher by what strata hold that showed nothing else than one answer."""
    without = [name for name in design.strata if found.part(name).rows == 0]
    entirely = [name for name in design.strata if 0 < found.part(name).y == whole.part(name).y]
    size = whole.weighted
    return unseen(design, whole, entirely) / size, unseen(design, whole, without) / size


def difference(after: Estimate, before: Estimate) -> Estimate:
    """The difference of two rates or totals from samples that have nothing to do with each other.

    The bounds are recovered from those of both sides, so that they keep their skew.
    source  Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I;
            Zou and Donner 2008, doi:10.1002/sim.3095
    """
    rows = min(after.rows, before.rows)
    given = (after.value, after.low, after.high, before.value, before.low, before.high)
    new, new_low, new_high, old, old_low, old_high = given
    if new is None or old is None or new_low is None or new_high is None or old_low is None or old_high is None:
        return Estimate(None, None, None, rows, after.method, after.suppressed or before.suppressed)
    value = new - old
    low = value - math.hypot(new - new_low, old_high - old)
    high = value + math.hypot(new_high - new, old - old_low)
    return Estimate(value, low, high, rows, after.method)
