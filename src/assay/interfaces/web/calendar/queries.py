"""Dates that somebody may see, from every room. Each room answers for its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import DATES, Date
from assay.governance.office.operations import NotAllowed, query


@query("calendar.see", words="see the dates that one may see", own=True)
def dates_between(*, start: datetime, until: datetime, by: Actor, at: datetime, room: str = "") -> list[Date]:
    """Dates from `start` and before `until`, the earliest first.

    room  of one contributor, such as `duties`; empty is every one
    """
    found = [date for dates in list(DATES.values()) for date in _asked(dates(by, start, until))]
    wanted = {(date.room, date.key): date for date in found if not room or date.room == room}
    return sorted(wanted.values(), key=lambda date: (date.at, not date.whole_day, date.words))


def _asked(dates: Iterable[Date]) -> list[Date]:
    try:
        return list(dates)
    except NotAllowed:
        # What a room does not show somebody is not in their calendar.
        return []
