"""What is in force is looked at again, by its day or earlier, and confirmed. It changes no text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.commands.wishes import faults_of_day, faults_of_reason
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.events import ReviewCalled, ReviewConfirmed
from assay.governance.policies.life.models import Change, Document, Step
from assay.governance.policies.life.moving import keep_on, look_again
from assay.governance.policies.life.targets import LEADS, target_of


@command("policies.call-review", words="call a policy in force for review", roles=LEADS, system=True, target=target_of)
def call_review(*, change: Change, words: str = "", by: Actor, at: datetime) -> Step | list[Fault]:
    """Look at it again: the clerk by its day, a person earlier and with a reason."""
    held = hold(change)
    faults: list[Fault] = []
    if by.is_system:
        if held.review_on is None or held.review_on > at.date():
            return [Fault("not-due", "its day of review is still to come; a person may call it earlier", "stage")]
        words = f"its review was due on {held.review_on.isoformat()}"
    else:
        faults = faults_of_reason(words)
    made = look_again(held, words="" if faults else words, by=by, at=at)
    if isinstance(made, list):
        return [*faults, *made]
    if faults:
        return faults
    append(ReviewCalled(), subject=held.reference, by=by, at=at)
    return made


@command("policies.confirm-review", words="confirm a policy after its review", roles=LEADS, target=target_of)
def confirm(*, change: Change, review_on: date | None, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """It stays in force, and is looked at again on another day."""
    held = hold(change)
    faults = faults_of_reason(words)
    if review_on is None:
        faults.append(Fault("no-day", "give the day on which somebody looks at it again", "review_on"))
    faults += faults_of_day(review_on, at.date(), "review_on")
    made = keep_on(held, words="" if faults else words, by=by, at=at)
    if isinstance(made, list):
        return [*faults, *made]
    if faults or review_on is None:
        return faults
    held.review_on = review_on
    held.save(update_fields=["review_on"])
    Document.objects.filter(path=held.path).update(review_on=review_on)
    again = datetime.combine(review_on, time.min, tzinfo=UTC)
    append(ReviewConfirmed(again), subject=held.reference, by=by, at=at)
    return made
