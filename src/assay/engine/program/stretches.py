"""Stretches of time in which a pack says the same of everything. It never asks what time it is."""

from __future__ import annotations

from bisect import bisect_right

from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.pack import Pack

# After every instant that can be written.
_NEVER = 1 << 63


class Stretches:
    """Where time turns what a pack says: a rule begins or ends, its grace ends, a window opens or shuts.

    Two instants of one stretch have the same regime, so that what is worked out for one of them holds for the other,
    and a service whose clock moves on does not begin anew each second. What an assertion's time comes to is not
    said here: that belongs to the item.
    """

    def __init__(self, pack: Pack) -> None:
        turns: set[int | None] = set()
        for rule in pack.rules:
            turns |= {rule.period.effective, rule.period.sunset, rule.grace_until}
        for window in pack.windows:
            turns |= {window.start, window.until}
        self._turns = sorted(turn for turn in turns if turn is not None)
        calendars = (signal.calendar for signal in pack.vocabulary.signals)
        # The days to a poll are others each day.
        self._by_day = any(calendar is not None and calendar.gives == "days_to" for calendar in calendars)

    def around(self, as_of: int) -> tuple[int, int]:
        """The stretch in which an instant lies: an instant that stands for all of it, and the first that is outside.

        The first is the stretch's own first, or, before everything that turns, the last.
        """
        turns = self._turns
        place = bisect_right(turns, as_of)
        begin = turns[place - 1] if place else None
        end = turns[place] if place < len(turns) else _NEVER
        if self._by_day:
            today = as_of - as_of % DAY
            return today if begin is None else max(today, begin), min(today + DAY, end)
        if begin is None:
            return (end - 1, end) if turns else (0, end)
        return begin, end
