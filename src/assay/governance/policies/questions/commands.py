"""Questions are asked, ruled on, confirmed, superseded and withdrawn. No ruling changes a policy: a change does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Max

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import INSIDE
from assay.governance.people.models import Person
from assay.governance.policies.life.targets import MAKERS
from assay.governance.policies.questions import finding, rules
from assay.governance.policies.questions.events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionsExported,
    QuestionSuperseded,
    QuestionWithdrawn,
    RulingConfirmed,
)
from assay.governance.policies.questions.known import parts_of, policy_names
from assay.governance.policies.questions.models import KnownQuestion, QuestionStep
from assay.governance.policies.questions.rules import About
from assay.governance.policies.questions.targets import asked_about

_TRIES = 5


@command("policies.ask-question", words="ask a known question", roles=INSIDE, reach="room")
def ask_question(*, about: About, question: str, context: str, by: Actor, at: datetime) -> KnownQuestion | list[Fault]:
    """Ask what a policy does not answer; whoever makes policy rules on it."""
    known = parts_of(about.policy).rules if about.rule else ()
    faults = rules.faults_of_question(
        about=about, question=question, context=context, policies=policy_names(), rules=known
    )
    if faults:
        return faults
    made = _numbered(
        policy=about.policy,
        rule=about.rule,
        example=about.example.strip(),
        markets=sorted(set(about.markets)),
        item=about.item.strip(),
        decision=about.decision,
        question=question.strip(),
        context=context.strip(),
        asked_by=_writer(by),
        asked_at=at,
        changed_at=at,
    )
    finding.put([made])
    _step(made, "asked", by, at)
    append(QuestionAsked(), subject=made.reference, by=by, at=at)
    return made


@command("policies.answer-question", words="rule on a known question", roles=MAKERS, target=asked_about)
def answer_question(
    *, asked: KnownQuestion, ruling: str, rationale: str, expires_on: date | None, by: Actor, at: datetime
) -> KnownQuestion | list[Fault]:
    """Rule, for the first time or anew; never on one's own question."""
    held = _hold(asked)
    faults = [*_faults_of_hands(held, by), *rules.faults_of_ruling(ruling, rationale, expires_on, at.date())]
    if held.state in ("superseded", "withdrawn"):
        faults.append(Fault("not-asked-any-more", f"it is {held.state}; ask it anew where it is still open"))
    if faults or expires_on is None:
        return faults
    again = held.state == "ruled"
    held.state, held.ruling, held.rationale = "ruled", ruling.strip(), rationale.strip()
    held.ruled_by, held.ruled_at, held.expires_on = _writer(by), at, expires_on
    _keep(held, at)
    _step(held, "ruled", by, at, words=held.ruling, rationale=held.rationale, expires_on=expires_on)
    append(QuestionAnswered(_end_of(expires_on), again), subject=held.reference, by=by, at=at)
    return held


@command("policies.confirm-ruling", words="confirm a ruling before it expires", roles=MAKERS, target=asked_about)
def confirm_ruling(
    *, asked: KnownQuestion, expires_on: date | None, note: str, by: Actor, at: datetime
) -> KnownQuestion | list[Fault]:
    """Look at it once more, and let it hold longer; also one that has expired."""
    held = _hold(asked)
    faults = [
        *_faults_of_hands(held, by),
        *_faults_unless_ruled(held),
        *rules.faults_of_end(expires_on, at.date()),
        *rules.text_faults(note, "note", "why it still holds", rules.NOTE_MOST),
    ]
    if not faults and expires_on is not None and held.expires_on is not None and expires_on <= held.expires_on:
        faults.append(Fault("no-longer", "choose a later last day than it has now", "expires_on"))
    if faults or expires_on is None:
        return faults
    held.expires_on = expires_on
    _keep(held, at)
    _step(held, "confirmed", by, at, words=note.strip(), expires_on=expires_on)
    append(RulingConfirmed(_end_of(expires_on)), subject=held.reference, by=by, at=at)
    return held


@command(
    "policies.supersede-question", words="put another ruling in the place of one", roles=MAKERS, target=asked_about
)
def supersede_question(
    *, asked: KnownQuestion, by_number: int, note: str, by: Actor, at: datetime
) -> KnownQuestion | list[Fault]:
    """Another question's ruling holds instead; whoever finds this one is led there."""
    held = _hold(asked)
    other = KnownQuestion.objects.filter(number=by_number).first() if 0 < by_number < 2**31 else None
    faults = [*_faults_unless_ruled(held), *rules.text_faults(note, "note", "why", rules.NOTE_MOST)]
    if other is None or other.pk == held.pk or other.standing(at.date()) != "ruled":
        words = "give the number of another question whose ruling is in force"
        faults.append(Fault("no-other-ruling", words, "by_number"))
    elif other.policy != held.policy:
        words = f"known question {by_number} is about `{other.policy}`; choose one about `{held.policy}`"
        faults.append(Fault("other-policy", words, "by_number"))
    if faults or other is None:
        return faults
    held.state, held.superseded_by = "superseded", other
    _keep(held, at)
    _step(held, "superseded", by, at, words=note.strip())
    append(QuestionSuperseded(other.reference), subject=held.reference, by=by, at=at)
    return held


@command("policies.withdraw-question", words="withdraw a known question or its ruling", roles=INSIDE, reach="room")
def withdraw_question(*, asked: KnownQuestion, note: str, by: Actor, at: datetime) -> KnownQuestion | list[Fault]:
    """An open one by whoever asked it or makes policy; a ruling by whoever makes policy alone."""
    held = _hold(asked)
    makes = by.reaches(MAKERS, asked_about({"asked": held}))
    own = held.asked_by is not None and held.asked_by.reference == by.who
    if not makes and not (own and held.state == "open"):
        return [Fault("not-yours", "policy leads and analysts withdraw this; tell one of them why")]
    faults = rules.text_faults(note, "note", "why", rules.NOTE_MOST)
    if held.state in ("superseded", "withdrawn"):
        faults.append(Fault("over-already", f"it is {held.state} already; nothing was changed"))
    if faults:
        return faults
    held.state = "withdrawn"
    _keep(held, at)
    _step(held, "withdrawn", by, at, words=note.strip())
    append(QuestionWithdrawn(), subject=held.reference, by=by, at=at)
    return held


@command("policies.export-questions", words="take known questions along as a file", roles=INSIDE, reach="room")
def export_questions(*, count: int, by: Actor, at: datetime) -> int:
    """Write down that a list left; what it holds is read by the query of the list."""
    append(QuestionsExported(count), subject=Reference("list", "known-questions"), by=by, at=at)
    return count


def _numbered(**given: object) -> KnownQuestion:
    """A new row with the next number, also where another is made at the same time."""
    for attempt in range(_TRIES):
        last = KnownQuestion.objects.aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return KnownQuestion.objects.create(number=last + 1, **given)
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _hold(asked: KnownQuestion) -> KnownQuestion:
    rows = KnownQuestion.objects.select_for_update(of=("self",)).select_related("asked_by")
    return rows.get(pk=asked.pk)


def _keep(held: KnownQuestion, at: datetime) -> None:
    held.changed_at = at
    held.save()
    finding.put([held])


def _step(
    held: KnownQuestion,
    kind: str,
    by: Actor,
    at: datetime,
    *,
    words: str = "",
    rationale: str = "",
    expires_on: date | None = None,
) -> None:
    QuestionStep.objects.create(
        question=held, kind=kind, words=words, rationale=rationale, expires_on=expires_on, by=_writer(by), at=at
    )


def _writer(by: Actor) -> Person | None:
    return Person.of(by.who) if by.who.kind == "person" else None


def _faults_of_hands(held: KnownQuestion, by: Actor) -> list[Fault]:
    """Nobody rules on what they asked, nor on what somebody asked for whom they stand in."""
    if held.asked_by is not None and held.asked_by.reference in by.hands:
        return [Fault("own-question", "you asked it, or stand in for who did; somebody else rules on it")]
    return []


def _faults_unless_ruled(held: KnownQuestion) -> list[Fault]:
    return [] if held.state == "ruled" else [Fault("no-ruling", "there is no ruling that this could be done with")]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)
