"""How many different people uploaded what changes. It never takes people of a sample for all people."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.backtest.compare.figured import Figured
from assay.engine.backtest.estimate.bounds import suppress_bounds
from assay.engine.backtest.estimate.design import Kind
from assay.engine.backtest.estimate.domain import Domain, domain
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Bounds, Estimate, Unit
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.mixed import CellOf


def creators_of(figured: Figured, cell: CellOf | None) -> Bounds | None:
    """Uploaders of items of a cell, or of all that end up in another lane; None where the history names nobody.

    Where only a sample was seen there are at the least as many as were seen, and at the most as many as there are
    such items: how often the others uploaded cannot be known from it.
    """
    tally = figured.tally
    if not tally.creators.has_names:
        return None
    key = None if cell is None else cell.cell
    seen = tally.creators.of(key)
    if figured.design.kind is Kind.CENSUS:
        most = _more(seen, tally.creators.unnamed(key))
    else:
        seen, items = replace(seen, method="seen"), _items(figured, cell)
        most = total(figured.design, items)
        if most.value is not None and seen.value is not None and most.value < seen.value:
            # Each of the two may be off by its own error.
            most = replace(most, value=seen.value, high=max(most.high or 0.0, seen.value))
    return suppress_bounds(Bounds(seen, most), figured.asked.least_rows)


def _items(figured: Figured, cell: CellOf | None) -> Domain:
    if cell is None:
        return domain(figured.tally.items_changed(figured.weights))
    return domain(figured.tally.lanes.moments(Scope(), cell, Unit.ITEMS, figured.weights))


def _more(estimate: Estimate, by: int) -> Estimate:
    """The estimate if each of some further items has an uploader of its own."""
    value, low, high = (None if one is None else one + by for one in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, value=value, low=low, high=high, rows=estimate.rows + by)
