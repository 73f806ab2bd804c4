"""When somebody may stand in for another, and what they then hold. It knows no store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Held
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role

DAYS_MOST = 92
ABSENCE_DAYS_MOST = 366


def lent(
    giver: Reference, own: Iterable[Held], roles: frozenset[Role] | None, starts: datetime, ends: datetime, at: datetime
) -> tuple[Held, ...]:
    """What a stand-in holds at an instant: what the giver holds themselves, no further and no longer.

    own    what the giver holds at that instant; what they stand in for is passed over, since it goes no further
    roles  those that were delegated; None is all of them
    """
    if not starts <= at < ends:
        return ()
    return tuple(
        Held(each.role, each.scope, ends if each.until is None else min(each.until, ends), giver)
        for each in own
        if each.stands_for is None and (roles is None or each.role in roles) and (each.until is None or each.until > at)
    )


def may_delegate(
    giver: Reference, taker: Reference, roles: frozenset[Role], own: Iterable[Held], starts: datetime, ends: datetime,
    at: datetime,
) -> list[Fault]:  # fmt: skip
    """What is wrong with a delegation."""
    faults = _period_faults(starts, ends, at, DAYS_MOST)
    if giver == taker:
        faults.append(Fault("to-oneself", "nobody stands in for themselves; choose somebody else", "taker"))
    if not roles:
        faults.append(Fault("no-role", "choose at least one role that they should act with", "roles"))
    has = {each.role for each in own if each.stands_for is None}
    for role in sorted(roles - has):
        words = f"`{role.words}` is no role of your own, so it cannot be passed on; choose among your own"
        faults.append(Fault("not-own-role", words, "roles"))
    return faults


def may_be_away(
    person: Reference, stand_in: Reference | None, starts: datetime, ends: datetime, at: datetime,
    away: Iterable[tuple[datetime, datetime]], stand_in_away: Iterable[tuple[datetime, datetime]],
) -> list[Fault]:  # fmt: skip
    """What is wrong with an absence; `away` are the other absences of both, as from and until."""
    faults = _period_faults(starts, ends, at, ABSENCE_DAYS_MOST)
    if person == stand_in:
        faults.append(
            Fault("to-oneself", "nobody stands in for themselves; choose somebody else, or nobody", "stand_in")
        )
    if any(begin < ends and starts < end for begin, end in away):
        faults.append(Fault("away-already", "you are away in that time already; end the other absence first", "starts"))
    if any(begin < ends and starts < end for begin, end in stand_in_away):
        faults.append(Fault("stand-in-away", "they are away themselves in that time; choose somebody else", "stand_in"))
    return faults


def _period_faults(starts: datetime, ends: datetime, at: datetime, days_most: int) -> list[Fault]:
    if ends <= starts or ends <= at:
        return [Fault("ends-too-early", "it ends after it starts, and not in the past; give a later end", "ends")]
    if ends - starts > timedelta(days=days_most):
        return [Fault("too-long", f"it lasts {days_most} days at most; give an earlier end", "ends")]
    return []
