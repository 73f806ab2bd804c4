"""Renders a rehearsal as one HTML page: what would change, for whom, at what cost, and how that was found out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from assay.engine.backtest.history.block import DIMENSIONS, ELSEWHERE
from assay.engine.backtest.rehearsal import Matrix, MeasureLine, Rehearsal
from assay.interfaces.look.chart import Chart
from assay.interfaces.look.page import environment_of, footer_of, style_of
from assay.interfaces.rehearsals.figures import Kind, said, spelt
from assay.interfaces.rehearsals.page.charts.clocks import clock_chart
from assay.interfaces.rehearsals.page.charts.intervals import Line, changed_chart, limits_of, sides_chart
from assay.interfaces.rehearsals.page.charts.measures import measures_chart
from assay.interfaces.rehearsals.page.flow import flow_of
from assay.interfaces.rehearsals.page.heat import Heat, heat_of
from assay.interfaces.rehearsals.page.scripts import scripts_of
from assay.interfaces.rehearsals.page.views import (
    assumptions_of,
    case_views,
    creators_of,
    forecast_views,
    key_figures,
    place_title,
    quality_rows,
    scope_rows,
    strata_rows,
)
from assay.interfaces.rehearsals.verdict import is_whole, verdict_of, whole_of

PACKAGE = "assay.interfaces.rehearsals.page"
_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Charts:
    """All charts of a page."""

    markets: Chart | None
    groups: tuple[Chart, ...]
    measures: Chart | None
    clocks: tuple[Chart, ...]

    @property
    def all(self) -> tuple[Chart, ...]:
        single = [chart for chart in (self.markets, self.measures) if chart is not None]
        return (*single, *self.groups, *self.clocks)


def render_rehearsal(
    rehearsal: Rehearsal, *, command: str = "", written: str = "", parts: dict[str, Any] | None = None
) -> str:
    """The whole page.

    command  what made it, as typed
    written  the day on which it was made
    parts    as `rehearsal_parts` made them, where they were made before
    """
    whole = whole_of(rehearsal)
    environment = environment_of(PACKAGE)
    sides = (rehearsal.old, rehearsal.new)
    titles = " - ".join(f"{side.title} {side.version}".strip() for side in sides)
    shared = {
        "rehearsal": rehearsal,
        "history": rehearsal.history,
        "verdict": verdict_of(rehearsal),
        "command": command,
        "written": written,
        "style": style_of(PACKAGE),
        "footer": footer_of(f"Rehearsal: {titles}" + (f" · {written}" if written else "")),
        "strata": strata_rows(rehearsal.history.strata),
        "spelt": spelt,
    }
    if whole is None:
        return environment.get_template("empty.html").render(**shared)
    parts = parts or rehearsal_parts(rehearsal, whole)
    return environment.get_template("rehearsal.html").render(
        **shared,
        **parts,
        share=partial(said, kind=Kind.SHARE),
        coefficient=partial(said, kind=Kind.COEFFICIENT),
        scripts=scripts_of({chart.name: chart.spec for chart in parts["charts"].all}),
    )


def rehearsal_parts(rehearsal: Rehearsal, whole: Matrix) -> dict[str, Any]:
    """What the page of a rehearsal with rows says beside what every page says, as values by name."""
    comparison = rehearsal.comparison
    alone = rehearsal.history.markets in {(), (ELSEWHERE,)}
    charts = _charts(rehearsal, whole, alone=alone)
    titles = {lane.id: lane.title for lane in comparison.lanes}
    titles |= {line.measure: line.title for line in comparison.measures}
    markets = _scoped(comparison.matrices)
    return {
        "whole": whole,
        "figures": key_figures(rehearsal, whole),
        "flow": flow_of(whole, comparison.lanes),
        "heats": _heats(rehearsal, whole, alone=alone),
        "charts": charts,
        "tables": {
            "": scope_rows((whole, *markets), alone=alone),
            **{
                name: scope_rows([one for one in comparison.matrices if one.scope.dimension == name], alone=alone)
                for name in DIMENSIONS
            },
        },
        "forecasts": forecast_views(rehearsal.forecast),
        "assumptions": assumptions_of(rehearsal.forecast),
        "thresholds": [(one, said(one.old), said(one.new)) for one in rehearsal.forecast.thresholds],
        "quality": quality_rows(rehearsal.quality),
        "agreement": rehearsal.agreement,
        "cases": case_views(rehearsal.cases, titles, alone=alone),
        "creators": creators_of(rehearsal),
    }


def _scoped(matrices: tuple[Matrix, ...]) -> tuple[Matrix, ...]:
    """The matrices of single markets."""
    return tuple(one for one in matrices if not is_whole(one) and not one.scope.dimension)


def _heats(rehearsal: Rehearsal, whole: Matrix, *, alone: bool) -> tuple[Heat, ...]:
    """The matrix in decisions, in views where there are any, and market by market."""
    lanes = rehearsal.comparison.lanes
    found = [heat_of("Decisions", whole, lanes)]
    if whole.views is not None:
        found.append(heat_of("Views", whole, lanes, views=True))
    markets = _scoped(rehearsal.comparison.matrices)
    if len(markets) > 1:
        found += [heat_of(place_title(one.scope, alone=alone), one, lanes) for one in markets]
    return tuple(found)


def _charts(rehearsal: Rehearsal, whole: Matrix, *, alone: bool) -> Charts:
    matrices = rehearsal.comparison.matrices
    markets = [Line(place_title(one.scope, alone=alone), one) for one in _scoped(matrices)]
    groups = []
    limits = limits_of(one for one in matrices if one.scope.dimension)
    for dimension in DIMENSIONS:
        lines = [Line(place_title(one.scope), one) for one in matrices if one.scope.dimension == dimension]
        lines = _most_changed(lines)
        chart = sides_chart(f"by-{dimension}", dimension, lines, whole, limits) if len(lines) > 1 else None
        groups += [chart] if chart is not None else []
    clocks = [
        chart
        for place, clock in enumerate(rehearsal.forecast.clocks, 1)
        if (chart := clock_chart(f"clock-{place}", clock)) is not None
    ]
    return Charts(
        changed_chart("by-market", "market", _most_changed(markets), whole) if len(markets) > 1 else None,
        tuple(groups),
        measures_chart("by-measure", _moved(rehearsal.comparison.measures)),
        tuple(clocks),
    )


def _most_changed(lines: list[Line]) -> list[Line]:
    """As many lines as a drawing can hold, those first that change most; the tables have all."""
    return sorted(lines, key=lambda line: -(line.matrix.changed.value or 0.0))[:_MOST_LINES]


def _moved(lines: tuple[MeasureLine, ...]) -> tuple[MeasureLine, ...]:
    """Measures of all decisions, those first that move most decisions; what does not move at all comes last."""
    found = [line for line in lines if is_whole(line)]
    return tuple(sorted(found, key=lambda line: -((line.gained.value or 0.0) + (line.lost.value or 0.0))))
