"""The lines of a forecast about appeals and those that succeed. They judge no decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.assumptions import ALL, Range
from assay.engine.backtest.forecast.carrying import spanned
from assay.engine.backtest.forecast.foreseen import LABELS, LANE, Foreseen
from assay.engine.backtest.forecast.lines.line import Triple, line
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.rehearsal import ForecastLine, Quality
from assay.engine.backtest.replay.treatment import LABELLED

_End: TypeAlias = Callable[[Range], float]


def _low(one: Range) -> float:
    return one.low


def _middle(one: Range) -> float:
    return one.middle


def _high(one: Range) -> float:
    return one.high


_ENDS: tuple[_End, ...] = (_low, _high)


@dataclass(frozen=True, slots=True)
class _Rates:
    """By rank of the lane and under one version: the share of items that are appealed, and of appeals that succeed."""

    by_rank: tuple[tuple[Range, Range], ...]

    def at(self, rank: int, appeals: _End, success: _End) -> float:
        """The share of items in a lane that are appealed with success, at some ends of what is known."""
        appealed, succeeding = self.by_rank[rank]
        return appeals(appealed) * success(succeeding)


def appeal_lines(foreseen: Foreseen, design: Design, quality: Sequence[Quality]) -> tuple[ForecastLine, ...]:
    """Appeals, and appeals that would succeed."""
    every = _rates(foreseen, None, "old")
    old, new = (_rates(foreseen, quality, side) for side in ("old", "new"))
    where = _lane_words(foreseen)
    reversed_words = _overturn_words(foreseen, quality)
    return (
        line("appeals", "Appeals", "appeals", _triple(foreseen, design, every, every), where),
        line(
            "overturned", "Appeals that succeed", "appeals", _triple(foreseen, design, old, new),
            (*where, *reversed_words),
        ),
    )  # fmt: skip


def _triple(foreseen: Foreseen, design: Design, old: _Rates, new: _Rates) -> Triple:
    def at(of_old: int, of_new: int, appeals: _End, before_end: _End, after_end: _End) -> Estimate:
        def figure(before: int, after: int) -> float:
            then, now = old.at(before, appeals, before_end), new.at(after, appeals, after_end)
            return of_old * then + of_new * now

        most = max(abs(figure(before, after)) for before in ranks for after in ranks)
        found = foreseen.cells.domain(LANE, figure, signed=of_old < 0)
        return total(design, found, whole_of(design, most))

    def over(of_old: int, of_new: int) -> Estimate:
        # What is assumed of both versions is one number; what labels say of each may miss in opposite ways.
        apart = old != new
        ends = [(one, other) for one in _ENDS for other in _ENDS if apart or one is other]
        corners = [at(of_old, of_new, appeals, *end) for appeals in _ENDS for end in ends]
        return spanned(at(of_old, of_new, _middle, _middle, _middle), corners)

    ranks = range(len(foreseen.lanes))
    return over(1, 0), over(0, 1), over(-1, 1)


def _rates(foreseen: Foreseen, quality: Sequence[Quality] | None, side: str) -> _Rates:
    """The rates of one version; without `quality`, those of all appeals, whether they succeed or not."""
    found = []
    for lane in foreseen.lanes:
        # Nobody appeals what was not done to their item.
        appealed = foreseen.assumptions.appeals_of(lane.id) if lane.rank else Range(0.0, 0.0)
        success = ALL if quality is None else _overturned(lane.id, quality, side) or foreseen.assumptions.overturned
        found.append((appealed, success))
    return _Rates(tuple(found))


def _overturned(lane: str, quality: Sequence[Quality], side: str) -> Range | None:
    """What labels say of how often a lane's measures would be reversed; None where they say nothing."""
    known = [
        one.overturn
        for one in quality
        if one.side == side and (one.measure == lane or (lane == LABELLED and one.measure.startswith(f"{LABELS}:")))
    ]
    sure = [
        (one.low, one.value, one.high, one.rows)
        for one in known
        if one.low is not None and one.value is not None and one.high is not None
    ]
    rows = sum(count for *_, count in sure)
    if not rows:
        return None
    # Several labels are one lane; those that more rows stand behind say more of it.
    point = sum(value * count for _, value, _, count in sure) / rows
    return Range(min(low for low, *_ in sure), max(high for _, _, high, _ in sure), point)


def _lane_words(foreseen: Foreseen) -> tuple[str, ...]:
    assumptions = foreseen.assumptions
    rates = {lane.title: assumptions.appeals_of(lane.id) for lane in foreseen.lanes if lane.rank}
    if len(set(rates.values())) == 1:
        said = f"{next(iter(rates.values())).percent()} of items to which something is done are appealed"
    else:
        said = "Of items are appealed: " + ", ".join(f"{rate.percent()} of “{title}”" for title, rate in rates.items())
    unsourced = "; no source gives a rate for platforms in general, so give your own"
    unsourced = "" if "appealed" in assumptions.given else unsourced
    return (f"{said}{unsourced}.", "An item counts by its strongest lane, and is appealed at most once.")


def _overturn_words(foreseen: Foreseen, quality: Sequence[Quality]) -> tuple[str, ...]:
    known = [lane for lane in foreseen.lanes if lane.rank and _overturned(lane.id, quality, "new") is not None]
    others = [lane for lane in foreseen.lanes if lane.rank and lane not in known]
    found = []
    if known:
        titles = ", ".join(f"“{lane.title}”" for lane in known)
        found.append(
            f"For {titles} an appeal succeeds as often as labels say that the measure is wrong; appealed decisions are "
            "wrong more often than others."
        )
    if others:
        rate = foreseen.assumptions.overturned
        source = (
            " (European Commission: about 30% of 165 million appealed decisions in the first two years of the DSA)"
            if "overturned" not in foreseen.assumptions.given
            else ""
        )
        found.append(f"{'Elsewhere ' if known else ''}{rate.percent()} of appeals succeed{source}.")
    return tuple(found)
