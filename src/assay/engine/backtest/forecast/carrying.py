"""Estimates times assumptions that are known only between bounds: the interval takes both in. It hides neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.assumptions import Range


def carried(estimate: Estimate, factor: Range) -> Estimate:
    """An estimate times a number between two bounds; the point uses their middle."""
    value, low, high = estimate.value, estimate.low, estimate.high
    corners = [bound * end for bound in (low, high) if bound is not None for end in (factor.low, factor.high)]
    return replace(
        estimate,
        value=None if value is None else value * factor.middle,
        low=None if low is None else min(corners),
        high=None if high is None else max(corners),
    )


def spanned(middle: Estimate, corners: Iterable[Estimate]) -> Estimate:
    """The estimate that rests on the middle of assumptions, with an interval that holds those on their bounds."""
    every = [middle, *corners]
    lows = [one.low for one in every if one.low is not None]
    highs = [one.high for one in every if one.high is not None]
    return replace(middle, low=min(lows) if lows else None, high=max(highs) if highs else None)
