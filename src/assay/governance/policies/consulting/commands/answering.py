"""What was done with a view is written down, and what the public is told. It edits no draft."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.consulting.commands.holding import hold, writer
from assay.governance.policies.consulting.events import ConsultationSummedUp, ViewAnswered
from assay.governance.policies.consulting.models import Answer, Consultation, View
from assay.governance.policies.consulting.rules import words as limits
from assay.governance.policies.consulting.rules.asking import faults_of_answer, text_faults
from assay.governance.policies.consulting.targets import CONSULTERS, consulted
from assay.governance.policies.life.models import Change


@command("policies.answer-view", words="write down what was done with a view", roles=CONSULTERS, target=consulted)
def answer_view(
    *, view: View, outcome: str, words: str, revision: int | None, by: Actor, at: datetime
) -> Answer | list[Fault]:
    """Adopted, in part or not, why, and in which revision of the draft; whoever gave the view reads it."""
    # The consultation first, as whoever changes the view holds both: neither waits for the other.
    hold(view.invitation.consultation)
    rows = View.objects.select_for_update(of=("self",)).select_related("invitation__consultation__change")
    held = rows.get(pk=view.pk)
    invitation = held.invitation
    if invitation.person.reference in by.hands:
        return [Fault("own-view", "it is your own view, or that of somebody you stand in for; another answers it")]
    change = invitation.consultation.change
    faults = faults_of_answer(outcome, words, revision, [number for number, _ in revisions_of(change)])
    if faults:
        return faults
    kept = revision if outcome != "not-adopted" else None
    made = Answer.objects.create(
        view=held, of=held.revision, outcome=outcome, words=words.strip(), revision=kept, by=writer(by), at=at
    )
    happened = ViewAnswered(invitation.person.reference, cast("limits.Outcome", outcome), kept)
    append(happened, subject=invitation.consultation.reference, by=by, at=at)
    return made


@command(
    "policies.sum-up-consultation",
    words="write what the public is told of a consultation",
    roles=CONSULTERS,
    target=consulted,
)
def sum_up(*, consultation: Consultation, words: str, by: Actor, at: datetime) -> Consultation | list[Fault]:
    """The summary for publication; figures and the names of those who agreed are added by themselves."""
    held = hold(consultation)
    faults = text_faults(words, "words", "the summary", limits.SUMMARY_MOST)
    if held.is_open(at):
        faults.append(Fault("still-open", "views may still come in; write the summary once it is over", "words"))
    if faults:
        return faults
    held.summary = words.strip()
    held.save(update_fields=["summary"])
    append(ConsultationSummedUp(), subject=held.reference, by=by, at=at)
    return held


def revisions_of(change: Change) -> list[tuple[int, datetime]]:
    """The revisions of the policy's file in a change, the newest first."""
    return list(change.revisions.filter(path=change.path).order_by("-number").values_list("number", "at")[:200])
