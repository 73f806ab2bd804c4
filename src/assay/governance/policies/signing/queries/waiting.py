"""What waits for somebody in sign-off: signatures, conditions to meet, conditions to confirm. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Q

from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import query
from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, INSIDE, Role
from assay.governance.policies.life.models import Change, Hand, Revision
from assay.governance.policies.life.targets import ROOM, targets_of_draft
from assay.governance.policies.signing.models import Condition, Signature
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.queries.sheets import SIGNABLE
from assay.governance.policies.signing.queries.voices import signatures_of, voice_of
from assay.governance.policies.signing.rules.counting import Verdict, Voice, count, may_speak
from assay.governance.policies.signing.rules.matrix import SIGNERS, Line, lines_for

MOST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signature that somebody could give, and that is wanting."""

    change: Change
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class WantedAnswer:
    """A condition that somebody has to meet, or to judge."""

    condition: Condition
    change: Change
    what: Literal["meet", "confirm"]
    due_on: date | None


@query("policies.list-wanted-signatures", words="see which signatures are wanted of them", roles=INSIDE, reach="room")
def wanted_signatures(*, by: Actor, at: datetime) -> list[Wanted]:
    """Of changes that wait to be signed, the roles in which this person's signature would count and is wanting."""
    if not by.roles & SIGNERS:
        return []
    stages = [stage.value for stage in SIGNABLE]
    waiting = Change.objects.filter(stage__in=stages).select_related("author", "owner")
    changes = list(waiting.order_by("stage_since", "number")[:MOST])
    said: dict[int, list[Voice]] = {}
    for each in Signature.objects.filter(change__in=changes).select_related("person", "change").order_by("pk"):
        said.setdefault(each.change_id, []).append(voice_of(each))
    matrix, hands = matrix_now().matrix, hands_of(changes)
    found = [
        _wanted(change, lines_for(matrix, change.risk), said.get(change.pk, []), hands[change.pk], by)
        for change in changes
    ]
    return [each for each in found if each is not None]


def _wanted(
    change: Change, lines: Sequence[Line], voices: Sequence[Voice], own: frozenset[Reference], by: Actor
) -> Wanted | None:
    missing = count(voices, own, change.draft_digest, lines).missing
    for role in missing:
        voice = Voice(by.who, by.hands, role, Verdict.SIGNS, change.draft_digest)
        if speaks_as(by, role, change) and not may_speak(voice, voices, own, lines):
            return Wanted(change, role, change.stage_since)
    return None


def hands_of(changes: Sequence[Change]) -> dict[int, frozenset[Reference]]:
    """Whose own work each of some changes is, as `Change.hands` has it; two reads for all of them.

    changes  with their authors and owners read along
    """
    keys = {each.pk: {one.key for one in (each.author, each.owner) if one is not None} for each in changes}
    wrote = Revision.objects.filter(change__in=changes).exclude(by=None).order_by()
    helped = Hand.objects.filter(change__in=changes)
    for change, key in (
        *wrote.values_list("change", "by__key").distinct(),
        *helped.values_list("change", "person__key"),
    ):
        keys[change].add(key)
    return {change: frozenset(Reference("person", str(key)) for key in found) for change, found in keys.items()}


@query("policies.list-conditions", words="see conditions that wait for them", roles=INSIDE, reach="room")
def wanted_answers(*, by: Actor, at: datetime) -> list[WantedAnswer]:
    """Conditions to be met by this person, and those that they may confirm."""
    functions = [FUNCTION_OF[role].value for role in by.roles & SIGNERS]
    mine = Q(who__key=by.who.key, met_at=None)
    theirs = Q(signature__function__in=functions) & ~Q(met_at=None)
    open_ones = Condition.objects.filter(mine | theirs, confirmed_at=None, signature__withdrawn_at=None).exclude(
        signature__change__stage__in=["withdrawn", "retired"]
    )
    found = open_ones.select_related("signature__change", "signature__person", "who", "met_by").order_by("pk")
    return list(_answers(found[:MOST], by))


def _answers(conditions: Iterable[Condition], by: Actor) -> Iterator[WantedAnswer]:
    for each in conditions:
        change = each.signature.change
        if (each.signature.digest, each.signature.said or change.said_digest) != (
            change.draft_digest,
            change.said_digest,
        ):
            continue
        if each.met_at is None:
            yield WantedAnswer(each, change, "meet", each.due_on)
        elif each.met_by is not None and each.met_by.reference not in by.hands:
            yield WantedAnswer(each, change, "confirm", each.due_on)


def speaks_as(by: Actor, role: Role, change: Change) -> bool:
    """Whether somebody holds a role as far as all that this change writes, as their own or for another."""
    roles = frozenset({role})
    if not by.reaches(roles, Target(ROOM, policy=change.policy)):
        return False
    # Only of a limited role is it asked which other files the draft writes.
    return by.reaches(roles, Target(ROOM)) or all(by.reaches(roles, each) for each in targets_of_draft(change))


def roles_open_to(change: Change, by: Actor) -> tuple[Role, ...]:
    """The roles in which somebody could sign the draft now; those that must sign first."""
    lines = lines_for(matrix_now().matrix, change.risk)
    voices, own = [voice_of(each) for each in signatures_of(change)], change.hands
    if change.at_stage not in SIGNABLE:
        return ()
    open_ones = [
        line
        for line in lines
        if line.may_sign
        and speaks_as(by, line.role, change)
        and not may_speak(Voice(by.who, by.hands, line.role, Verdict.SIGNS, change.draft_digest), voices, own, lines)
    ]
    return tuple(line.role for line in sorted(open_ones, key=lambda line: not line.must_sign))
