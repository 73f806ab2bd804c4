"""The instants that a block's rows are decided as of: what has begun, and what the calendar says. It reads no clock."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.policy import Period
from assay.engine.program.columnar.graph import Calendar
from assay.engine.program.columnar.planes import Plane, pack
from assay.engine.program.columnar.table.columns import Coded, Dictionary, smallest_codes

# A plane, or True for every row and False for none: most blocks lie wholly on one side of a date.
Rows: TypeAlias = Plane | bool


class Instants:
    """The instants of a block's rows."""

    def __init__(self, as_of: int | NDArray[np.int64], rows: int) -> None:
        alike = isinstance(as_of, int) or not rows
        self._each = None if isinstance(as_of, int) or not rows else as_of
        self._first = int(as_of) if isinstance(as_of, int) else 0 if alike else int(as_of.min())
        self._last = self._first if self._each is None else int(self._each.max())
        self._rows = rows
        self._since: dict[int, Rows] = {}
        self._stretches: dict[tuple[int, ...] | None, tuple[NDArray[Any], tuple[int, ...]]] = {}
        self._calendars: dict[tuple[Calendar, str], Coded] = {}

    def since(self, bound: int | None) -> Rows:
        """The rows as of an instant or later; None is no bound."""
        if bound is None or self._first >= bound:
            return True
        if self._each is None or self._last < bound:
            return False
        found = self._since.get(bound)
        if found is None:
            found = self._since[bound] = pack(self._each >= bound)
        return found

    def within(self, period: Period) -> Rows:
        """The rows as of an instant in a period."""
        begun = self.since(period.effective)
        if period.sunset is None or begun is False:
            return begun
        ended = self.since(period.sunset)
        if isinstance(ended, bool):
            return False if ended else begun
        return ~ended if isinstance(begun, bool) else begun & ~ended

    def said_by(self, calendar: Calendar, market: str) -> Coded:
        """What a calendar says in a market, as a column."""
        key = (calendar, market)
        found = self._calendars.get(key)
        if found is None:
            codes, instants = self._stretches_of(self._bounds(calendar, market))
            said = [value_by_calendar(calendar.signal, calendar.windows, market, instant) for instant in instants]
            found = self._calendars[key] = Coded(codes, Dictionary(tuple(said)))
        return found

    def _bounds(self, calendar: Calendar, market: str) -> tuple[int, ...] | None:
        """The instants at which the calendar says something new; None for every midnight."""
        if calendar.source.gives == "days_to":
            return None
        here = [window for window in calendar.windows if market in window.markets]
        return tuple(sorted({instant for window in here for instant in (window.start, window.until)}))

    def _stretches_of(self, bounds: tuple[int, ...] | None) -> tuple[NDArray[Any], tuple[int, ...]]:
        """For each row the stretch between two bounds that it lies in, and for each stretch an instant in it."""
        found = self._stretches.get(bounds)
        if found is None:
            found = self._stretches[bounds] = self._work_out_stretches(bounds)
        return found

    def _work_out_stretches(self, bounds: tuple[int, ...] | None) -> tuple[NDArray[Any], tuple[int, ...]]:
        first, last = self._first, self._last
        one = first // DAY == last // DAY if bounds is None else not any(first < bound <= last for bound in bounds)
        if self._each is None or one:
            return np.zeros(self._rows, np.uint8), (first,)
        instants = self._each
        places = instants // DAY if bounds is None else np.searchsorted(np.array(bounds), instants, side="right")
        _, somewhere, codes = np.unique(places, return_index=True, return_inverse=True)
        return codes.astype(smallest_codes(somewhere.size)), tuple(instants[somewhere].tolist())
