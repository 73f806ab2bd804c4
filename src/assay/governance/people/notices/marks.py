"""Marks of one's own reading: which notices were read, up to where the news were seen. They are no acts and no entry.

Nothing is decided by a mark, nobody else sees it, and the ledger would drown in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assay.governance.office.actor import Actor
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Notice, Seen

# Pages loaded again within this time are one visit, and show the same news.
VISIT = timedelta(minutes=30)


def mark_read(by: Actor, at: datetime, numbers: list[int] | None = None) -> int:
    """Mark one's own notices as read: those numbered, or all. How many that were."""
    unread = Notice.objects.filter(person__key=by.who.key, read_at=None)
    wanted = unread if numbers is None else unread.filter(pk__in=numbers)
    return wanted.update(read_at=at)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's present visit.

    number, at  up to which entry the visit before it had seen, and when; None where this is the first
    """

    number: int | None
    at: datetime | None
    mark: Seen | None


def visit_of(by: Actor, at: datetime) -> Visit:
    """The visit that a page at this instant belongs to. It reads only."""
    mark = Seen.objects.filter(person__key=by.who.key).first()
    if mark is None:
        return Visit(None, None, None)
    if at - mark.at > VISIT:
        mark.before, mark.before_at = mark.number, mark.at
    return Visit(None if mark.before_at is None else mark.before, mark.before_at, mark)


def mark_seen(visit: Visit, newest: int, *, by: Actor, at: datetime) -> None:
    """Note up to which entry the news were shown, so that the next visit begins behind it."""
    mark = visit.mark
    if mark is None:
        person = Person.objects.filter(key=by.who.key).first()
        if person is not None:
            Seen.objects.get_or_create(person=person, defaults={"number": newest, "at": at})
    elif at - mark.at > VISIT or newest > mark.number:
        # A page that is loaded again, with nothing new, costs no write.
        mark.number, mark.at = max(newest, mark.number), at
        mark.save()
