"""A condition is said to be met, and judged by whoever set it. Nobody judges what they met themselves."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, NotAllowed, command
from assay.governance.office.roles import FUNCTION_OF, INSIDE, Role
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import MAKERS, target_of
from assay.governance.policies.signing.events import ConditionAnswered, ConditionJudged
from assay.governance.policies.signing.models import Condition
from assay.governance.policies.signing.rules.matrix import SIGNERS

LONGEST = 600
WORKING = INSIDE - {Role.AUDITOR, Role.ADMINISTRATOR}


@command("policies.answer-condition", words="say that a condition is met", roles=WORKING, target=target_of)
def answer_condition(
    *, change: Change, condition: Condition, words: str, link: str, by: Actor, at: datetime
) -> Condition | list[Fault]:
    """By whoever sees to it, or who makes the policy; with what shows it. Raises NotAllowed for anybody else."""
    change, condition = hold(change), _held(change, condition)
    if condition.who.reference not in by.hands and not by.reaches(MAKERS, target_of({"change": change})):
        raise NotAllowed(OPERATIONS["policies.answer-condition"])
    faults = _settled(condition)
    if not words.strip():
        faults.append(Fault("no-words", "say how it is met, or where that can be seen", "words"))
    if len(words) > LONGEST or len(link) > LONGEST:
        faults.append(Fault("too-long", f"words and link have {LONGEST} characters each at the most", "words"))
    if faults:
        return faults
    condition.met_at, condition.met_by = at, Person.of(by.who)
    condition.met_words, condition.met_link = words.strip(), link.strip()
    condition.save(update_fields=["met_at", "met_by", "met_words", "met_link"])
    said = ConditionAnswered(condition.reference, condition.signature.person.reference)
    append(said, subject=change.reference, by=by, at=at)
    return condition


@command("policies.judge-condition", words="confirm that a condition is met", roles=SIGNERS, target=target_of)
def judge_condition(
    *, change: Change, condition: Condition, met: bool, words: str, by: Actor, at: datetime
) -> Condition | list[Fault]:
    """By whoever set it, or another of that function; not met needs words. Raises NotAllowed for anybody else."""
    change, condition = hold(change), _held(change, condition)
    target = target_of({"change": change})
    same = {role for role in SIGNERS if FUNCTION_OF[role].value == condition.signature.function}
    if condition.signature.person.reference != by.who and not by.reaches(frozenset(same), target):
        raise NotAllowed(OPERATIONS["policies.judge-condition"])
    faults = _settled(condition)
    if condition.met_at is None or condition.met_by is None:
        faults.append(Fault("not-answered", "nobody has said yet that it is met; whoever sees to it does so first"))
    elif condition.met_by.reference in by.hands:
        faults.append(Fault("own-answer", "you said yourself that it is met; another of your function confirms it"))
    if by.hands & change.hands:
        faults.append(Fault("own-work", "this change is your own work; somebody else has to judge its conditions"))
    if not met and not words.strip():
        faults.append(Fault("no-words", "say what is wanting", "words"))
    if len(words) > LONGEST:
        faults.append(Fault("too-long", f"the words are longer than {LONGEST} characters; cut them", "words"))
    if faults:
        return faults
    meeter = None if condition.met_by is None else condition.met_by.reference
    if met:
        condition.confirmed_at, condition.confirmed_by, condition.denied_words = at, Person.of(by.who), ""
    else:
        condition.met_at, condition.met_by, condition.denied_words = None, None, words.strip()
    condition.save(update_fields=["confirmed_at", "confirmed_by", "met_at", "met_by", "denied_words"])
    said = ConditionJudged(condition.reference, meeter, "met" if met else "not-met")
    append(said, subject=change.reference, by=by, at=at)
    return condition


def _held(change: Change, condition: Condition) -> Condition:
    found = Condition.objects.select_for_update(of=("self",)).select_related("signature__person", "who", "met_by")
    return found.get(pk=condition.pk, signature__change=change)


def _settled(condition: Condition) -> list[Fault]:
    if condition.signature.withdrawn_at is not None:
        return [Fault("withdrawn", "the signature that set this condition is withdrawn, and the condition with it")]
    if condition.confirmed_at is not None:
        return [Fault("confirmed-already", "this condition is confirmed already; nothing is to be done")]
    return []
