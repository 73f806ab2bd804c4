"""Roles are given, proposed and taken away. Those with power to sign need two administrators, once there are two."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor, Scope
from assay.governance.office.operations import command
from assay.governance.office.roles import ADMINISTRATORS, Role
from assay.governance.people.actors import own_roles
from assay.governance.people.events import RoleProposed, RoleRevoked
from assay.governance.people.models import Grant, Person, Proposal
from assay.governance.people.models.grants import in_force
from assay.governance.people.proposals.making import propose
from assay.governance.people.proposals.roles import EMERGENCY, GRANT, content_of, give, limits_of, rooms
from assay.governance.people.rules.granting import (
    ALONE_AFTER_DAYS,
    EMERGENCY_ROLES,
    Wish,
    keeps_an_administrator,
    may_give_alone,
    may_hold,
    may_hold_in_emergency,
    needs_second,
    way_of,
)


@command("people.grant-role", words="give somebody a role", roles=ADMINISTRATORS)
def grant_role(*, person: Person, wish: Wish, by: Actor, at: datetime) -> Grant | list[Fault]:
    """At once, where no second administrator has to approve."""
    for_oneself = person.reference in by.hands
    others, lately = other_administrators(by, person, at)
    if for_oneself and not any(each.role is Role.ADMINISTRATOR and each.stands_for is None for each in by.held):
        words = "you stand in for an administrator; that gives no role to you, or to whom you stand in for"
        return [Fault("own-gain", words, "person")]
    if needs_second(wish.role, for_oneself=for_oneself, others=others):
        words = f"`{wish.role.words}` needs a second administrator here; propose it, and another one approves"
        return [Fault("needs-second", words, "role")]
    if faults := may_give_alone(wish.role, for_oneself=for_oneself, others=others, lately=lately):
        return faults
    way = way_of(wish.role, for_oneself=for_oneself, others=others)
    given = give(person, wish, way=way, by=Person.of(by.who), at=at)
    if isinstance(given, list):
        return given
    grant, happened = given
    append(happened, subject=person.reference, by=by, at=at)
    return grant


@command("people.propose-role", words="propose somebody for a role", roles=ADMINISTRATORS)
def propose_role(*, person: Person, wish: Wish, reason: str, by: Actor, at: datetime) -> Proposal | list[Fault]:
    """Waits for another administrator."""
    faults = [*_open(person), *may_hold(wish, own_roles([person.pk], at).get(person.pk, ()), rooms(), at)]
    if not other_administrators(by, person, at)[0]:
        words = "no other administrator could approve it; give the role, and the ledger says that you were alone"
        faults.append(Fault("no-second", words, "role"))
    if faults:
        return faults
    made = propose(
        GRANT, subject=person.reference, gets=person, content=content_of(wish) | {"person": str(person.key)},
        reason=reason, author=Person.of(by.who), hands=by.hands, at=at,
    )  # fmt: skip
    return made if isinstance(made, list) else _proposed(made, person, wish, emergency=False, by=by, at=at)


@command("people.propose-in-emergency", words="ask for a role in an emergency", roles=EMERGENCY_ROLES)
def propose_in_emergency(
    *, person: Person, role: Role, scope: Scope, hours: int, reason: str, by: Actor, at: datetime
) -> Proposal | list[Fault]:
    """Waits for two people of two functions; the role then lasts so many hours."""
    wish = Wish(role, scope)
    held = own_roles([person.pk], at).get(person.pk, ())
    faults = [*_open(person), *may_hold(wish, held, rooms(), at), *may_hold_in_emergency(wish, hours)]
    if not reason.strip():
        faults.append(Fault("no-reason", "say what the emergency is: those who approve decide by it", "reason"))
    if faults:
        return faults
    made = propose(
        EMERGENCY, subject=person.reference, gets=person, content=content_of(wish, hours) | {"person": str(person.key)},
        reason=reason, author=Person.of(by.who), hands=by.hands, at=at,
    )  # fmt: skip
    return made if isinstance(made, list) else _proposed(made, person, wish, emergency=True, by=by, at=at)


@command("people.revoke-role", words="take a role from somebody", roles=ADMINISTRATORS)
def revoke_role(*, grant: Grant, by: Actor, at: datetime) -> Grant | list[Fault]:
    """From now on; what was done with it stands."""
    administrators = hold_administrators(at)
    grant = Grant.objects.select_for_update(of=("self",)).select_related("person").get(pk=grant.pk)
    if grant.revoked_at is not None or (grant.ends is not None and grant.ends <= at):
        return [Fault("not-held", "this role is not theirs any more; nothing is to be taken")]
    before = {each.person_id for each in administrators if each.ends is None}
    after = {each.person_id for each in administrators if each.ends is None and each.pk != grant.pk}
    if faults := keeps_an_administrator(before, after):
        return faults
    grant.revoked_at, grant.revoked_by = at, Person.of(by.who)
    grant.save(update_fields=["revoked_at", "revoked_by"])
    append(RoleRevoked(grant.reference, Role(grant.role)), subject=grant.person.reference, by=by, at=at)
    return grant


def hold_administrators(at: datetime) -> list[Grant]:
    """Grants of the administrator role in force: nobody else's to change until the transaction ends."""
    found = Grant.objects.select_for_update(of=("self",)).filter(
        in_force(at), role=Role.ADMINISTRATOR.value, person__is_active=True
    )
    return list(found.select_related("person").order_by("pk"))


def other_administrators(by: Actor, gets: Person | None, at: datetime) -> tuple[int, int]:
    """How many could approve what this actor gives to somebody: now, and now or in the days before."""
    share = by.hands | (frozenset() if gets is None else {gets.reference})
    now = {each.person_id for each in hold_administrators(at) if each.person.reference not in share}
    since = at - timedelta(days=ALONE_AFTER_DAYS)
    before = Grant.objects.filter(
        Q(ends=None) | Q(ends__gt=since), Q(revoked_at=None) | Q(revoked_at__gt=since), starts__lte=at,
        role=Role.ADMINISTRATOR.value,
    ).select_related("person")  # fmt: skip
    return len(now), len(now | {each.person_id for each in before if each.person.reference not in share})


def _open(person: Person) -> list[Fault]:
    if person.is_active:
        return []
    return [Fault("account-closed", "their account is closed; open it again first", "person")]


def _proposed(made: Proposal, person: Person, wish: Wish, *, emergency: bool, by: Actor, at: datetime) -> Proposal:
    happened = RoleProposed(made.reference, wish.role, limits_of(wish.scope), Digest(made.digest), emergency, made.ends)
    append(happened, subject=person.reference, by=by, at=at)
    return made
