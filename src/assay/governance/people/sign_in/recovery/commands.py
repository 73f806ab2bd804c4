"""Ask for recovery, approve it, decline it. None of them lets anybody in: the link and the password do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.conf import settings

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import ADMINISTRATORS
from assay.governance.people.models import Person
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.sign_in import events
from assay.governance.people.sign_in.links import make_link
from assay.governance.people.sign_in.models import Recovery
from assay.governance.people.sign_in.rules import RECOVERY_LASTS, why_not_decide

NO_SUCH = Fault("no-such-recovery", "there is no such recovery; open the list again")
FOLDER = "assay.governance.people.notices.mail.folder.FolderBackend"
ALREADY = Fault("already-asked", "a recovery was asked for already; wait for an administrator")


@dataclass(frozen=True, slots=True)
class Approved:
    """A recovery that somebody vouched for.

    path  the link, where the administrator has to hand it over; else None, and it was mailed
    """

    name: str
    expires: datetime
    path: str | None = field(repr=False)


@command("people.ask-recovery", words="ask for recovery from the sign-in page", system=True)
def ask_recovery(
    *, person: Person, first: Literal["password-shown", "address-given"], by: Actor, at: datetime
) -> Recovery | list[Fault]:
    """Somebody cannot come in any more; nothing changes before an administrator has decided.

    by  the system: whoever asks is not signed in, and may not be the person
    """
    # Held first, so that of two requests at one instant the second finds the first one's.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = Recovery.objects.select_for_update().filter(person=person, decided_at=None).first()
    if held is not None and at < held.expires_at:
        return [ALREADY]
    if held is not None:
        # Nobody decided in time: it counts as declined by nobody, and makes room.
        Recovery.objects.filter(pk=held.pk).update(decided_at=held.expires_at, approved=False)
    recovery = Recovery.objects.create(person=person, asked_at=at, expires_at=at + RECOVERY_LASTS)
    append(events.RecoveryAsked(first), subject=person.reference, by=by, at=at)
    return recovery


@command("people.approve-recovery", words="approve somebody's recovery", roles=ADMINISTRATORS)
def approve_recovery(*, number: int, by: Actor, at: datetime) -> Approved | list[Fault]:
    """Vouch for somebody; the link goes to the person alone, by mail."""
    recovery = _decided(number, approved=True, by=by, at=at)
    if isinstance(recovery, list):
        return recovery
    made = make_link(recovery.person, "recovery", at=at)
    post(kind="recovery-approved", person=recovery.person, at=at, key=f"recovery:{number}", link=made.path)
    append(events.RecoveryApproved(), subject=recovery.person.reference, by=by, at=at)
    # By hand only where no mail leaves the house, and where it opens nothing without the person's own password.
    by_hand = settings.EMAIL_BACKEND == FOLDER and recovery.person.has_usable_password()
    return Approved(recovery.person.name, made.expires, made.path if by_hand else None)


@command("people.decline-recovery", words="decline somebody's recovery", roles=ADMINISTRATORS)
def decline_recovery(*, number: int, by: Actor, at: datetime) -> Recovery | list[Fault]:
    """Do not vouch for whoever asked."""
    recovery = _decided(number, approved=False, by=by, at=at)
    if not isinstance(recovery, list):
        append(events.RecoveryDeclined(), subject=recovery.person.reference, by=by, at=at)
    return recovery


def _decided(number: int, *, approved: bool, by: Actor, at: datetime) -> Recovery | list[Fault]:
    recovery = Recovery.objects.select_related("person").filter(pk=number).first()
    if recovery is None:
        return [NO_SUCH]
    open_until = None if recovery.decided_at else recovery.expires_at
    faults = why_not_decide(by, recovery.person.reference, open_until=open_until, at=at)
    if faults:
        return faults
    decider = Person.of(by.who)
    # The condition stands in the statement: of two administrators at once, the second changes nothing.
    changed = Recovery.objects.filter(pk=number, decided_at=None).update(
        decided_at=at, decided_by=decider, approved=approved
    )
    return recovery if changed else why_not_decide(by, recovery.person.reference, open_until=None, at=at)
