"""What is taken away at once: whatever somebody is signed in by, or, of a closed account, all that it had."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import ADMINISTRATORS, Role
from assay.governance.people.events import SignedOutEverywhere
from assay.governance.people.models import Absence, Delegation, Grant, Person, Proposal
from assay.governance.people.models.grants import in_force
from assay.governance.people.notices.models import CalendarAddress
from assay.governance.people.sign_in.sessions import delete_sessions, forget_ways_in
from assay.governance.people.tokens.models import Token
from assay.governance.people.views.models import SavedView

ERASED_NAME = "Closed account"


@command("people.sign-out-everywhere", words="sign somebody out everywhere", roles=ADMINISTRATORS)
def sign_out_everywhere(*, person: Person, by: Actor, at: datetime) -> Person | list[Fault]:
    """End every session and token of somebody; their roles, password and second factor stay as they are."""
    sessions = delete_sessions(person, numbers=None, keep=None)
    tokens = Token.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    if not sessions and not tokens:
        return [Fault("not-signed-in", "they are signed in nowhere and have no token; there is nothing to end")]
    append(SignedOutEverywhere(sessions, tokens), subject=person.reference, by=by, at=at)
    return person


def empty_account(person: Person, closed_by: Person, at: datetime) -> set[Role]:
    """For use inside a command; gives the roles that they held."""
    held = Grant.objects.filter(person=person, revoked_at=None)
    roles = {Role(role) for role in held.filter(in_force(at)).values_list("role", flat=True)}
    held.filter(Q(ends=None) | Q(ends__gt=at)).update(revoked_at=at, revoked_by=closed_by)
    Delegation.objects.filter(Q(giver=person) | Q(taker=person), ended_at=None, ends__gt=at).update(ended_at=at)
    Absence.objects.filter(Q(person=person) | Q(stand_in=person), ended_at=None, ends__gt=at).update(ended_at=at)
    Proposal.objects.filter(Q(author=person) | Q(gets=person), state="waiting").update(
        state="withdrawn", settled_at=at, settled_by=closed_by
    )
    # What was written about them, or by them, for those who approved: free text that may say who they are.
    Proposal.objects.filter(Q(author=person) | Q(gets=person)).update(reason="")
    CalendarAddress.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    # Nobody else is shown a view of theirs any more, and its name and filters are their own words.
    SavedView.objects.filter(owner=person).delete()
    forget_ways_in(person, at=at)
    person.name, person.email = ERASED_NAME, f"{person.key}@closed.invalid"
    person.time_zone, person.language = "UTC", "en"
    person.is_active, person.closed_at, person.last_login = False, at, None
    person.save()
    return roles
