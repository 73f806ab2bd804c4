"""What each measure gains and loses, with what missing signals leave open. Zero is always shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.engine.backtest.rehearsal import MeasureLine
from assay.interfaces.look.chart import INK, MUTED, Chart, Telling, drawn, plotted
from assay.interfaces.rehearsals.figures import Kind, interval_of, said, said_bounds

MOST_LINES = 12
_ROW = 28


def measures_chart(name: str, lines: Sequence[MeasureLine]) -> Chart | None:
    """The least and the most that each measure changes by; None where nothing is known of any."""
    import altair as alt

    values = [found for line in lines[:MOST_LINES] if (found := _value(line)) is not None]
    if not values:
        return None
    order = [str(one["title"]) for one in values]
    zero = plotted([{"least": 0}]).mark_rule(color=MUTED).encode(x=_position("least"))
    base = plotted(values).encode(
        y=alt.Y("title:N", sort=order, title=None, axis=alt.Axis(grid=False)), tooltip=alt.Tooltip("told:N", title=" ")
    )
    layers: list[Any] = [
        zero,
        base.mark_rule(color=INK, strokeWidth=1.5).encode(x=_position("low"), x2="high:Q"),
        base.mark_rule(color=INK, strokeWidth=8, opacity=0.45).encode(x=_position("least"), x2="most:Q"),
        base.mark_tick(color=INK, thickness=2, size=14).encode(x=_position("least")),
        base.mark_tick(color=INK, thickness=2, size=14).encode(x=_position("most")),
    ]
    telling = Telling(
        name,
        _message(lines),
        "Decisions added (right of zero) or taken away (left of it). The thick bar runs from the least to the most "
        "that missing signals allow, the thin line is the interval around both.",
        ("Measure", "Now", "Proposed", "Change", "Newly done", "No longer done", "Share of views, now and proposed"),
        [_table_row(line) for line in lines],
    )
    return drawn(layers, telling, height=_ROW * len(values) + 8)


def _value(line: MeasureLine) -> dict[str, object] | None:
    least, most = interval_of(line.change.least), interval_of(line.change.most)
    if least is None or most is None:
        return None
    told = f"{line.title}: {said_bounds(line.change, signed=True)}"
    return {
        "title": line.title,
        "low": least[0],
        "least": least[1],
        "most": most[1],
        "high": most[2],
        "told": told,
    }


def _position(field: str) -> Any:
    import altair as alt

    axis = alt.Axis(format="+,~r", labelExpr="datum.value === 0 ? '0' : datum.label", tickCount=5)
    return alt.X(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(zero=True, nice=True))


def _message(lines: Sequence[MeasureLine]) -> str:
    """The measure that changes most whatever the missing signals are, in a sentence."""
    certain = [(found, line) for line in lines if (found := _certain(line)) > 0]
    if not certain:
        return "Whether a measure gains or loses decisions depends on signals that are missing"
    line = max(certain, key=lambda pair: pair[0])[1]
    words = said_bounds(line.change, signed=True)
    return f"Whatever the missing signals are, “{line.title}” changes most: {words} decisions"


def _certain(line: MeasureLine) -> float:
    """How far a change is from zero at the least; nothing where it may go either way."""
    least, most = interval_of(line.change.least), interval_of(line.change.most)
    if least is None or most is None:
        return 0.0
    return max(least[0], -most[2], 0.0)


def _table_row(line: MeasureLine) -> tuple[str, ...]:
    views = "no views in the history"
    if line.view_share is not None:
        views = " → ".join(said(one, Kind.SHARE).together for one in line.view_share)
    return (
        line.title,
        said_bounds(line.old),
        said_bounds(line.new),
        said_bounds(line.change, signed=True),
        f"{said(line.gained).together}, {said(line.gained).rows}",
        f"{said(line.lost).together}, {said(line.lost).rows}",
        views,
    )
