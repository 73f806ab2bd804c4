"""Items under a legal clock by hour of the day, under both versions. Its scale begins at zero."""

from __future__ import annotations

from typing import Any

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import ClockLoad
from assay.interfaces.look.chart import CONTEXT, INK, MUTED, Chart, Telling, drawn, plotted
from assay.interfaces.rehearsals.figures import interval_of, said

_HEIGHT = 200
_SIDES = (("now", MUTED, CONTEXT), ("proposed", INK, INK))
# Names that would lie one over the other, as a part of the chart's height.
_TOO_CLOSE = 0.08


def clock_chart(name: str, clock: ClockLoad) -> Chart | None:
    """Both versions as lines over their intervals; None where no hour has a figure."""
    layers: list[Any] = []
    names = _names(clock)
    for (side, ink, ground), hours in zip(_SIDES, (clock.old, clock.new), strict=True):
        layers += _side(side, names[side], hours, ink, ground)
    if not layers:
        return None
    rows = [
        (f"{hour:02d}:00", said(old).together, said(new).together)
        for hour, (old, new) in enumerate(zip(clock.old, clock.new, strict=True))
    ]
    telling = Telling(
        name,
        f"{clock.title}: {_peak(clock)}",
        "Items under the clock in each hour of the day (UTC), on average over the days; grey is the version in force.",
        ("Hour (UTC)", "Now", "Proposed"),
        rows,
    )
    # Bands lie below lines, whichever version they belong to.
    return drawn(layers[::3] + layers[1::3] + layers[2::3], telling, height=_HEIGHT)


def _side(side: str, shown: str, hours: tuple[Estimate, ...], ink: str, ground: str) -> list[Any]:
    import altair as alt

    values = []
    for hour, estimate in enumerate(hours):
        found = interval_of(estimate)
        if found is not None:
            told = f"{hour:02d}:00, {side}: {said(estimate).together}"
            values.append(
                {"hour": hour, "low": found[0], "value": found[1], "high": found[2], "told": told, "side": shown}
            )
    if not values:
        return []
    axis = alt.Axis(
        values=[0, 6, 12, 18, 24], labelExpr="(datum.value < 10 ? '0' : '') + datum.value + ':00'", grid=False
    )
    base = plotted(values).encode(x=alt.X("hour:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 25], nice=False)))
    height = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, format=",~r"))
    name = plotted(values[-1:]).mark_text(align="left", dx=6, color=ink, fontSize=12)
    return [
        base.mark_area(color=ground, opacity=0.25).encode(y="low:Q", y2="high:Q"),
        base.mark_line(color=ink, strokeWidth=2, point={"size": 12, "color": ink, "filled": True}).encode(
            y=height, tooltip=alt.Tooltip("told:N", title=" ")
        ),
        name.encode(x="hour:Q", y="value:Q", text="side:N"),
    ]


def _names(clock: ClockLoad) -> dict[str, str]:
    """What stands at the end of each line; one name for both where they end together."""
    ends = [hours[-1].value if hours else None for hours in (clock.old, clock.new)]
    most = max((one.high or one.value or 0.0 for one in (*clock.old, *clock.new)), default=0.0)
    old, new = (0.0 if end is None else end for end in ends)
    if None not in ends and abs(old - new) < _TOO_CLOSE * most:
        return {"now": "", "proposed": "both"}
    return {"now": "now", "proposed": "proposed"}


def _peak(clock: ClockLoad) -> str:
    """The highest load of both versions, in words."""
    if clock.peak_new == clock.peak_old:
        return f"at most {_items(clock.peak_old)} at once under both versions"
    turn = "up from" if clock.peak_new > clock.peak_old else "down from"
    return f"at most {_items(clock.peak_new)} at once, {turn} {clock.peak_old:,}"


def _items(number: int) -> str:
    return f"{number:,} item" if number == 1 else f"{number:,} items"
