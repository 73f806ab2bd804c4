"""Charts as pages hold them: drawn by the server in both schemes, a table behind each. They ask nobody for data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

Scheme: TypeAlias = Literal["light", "dark"]
WIDTH = 640
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"
_NO_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Colours:
    """What a drawing may use; the same as the stylesheet's tokens, which a test compares.

    ink      the message
    muted    words of axes
    line     what only guides the eye
    edge     context, beside which the message stands
    """

    ink: str
    muted: str
    line: str
    edge: str
    accent: str
    paper: str


COLOURS: Mapping[Scheme, Colours] = {
    "light": Colours("#1c1a17", "#57524b", "#e0dcd4", "#8b857b", "#1f4788", "#fbfaf8"),
    "dark": Colours("#f2efea", "#b8b1a7", "#37332d", "#7d766b", "#a3c3f5", "#171614"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart in its frame.

    title    its message as a sentence
    address  where the drawing is; the scheme is added to it
    alt      what a person who cannot see it is told beside the title
    header, rows  the table behind it, its first column a heading
    """

    title: str
    address: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    alt: str = ""
    width: int = WIDTH
    height: int = 240

    @property
    def joint(self) -> str:
        """What stands between the address and the scheme."""
        return "&" if "?" in self.address else "?"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One row of a chart of estimates; without an interval where it was counted."""

    title: str
    value: float
    low: float | None = None
    high: float | None = None
    told: str = ""
    message: bool = False


Layers: TypeAlias = Sequence[Any]


def drawing(
    request: HttpRequest, layers: Callable[[Colours], Layers], *, height: int, width: int = WIDTH
) -> HttpResponse:
    """The answer of a chart's own address: its drawing in the scheme that is asked for."""
    scheme: Scheme = "dark" if request.GET.get("scheme") == "dark" else "light"
    svg = drawn(layers(COLOURS[scheme]), COLOURS[scheme], height=height, width=width)
    tag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(svg, content_type="image/svg+xml", headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def drawn(layers: Layers, colours: Colours, *, height: int, width: int = WIDTH) -> str:
    """Layers as SVG, those first that lie below."""
    import altair as alt
    import vl_convert

    chart = (
        alt.layer(*layers)
        .properties(width=width, height=height, background="transparent", padding={"left": 0, "right": 8, "top": 4})
        .configure(font=_FONT, aria=False, autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=colours.muted,
            titleColor=colours.muted,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=colours.line,
            domain=False,
            tickColor=colours.line,
            labelLimit=200,
        )
        .configure_axisY(ticks=False, labelPadding=8)
    )
    return str(vl_convert.vegalite_to_svg(_drawable(chart.to_dict()), allowed_base_urls=[]))


def estimates(rows: Sequence[Estimate], colours: Colours, *, unit: str = "") -> Layers:
    """Estimates under each other on one scale from zero: the interval first, then the point, then its words."""
    import altair as alt

    values = [
        {
            "title": row.title,
            "value": row.value,
            "low": row.value if row.low is None else row.low,
            "high": row.value if row.high is None else row.high,
            "told": row.told or f"{row.value:,.6g}{unit}",
            "message": row.message,
        }
        for row in rows
    ]
    base = alt.Chart({"values": values})
    # The reader's letters may be wider than those that the drawing was measured with.
    room = 12 + 8 * max((len(row.title) for row in rows), default=0)
    place = alt.Y(
        "title:N",
        sort=[row.title for row in rows],
        title=None,
        axis=alt.Axis(grid=False, minExtent=room, labelLimit=room),
    )
    scale = alt.Scale(zero=True, nice=True)
    colour = alt.condition("datum.message", alt.value(colours.accent), alt.value(colours.edge))
    words = alt.condition("datum.message", alt.value(colours.ink), alt.value(colours.muted))
    across = alt.X("low:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5, labelExpr=f"datum.label + '{unit}'"))
    told = base.mark_text(dy=-14, fontSize=12).encode(x=alt.X("value:Q", scale=scale), y=place, text="told:N")
    zero = alt.Chart({"values": [{"zero": 0}]}).mark_rule(color=colours.muted, strokeWidth=1).encode(x="zero:Q")
    return [
        zero,
        base.mark_rule(strokeWidth=6, opacity=0.35, strokeCap="round").encode(
            x=across, x2="high:Q", y=place, color=colour
        ),
        base.mark_point(size=90, filled=True, opacity=1).encode(x=alt.X("value:Q", scale=scale), y=place, color=colour),
        # Under the words, so that no line of the grid runs through them.
        told.mark_text(dy=-14, fontSize=12, stroke=colours.paper, strokeWidth=5, strokeJoin="round"),
        told.encode(color=words),
    ]


def _drawable(part: Any) -> Any:
    """The same with nothing in its texts that XML cannot hold: the renderer would end the whole process over it."""
    if isinstance(part, dict):
        return {name: _drawable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", part) if isinstance(part, str) else part
