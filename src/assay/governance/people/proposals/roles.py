"""The two kinds of proposals of this room: a role that needs a second administrator, and one in an emergency."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import EPOCH, format_instant, instant_of, parse_instant
from assay.governance.office.actor import Actor, Scope, Target
from assay.governance.office.operations import OPERATIONS
from assay.governance.office.references import Reference
from assay.governance.office.roles import ADMINISTRATORS, Function, Role
from assay.governance.people.actors import own_roles
from assay.governance.people.events import RoleGranted
from assay.governance.people.models import Grant, Person, Proposal
from assay.governance.people.proposals.kinds import Carried, ProposalKind, register
from assay.governance.people.rules.approving import Needs
from assay.governance.people.rules.granting import EMERGENCY_ROLES, Wish, emergency_end, may_hold
from assay.governance.people.rules.wording import scope_words


def limits_of(scope: Scope) -> tuple[Reference, ...]:
    """How far a role reaches, as references; none is everywhere."""
    kinds = (("room", scope.rooms), ("policy", scope.policies), ("market", scope.markets))
    return tuple(Reference(kind, name) for kind, names in kinds for name in sorted(names))


def content_of(wish: Wish, hours: int | None = None) -> dict[str, object]:
    """A wish as plain JSON, from which its digest is made."""
    return {
        "role": wish.role.value,
        "rooms": sorted(wish.scope.rooms),
        "policies": sorted(wish.scope.policies),
        "markets": sorted(wish.scope.markets),
        "starts": None if wish.starts is None else format_instant(instant_of(wish.starts)),
        "ends": None if wish.ends is None else format_instant(instant_of(wish.ends)),
        "hours": hours,
    }


def wish_of(proposal: Proposal) -> Wish:
    """The role that a proposal would give."""
    content = proposal.content
    scope = Scope(frozenset(content["rooms"]), frozenset(content["policies"]), frozenset(content["markets"]))
    return Wish(Role(content["role"]), scope, _moment(content["starts"]), _moment(content["ends"]))


def rooms() -> frozenset[str]:
    """Every room that has an operation: a role can be limited to these."""
    return frozenset(operation.room for operation in OPERATIONS.values())


def give(
    person: Person, wish: Wish, *, way: Literal["granted", "alone", "approved", "emergency"], by: Person | None,
    at: datetime, proposal: Proposal | None = None, function: Function | None = None,
) -> tuple[Grant, RoleGranted] | list[Fault]:  # fmt: skip
    """The role is theirs, with the event that says so; for use inside a command."""
    # Held, so that an account which is being closed at the same instant is seen as closed.
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        return [Fault("account-closed", "their account is closed; open it again first", "person")]
    faults = may_hold(wish, own_roles([person.pk], at).get(person.pk, ()), rooms(), at)
    if faults:
        return faults
    starts = max(wish.starts, at) if wish.starts is not None else at
    grant = Grant.objects.create(
        person=person, role=wish.role.value, rooms=sorted(wish.scope.rooms), policies=sorted(wish.scope.policies),
        markets=sorted(wish.scope.markets), starts=starts, ends=wish.ends, way=way, granted_by=by, granted_at=at,
        proposal=proposal,
    )  # fmt: skip
    named = None if proposal is None else proposal.reference
    limits = limits_of(wish.scope)
    return grant, RoleGranted(grant.reference, wish.role, limits, starts, wish.ends, way, named, function)


def _carry_out(proposal: Proposal, by: Actor, at: datetime, function: Function) -> Carried | list[Fault]:
    if proposal.gets is None:
        return [Fault("nobody", "this proposal names nobody who would have the role")]
    emergency = proposal.kind == EMERGENCY.name
    wish = wish_of(proposal)
    if emergency:
        wish = Wish(wish.role, wish.scope, at, emergency_end(at, int(proposal.content["hours"])))
    way: Literal["approved", "emergency"] = "emergency" if emergency else "approved"
    given = give(proposal.gets, wish, way=way, by=Person.of(by.who), at=at, proposal=proposal, function=function)
    if isinstance(given, list):
        return given
    return Carried(given[1], proposal.gets.reference)


def _words(proposal: Proposal, name: str) -> str:
    return f"give {name} the role of {Role(proposal.content['role']).words}"


def _emergency_words(proposal: Proposal, name: str) -> str:
    return f"{_words(proposal, name)} for {proposal.content['hours']} hours"


def _facts(proposal: Proposal) -> tuple[tuple[str, str], ...]:
    wish, content = wish_of(proposal), proposal.content
    starts = "as soon as it is approved" if wish.starts is None else _day(wish.starts)
    ends = f"after {content['hours']} hours" if content["hours"] else "never" if wish.ends is None else _day(wish.ends)
    return ("Reaches", scope_words(wish.scope)), ("Starts", starts), ("Ends", ends)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _moment(text: str | None) -> datetime | None:
    instant = None if text is None else parse_instant(text)
    return None if instant is None else EPOCH + timedelta(microseconds=instant)


def _target(_proposal: Proposal) -> Target:
    # Who gives roles has to reach the whole house: a limit on it would be a way around every other limit.
    return Target("people")


GRANT = register(
    ProposalKind(
        name="people.grant-role",
        title="A role",
        words=_words,
        facts=_facts,
        approvers=ADMINISTRATORS,
        needs=Needs(people=1, functions=1),
        lasts=timedelta(days=14),
        carry_out=_carry_out,
        target=_target,
    )
)
EMERGENCY = register(
    ProposalKind(
        name="people.grant-in-emergency",
        title="A role in an emergency",
        words=_emergency_words,
        facts=_facts,
        approvers=EMERGENCY_ROLES,
        needs=Needs(people=2, functions=2),
        lasts=timedelta(hours=24),
        carry_out=_carry_out,
        target=_target,
    )
)
