"""What closing an account takes away: roles, stand-ins, open proposals, ways in, and all that says who it was."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from assay.governance.office.roles import Role
from assay.governance.people.models import Absence, Delegation, Grant, Person, Proposal
from assay.governance.people.models.grants import in_force
from assay.governance.people.notices.models import CalendarAddress
from assay.governance.people.sign_in.sessions import forget_ways_in
from assay.governance.people.views.models import SavedView

ERASED_NAME = "Closed account"


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
