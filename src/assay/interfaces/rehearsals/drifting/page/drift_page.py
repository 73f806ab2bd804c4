"""Renders drift as one HTML page: what moved, how far, in which markets, and by what method. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.backtest.drift.moved import Calibrated, CategoryMove, Drift
from assay.engine.language.pack.pack import Pack
from assay.interfaces.look.page import anchor_of, environment_of, footer_of, style_of
from assay.interfaces.rehearsals.drifting.grouped import (
    SECTIONS,
    Line,
    calibration_words,
    lines_of,
    move_words,
    shares_of_what,
    verdict_of,
)
from assay.interfaces.rehearsals.drifting.page.strips import Dot, Strip, dots_of, reach_of, strip_of
from assay.interfaces.rehearsals.drifting.periods import Watched
from assay.interfaces.rehearsals.figures import Kind, said

PACKAGE = "assay.interfaces.rehearsals.drifting.page"
_MOST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class MoveView:
    """A category before and after, with its change drawn."""

    name: str
    before: str
    after: str
    change: str
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A thing that moved: the category that moved most, and the others."""

    line: Line
    anchor: str
    of: str
    first: MoveView
    others: tuple[MoveView, ...]
    chance: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score in both periods: its figures, and the drawing of what it meant."""

    one: Calibrated
    anchor: str
    before: str
    after: str
    change: str
    points: str
    chance: str
    dots: tuple[tuple[Dot, ...], tuple[Dot, ...]]
    rows: tuple[tuple[str, str, str], ...]


def render_drift(drift: Drift, watched: Sequence[Watched], pack: Pack) -> str:
    """The whole page."""
    sections = [(title, _views(lines_of(drift.shifts, kinds))) for title, kinds in SECTIONS]
    every = [line for _, kinds in SECTIONS for line in lines_of(drift.shifts, kinds)]
    return (
        environment_of(PACKAGE)
        .get_template("drift.html")
        .render(
            drift=drift,
            pack=pack,
            periods=tuple(zip((drift.before, drift.after), watched, strict=True)),
            verdict=verdict_of(drift),
            sections=[(title, anchor_of("part", title), views) for title, views in sections],
            scores=[_score(one) for one in drift.calibrated],
            every=[(line, chance_words(line.shift.adjusted)) for line in every],
            counts=[(title, len(views)) for title, views in sections],
            style=style_of(PACKAGE),
            footer=footer_of(f"Drift: {drift.before.title} - {drift.after.title}"),
        )
    )


def _views(lines: Sequence[Line]) -> tuple[LineView, ...]:
    moved = [line for line in lines if line.moved and line.largest is not None]
    reach = reach_of(move.change for line in moved for move in line.shift.categories)
    return tuple([_view(line, reach) for line in moved])


def _view(line: Line, reach: float) -> LineView:
    first, *others = line.shift.categories
    told = [first, *[move for move in others if _is_apart(move)][:_MOST_OTHERS]]
    moves = [MoveView(move.name, *move_words(move), strip_of(move.change, reach)) for move in told]
    anchor = anchor_of(line.shift.thing.kind, "-".join(part for part in line.shift.thing[1:] if part))
    of = shares_of_what(line.shift)
    return LineView(line, anchor, of, moves[0], tuple(moves[1:]), chance_words(line.shift.adjusted))


def _is_apart(move: CategoryMove) -> bool:
    """Whether a category moved by itself, as far as can be told."""
    low, high = move.change.low, move.change.high
    return low is not None and high is not None and not low <= 0 <= high


def _score(one: Calibrated) -> ScoreView:
    dots = dots_of(one.before, after=False), dots_of(one.after, after=True)
    by_bin = {found.low: found for found in one.after.bins}
    rows = []
    for found in one.before.bins:
        later = by_bin.get(found.low)
        after = "no row" if later is None else _found(later.found.rows, said(later.found, Kind.SHARE).together)
        before = _found(found.found.rows, said(found.found, Kind.SHARE).together)
        rows.append((f"{found.low:.1f} to {found.high:.1f}", before, after))
    anchor = anchor_of("score", one.target.score)
    chance = chance_words(one.adjusted)
    points = f"{100 * one.points:.1f}"
    return ScoreView(one, anchor, *calibration_words(one), points, chance, dots, tuple(rows))


def _found(rows: int, words: str) -> str:
    return f"{words}, {rows:,} {'row' if rows == 1 else 'rows'}"


def chance_words(adjusted: float) -> str:
    """How often chance alone moves so much, corrected for all that was looked at."""
    return "less than 1 in 1,000" if adjusted < 0.001 else f"{adjusted:.3f}"
