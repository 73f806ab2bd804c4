"""A rehearsal's charts as drawings for both schemes, made once and kept with the report. They ask nobody for data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from assay.interfaces.look.chart import Chart
from assay.interfaces.rehearsals.page.flow import WIDTH, Flow
from assay.interfaces.rehearsals.page.rehearsal_page import Charts
from assay.interfaces.web.look.charts import COLOURS, Scheme

# What the drawings of a report name as colours of its page; a picture of its own has to bring them along.
_NAMED: Mapping[Scheme, Mapping[str, str]] = {
    "light": {"stricter": "#9c4a12", "milder": "#1b6a66", "context": "#dcd7cf"},
    "dark": {"stricter": "#f0a36b", "milder": "#7fd0c8", "context": "#4a443c"},
}
_LEFT, _RIGHT = 190, 190
_MIDDLE = 420
_SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
# The reader's letters may be wider than those that a drawing was measured with.
_ROOM = 24
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"


def drawings_of(charts: Charts, flow: Flow) -> list[dict[str, object]]:
    """Every chart with its words, its table, and its drawing in both schemes; the flow first."""
    found = [_flow(flow)] if flow.moves else []
    return [*found, *(_chart(one) for one in charts.all)]


def _chart(chart: Chart) -> dict[str, object]:
    still = str(chart.still)
    size = _SIZE.search(still)
    width, height = (round(float(part)) for part in size.groups()) if size is not None else (640, 240)
    return {
        "name": chart.name,
        "title": chart.title,
        "note": chart.note,
        "header": list(chart.header),
        "rows": [list(row) for row in chart.rows],
        "width": width + _ROOM,
        "height": height,
        **{scheme: _standing(still, scheme, width, height) for scheme in COLOURS},
    }


def _standing(still: str, scheme: Scheme, width: int, height: int) -> str:
    """A drawing that stands alone: with its namespace, its size, and colours in place of names."""
    wide = width + _ROOM
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" '
    placed = _SIZE.sub(f'viewBox="-{_ROOM} 0 {wide} {height}"', still, count=1)
    return _coloured(placed.replace("<svg ", opened, 1), scheme)


def _coloured(svg: str, scheme: Scheme) -> str:
    colours = COLOURS[scheme]
    known = {
        "ink": colours.ink,
        "muted": colours.muted,
        "line": colours.line,
        "raised": colours.paper,
        "paper": colours.paper,
        **_NAMED[scheme],
    }
    return re.sub(r"var\(--([a-z]+)\)", lambda name: known.get(name.group(1), colours.ink), svg)


def _flow(flow: Flow) -> dict[str, object]:
    """Old outcomes on the left, new ones on the right, a ribbon for what moves."""
    height, width = round(flow.height) + 4, _LEFT + _MIDDLE + _RIGHT
    rows = [[f"{move.old} → {move.new}", move.figure.together, move.figure.rows] for move in flow.moves]
    return {
        "name": "flow",
        "title": _message(flow),
        "note": "Ribbons are as thick as the decisions that move; what stays is not drawn.",
        "header": ["Move", "Decisions", "Rows behind it"],
        "rows": rows,
        "width": width,
        "height": height,
        **{scheme: _coloured(_flow_drawn(flow, width, height), scheme) for scheme in COLOURS},
    }


def _message(flow: Flow) -> str:
    """What the drawing says, as a sentence; of moves that are kept back it claims nothing."""
    largest = flow.moves[0]
    if flow.kept_back or len({move.new for move in flow.moves}) > 1:
        return f"The largest move is from “{largest.old}” to “{largest.new}”: {largest.figure.together}"
    if len(flow.moves) == 1:
        return f"All that moves goes from “{largest.old}” to “{largest.new}”: {largest.figure.together}"
    return f"All that moves comes to “{largest.new}”, the largest part from “{largest.old}”"


def _flow_drawn(flow: Flow, width: int, height: int) -> str:
    ribbons = "".join(f'<path d="{move.path}" fill="var(--{move.side})" fill-opacity="0.45"/>' for move in flow.moves)
    bars, words = [], []
    for slot in flow.slots:
        for thick, place in ((slot.leaving, _LEFT - 6), (slot.arriving, _LEFT + _MIDDLE)):
            if thick:
                bars.append(f'<rect x="{place}" y="{slot.top}" width="6" height="{thick}" fill="var(--muted)"/>')
        title = escape(slot.title)
        words.append(f'<text x="{_LEFT - 14}" y="{slot.top + 13}" text-anchor="end">{title}</text>')
        words.append(f'<text x="{_LEFT + _MIDDLE + 14}" y="{slot.top + 13}">{title}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<g transform="translate({_LEFT} 0) scale({_MIDDLE / WIDTH:.4f} 1)">{ribbons}</g>{"".join(bars)}'
        f'<g font-family="{_FONT}" font-size="13" fill="var(--ink)">{"".join(words)}</g></svg>'
    )
