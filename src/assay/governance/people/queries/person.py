"""One person: what they hold and why, who stands in for whom, what they did last. An outsider sees only themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from django.db.models import Q

from assay.governance.ledger.queries import Filters as LedgerFilters
from assay.governance.ledger.queries import Shown, changes, entries
from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import may, query
from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.models import Absence, Delegation, Grant, Person
from assay.governance.people.queries.naming import key_of
from assay.governance.people.rules.wording import scope_words

GRANTS_MOST = 60
PERIODS_MOST = 40
DONE_MOST = 8
When: TypeAlias = Literal["now", "later", "over"]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role that somebody holds, will hold or held.

    why  how it came about: `proposed by Dee, approved by Eve`
    """

    key: str
    role: str
    reach: str
    starts: datetime
    ends: datetime | None
    when: When
    taken: bool
    why: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A delegation or an absence.

    giver, taker  names; of an absence without a stand-in, the taker is empty
    roles         in words; of an absence, `every role`
    """

    kind: Literal["delegation", "absence"]
    key: str
    giver: str
    giver_key: str
    taker: str
    taker_key: str
    roles: str
    starts: datetime
    ends: datetime
    when: When


@dataclass(frozen=True, slots=True)
class PersonView:
    """Everything that a page about one person shows."""

    key: str
    name: str
    email: str
    time_zone: str
    is_open: bool
    joined_at: datetime
    last_login: datetime | None
    closed_at: datetime | None
    is_self: bool
    grants: tuple[GrantRow, ...]
    periods: tuple[PeriodRow, ...]
    away: PeriodRow | None
    did: tuple[Shown, ...] | None

    @property
    def held(self) -> tuple[GrantRow, ...]:
        """Roles in force."""
        return tuple(each for each in self.grants if each.when == "now")


@query("people.see-person", words="see one person, or only themselves from outside", roles=INSIDE, own=True)
def see_person(*, key: str, by: Actor, at: datetime) -> PersonView | None:
    """One person; None where there is nobody whom this actor may see."""
    person = person_of(key, by)
    if person is None:
        return None
    periods = _periods(person, at)
    away = (each for each in periods if each.kind == "absence" and each.when == "now")
    return PersonView(
        key=str(person.key),
        name=person.name,
        email=person.email if person.is_active else "",
        time_zone=person.time_zone,
        is_open=person.is_active,
        joined_at=person.joined_at,
        last_login=person.last_login,
        closed_at=person.closed_at,
        is_self=person.reference == by.who,
        grants=tuple(sorted((_grant_row(each, at) for each in _grants(person)), key=_order)),
        periods=periods,
        away=next((each for each in away if each.giver_key == str(person.key)), None),
        did=_did(person, by, at),
    )


def person_of(key: str, by: Actor) -> Person | None:
    """For a page that is about to change them: the person, where they are there for somebody."""
    wanted = key_of(key)
    if wanted is None or not (by.who.key == str(wanted) or by.reaches(INSIDE, Target("people"))):
        return None
    return Person.objects.filter(key=wanted).first()


def grant_of(key: str) -> Grant | None:
    """For a page that is about to take it away; the command asks who does."""
    wanted = key_of(key)
    return None if wanted is None else Grant.objects.filter(key=wanted).first()


def delegation_of(key: str, by: Actor) -> Delegation | None:
    """For a page that is about to end it: where it is theirs, or they administer."""
    wanted = key_of(key)
    found = Delegation.objects.filter(_mine(by, "giver", "taker"), key=wanted) if wanted else None
    return found.first() if found is not None else None


def absence_of(key: str, by: Actor) -> Absence | None:
    """For a page that is about to end it: where it is theirs, or they administer."""
    wanted = key_of(key)
    found = Absence.objects.filter(_mine(by, "person", "stand_in"), key=wanted) if wanted else None
    return found.first() if found is not None else None


def _mine(by: Actor, *sides: str) -> Q:
    if by.reaches(frozenset({Role.ADMINISTRATOR}), Target("people")):
        return Q()
    own = Q()
    for side in sides:
        own |= Q(**{f"{side}__key": by.who.key if by.who.kind == "person" else None})
    return own


def _grants(person: Person) -> Iterable[Grant]:
    found = Grant.objects.filter(person=person).select_related("granted_by", "revoked_by", "proposal__author")
    return found.order_by("-granted_at", "-id")[:GRANTS_MOST]


def _grant_row(grant: Grant, at: datetime) -> GrantRow:
    ends = min((each for each in (grant.ends, grant.revoked_at) if each is not None), default=None)
    return GrantRow(
        key=str(grant.key),
        role=Role(grant.role).words,
        reach=scope_words(grant.scope),
        starts=grant.starts,
        ends=ends,
        when=_when(grant.starts, ends, at),
        taken=grant.revoked_at is not None,
        why=_why(grant),
    )


def _order(row: GrantRow) -> int:
    """What is held comes first, then what will be, then what was; within them the newest as they came."""
    return ("now", "later", "over").index(row.when)


def _why(grant: Grant) -> str:
    giver = "somebody" if grant.granted_by is None else grant.granted_by.name
    taken = "" if grant.revoked_by is None else f"; taken back by {grant.revoked_by.name}"
    author = "somebody"
    if grant.proposal is not None and grant.proposal.author is not None:
        author = grant.proposal.author.name
    ways = {
        "first": "made the first administrator at the command line",
        "granted": f"given by {giver}" if grant.granted_by is not None else "set up by whoever runs the program",
        "alone": f"given by {giver} alone, the only administrator then",
        "approved": f"proposed by {author}, approved by {giver}",
        "emergency": f"in an emergency: asked for by {author}, last approved by {giver}",
    }
    return ways[grant.way] + taken


def _periods(person: Person, at: datetime) -> tuple[PeriodRow, ...]:
    delegations = Delegation.objects.filter(Q(giver=person) | Q(taker=person)).select_related("giver", "taker")
    absences = Absence.objects.filter(Q(person=person) | Q(stand_in=person)).select_related("person", "stand_in")
    rows = [_delegation_row(each, at) for each in delegations.order_by("-ends")[:PERIODS_MOST]]
    rows += [_absence_row(each, at) for each in absences.order_by("-ends")[:PERIODS_MOST]]
    return tuple(sorted(rows, key=lambda each: (each.ends, each.key), reverse=True))


def _delegation_row(each: Delegation, at: datetime) -> PeriodRow:
    ends = each.ended_at or each.ends
    return PeriodRow(
        "delegation", str(each.key), each.giver.name, str(each.giver.key), each.taker.name, str(each.taker.key),
        ", ".join(Role(role).words for role in each.roles), each.starts, ends, _when(each.starts, ends, at),
    )  # fmt: skip


def _absence_row(each: Absence, at: datetime) -> PeriodRow:
    ends = each.ended_at or each.ends
    name, key = ("", "") if each.stand_in is None else (each.stand_in.name, str(each.stand_in.key))
    return PeriodRow(
        "absence", str(each.key), each.person.name, str(each.person.key), name, key, "every role",
        each.starts, ends, _when(each.starts, ends, at),
    )  # fmt: skip


def _did(person: Person, by: Actor, at: datetime) -> tuple[Shown, ...] | None:
    """What they did last; None where this reader may not read the ledger and it is not about themselves."""
    if may(by, "ledger.entries"):
        page = entries(by=by, at=at, filters=LedgerFilters(actor=str(person.reference)), most=DONE_MOST)
        return () if isinstance(page, list) else tuple(page.rows)
    if person.reference == by.who:
        # What others did about them is among it, and no doing of theirs.
        around = changes(by=by, at=at, most=DONE_MOST * 4)
        return tuple(each for each in around if each.who.reference == str(person.reference))[:DONE_MOST]
    return None


def _when(starts: datetime, ends: datetime | None, at: datetime) -> When:
    if ends is not None and ends <= at:
        return "over"
    return "now" if starts <= at else "later"
