"""Whom sign-off tells of what: signers, whoever answers for a change, whoever sees to a condition. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Q

from assay.governance.ledger.subscribers import Happened
from assay.governance.office.actor import Target
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Rule, Told, holders_of
from assay.governance.policies.life.events import StageReached
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.signing.models import Condition
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.rules.matrix import lines_for

_PAGE = "changes:board"
KINDS = (
    Kind(
        "signature-wanted", "Your signature is wanted", "Read what exactly is signed, then sign, or say why not.",
        _PAGE, Way.AT_ONCE, leads=True,
    ),
    Kind(
        "signature-lapsed", "Your signature lapsed", "The text changed since you signed. See what did, and sign again.",
        _PAGE, Way.AT_ONCE, leads=True,
    ),
    Kind(
        "change-stopped", "A legal veto stands, or was lifted", "Read why. Only legal lifts a veto.", _PAGE,
        Way.AT_ONCE, leads=True,
    ),
    Kind(
        "change-spoken-on", "Somebody signed your change, or dissents",
        "Read what they say; conditions have to be met.", _PAGE, Way.DAILY, leads=True,
    ),
    Kind(
        "condition-waits", "A condition waits for you", "Meet it, or confirm that it is met.", _PAGE, Way.AT_ONCE,
        leads=True,
    ),
)  # fmt: skip


def _change(happened: Happened) -> Change | None:
    if happened.subject.kind != "change" or not happened.subject.key.isdigit():
        return None
    return Change.objects.select_related("owner", "author").filter(number=int(happened.subject.key)).first()


def _reached(happened: Happened) -> Iterator[Told]:
    change = _change(happened)
    if change is None or not isinstance(happened.event, StageReached) or happened.event.enters is not Stage.SIGN_OFF:
        return
    own, lapsed = change.hands, _signed_before(change)
    must = frozenset(line.role for line in lines_for(matrix_now().matrix, change.risk) if line.must_sign)
    target = Target(ROOM, policy=change.policy)
    for who in sorted(holders_of(must, happened.at), key=str):
        actor = actor_of(Person.of(who), happened.at)
        # Asked as the command asks: whoever is told can really sign.
        if actor.reaches(must, target) and not actor.hands & own:
            yield ("signature-lapsed" if who in lapsed else "signature-wanted", who)


def _signed_before(change: Change) -> frozenset[Reference]:
    as_it_is = Q(digest=change.draft_digest, said__in=["", change.said_digest])
    former = change.signatures.filter(withdrawn_at=None).exclude(as_it_is).select_related("person")
    return frozenset(each.person.reference for each in former)


def _makers(happened: Happened) -> frozenset[Reference]:
    """Whoever answers for the change, and whoever opened it."""
    change = _change(happened)
    people = () if change is None else (change.owner, change.author)
    return frozenset(each.reference for each in people if each is not None) - {happened.actor}


def _spoken(happened: Happened) -> Iterator[Told]:
    for who in sorted(_makers(happened), key=str):
        yield "change-spoken-on", who
    signature = getattr(happened.event, "signature", None)
    if signature is None:
        return
    for condition in Condition.objects.filter(signature__key=signature.key).select_related("who"):
        if condition.who.reference != happened.actor:
            yield "condition-waits", condition.who.reference


def _stopped(happened: Happened) -> Iterator[Told]:
    leads = holders_of(frozenset({Role.POLICY_LEAD, Role.LEGAL}), happened.at) | _makers(happened)
    for who in sorted(leads - {happened.actor}, key=str):
        yield "change-stopped", who


def _answered(happened: Happened) -> Iterator[Told]:
    setter = getattr(happened.event, "setter", None)
    if setter is not None and setter != happened.actor:
        yield "condition-waits", setter


def _judged(happened: Happened) -> Iterator[Told]:
    meeter = getattr(happened.event, "meeter", None)
    if meeter is not None and meeter != happened.actor and getattr(happened.event, "outcome", "") == "not-met":
        yield "condition-waits", meeter


RULES: Mapping[str, Rule] = {
    "policies.stage-reached": _reached,
    "policies.change-signed": _spoken,
    "policies.signature-withdrawn": _spoken,
    "policies.veto-set": _stopped,
    "policies.veto-lifted": _stopped,
    "policies.condition-answered": _answered,
    "policies.condition-judged": _judged,
}
