"""A transition matrix as a table whose cells are shaded by how much moves. Shading repeats what the figures say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Cell, Matrix
from assay.engine.backtest.replay.treatment import Lane
from assay.interfaces.rehearsals.figures import said

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Shade:
    """One cell: what it says, and how it is shaded: `same`, `none`, or a direction with a level from 1 to 5."""

    value: str
    interval: str
    rows: str
    look: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A matrix, the mildest lane first on both sides."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shade, ...]], ...]


def heat_of(title: str, matrix: Matrix, lanes: Sequence[Lane], *, views: bool = False) -> Heat:
    """Decisions, or their views, by old outcome and new."""
    used = {name for cell in matrix.cells for name in (cell.old, cell.new)}
    shown = [lane for lane in sorted(lanes, key=lambda lane: lane.rank) if lane.id in used]
    found = {(cell.old, cell.new): figure for cell in matrix.cells if (figure := _figure(cell, views=views))}
    moved = [one.value for (old, new), one in found.items() if old != new and one.value]
    most = max(moved, default=0.0)
    rows = []
    for place, old in enumerate(shown):
        shades = []
        for other, new in enumerate(shown):
            side = "same" if place == other else "stricter" if other > place else "milder"
            shades.append(_shade(found.get((old.id, new.id)), side, most))
        rows.append((old.title, tuple(shades)))
    return Heat(title, tuple(lane.title for lane in shown), tuple(rows))


def _figure(cell: Cell, *, views: bool) -> Estimate | None:
    return cell.views if views else cell.decisions


def _shade(figure: Estimate | None, side: str, most: float) -> Shade:
    if figure is None or (figure.value == 0 and not figure.high):
        return Shade("0", "", "", "same" if side == "same" else "none")
    told = said(figure)
    if side == "same" or not figure.value:
        return Shade(told.value, told.interval, told.rows, "same" if side == "same" else "none")
    # Moves differ by orders of magnitude; on a plain scale all but the largest would look alike.
    level = 1 + math.floor((LEVELS - 0.001) * math.log1p(figure.value) / math.log1p(most)) if most > 0 else 1
    return Shade(told.value, told.interval, told.rows, f"{side} h{min(max(level, 1), LEVELS)}")
