"""When a role may be given, by how many, and when it may be taken away. It knows no store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import MARKET_CODE, SLUG
from assay.governance.office.actor import Held, Scope
from assay.governance.office.roles import Role

EVERYWHERE = Scope()
# Roles whose word binds the house, or counts as an approval: one administrator alone does not give them. Who could give
# two people a voice each would have both voices.
SIGNING = frozenset(
    {
        *(Role.ADMINISTRATOR, Role.POLICY_LEAD, Role.OPERATIONS_LEAD, Role.LEGAL),
        *(Role.EXECUTIVE, Role.PUBLIC_POLICY, Role.COMMUNICATIONS),
    }
)
# Who may ask for a role in an emergency, and whose approval counts there.
EMERGENCY_ROLES = SIGNING
EMERGENCY_HOURS_MOST = 72
ALONE_AFTER_DAYS = 7
LIMITS_MOST = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that somebody should have.

    starts  None is from the moment it is given
    """

    role: Role
    scope: Scope = EVERYWHERE
    starts: datetime | None = None
    ends: datetime | None = None


def may_hold(wish: Wish, held: Iterable[Held], rooms: Collection[str], at: datetime) -> list[Fault]:
    """What is wrong with a wish, whoever it is for; `held` is what they hold on their own, `rooms` those there are."""
    faults = [*_scope_faults(wish.scope, rooms)]
    starts = wish.starts or at
    if wish.ends is not None and wish.ends <= max(starts, at):
        faults.append(
            Fault("ends-too-early", "a role ends after it starts, and not in the past; give a later end", "ends")
        )
    if wish.role is Role.ADMINISTRATOR and wish.scope != EVERYWHERE:
        words = (
            "an administrator gives roles everywhere, so theirs cannot be limited; leave rooms, policies, markets empty"
        )
        faults.append(Fault("administrator-is-everywhere", words, "rooms"))
    if any(each.role is wish.role and each.scope == wish.scope and each.until is None for each in held):
        words = f"they hold `{wish.role.words}` that far already, without an end; nothing is to be given"
        faults.append(Fault("already-held", words, "role"))
    return faults


def may_hold_in_emergency(wish: Wish, hours: int) -> list[Fault]:
    """What is wrong with a role for an emergency."""
    faults: list[Fault] = []
    if not 1 <= hours <= EMERGENCY_HOURS_MOST:
        words = f"a role in an emergency lasts 1 to {EMERGENCY_HOURS_MOST} hours, not `{hours}`"
        faults.append(Fault("emergency-too-long", words, "hours"))
    if wish.role is Role.ADMINISTRATOR:
        words = "nobody is made an administrator in an emergency; `assay workbench administrator` is the way back in"
        faults.append(Fault("no-emergency-administrator", words, "role"))
    return faults


def needs_second(role: Role, *, for_oneself: bool, others: int) -> bool:
    """Whether another administrator has to approve; `others` could: they neither act nor gain by it."""
    return others > 0 and (role in SIGNING or for_oneself)


def may_give_alone(role: Role, *, for_oneself: bool, others: int, lately: int) -> list[Fault]:
    """Whether the only administrator may give what two would; `lately` counts those who were others a while ago too.

    Else one of two could take the role from the other, and then give what they like without anybody seeing it in time.
    """
    if others or not lately or not (role in SIGNING or for_oneself):
        return []
    words = f"there was another administrator in the last {ALONE_AFTER_DAYS} days; make one again, or wait until then"
    return [Fault("lately-two", words, "role")]


def way_of(role: Role, *, for_oneself: bool, others: int) -> Literal["granted", "alone"]:
    """How a role that is given directly came about: `alone` where a second person would have been asked."""
    return "alone" if not others and (role in SIGNING or for_oneself) else "granted"


def keeps_an_administrator(before: Collection[object], after: Collection[object]) -> list[Fault]:
    """Whether somebody still gives roles afterwards; counted are those whose role of administrator has no end."""
    if after or not before:
        return []
    words = "they are the last administrator whose role has no end; make somebody else one first"
    return [Fault("last-administrator", words)]


def emergency_end(at: datetime, hours: int) -> datetime:
    """When a role that was given in an emergency is gone."""
    return at + timedelta(hours=min(hours, EMERGENCY_HOURS_MOST))


def _scope_faults(scope: Scope, rooms: Collection[str]) -> Iterable[Fault]:
    for room in sorted(scope.rooms - set(rooms)):
        yield Fault("unknown-room", f"there is no room `{room}`; there are {', '.join(sorted(rooms))}", "rooms")
    for policy in sorted(scope.policies):
        if not SLUG.match(policy) or len(policy) > 80:
            yield Fault(
                "no-policy-name", f"`{policy}` is no name of a policy; write it as in its first lines", "policies"
            )
    for market in sorted(scope.markets):
        if not MARKET_CODE.match(market):
            yield Fault("no-market", f"`{market}` is no market; write codes such as `DE` or `US-CA`", "markets")
    if max(len(scope.rooms), len(scope.policies), len(scope.markets)) > LIMITS_MOST:
        yield Fault("too-many-limits", f"a role is limited to {LIMITS_MOST} names of a kind at most", "policies")
