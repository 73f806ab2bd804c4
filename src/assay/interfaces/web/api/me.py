"""Who a program acts for, and what it may. It shows no secret."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema

from assay.governance.office.operations import OPERATIONS
from assay.governance.office.requests import StaffRequest
from assay.governance.people.models import Person

router = Router(tags=["me"])


class HeldRole(Schema):
    """A role in force."""

    role: str
    until: datetime | None
    stands_for: str | None


class Me(Schema):
    """Whoever calls.

    operations  what the caller may run somewhere, by name
    """

    person: str
    name: str
    email: str
    way: str
    roles: list[HeldRole]
    operations: list[str]


@router.get("", response=Me, summary="Who am I, and what may I?")
def me(request: HttpRequest) -> Me:
    """The person whose token or session this is."""
    actor, person = cast("StaffRequest", request).actor, cast("Person", request.user)
    may = [
        each.name
        for each in OPERATIONS.values()
        if (each.own or each.roles & actor.roles) and (actor.operations is None or each.name in actor.operations)
    ]
    return Me(
        person=str(person.key),
        name=person.name,
        email=person.email,
        way=actor.way,
        roles=[
            HeldRole(
                role=held.role.value, until=held.until, stands_for=str(held.stands_for) if held.stands_for else None
            )
            for held in actor.held
        ],
        operations=sorted(may),
    )
