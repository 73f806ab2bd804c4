"""The most that rows could come to, which bounds what a sample did not see. It reads no row."""

from __future__ import annotations

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import Domain, domain
from assay.engine.backtest.moments import Moments


def whole_of(design: Design, most: float) -> Domain:
    """Every row with the most that one row can have."""
    square = most * most
    parts = {
        name: Moments(
            stratum.rows,
            stratum.rows * most,
            stratum.weights * most,
            stratum.rows * square,
            stratum.weights * square,
            stratum.squares * square,
        )
        for name, stratum in design.strata.items()
    }
    return domain(parts)
