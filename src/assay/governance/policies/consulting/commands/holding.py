"""A consultation held for whoever changes it, and faults that several commands share. It changes nothing itself."""

from __future__ import annotations

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.people.models import Person
from assay.governance.policies.consulting.models import Consultation, Invitation

OVER = Fault("consultation-over", "the consultation is over; extend it to hear more views")
STALE = Fault("engagement-over", "your engagement has ended; whoever invited you may ask you anew")
NOT_ASKED = Fault("not-asked", "you are not asked in this consultation, or no longer")


def hold(consultation: Consultation) -> Consultation:
    """The same consultation as it stands now, nobody else's to alter until the transaction ends."""
    return Consultation.objects.select_for_update().select_related("change").get(pk=consultation.pk)


def writer(by: Actor) -> Person | None:
    """The person who acts; None where no person does."""
    return Person.of(by.who) if by.who.kind == "person" else None


def own_invitation(consultation: Consultation, by: Actor) -> Invitation | None:
    """The invitation of whoever acts, themselves and not for another; None where there is none any more."""
    if by.who.kind != "person":
        return None
    return consultation.invitations.filter(person__key=by.who.key, withdrawn_at=None).first()
