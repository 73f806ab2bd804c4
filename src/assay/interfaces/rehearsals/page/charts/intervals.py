"""Intervals side by side: changes by market, gains and losses by kind of upload. Points lie above their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Matrix
from assay.interfaces.look.chart import (
    CONTEXT,
    INK,
    LINE,
    MILDER,
    MUTED,
    STRICTER,
    Chart,
    Telling,
    drawn,
    plotted,
)
from assay.interfaces.rehearsals.figures import Kind, interval_of, said

_ROW = 28
_LABEL = "format(100 * abs(datum.value), '.3~f') + ' %'"
# Room for the words beside an interval, as a part of the scale.
_ROOM = 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """One line of such a chart: what it is called, and its matrix."""

    title: str
    matrix: Matrix


def changed_chart(name: str, what: str, lines: Sequence[Line], whole: Matrix) -> Chart | None:
    """The share of decisions that change, line by line, with that of all decisions behind it."""
    rows = [(line, found) for line in lines if (found := interval_of(line.matrix.changed)) is not None]
    if not rows:
        return None
    values = [_value(line.title, found, line.matrix.changed, 1) for line, found in rows]
    limits = (0.0, max(found[2] for _, found in rows) * (1 + _ROOM) or 1.0)
    layers: list[Any] = []
    context = interval_of(whole.changed)
    if context is not None:
        band = {"low": context[0], "high": context[2], "value": context[1]}
        base = plotted([band])
        # A count of everything has no width, and is drawn as a line.
        layers.append(base.mark_rect(color=CONTEXT).encode(x=_position("low", limits), x2="high:Q"))
        layers.append(base.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=_position("value", limits)))
    layers += _marks(values, [line.title for line, _ in rows], INK, limits)
    telling = Telling(
        name,
        _standing_out(what, [line for line, _ in rows], whole),
        "Share of decisions that end up in another outcome. The band behind is that of all decisions.",
        (what.capitalize(), "Decisions", "Change", "Stricter", "Milder"),
        [_table_row(line) for line in lines],
    )
    return drawn(layers, telling, height=_ROW * len(rows) + 8)


def limits_of(matrices: Iterable[Matrix]) -> tuple[float, float]:
    """How far a scale has to reach to both sides, so that charts that are compared can share it."""
    sides: tuple[list[float], list[float]] = ([0.0], [0.0])
    for matrix in matrices:
        for side, estimate in zip(sides, (matrix.milder, matrix.stricter), strict=True):
            found = interval_of(estimate)
            side.extend([found[2]] if found is not None else [])
    milder, stricter = max(sides[0]), max(sides[1])
    room = _ROOM * (milder + stricter)
    return (-milder - room if milder else 0.0), stricter + room or 1.0


def sides_chart(
    name: str, what: str, lines: Sequence[Line], whole: Matrix, limits: tuple[float, float]
) -> Chart | None:
    """Stricter to the right of zero, milder to its left, line by line."""
    stricter = [
        _value(line.title, found, line.matrix.stricter, 1)
        for line in lines
        if (found := interval_of(line.matrix.stricter))
    ]
    milder = [
        _value(line.title, found, line.matrix.milder, -1)
        for line in lines
        if (found := interval_of(line.matrix.milder))
    ]
    if not stricter and not milder:
        return None
    order = [line.title for line in lines]
    zero = plotted([{"value": 0}]).mark_rule(color=MUTED).encode(x=_position("value", limits))
    layers = [zero, *_marks(stricter, order, STRICTER, limits), *_marks(milder, order, MILDER, limits)]
    telling = Telling(
        name,
        _strictest(what, lines, whole),
        "To the right of zero: decisions that become stricter. To its left: decisions that become milder.",
        (what.capitalize(), "Decisions", "Change", "Stricter", "Milder"),
        [_table_row(line) for line in lines],
    )
    return drawn(layers, telling, height=_ROW * len(order) + 8)


def _value(title: str, found: tuple[float, float, float], estimate: Estimate, sign: int) -> dict[str, object]:
    low, value, high = found
    return {
        "title": title,
        "low": min(low * sign, high * sign),
        "value": value * sign,
        "high": max(low * sign, high * sign),
        "edge": high * sign,
        "figure": said(estimate, Kind.SHARE).value,
        "told": f"{title}: {said(estimate, Kind.SHARE).together}",
    }


def _position(field: str, limits: tuple[float, float]) -> Any:
    import altair as alt

    axis = alt.Axis(labelExpr=_LABEL, tickCount=5)
    return alt.X(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(domain=limits, nice=False))


def _marks(values: list[dict[str, object]], order: list[str], colour: str, limits: tuple[float, float]) -> list[Any]:
    """Intervals, then points, then what they say."""
    import altair as alt

    base = plotted(values).encode(
        y=alt.Y("title:N", sort=order, title=None, axis=alt.Axis(grid=False)), tooltip=alt.Tooltip("told:N", title=" ")
    )
    left = colour == MILDER
    text = base.mark_text(
        align="right" if left else "left", dx=-8 if left else 8, color=INK, fontSize=12, baseline="middle"
    )
    return [
        base.mark_rule(strokeWidth=7, strokeCap="round", color=colour, opacity=0.35).encode(
            x=_position("low", limits), x2="high:Q"
        ),
        base.mark_point(filled=True, size=64, color=colour, opacity=1, stroke=LINE, strokeWidth=0.5).encode(
            x=_position("value", limits)
        ),
        text.encode(x=_position("edge", limits), text="figure:N"),
    ]


def _table_row(line: Line) -> tuple[str, ...]:
    matrix = line.matrix
    shares = (matrix.changed, matrix.stricter, matrix.milder)
    return (
        line.title,
        said(matrix.decisions).together,
        *(f"{said(one, Kind.SHARE).together}, {said(one, Kind.SHARE).rows}" for one in shares),
    )


def _standing_out(what: str, lines: Sequence[Line], whole: Matrix) -> str:
    """The line that changes most, of those that noise does not explain."""
    most = _beyond_chance({line.title: line.matrix.changed for line in lines}, whole.changed)
    if most is None:
        return f"No {what} changes more than the others beyond what chance explains"
    return f"Most changes by {what} are in {most[0]}: {said(most[1], Kind.SHARE).together} of its decisions"


def _strictest(what: str, lines: Sequence[Line], whole: Matrix) -> str:
    most = _beyond_chance({line.title: line.matrix.stricter for line in lines}, whole.stricter)
    if most is None:
        return f"No {what} is treated more strictly than the others beyond what chance explains"
    return f"By {what}, decisions become stricter most often for {most[0]}: {said(most[1], Kind.SHARE).together}"


def _beyond_chance(lines: Mapping[str, Estimate], whole: Estimate) -> tuple[str, Estimate] | None:
    """The highest of the lines whose interval lies wholly above that of the whole; None where there is none.

    Of two hundred lines some lie above it by chance, so lower ends are those of an interval that all lines together
    keep in 95 of 100 samples (Bonferroni), as though they were normal.
    """
    normal = NormalDist()
    wider = normal.inv_cdf(1 - 0.025 / max(len(lines), 1)) / normal.inv_cdf(0.975)
    most, highest = None, 0.0
    for title, one in lines.items():
        if one.value is None or one.low is None or whole.high is None:
            continue
        if one.value > highest and one.value - wider * (one.value - one.low) > whole.high:
            most, highest = (title, one), one.value
    return most
