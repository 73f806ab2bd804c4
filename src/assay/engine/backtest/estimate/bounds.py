"""The least and the most that may be, and figures that too few rows stand behind. They never give a point between."""

from __future__ import annotations

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import Domain
from assay.engine.backtest.estimate.rates import rate
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Bounds, Estimate

LEAST_ROWS = 5


def bounds(design: Design, certain: Domain, possible: Domain, whole: Domain | None = None) -> Bounds:
    """A total where something is missing: what is certain at the least, what is certain or unknown at the most.

    source  Manski 2003, Partial Identification of Probability Distributions, §1.2
    """
    return Bounds(total(design, certain, whole), total(design, possible, whole))


def rate_bounds(design: Design, certain: Domain, possible: Domain, whole: Domain) -> Bounds:
    """The same for a rate."""
    return Bounds(rate(design, certain, whole), rate(design, possible, whole))


def point(estimate: Estimate) -> Bounds:
    """An estimate that nothing missing leaves open."""
    return Bounds(estimate, estimate)


def suppress(estimate: Estimate, least_rows: int = LEAST_ROWS) -> Estimate:
    """The estimate, or nothing where so few rows stand behind it that it would name them.

    No row at all is told: that nothing was seen names nobody.
    """
    if not 0 < estimate.rows < least_rows:
        return estimate
    return Estimate(None, None, None, estimate.rows, estimate.method, suppressed=True)


def suppress_bounds(found: Bounds, least_rows: int = LEAST_ROWS) -> Bounds:
    """Both ends, or none: one end alone would tell the other."""
    ends = suppress(found.least, least_rows), suppress(found.most, least_rows)
    if not any(end.suppressed for end in ends):
        return found
    least, most = (Estimate(None, None, None, end.rows, end.method, suppressed=True) for end in ends)
    return Bounds(least, most)
