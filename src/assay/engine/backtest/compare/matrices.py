"""Transition matrices: the whole, then by market and by group. They never leave out a cell that some row has."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.backtest.compare.figured import Figured
from assay.engine.backtest.compare.uploaders import creators_of
from assay.engine.backtest.figures import Unit
from assay.engine.backtest.history.block import DIMENSIONS, ELSEWHERE
from assay.engine.backtest.rehearsal import Cell, Matrix, Scope
from assay.engine.backtest.replay.counting.mixed import CellOf, Of

WHOLE = Scope()


def matrices_of(figured: Figured) -> tuple[Matrix, ...]:
    """The whole first, then by market, language, cohort and surface; in each the largest first."""
    scopes = [scope for scope in figured.tally.lanes.scopes if scope != WHOLE]
    markets = sorted([scope for scope in scopes if not scope.dimension], key=lambda scope: market_order(scope.market))
    by_group = [_largest_first(figured, [one for one in scopes if one.dimension == name]) for name in DIMENSIONS]
    return tuple(
        [_matrix(figured, scope) for scope in (WHOLE, *markets, *[one for found in by_group for one in found])]
    )


def market_order(market: str) -> tuple[bool, str]:
    """By code, everywhere else last."""
    return market == ELSEWHERE, market


def _largest_first(figured: Figured, scopes: list[Scope]) -> list[Scope]:
    return sorted(scopes, key=lambda scope: (-figured.whole(scope, Unit.DECISIONS).weighted, scope.value))


def _matrix(figured: Figured, scope: Scope) -> Matrix:
    lanes = figured.tally.lanes
    cells = tuple([_cell(figured, scope, cell) for cell in lanes.cells(scope)])
    changed, stricter, milder, opened, settled = (
        figured.share(scope, of, Unit.DECISIONS) for of in (Of.CHANGED, Of.STRICTER, Of.MILDER, Of.OPENED, Of.SETTLED)
    )
    found = Matrix(scope, cells, figured.size(scope, Unit.DECISIONS), None, changed, stricter, milder, opened, settled)
    if not figured.tally.has_views:
        return found
    views, changed_views = figured.size(scope, Unit.VIEWS), figured.share(scope, Of.CHANGED, Unit.VIEWS)
    return replace(found, views=views, changed_views=changed_views)


def _cell(figured: Figured, scope: Scope, cell: CellOf) -> Cell:
    ways = figured.tally.ways
    old, new = (ways.lanes.all[int(table[cell.cell])] for table in (ways.old, ways.new))
    return Cell(
        old.id,
        new.id,
        figured.cell(scope, cell, Unit.DECISIONS),
        figured.cell(scope, cell, Unit.VIEWS) if figured.tally.has_views else None,
        creators_of(figured, cell) if scope == WHOLE and old != new else None,
    )
