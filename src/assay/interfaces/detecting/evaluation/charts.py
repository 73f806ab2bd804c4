"""The charts of an evaluation: AUC by part, what is found at what price, where scores lie. They measure nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.detection.measuring.area import Rate
from assay.detection.measuring.measurement import WHOLE, Measurement
from assay.detection.measuring.scoring import Scores
from assay.detection.measuring.worded import percent
from assay.interfaces.look.chart import INK, MUTED, Chart, Telling, drawn, plotted

_ROW_HEIGHT = 24
_MOST_ROWS = 40
_LETTER, _MOST_ROOM = 7.5, 260
_BINS = 20
_PERCENT = "format(100 * datum.value, '.3~f') + ' %'"


def charts_of(measurement: Measurement, scores: Scores) -> tuple[Chart, ...]:
    """All charts, in the order in which they are read; a chart that would be empty is left out."""
    ai, real = _by_truth(scores)
    found = [area_chart(measurement), price_chart(ai, real), scores_chart(ai, real, scores)]
    return tuple(each for each in found if each is not None)


def area_chart(measurement: Measurement) -> Chart | None:
    """The AUC of every part with its interval, beside that of guessing."""
    import altair as alt

    rows = _named(measurement)
    if not rows:
        return None
    values = [{"part": name, "area": rate.value, "low": rate.low, "high": rate.high} for name, rate in rows]
    order = [name for name, _rate in rows]
    # Vega guesses how wide a name is, and too little where there is no browser to ask: names would be cut off.
    room = min(max(len(name) for name in order) * _LETTER + 8, _MOST_ROOM)
    down = alt.Y("part:N", title=None, sort=order, axis=alt.Axis(minExtent=room, labelLimit=room))
    across = alt.X("area:Q", title="AUC", scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(tickCount=5))
    base = plotted(values).encode(y=down)
    layers = [
        plotted([{"area": 0.5}]).mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=across),
        base.mark_rule(color=MUTED, strokeWidth=5, strokeCap="round", opacity=0.45).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=64, color=INK, opacity=1).encode(x=across),
    ]
    unsure = sum(rate.low <= 0.5 <= rate.high for _name, rate in rows)
    title = f"In {unsure} of {len(rows)} parts it cannot be told from guessing"
    note = "Bars are 95 % intervals, which count variants of one item once. The dotted line is guessing."
    table = [(name, f"{rate.value:.3f}", f"{rate.low:.3f} to {rate.high:.3f}") for name, rate in rows]
    telling = Telling("area", title, note, ("Files", "AUC", "95 % interval"), table)
    return drawn(layers, telling, height=_ROW_HEIGHT * len(rows) + 20)


def _named(measurement: Measurement) -> list[tuple[str, Rate]]:
    """Every part with an AUC, under a name that no other has: a generator may be called as a corruption is."""
    rows: dict[str, Rate] = {}
    for part in measurement.parts:
        name = part.name if part.of != WHOLE else "all files"
        if part.area is not None and len(rows) < _MOST_ROWS:
            rows[name if name not in rows else f"{name} ({part.of})"] = part.area
    return list(rows.items())


def price_chart(ai: list[float], real: list[float]) -> Chart | None:
    """What is found against what is falsely accused, for every threshold."""
    import altair as alt

    if not ai or not real:
        return None
    steps = np.unique(np.array([*ai, *real]))[::-1]
    if len(steps) > 400:
        steps = steps[np.linspace(0, len(steps) - 1, 400).astype(int)]
    found = [float(np.mean(np.array(ai) >= step)) for step in steps]
    false = [float(np.mean(np.array(real) >= step)) for step in steps]
    values = [{"false": 0.0, "found": 0.0}] + [
        {"false": one, "found": other} for one, other in zip(false, found, strict=True)
    ]
    share = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(labelExpr=_PERCENT, tickCount=5)
    across = alt.X("false:Q", title="share of real files accused", scale=share, axis=axis)
    height = alt.Y("found:Q", title="share of AI's files found", scale=share, axis=axis)
    guess = plotted([{"false": 0, "found": 0}, {"false": 1, "found": 1}])
    layers = [
        guess.mark_line(color=MUTED, strokeDash=[2, 3], strokeWidth=1).encode(x=across, y=height),
        plotted(values)
        .mark_line(color=INK, strokeWidth=2, interpolate="step-after")
        .encode(x=across, y=height, order="false:Q"),
    ]
    half = float(np.mean(np.array(real) >= np.quantile(ai, 0.5)))
    title = f"Finding half of AI's files accuses {percent(half, 0)} of the real ones"
    note = "Receiver operating characteristic. The dotted line is guessing; the further above it, the better."
    rows = [(percent(one["false"]), percent(one["found"])) for one in values[:: max(len(values) // 20, 1)]]
    return drawn(layers, Telling("price", title, note, ("Accused", "Found"), rows), height=300)


def scores_chart(ai: list[float], real: list[float], scores: Scores) -> Chart | None:
    """How many files of either kind lie at which score."""
    import altair as alt

    if not ai or not real:
        return None
    low, high = min(*ai, *real), max(*ai, *real)
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    values: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    shares = [np.histogram(each, edges)[0] / len(each) for each in (ai, real)]
    for place in range(_BINS):
        middle = float(edges[place] + edges[place + 1]) / 2
        for name, share in zip(("by AI", "real"), shares, strict=True):
            values.append({"score": middle, "share": float(share[place]), "kind": name})
        rows.append(
            (f"{edges[place]:.3g} to {edges[place + 1]:.3g}", *(percent(float(share[place])) for share in shares))
        )
    across = alt.X("score:Q", title="score", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(tickCount=5))
    height = alt.Y("share:Q", title="share of the kind's files", axis=alt.Axis(labelExpr=_PERCENT, tickCount=4))
    layers: list[Any] = []
    for name, ink, dash in (("by AI", INK, [1, 0]), ("real", MUTED, [4, 2])):
        own = [each for each in values if each["kind"] == name]
        line = plotted(own).mark_line(color=ink, strokeWidth=2, interpolate="step", strokeDash=dash)
        layers.append(line.encode(x=across, y=height))
        top = max(own, key=lambda each: float(str(each["share"])))
        label = plotted([top]).mark_text(align="left", dx=8, dy=-6, color=ink, fontSize=12)
        layers.append(label.encode(x=across, y=height, text="kind:N"))
    title = "Where the scores of either kind lie"
    note = f"Scores of {scores.detector.name}; higher is for AI. Where the lines meet, a score says nothing."
    return drawn(layers, Telling("scores", title, note, ("Score", "By AI", "Real"), rows), height=220)


def _by_truth(scores: Scores) -> tuple[list[float], list[float]]:
    ai = [each.score for each in scores.scored if each.score is not None and each.item.is_ai]
    real = [each.score for each in scores.scored if each.score is not None and not each.item.is_ai]
    return ai, real
