"""Measures under both versions, with the least and the most that they may be. They never guess what is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from assay.engine.backtest.compare.figured import Figured
from assay.engine.backtest.compare.matrices import market_order
from assay.engine.backtest.estimate.bounds import suppress_bounds
from assay.engine.backtest.estimate.domain import domain, within
from assay.engine.backtest.figures import Bounds, Estimate, Unit
from assay.engine.backtest.rehearsal import EVERYWHERE, MeasureLine, Scope
from assay.engine.backtest.replay.counting.measures import Kind
from assay.engine.backtest.replay.counting.mixed import Of
from assay.engine.backtest.replay.counting.states import Count
from assay.engine.language.pack.measures import Measures


def lines_of(figured: Figured, versions: Sequence[Measures]) -> tuple[MeasureLine, ...]:
    """A line for each measure that some row of a scope has: over every market, and then by market."""
    titles = {measure.id: measure.title for measures in versions for measure in measures.all}
    markets = sorted(figured.tally.markets, key=market_order)
    found = []
    for scope in (Scope(), *map(Scope, markets)):
        has = set(figured.tally.measures.measures(scope))
        found += [_line(figured, scope, name, title) for name, title in titles.items() if name in has]
    return tuple(found)


def _line(figured: Figured, scope: Scope, measure: str, title: str) -> MeasureLine:
    return MeasureLine(
        measure,
        title,
        scope,
        old=_between(figured, scope, measure, Count.OLD_LEAST, Count.OLD_MOST),
        new=_between(figured, scope, measure, Count.NEW_LEAST, Count.NEW_MOST),
        change=_between(figured, scope, measure, Count.CHANGE_LEAST, Count.CHANGE_MOST),
        gained=_count(figured, scope, measure, Count.GAINED),
        lost=_count(figured, scope, measure, Count.LOST),
        view_share=_view_share(figured, scope, measure) if figured.tally.has_views else None,
    )


def _between(figured: Figured, scope: Scope, measure: str, least: Count, most: Count) -> Bounds:
    return suppress_bounds(
        Bounds(_count(figured, scope, measure, least), _count(figured, scope, measure, most)), figured.asked.least_rows
    )


def _count(figured: Figured, scope: Scope, measure: str, count: Count) -> Estimate:
    moments = figured.tally.measures.moments(scope, Kind(measure, count), Unit.DECISIONS, figured.weights)
    signed = count in (Count.CHANGE_LEAST, Count.CHANGE_MOST)
    return figured.count(scope, domain(moments, signed=signed), Unit.DECISIONS)


def _view_share(figured: Figured, scope: Scope, measure: str) -> tuple[Estimate, Estimate]:
    old, new = (_share(figured, scope, Kind(measure, count)) for count in (Count.DONE_OLD, Count.DONE_NEW))
    return old, new


def _share(figured: Figured, scope: Scope, kind: Kind) -> Estimate:
    """The share of views on items that a measure is done to."""
    measures, weights = figured.tally.measures, figured.weights
    own = measures.moments(scope, kind, Unit.VIEWS, weights)
    if scope.market != EVERYWHERE:
        return figured.share_of(domain(own), figured.whole(scope, Unit.VIEWS))
    everything = figured.tally.lanes.moments(scope, Of.ALL, Unit.VIEWS, weights)
    beside = measures.moments(scope, Kind(kind.measure, kind.count, rest=True), Unit.VIEWS, weights)
    return figured.share_of(within(own, everything, beside), figured.whole(scope, Unit.VIEWS))
