"""What somebody may read of their own notices, preferences and calendar addresses. It marks nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from assay.governance.ledger.events import read_event, sentence
from assay.governance.ledger.meaning.naming import Book
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.references import Reference
from assay.governance.people.models import Person
from assay.governance.people.notices.commands import digest_of_token
from assay.governance.people.notices.kinds import KINDS, Kind, Way, way_of
from assay.governance.people.notices.models import CalendarAddress, Notice, Preference

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is read.

    words  what happened, as a sentence with names: "Bo proposed Cy as legal"
    """

    number: int
    kind: Kind
    words: str
    at: datetime
    is_read: bool
    url: str


@query("notices.list", words="read one's own notices", own=True)
def notices_of(
    *, by: Actor, at: datetime, after: str | None = None, most: int = 50, unread: bool = False
) -> tuple[Listing[Notice], list[Shown]]:
    """One page of one's own notices, the newest first, and the same in words."""
    wanted = Notice.objects.filter(person__key=by.who.key)
    if unread:
        wanted = wanted.filter(read_at=None)
    page = listed(wanted, order="-id", after=after, most=most)
    return page, shown(page.rows)


@query("notices.count", words="count one's own unread notices", own=True)
def unread_count(*, by: Actor, at: datetime) -> int:
    """How many are unread, up to a hundred."""
    unread = Notice.objects.filter(person__key=by.who.key, read_at=None).values("pk")[: MOST_COUNTED + 1]
    return len(unread)


@query("notices.ways", words="see how one hears of notices", own=True)
def ways_of(*, by: Actor, at: datetime) -> list[tuple[Kind, Way]]:
    """Every kind of notice, and the way that holds for it."""
    chosen = dict(Preference.objects.filter(person__key=by.who.key).values_list("kind", "way"))
    return [(kind, way_of(kind, chosen.get(kind.slug))) for kind in KINDS.values()]


@query("calendar.addresses", words="see the addresses of one's own calendar", own=True)
def calendar_addresses(*, by: Actor, at: datetime) -> list[CalendarAddress]:
    """One's own addresses that are in use, the newest first."""
    return list(CalendarAddress.objects.filter(person__key=by.who.key, revoked_at=None).order_by("-pk"))


def owner_of_address(token: str, at: datetime) -> Person | None:
    """Whose calendar a token opens; nobody's where it was revoked, or the account closed. It notes the day of use."""
    found = CalendarAddress.objects.select_related("person").filter(digest=digest_of_token(token), revoked_at=None)
    address = found.first()
    if address is None or not address.person.is_active:
        return None
    # Once a day and no oftener: some calendars ask every few minutes.
    if address.used_on != at.date():
        CalendarAddress.objects.filter(pk=address.pk).update(used_on=at.date())
    return address.person


def shown(notices: Iterable[Notice]) -> list[Shown]:
    """Notices in words, with one query for their entries and one a kind of name."""
    wanted = [notice for notice in notices if notice.kind in KINDS]
    entries = {entry.number: entry for entry in Entry.objects.filter(number__in={one.entry for one in wanted})}
    happened = {number: read_event(entry.kind, json.loads(entry.content)) for number, entry in entries.items()}
    book = Book(reference for entry in entries.values() for reference in _references(entry, happened[entry.number]))
    return [_shown(notice, entries.get(notice.entry), happened.get(notice.entry), book) for notice in wanted]


def _shown(notice: Notice, entry: Entry | None, happened: object, book: Book) -> Shown:
    kind = KINDS[notice.kind]
    words = "" if entry is None else f"{book(entry.by)} {_said(entry, book)}"
    return Shown(notice.pk, kind, words, notice.at, notice.read_at is not None, _place(kind, entry, happened, book))


def _said(entry: Entry, book: Book) -> str:
    return sentence(entry.kind, json.loads(entry.content), entry.subject, book)


def _references(entry: Entry, happened: object) -> list[Reference]:
    """Everything that an entry's sentence may name."""
    held = [getattr(happened, name, None) for name in getattr(type(happened), "__slots__", ())]
    return [entry.by, entry.about, *(value for value in held if isinstance(value, Reference))]


def _place(kind: Kind, entry: Entry | None, happened: object, book: Book) -> str:
    """Where something is to be done: the thing itself where it is one that waits, else the kind's page."""
    about = entry.about if kind.leads and entry is not None else getattr(happened, "proposal", None)
    place = book.named(about).url if isinstance(about, Reference) else None
    if place:
        return place
    try:
        return reverse(kind.page)
    except NoReverseMatch:
        # A room may be left out of a site; its notices are still on their own page.
        return reverse("notices:list")
