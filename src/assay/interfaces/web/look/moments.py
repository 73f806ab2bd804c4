"""Instants and days as people read them: `in 1 h 42 min (14:05 UTC)`. It reads no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from django.utils import timezone

Urgency: TypeAlias = Literal["", "soon", "over"]
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_MONTHS = "January February March April May June July August September October November December".split()
# From here on it is a matter of this shift.
SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Told:
    """An instant in words.

    distance  from now: `in 1 h 42 min`, `3 days ago`
    place     on the clock: `14:05 UTC`, with the day where it is another one
    """

    distance: str
    place: str
    machine: str
    urgency: Urgency


def told(at: datetime, now: datetime, *, due: bool = False) -> Told:
    """An instant as it stands now, on the clock of whoever reads.

    due  whether something must be done until then, so that it can be near or past
    """
    here, today = timezone.localtime(at), timezone.localtime(now)
    clock = f"{here:%H:%M} {zone_of(here)}"
    place = clock if here.date() == today.date() else f"{day_words(here.date(), today.date())}, {clock}"
    return Told(distance(at - now, due=due), place, at.isoformat(timespec="seconds"), urgency(at, now) if due else "")


def urgency(at: datetime, now: datetime) -> Urgency:
    """Whether a time limit has passed or is near."""
    if at <= now:
        return "over"
    return "soon" if at - now <= SOON else ""


def distance(apart: timedelta, *, due: bool = False) -> str:
    """How far off something is, in minutes or in days; rounded down, so that no limit seems later than it is."""
    seconds = int(abs(apart).total_seconds())
    past = apart <= timedelta(0)
    if seconds < _MINUTE:
        # What happened while the page was made lies after the request's own instant: it is no matter of the future.
        return ("overdue by less than 1 min" if past else "within 1 min") if due else "just now"
    words = _span(seconds)
    if not past:
        return f"in {words}"
    return f"overdue by {words}" if due else f"{words} ago"


def day_words(day: date, today: date) -> str:
    """A day: `today`, `tomorrow`, `yesterday`, else `6 December`, with its year where that is another one."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near is not None:
        return near
    return written(day) if day.year != today.year else f"{day.day} {_MONTHS[day.month - 1]}"


def written(day: date) -> str:
    """`6 December 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def zone_of(at: datetime) -> str:
    """What the clock is called: `UTC`, `CET`; a zone without a name of letters by its distance, `UTC+05:45`."""
    name = at.tzname() or "UTC"
    if name[:1] not in {"+", "-"}:
        return name
    return f"UTC{name[:3]}:{name[3:]}" if len(name) > 3 else f"UTC{name}"


def _span(seconds: int) -> str:
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    if days == 1:
        return f"1 day {hours} h" if hours else "1 day"
    if days < 60:
        return f"{days} days"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"
