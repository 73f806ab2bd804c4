"""What those who are asked do: declare their interests, give their view, or decline. Each only for themselves."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.consulting.commands.holding import NOT_ASKED, OVER, STALE, hold, own_invitation
from assay.governance.policies.consulting.events import InterestDeclared, InvitationDeclined, ViewGiven
from assay.governance.policies.consulting.models import Consultation, Invitation, View, ViewRevision
from assay.governance.policies.consulting.rules.asking import faults_of_declaration, faults_of_view
from assay.governance.policies.consulting.rules.redacting import redacted


@command("policies.declare-interest", words="declare their own interests in what they are asked", own=True)
def declare(
    *, consultation: Consultation, conflict: str, words: str, named: bool, by: Actor, at: datetime
) -> Invitation | list[Fault]:
    """Say which interest one has in the outcome, and whether one may be named outside of the house.

    Whether one may be named can be changed for as long as one is invited, also after the end.
    """
    held = hold(consultation)
    found = own_invitation(held, by)
    if found is None:
        return [NOT_ASKED]
    if not held.is_open(at) and conflict != found.conflict:
        return [Fault("consultation-over", "the consultation is over; only whether you are named can be changed")]
    faults = faults_of_declaration(conflict, words)
    if faults:
        return faults
    found.conflict, found.conflict_words, found.named, found.declared_at = conflict, words.strip(), named, at
    found.save(update_fields=["conflict", "conflict_words", "named", "declared_at"])
    append(InterestDeclared(named), subject=held.reference, by=by, at=at)
    return found


@command("policies.decline-invitation", words="decline to give a view that they are asked for", own=True)
def decline_invitation(*, consultation: Consultation, by: Actor, at: datetime) -> Invitation | list[Fault]:
    """Say that one will give no view; nobody is reminded of it any more."""
    held = hold(consultation)
    found = own_invitation(held, by)
    if found is None:
        return [NOT_ASKED]
    if not held.is_open(at) or found.is_stale(at.date()):
        return [STALE if held.is_open(at) else OVER]
    if View.objects.filter(invitation=found).exists():
        return [Fault("view-given", "you gave a view already; change it instead")]
    found.declined_at = at
    found.save(update_fields=["declined_at"])
    append(InvitationDeclined(), subject=held.reference, by=by, at=at)
    return found


@command("policies.give-view", words="give their view of a draft that they are asked about", own=True)
def give_view(
    *, consultation: Consultation, position: str, confidence: str, words: str, part: int | None, by: Actor, at: datetime
) -> View | list[Fault]:
    """Give one's view, or change it; what was said before is kept."""
    held = hold(consultation)
    found = own_invitation(held, by)
    if found is None:
        return [NOT_ASKED]
    if not held.is_open(at):
        return [Fault("consultation-over", "the consultation is over; your view stands as you gave it")]
    if found.is_stale(at.date()):
        return [STALE]
    if not found.conflict:
        return [Fault("not-declared", "declare your interests first, so that your view can be read with them")]
    parts = [number for number, _ in redacted(held.text.content, held.withheld).parts]
    faults = faults_of_view(position, confidence, words, part, parts)
    if faults:
        return faults
    said = {"position": position, "confidence": confidence, "words": words.strip(), "part": part}
    view = View.objects.select_for_update().filter(invitation=found).first()
    if view is None:
        view = View.objects.create(invitation=found, given_at=at, changed_at=at, **said)
    else:
        View.objects.filter(pk=view.pk).update(revision=view.revision + 1, changed_at=at, **said)
        view.refresh_from_db()
    ViewRevision.objects.create(view=view, number=view.revision, at=at, **said)
    if found.declined_at is not None:
        found.declined_at = None
        found.save(update_fields=["declined_at"])
    append(ViewGiven(view.revision), subject=held.reference, by=by, at=at)
    return view
