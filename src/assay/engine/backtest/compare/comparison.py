"""The comparison of two versions on the same history, as a report shows it. It forecasts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assay.engine.backtest.compare.figured import Asked, Figured
from assay.engine.backtest.compare.lines import lines_of
from assay.engine.backtest.compare.matrices import matrices_of
from assay.engine.backtest.compare.uploaders import creators_of
from assay.engine.backtest.estimate.bounds import suppress
from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import domain, everything
from assay.engine.backtest.estimate.totals import Known, post_stratified, scaled, total
from assay.engine.backtest.figures import Estimate, Unit
from assay.engine.backtest.rehearsal import Comparison, Scope
from assay.engine.backtest.replay.counting.mixed import Of
from assay.engine.backtest.replay.tally import Tally
from assay.engine.language.pack.measures import Measures


def compared(tally: Tally, design: Design, versions: Sequence[Measures], asked: Asked | None = None) -> Comparison:
    """What was counted, as figures with their intervals.

    design    that of the strata which the tally found
    versions  the measures of the version in force, and of the candidate
    """
    figured = Figured(tally, design, Asked() if asked is None else asked)
    changed = domain(tally.items_changed(figured.weights))
    return Comparison(
        lanes=tally.ways.lanes.all,
        matrices=matrices_of(figured) if tally.rows else (),
        measures=lines_of(figured, versions),
        items=total(design, everything(design.strata)),
        items_changed=suppress(total(design, changed), figured.asked.least_rows),
        creators_changed=creators_of(figured, None),
        post_stratified=_reweighted(figured),
        then_as_decided=_then(figured),
    )


def _then(figured: Figured) -> Estimate | None:
    """The share of rows on which the old version does what was done; those of which that is unknown are left out."""
    agrees, known = (domain(moments) for moments in figured.tally.then.moments(figured.weights))
    return figured.share_of(agrees, known) if known.rows else None


def _reweighted(figured: Figured) -> Estimate | None:
    """The share of decisions that change, where it is known how many there are of each value of a dimension."""
    totals = figured.asked.totals
    if not totals:
        return None
    dimension, sizes = next(iter(totals.items()))
    groups = {}
    for value, size in sizes.items():
        scope = Scope(dimension=dimension, value=value)
        part, whole = figured.part(scope, Of.CHANGED, Unit.DECISIONS), figured.whole(scope, Unit.DECISIONS)
        groups[value] = Known(part, whole, size)
    size = sum(sizes.values())
    found = post_stratified(figured.design, groups)
    return figured.kept_back(scaled(found, 1 / size), found.rows) if size > 0 else None
