"""Dates by day and by month, as a page lays them out. It knows no store and asks no clock."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from assay.governance.office.contributions import Date

FIRST_YEAR, LAST_YEAR = 1990, 2199


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its dates."""

    day: date
    dates: tuple[Date, ...]
    inside: bool = True
    today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday on, with the days of its neighbours that fill them."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)


def day_of_date(found: Date, zone: tzinfo) -> date:
    """The day on which a date falls: of an instant, where its reader is; of a whole day, that day everywhere."""
    return found.at.astimezone(UTC if found.whole_day else zone).date()


def by_day(dates: Iterable[Date], zone: tzinfo, today: date) -> tuple[Day, ...]:
    """Days that have dates, in order."""
    found: dict[date, list[Date]] = {}
    for each in dates:
        found.setdefault(day_of_date(each, zone), []).append(each)
    return tuple(Day(day, tuple(found[day]), today=day == today) for day in sorted(found))


def month_of(first: date, dates: Iterable[Date], zone: tzinfo, today: date) -> Month:
    """A month with its dates."""
    found = {each.day: each.dates for each in by_day(dates, zone, today)}
    weeks = (
        tuple(Day(day, found.get(day, ()), day.month == first.month, day == today) for day in week)
        for week in weeks_of(first)
    )
    return Month(first, tuple(weeks))


def read_month(text: str, today: date) -> date:
    """The first day of the month that an address names as `2026-12`; of the present one where it names none."""
    year, _, month = text.partition("-")
    if len(year) == 4 and len(month) == 2 and year.isdecimal() and month.isdecimal():
        number = int(month)
        if FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= number <= 12:
            return date(int(year), number, 1)
    return today.replace(day=1)


def bounds_of(weeks: Sequence[Sequence[date]], zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first instant of some weeks to the one after their last, wide enough for whole days of any zone."""
    start = datetime.combine(weeks[0][0], datetime.min.time(), zone)
    until = datetime.combine(weeks[-1][-1] + timedelta(days=1), datetime.min.time(), zone)
    return start - timedelta(days=1), until + timedelta(days=1)


def weeks_of(first: date) -> list[list[date]]:
    """The days that the weeks of a month show."""
    return calendar.Calendar().monthdatescalendar(first.year, first.month)
