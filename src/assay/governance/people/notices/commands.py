"""What people change of notices and calendars: only ever their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.people.models import Person
from assay.governance.people.notices.events import CalendarAddressMade, CalendarAddressRevoked, WaysChosen
from assay.governance.people.notices.kinds import KINDS, Way, way_of
from assay.governance.people.notices.models import CalendarAddress, Preference

# An address a device, and one to spare.
MOST_ADDRESSES = 10
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class MadeAddress:
    """A calendar's address at the one moment when its token is known."""

    address: CalendarAddress
    token: str = field(repr=False)


@command("notices.choose-ways", words="choose how to hear of notices", own=True)
def choose_ways(*, ways: Mapping[str, str], by: Actor, at: datetime) -> int | list[Fault]:
    """Set the way of some kinds; the others stay. How many changed."""
    faults = [fault for slug, way in ways.items() for fault in _wrong(slug, way)]
    if faults:
        return faults
    person = Person.of(by.who)
    before = dict(Preference.objects.filter(person=person).values_list("kind", "way"))
    changed = {slug: way for slug, way in ways.items() if way_of(KINDS[slug], before.get(slug)) != way}
    if not changed:
        return [Fault("nothing-changed", "every way is as it was; choose another one, or leave it so")]
    for slug, way in changed.items():
        Preference.objects.update_or_create(person=person, kind=slug, defaults={"way": way})
    append(WaysChosen(len(changed)), subject=by.who, by=by, at=at)
    return len(changed)


@command("calendar.make-address", words="make an address for one's own calendar", own=True)
def make_calendar_address(*, by: Actor, at: datetime) -> MadeAddress | list[Fault]:
    """A new private address; its token is shown once and kept as a digest."""
    person = Person.of(by.who)
    if CalendarAddress.objects.filter(person=person, revoked_at=None).count() >= MOST_ADDRESSES:
        words = f"you have {MOST_ADDRESSES} addresses already; revoke one that no calendar uses any more"
        return [Fault("too-many-addresses", words)]
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = CalendarAddress.objects.create(person=person, digest=digest_of_token(token), made_at=at)
    append(CalendarAddressMade(), subject=_reference(made), by=by, at=at)
    return MadeAddress(made, token)


@command("calendar.revoke-address", words="revoke an address of one's own calendar", own=True)
def revoke_calendar_address(*, number: int, by: Actor, at: datetime) -> CalendarAddress | list[Fault]:
    """Revoke one of one's own; another person's is answered as one that is not there."""
    found = CalendarAddress.objects.filter(pk=number, person__key=by.who.key, revoked_at=None)
    address = found.select_for_update().first()
    if address is None:
        return [Fault("no-address", "no such address is in use; it may have been revoked already")]
    address.revoked_at = at
    address.save(update_fields=["revoked_at"])
    append(CalendarAddressRevoked(), subject=_reference(address), by=by, at=at)
    return address


def digest_of_token(token: str) -> str:
    """The form in which a token of 32 random bytes is kept: it cannot be guessed, so it needs no slow hash."""
    return sha256(token.encode()).hexdigest()


def _reference(address: CalendarAddress) -> Reference:
    return Reference("calendar-address", str(address.pk))


def _wrong(slug: str, way: str) -> list[Fault]:
    kind = KINDS.get(slug)
    if kind is None:
        words = f"there is no kind of notices `{slug[:60]}`; reload the page and choose again"
        return [Fault("no-kind", words, slug[:60])]
    if way not in set(Way):
        return [Fault("no-way", f"`{way[:60]}` is no way to hear of it; choose one of those shown", slug)]
    if kind.security and way != kind.way:
        words = f"`{kind.title}` is about your way in and always comes at once; leave it as it is"
        return [Fault("security-notice", words, slug)]
    return []
