"""People are invited to a consultation, reminded, and taken off again. An account is made elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.policies.consulting.commands.holding import OVER, hold, writer
from assay.governance.policies.consulting.events import ExpertInvited, InvitationWithdrawn, InvitedReminded
from assay.governance.policies.consulting.models import Consultation, Invitation
from assay.governance.policies.consulting.rules.asking import Engagement, faults_of_engagement
from assay.governance.policies.consulting.targets import CONSULTERS, consulted

_REMIND_EVERY = timedelta(hours=20)


@command("policies.invite-expert", words="invite somebody to a consultation", roles=CONSULTERS, target=consulted)
def invite_expert(
    *, consultation: Consultation, person: Person, engagement: Engagement, by: Actor, at: datetime
) -> Invitation | list[Fault]:
    """Ask somebody of the house, or an external expert who has an account; again with new particulars renews it."""
    held = hold(consultation)
    roles = actor_of(person, at).roles
    external = not roles & INSIDE
    faults = _faults_of_person(held, person, roles, at)
    faults += faults_of_engagement(engagement, at.date(), external=external)
    if faults:
        return faults
    made, _ = Invitation.objects.update_or_create(
        consultation=held,
        person=person,
        defaults={
            "external": external,
            "expertise": engagement.expertise.strip(),
            "viewpoint": engagement.viewpoint,
            "region": engagement.region.strip(),
            "stale_on": engagement.stale_on,
            "invited_at": at,
            "invited_by": writer(by),
            "withdrawn_at": None,
            "declined_at": None,
        },
    )
    append(ExpertInvited(person.reference, external), subject=held.reference, by=by, at=at)
    return made


@command(
    "policies.withdraw-invitation", words="withdraw an invitation to a consultation", roles=CONSULTERS, target=consulted
)
def withdraw_invitation(
    *, consultation: Consultation, person: Person, by: Actor, at: datetime
) -> Invitation | list[Fault]:
    """Show somebody nothing of it any more; a view that they gave stays, and is answered."""
    held = hold(consultation)
    found = held.invitations.filter(person=person, withdrawn_at=None).first()
    if found is None:
        return [Fault("not-invited", "they are not invited any more; nothing was changed")]
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    append(InvitationWithdrawn(person.reference), subject=held.reference, by=by, at=at)
    return found


@command("policies.remind-invited", words="remind those whose view is missing", roles=CONSULTERS, target=consulted)
def remind_invited(*, consultation: Consultation, by: Actor, at: datetime) -> int | list[Fault]:
    """Ask those again who have not answered, at most once a day. Returns how many they are."""
    held = hold(consultation)
    if not held.is_open(at):
        return [OVER]
    if held.reminded_at is not None and at - held.reminded_at < _REMIND_EVERY:
        return [Fault("reminded-lately", "they were reminded within the last day; try again tomorrow")]
    waiting = [each for each in missing(held) if not each.is_stale(at.date())]
    if not waiting:
        return [Fault("nobody-missing", "everybody who is invited has answered; there is nobody to remind")]
    held.reminded_at = at
    held.save(update_fields=["reminded_at"])
    append(InvitedReminded(len(waiting)), subject=held.reference, by=by, at=at)
    return len(waiting)


def missing(consultation: Consultation) -> list[Invitation]:
    """Invitations that were neither answered, declined nor withdrawn."""
    wanted = consultation.invitations.filter(withdrawn_at=None, declined_at=None, view=None)
    return list(wanted.select_related("person"))


def _faults_of_person(held: Consultation, person: Person, roles: frozenset[Role], at: datetime) -> list[Fault]:
    if not held.is_open(at):
        return [OVER]
    if not person.is_active or not roles:
        words = "their account has no role; an administrator gives them the role of external expert first"
        return [Fault("no-role", words, "person")]
    if person.reference in held.change.hands:
        return [Fault("own-work", "they wrote in this change; ask somebody whose own work it is not", "person")]
    asked = held.invitations.filter(person=person, withdrawn_at=None, declined_at=None).first()
    if asked is not None and not asked.is_stale(at.date()):
        return [Fault("invited-already", "they are invited already; withdraw that first to ask them anew", "person")]
    return []
