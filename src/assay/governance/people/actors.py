"""Who acts: a person's roles in force at one instant, their own and those they stand in for. It grants none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, JSONField, Value

from assay.governance.office.actor import Actor, Held, Scope, Way
from assay.governance.office.references import Reference
from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.models import Absence, Delegation, Grant, Person
from assay.governance.people.models.grants import in_force
from assay.governance.people.models.standing_in import under_way
from assay.governance.people.rules.standing_in import lent

# Somebody who is not signed in: no role, and no operation that is everybody's either.
NOBODY = Actor(Reference("visitor", "signed-out"), operations=frozenset())


@dataclass(frozen=True, slots=True)
class Loan:
    """That one stands in for another, from when until when; `roles` None is all that the other holds."""

    giver_id: int
    giver: Reference
    roles: frozenset[Role] | None
    starts: datetime
    ends: datetime


def actor_of(person: Person, at: datetime, *, way: Way = "page", operations: frozenset[str] | None = None) -> Actor:
    """The actor that a person is at an instant; whoever has no open account may nothing. Two reads of the store.

    Whoever has lost every role inside the house stands in for nobody any more, as they could not begin to.
    """
    if not person.is_active:
        return NOBODY
    loans = loans_of(person, at)
    own = own_roles({person.pk, *(loan.giver_id for loan in loans)}, at)
    inside = any(held.role in INSIDE for held in own.get(person.pk, ()))
    lent_to = [
        held
        for loan in (loans if inside else ())
        for held in lent(loan.giver, own.get(loan.giver_id, ()), loan.roles, loan.starts, loan.ends, at)
    ]
    return Actor(person.reference, (*own.get(person.pk, ()), *lent_to), way, operations)


def own_roles(people: Iterable[int], at: datetime) -> Mapping[int, list[Held]]:
    """What persons hold themselves at an instant, by their ids."""
    found: dict[int, list[Held]] = {}
    grants = Grant.objects.filter(in_force(at), person_id__in=set(people)).order_by("role", "id")
    for person, role, rooms, policies, markets, ends in grants.values_list(
        "person_id", "role", "rooms", "policies", "markets", "ends"
    ):
        scope = Scope(frozenset(rooms), frozenset(policies), frozenset(markets))
        found.setdefault(person, []).append(Held(Role(role), scope, ends))
    return found


def loans_of(person: Person, at: datetime) -> list[Loan]:
    """For whom a person stands in at an instant, by delegation or as the stand-in of somebody who is away."""
    columns = ("lender", "lender_key", "lent", "starts", "ends")
    delegated = Delegation.objects.filter(under_way(at), taker=person, giver__is_active=True).annotate(
        lender=F("giver_id"), lender_key=F("giver__key"), lent=F("roles")
    )
    # An empty list is all of them here: a delegation always names some.
    away = Absence.objects.filter(under_way(at), stand_in=person, person__is_active=True).annotate(
        lender=F("person_id"), lender_key=F("person__key"), lent=Value([], output_field=JSONField())
    )
    rows = delegated.values_list(*columns).union(away.values_list(*columns), all=True)
    return [
        Loan(giver, _person(key), frozenset(map(Role, roles)) or None, starts, ends)
        for giver, key, roles, starts, ends in rows
    ]


def _person(key: UUID) -> Reference:
    return Reference("person", str(key))
