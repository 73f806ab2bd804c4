"""The charts of a calibration: what a score says, whether that is so, and how often it misleads. They fit nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.detection.calibration.calibration import Calibration, Fitted
from assay.detection.calibration.curves.curve import Scale
from assay.detection.calibration.worded import percent, times
from assay.interfaces.look.chart import CONTEXT, INK, MUTED, Chart, Telling, drawn, plotted

_HEIGHT = 260
_STEPS = 120
_TIMES = "datum.value == 0 ? 'even' : (datum.value > 0 ? '' : '1/') + format(pow(10, abs(datum.value)), ',.2~r')"
_PERCENT = "format(100 * datum.value, '.3~f') + ' %'"


def charts_of(calibration: Calibration) -> tuple[Chart, ...]:
    """All charts, in the order in which they are read."""
    return score_chart(calibration), reliability_chart(calibration.whole), tippett_chart(calibration.whole)


def score_chart(calibration: Calibration) -> Chart:
    """The likelihood ratio of every score that was seen, between its bounds."""
    import altair as alt

    whole = calibration.whole
    scores = _seen(calibration)
    ratios = calibration.log10_lrs(scores).tolist()
    values = [{"score": score, "ratio": ratio} for score, ratio in zip(scores.tolist(), ratios, strict=True)]
    ends = [{"bound": whole.bounds.lower}, {"bound": whole.bounds.upper}]
    across = alt.X("score:Q", title="score", axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=False, nice=False))
    height = _ratio_axis("ratio:Q", whole)
    layers: list[Any] = [
        _rule([{"bound": 0.0}], whole).encode(color=alt.value(MUTED)),
        _rule(ends, whole).encode(color=alt.value(MUTED), strokeDash=alt.value([2, 3])),
        *_thresholds(whole, across),
        plotted(values).mark_line(color=INK, strokeWidth=2).encode(x=across, y=height),
    ]
    upper, lower = times(whole.bounds.upper), times(whole.bounds.lower)
    title = f"The sample supports no ratio of more than {upper} times for AI, or {lower} times against it"
    note = (
        "Above the line `even` a score speaks for AI, below it against. Dotted: the bounds of what the sample "
        "supports. Shaded: where no verdict is given."
    )
    step = max(len(values) // 20, 1)
    rows = [(f"{one['score']:.4g}", _said(one["ratio"])) for one in values[::step]]
    return drawn(layers, Telling("score", title, note, ("Score", "Likelihood ratio"), rows), height=_HEIGHT)


def _seen(calibration: Calibration) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores spread over all that were seen, evenly on the scale on which the curve is straight."""
    first, last = calibration.curve.knots[0], calibration.curve.knots[-1]
    spread = np.linspace(first, last if last > first else first + 1e-6, _STEPS)
    return 1 / (1 + np.exp(-spread)) if calibration.curve.scale is Scale.LOGIT else spread


def _ratio_axis(field: str, fitted: Fitted) -> Any:
    import altair as alt

    reach = max(fitted.bounds.upper, -fitted.bounds.lower, 0.3) * 1.1
    whole = math.floor(reach)
    marks = [float(place) for place in range(-whole, whole + 1)] if whole else [-0.3, 0.0, 0.3]
    axis = alt.Axis(labelExpr=_TIMES, values=marks)
    return alt.Y(field, title="likelihood ratio", axis=axis, scale=alt.Scale(domain=[-reach, reach], nice=False))


def _rule(bounds: Sequence[dict[str, float]], fitted: Fitted) -> Any:
    return plotted(bounds).mark_rule().encode(y=_ratio_axis("bound:Q", fitted))


def _thresholds(fitted: Fitted, across: Any) -> list[Any]:
    """The shade over scores that abstain, where both verdicts have a threshold."""
    below, above = fitted.band.below.beyond, fitted.band.above.beyond
    if below is None or above is None or below >= above:
        return []
    shade = plotted([{"score": below, "end": above}]).mark_rect(color=CONTEXT, opacity=0.45)
    return [shade.encode(x=across, x2="end:Q")]


def reliability_chart(fitted: Fitted) -> Chart:
    """How often items were made by AI, by what their likelihood ratio says at even odds."""
    import altair as alt

    bins = fitted.diagrams.reliability
    values = [{"said": one.said, "found": one.found, "low": one.low, "high": one.high} for one in bins]
    share = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(labelExpr=_PERCENT, tickCount=5)
    across = alt.X("said:Q", title="probability of AI that was said, at even odds", scale=share, axis=axis)
    height = alt.Y("found:Q", title="share that AI made", scale=share, axis=axis)
    ideal = plotted([{"said": 0, "found": 0}, {"said": 1, "found": 1}])
    base = plotted(values).encode(x=across)
    layers = [
        ideal.mark_line(color=MUTED, strokeDash=[2, 3], strokeWidth=1).encode(x=across, y=height),
        base.mark_rule(color=MUTED, strokeWidth=5, strokeCap="round", opacity=0.45).encode(y="low:Q", y2="high:Q"),
        base.mark_point(filled=True, size=64, color=INK, opacity=1).encode(y=height),
    ]
    error = fitted.figures.error
    off, low, high = (100 * one for one in (error.value, error.low, error.high))
    title = f"What is said is off by {off:.1f} points on average ({low:.1f} to {high:.1f})"
    note = "Items that the curve was not fitted on. On the dotted line what is said is so; bars are 95 % intervals."
    rows = [
        (percent(one.said), f"{percent(one.found)} ({percent(one.low)} to {percent(one.high)})", f"{one.worth:,.0f}")
        for one in bins
    ]
    return drawn(layers, Telling("reliability", title, note, ("Said", "Found", "Items"), rows), height=_HEIGHT + 40)


def tippett_chart(fitted: Fitted) -> Chart:
    """Of either kind, the share of items whose likelihood ratio is above each value."""
    import altair as alt

    tippett = fitted.diagrams.tippett
    across = alt.X(
        "ratio:Q", title="likelihood ratio", axis=alt.Axis(labelExpr=_TIMES, tickMinStep=1), scale=alt.Scale(nice=False)
    )
    height = alt.Y(
        "share:Q",
        title="share of items above it",
        axis=alt.Axis(labelExpr=_PERCENT, tickCount=5),
        scale=alt.Scale(domain=[0, 1], nice=False),
    )
    layers: list[Any] = [plotted([{"ratio": 0}]).mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=across)]
    for name, shares, ink in (("made by AI", tippett.ai, INK), ("not made by AI", tippett.other, MUTED)):
        values = [{"ratio": at, "share": share} for at, share in zip(tippett.at, shares, strict=True)]
        base = plotted(values).encode(x=across, y=height)
        layers.append(base.mark_line(color=ink, strokeWidth=2))
        # To the right of its own line where that has fallen by half; the other kind's line is elsewhere there.
        middle = min(values, key=lambda one: abs(one["share"] - 0.5))
        label = plotted([{**middle, "name": name}]).mark_text(align="left", dx=10, dy=-8, color=ink, fontSize=12)
        layers.append(label.encode(x=across, y=height, text="name:N"))
    wrong = fitted.diagrams
    title = (
        f"Of items not made by AI {percent(wrong.misleading_other)} have a ratio that speaks for AI, "
        f"and of those by AI {percent(wrong.misleading_ai)} one that speaks against it"
    )
    note = "Tippett plot of items that the curve was not fitted on. The further apart the lines, the more scores say."
    rows = [
        (_said(at), percent(ai), percent(other))
        for at, ai, other in list(zip(tippett.at, tippett.ai, tippett.other, strict=True))[::4]
    ]
    telling = Telling("tippett", title, note, ("Above", "Made by AI", "Not made by AI"), rows)
    return drawn(layers, telling, height=_HEIGHT)


def _said(log10_lr: float) -> str:
    if abs(log10_lr) < 0.005:
        return "even"
    return f"{times(log10_lr)} times {'for' if log10_lr > 0 else 'against'} AI"
