"""The forecast of a change: work, exposure, appeals, clocks and accounts. It says what every line assumes."""

from __future__ import annotations

from collections.abc import Sequence

from assay.engine.backtest.estimate.design import Design, Kind
from assay.engine.backtest.forecast.foreseen import Foreseen
from assay.engine.backtest.forecast.lines.accounts import account_lines
from assay.engine.backtest.forecast.lines.appeals import appeal_lines
from assay.engine.backtest.forecast.lines.items import item_lines, view_lines
from assay.engine.backtest.forecast.lines.loads import clock_loads
from assay.engine.backtest.forecast.lines.work import review_lines
from assay.engine.backtest.forecast.reviewing import Reviewing
from assay.engine.backtest.forecast.walk import Walker
from assay.engine.backtest.rehearsal import Forecast, Quality
from assay.engine.decision.decide import Decider

MOST_WALKS = 900
NO_ROWS = "The history has no row that could be decided, so there is nothing to forecast from."


def forecast(
    foreseen: Foreseen,
    design: Design,
    old: Decider,
    new: Decider,
    quality: Sequence[Quality] = (),
    *,
    most_walks: int = MOST_WALKS,
) -> Forecast:
    """Everything that can be forecast from what was gathered, for the time that the history spans.

    quality     what labels say of measures; where they say nothing, the assumptions stand
    most_walks  open items whose questions are walked through
    """
    days = foreseen.trend.days
    if not days:
        return Forecast(0, (), assumptions=(NO_ROWS,))
    walkers = (Walker(old, foreseen.assumptions), Walker(new, foreseen.assumptions))
    reviewing = Reviewing(foreseen.sampler, *walkers, design, most_walks)
    lines = [
        *review_lines(foreseen, reviewing, design, days),
        *appeal_lines(foreseen, design, quality),
        *item_lines(foreseen, design),
        *view_lines(foreseen, design),
    ]
    accounts, thresholds, about_accounts = account_lines(foreseen, design, days)
    clocks, about_clocks = clock_loads(foreseen, design, days, (old.pack.measures, new.pack.measures))
    return Forecast(
        days, (*lines, *accounts), clocks, thresholds, (*_general(design, days), *about_clocks, *about_accounts)
    )


def _general(design: Design, days: int) -> tuple[str, ...]:
    span = "one day" if days == 1 else f"{days} days"
    found = [
        f"The figures are for the {span} that the history spans, as if the same uploads came again.",
        "Nobody behaves differently because of the change.",
        "Intervals hold what sampling leaves open and the bounds of the assumptions, not what an unlike month brings.",
    ]
    if design.kind is Kind.CENSUS:
        found.append("Every item of the time is in the history, so counts of items have no sampling error.")
    return tuple(found)
