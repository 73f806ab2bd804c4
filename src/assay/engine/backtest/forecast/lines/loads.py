"""Legal clocks of a forecast: how many run at each hour of the day. They say nothing of what stops them."""

from __future__ import annotations

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.forecast.foreseen import Foreseen
from assay.engine.backtest.rehearsal import ClockLoad
from assay.engine.backtest.replay.seen import NEW, OLD
from assay.engine.language.pack.measures import Measures


def clock_loads(
    foreseen: Foreseen, design: Design, days: int, versions: tuple[Measures, Measures]
) -> tuple[tuple[ClockLoad, ...], tuple[str, ...]]:
    """The load of every clock that ran, and what is assumed of clocks."""
    clocks, hours = foreseen.clocks, foreseen.assumptions.clocks
    found, unknown = [], []
    for measure in clocks.measures:
        length = hours.get(measure)
        if length is None:
            unknown.append(measure)
            continue
        title = next(known.by_id[measure].title for known in reversed(versions) if measure in known.by_id)
        found.append(
            ClockLoad(
                measure,
                title,
                length,
                clocks.load(measure, OLD, length, days, design),
                clocks.load(measure, NEW, length, days, design),
                clocks.peak(measure, OLD, length),
                clocks.peak(measure, NEW, length),
            )
        )
    return tuple(found), _words(foreseen, tuple(unknown), bool(found))


def _words(foreseen: Foreseen, unknown: tuple[str, ...], found: bool) -> tuple[str, ...]:
    words = []
    if found:
        words.append("A legal clock starts in the hour of the upload and runs for its whole length; nobody stops it.")
    if found and foreseen.clocks.without_hours:
        words.append("Uploads whose hour is not known are spread evenly over the hours of their day.")
    if unknown:
        named = ", ".join(f"`{measure}`" for measure in unknown)
        words.append(f"How long {named} runs is not known, so its load is left out; give its hours under `clocks`.")
    return tuple(words)
