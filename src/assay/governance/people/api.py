"""People for programs, at `/api/people/`: the same queries and commands as the pages. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Function, Role
from assay.governance.people import commands, queries
from assay.governance.people.queries.approvals import Waiting
from assay.governance.people.queries.people import PersonRow, State
from assay.governance.people.rules.wording import held_words

router = Router(tags=["people"])


class PersonOut(Schema):
    """Somebody with an account; `roles` are those in force, in words."""

    key: UUID
    name: str
    email: str
    state: State
    roles: list[str]
    away_until: datetime | None
    joined_at: datetime


class PeopleOut(Schema):
    """A page of people, by name; `next` is what `after` is for the page behind it."""

    people: list[PersonOut]
    next: str | None


class ApprovalOut(Schema):
    """What waits for approval; `functions` are those for which the caller's approval would count."""

    key: UUID
    kind: str
    words: str
    reason: str
    author: str
    made_at: datetime
    ends: datetime
    state: str
    given: int
    needs: int
    functions: list[Function]
    digest: str


class Approve(Schema):
    """An approval: of the digest that was read."""

    digest: str
    function: Function | None = None


class Settled(Schema):
    """What became of a proposal."""

    key: UUID
    state: str


class MayOut(Schema):
    """One operation, with what each role may: `may`, `own only` or `no`."""

    operation: str
    kind: Literal["command", "query"]
    words: str
    roles: dict[str, str]
    system: bool


@router.get("/", response=PeopleOut, summary="People, by name")
def people(
    request: HttpRequest,
    name: str = "",
    role: Role | None = None,
    room: str = "",
    state: State | None = None,
    after: str = "",
    most: int = 50,
) -> dict[str, object]:
    """A page of everybody with an account."""
    staff = cast("StaffRequest", request)
    filters = queries.Filters(name, role, room, state)
    found = queries.list_people(filters=filters, after=after or None, most=most, by=staff.actor, at=staff.at)
    return {"people": [_person(row) for row in found.rows], "next": found.next}


@router.get("/approvals", response=list[ApprovalOut], summary="What waits for approval")
def approvals(request: HttpRequest) -> list[dict[str, object]]:
    """As far as it concerns the caller, what ends first on top."""
    staff = cast("StaffRequest", request)
    return [_approval(each) for each in queries.approvals(by=staff.actor, at=staff.at)]


@router.post("/approvals/{uuid:key}/approve", response=Settled, summary="Approve what somebody else proposed")
def approve(request: HttpRequest, key: UUID, body: Approve) -> dict[str, object]:
    """422 with every reason where it is not taken."""
    staff = cast("StaffRequest", request)
    proposal = queries.proposal_of(str(key), staff.actor)
    if proposal is None:
        raise Http404
    made = commands.approve(proposal=proposal, digest=body.digest, function=body.function, by=staff.actor, at=staff.at)
    if isinstance(made, list):
        raise HttpError(422, "; ".join(fault.words for fault in made))
    return {"key": made.key, "state": made.state}


@router.post("/approvals/{uuid:key}/decline", response=Settled, summary="Decline what somebody else proposed")
def decline(request: HttpRequest, key: UUID) -> dict[str, object]:
    """422 with every reason where it is not taken."""
    staff = cast("StaffRequest", request)
    proposal = queries.proposal_of(str(key), staff.actor)
    if proposal is None:
        raise Http404
    made = commands.decline(proposal=proposal, by=staff.actor, at=staff.at)
    if isinstance(made, list):
        raise HttpError(422, "; ".join(fault.words for fault in made))
    return {"key": made.key, "state": made.state}


@router.get("/matrix", response=list[MayOut], summary="Who may do what")
def matrix(request: HttpRequest, room: str = "") -> list[dict[str, object]]:
    """Every operation against every role."""
    staff = cast("StaffRequest", request)
    return [
        {
            "operation": row.name,
            "kind": row.kind,
            "words": row.words,
            "roles": {role.value: queries.CELL_WORDS[cell] for role, cell in row.cells},
            "system": row.system,
        }
        for row in queries.matrix(room=room, by=staff.actor, at=staff.at)
    ]


@router.get("/{uuid:key}", response=PersonOut, summary="One person")
def person(request: HttpRequest, key: UUID) -> dict[str, object]:
    """404 where there is nobody whom the caller may see."""
    staff = cast("StaffRequest", request)
    found = queries.see_person(key=str(key), by=staff.actor, at=staff.at)
    if found is None:
        raise Http404
    away = None if found.away is None else found.away.ends
    came = "invited" if found.last_login is None else "open"
    return {
        "key": found.key,
        "name": found.name,
        "email": found.email,
        "state": "closed" if not found.is_open else "away" if away else came,
        "roles": [f"{row.role} ({row.reach})" if row.reach != "everywhere" else row.role for row in found.held],
        "away_until": away,
        "joined_at": found.joined_at,
    }


def _person(row: PersonRow) -> dict[str, object]:
    return {
        "key": row.key,
        "name": row.name,
        "email": row.email,
        "state": row.state,
        "roles": [held_words(held) for held in row.roles],
        "away_until": row.away_until,
        "joined_at": row.joined_at,
    }


def _approval(each: Waiting) -> dict[str, object]:
    return {
        "key": each.key,
        "kind": each.kind,
        "words": each.words,
        "reason": each.reason,
        "author": each.author,
        "made_at": each.made_at,
        "ends": each.ends,
        "state": each.state,
        "given": each.counted,
        "needs": each.needs,
        "functions": list(each.functions),
        "digest": each.digest,
    }
