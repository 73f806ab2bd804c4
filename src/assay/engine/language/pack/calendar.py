"""Windows by market, and what they make of a day. It never knows what day it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in which something holds in some markets, with its source.

    start, until  microseconds since the epoch; `until` is excluded
    poll          the day people vote, as the instant of its first moment in UTC, or None
    """

    id: str
    kind: str
    markets: frozenset[str]
    phase: str
    start: int
    until: int
    poll: int | None
    source: str
    confidence: str
    span: Span = field(compare=False)


def value_by_calendar(signal: Signal, windows: Sequence[Window], market: str, as_of: int) -> MaybeValue:
    """A calendar signal's value in a market at an instant; None where the calendar does not say."""
    source = signal.calendar
    if source is None:
        return None
    here = [window for window in windows if window.kind == source.kind and market in window.markets]
    if source.gives == "days_to":
        polls = [window.poll for window in here if window.poll is not None]
        ahead = [poll // DAY - as_of // DAY for poll in polls if poll // DAY >= as_of // DAY]
        return (min(ahead) if signal.integer else float(min(ahead))) if ahead else None
    phases = {window.phase for window in here if window.start <= as_of < window.until}
    for name in reversed(signal.value_names):
        if name in phases:
            return name
    return source.otherwise
