"""A calendar as other programs read it (iCalendar, RFC 5545). It holds what its owner may see and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from assay.governance.office.contributions import Date

PRODUCT = "-//Assay//Workbench//EN"
_REMARKS = {"duties": "This is how the pack's authors read their duties. It is not legal advice."}


def feed_of(dates: Iterable[Date], *, origin: str, at: datetime) -> bytes:
    """The dates as one calendar.

    origin  the site's address, which links and names of entries begin with
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Assay")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for date in dates:
        calendar.add_component(_event(date, origin, at))
    written: bytes = calendar.to_ical()
    return written


def name_of(date: Date, origin: str) -> str:
    """The name of an entry, the same on every reading: by it a calendar knows what it has already."""
    host = origin.partition("://")[2].partition(":")[0] or "assay"
    return f"{sha256(f'{date.room}/{date.key}'.encode()).hexdigest()[:32]}@{host}"


def _event(date: Date, origin: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", name_of(date, origin))
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", date.words)
    moment = date.at.astimezone(UTC).replace(microsecond=0)
    if date.whole_day:
        event.add("dtstart", moment.date())
        event.add("dtend", moment.date() + timedelta(days=1))
    else:
        event.add("dtstart", moment)
    # Nobody is busy because a law begins.
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{origin}{date.url}")
    event.add("categories", [date.room])
    if date.room in _REMARKS:
        event.add("description", _REMARKS[date.room])
    return event
