"""Strikes and accounts of a forecast: who crosses which threshold. They say nothing of a single account."""

from __future__ import annotations

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.foreseen import POINTS, Foreseen
from assay.engine.backtest.forecast.lines.line import line
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.rehearsal import ForecastLine, Threshold
from assay.engine.backtest.replay.seen import NEW, OLD


def account_lines(
    foreseen: Foreseen, design: Design, days: int
) -> tuple[tuple[ForecastLine, ...], tuple[Threshold, ...], tuple[str, ...]]:
    """Items with a strike, accounts at every threshold of the scheme, and what is assumed of accounts."""
    strikes, scheme, cells = foreseen.strikes, foreseen.assumptions.strikes, foreseen.cells
    if not cells.rows(POINTS):
        return (), (), ()
    whole = whole_of(design, 1.0)
    struck = (
        total(design, cells.domain(POINTS, lambda old, new: float(old > 0)), whole),
        total(design, cells.domain(POINTS, lambda old, new: float(new > 0)), whole),
        total(design, cells.domain(POINTS, lambda old, new: float((new > 0) - (old > 0)), signed=True), whole),
    )
    lines = (line("strikes", "Items that bring a strike", "items", struck, ("An item brings one strike at most.",)),)
    if strikes.nameless:
        return lines, (), ("The history does not say who uploaded what, so nobody's strikes can be added up.",)
    points = [_points(foreseen, design, side) for side in (OLD, NEW)]
    peaks = [strikes.peaks(side) for side in (OLD, NEW)]
    thresholds = tuple(
        Threshold(
            step.points,
            step.consequence,
            strikes.reaching(peaks[OLD], step.points, points[OLD]),
            strikes.reaching(peaks[NEW], step.points, points[NEW]),
        )
        for step in scheme.steps
    )
    return lines, thresholds, _words(foreseen, days)


def _points(foreseen: Foreseen, design: Design, side: int) -> Estimate:
    found = foreseen.cells.domain(POINTS, lambda old, new: float((old, new)[side]))
    return total(design, found, whole_of(design, float(foreseen.assumptions.strikes.worst)))


def _words(foreseen: Foreseen, days: int) -> tuple[str, ...]:
    strikes, scheme = foreseen.strikes, foreseen.assumptions.strikes
    found = [scheme.words()]
    if "strikes" not in foreseen.assumptions.given:
        found[0] += f" Source: {scheme.source}. Give your own scheme under `strikes`."
    if days < scheme.window_days:
        found.append(
            f"The history spans {days} of the {scheme.window_days} days that a strike counts: strikes from before it "
            "are not seen, so accounts are counted too low under both versions."
        )
    if strikes.partial:
        found.append(
            "The history is a sample of items, so no account's strikes are all seen: at least the accounts that cross "
            "a threshold by what was sampled, at most as many as all strikes together would allow."
        )
    if strikes.halvings:
        found.append(
            f"Accounts with strikes were too many to keep: one in {2**strikes.halvings} was followed and weighted up."
        )
    if any(strikes.unattributed):
        old, new = strikes.unattributed
        found.append(f"Strikes on rows without an uploader ({old:,} before, {new:,} after) are in no account.")
    return tuple(found)
