"""A chart as a page holds it: drawn here once, and drawn again by the browser. It never asks anybody for data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

# Colours are the page's own, so that a chart follows the scheme without being drawn again.
INK, MUTED, LINE, CONTEXT = "var(--ink)", "var(--muted)", "var(--line)", "var(--context)"
STRICTER, MILDER = "var(--stricter)", "var(--milder)"
FONT = "system-ui, sans-serif"
WIDTH = 640
_NO_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    title   its message as a sentence
    note    how to read it
    spec    Vega-Lite, for the browser
    still   the same, drawn without one
    header, rows  the table behind it, its first column a heading
    """

    name: str
    title: str
    note: str
    spec: dict[str, Any]
    still: Markup
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a chart says beside its drawing."""

    name: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def plotted(values: Sequence[Mapping[str, object]]) -> Any:
    """A layer over rows that are part of the chart itself."""
    import altair as alt

    return alt.Chart({"values": list(values)})


def drawn(layers: Sequence[Any], telling: Telling, *, height: int) -> Chart:
    """A chart of layers, those first that lie below."""
    import altair as alt
    import vl_convert

    chart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=height, background="transparent", padding={"left": 0, "right": 8})
        .configure(font=FONT, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=LINE,
            domain=False,
            tickColor=LINE,
            labelLimit=150,
        )
        .configure_axisY(ticks=False, labelPadding=8)
    )
    spec: dict[str, Any] = _drawable(chart.to_dict())
    # An address that nobody has to ask: the page says itself which kind of chart this is.
    spec.pop("$schema", None)
    still = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    spec["width"] = "container"
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return Chart(
        telling.name, telling.title, telling.note, spec, _inline(still), telling.header, tuple(map(tuple, telling.rows))
    )


def _drawable(part: Any) -> Any:
    """The same with nothing in its texts that XML cannot hold: the renderer would end the whole process over it."""
    if isinstance(part, dict):
        return {_drawable(name): _drawable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", part) if isinstance(part, str) else part


def _inline(svg: str) -> Markup:
    """The drawing for the inside of a page: as wide as its place, and silent, since its frame speaks for it."""
    # The text comes from the renderer, which escapes what it is given; only the opening tag is changed.
    opened = re.sub(
        r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 aria-hidden="true" focusable="false">', svg, count=1
    )
    return Markup(opened)  # noqa: S704
