"""The people who work here, as a list and for a search. It shows no way in of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from assay.governance.office.actor import Actor, Held
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import ADMINISTRATORS, INSIDE, Role
from assay.governance.people.actors import own_roles
from assay.governance.people.models import Absence, Grant, Person
from assay.governance.people.models.grants import in_force
from assay.governance.people.models.standing_in import under_way

State: TypeAlias = Literal["open", "invited", "away", "closed"]
STATES: tuple[State, ...] = get_args(State)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of people is narrowed to; empty is everybody with an open account.

    room  people with a role that reaches it
    """

    name: str = ""
    role: Role | None = None
    room: str = ""
    state: State | None = None

    @property
    def words(self) -> str:
        """As one line, from which the digest of an export is made."""
        return f"name={self.name} role={self.role or ''} room={self.room} state={self.state or ''}"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list.

    away_until  where they are away just now
    """

    key: str
    name: str
    email: str
    state: State
    roles: tuple[Held, ...]
    away_until: datetime | None
    joined_at: datetime
    last_login: datetime | None


@query("people.list", words="see who works here and with which roles", roles=INSIDE)
def list_people(*, filters: Filters, after: str | None, by: Actor, at: datetime, most: int = 40) -> Listing[PersonRow]:
    """A page of the list, by name."""
    page = listed(_found(filters, at), order="name", after=after, most=most)
    return Listing(_rows(page.rows, at), page.next, page.previous, page.note)


@query(
    "people.read-for-export", words="read the list of people to take it along", roles=ADMINISTRATORS | {Role.AUDITOR}
)
def all_people(*, filters: Filters, by: Actor, at: datetime, most: int = 100_000) -> list[PersonRow]:
    """Every line of the list, for a file."""
    people = list(_found(filters, at).order_by("name", "id")[:most])
    return [row for chunk in _chunks(people) for row in _rows(chunk, at)]


@query("people.search", words="find people by name", roles=INSIDE)
def search_people(*, text: str, most: int, by: Actor, at: datetime) -> list[PersonRow]:
    """Open accounts whose name or address holds a text; those whose name begins with it come first."""
    wanted = text.strip()
    if not wanted:
        return []
    found = _found(Filters(name=wanted), at)
    first = list(found.filter(name__istartswith=wanted).order_by("name", "id")[:most])
    others = found.exclude(pk__in=[each.pk for each in first]).order_by("name", "id")[: most - len(first)]
    return _rows([*first, *others], at)


def _found(filters: Filters, at: datetime) -> QuerySet[Person]:
    found = Person.objects.all()
    if filters.state == "closed":
        found = found.filter(is_active=False)
    else:
        found = found.filter(is_active=True)
    if filters.state == "invited":
        found = found.filter(last_login=None)
    if filters.state == "open":
        found = found.exclude(last_login=None)
    if filters.state == "away":
        found = found.filter(pk__in=Absence.objects.filter(under_way(at)).values("person_id"))
    if filters.name:
        found = found.filter(Q(name__icontains=filters.name) | Q(email__icontains=filters.name))
    if filters.role is not None or filters.room:
        # Asked person by person, so that a page stops where it is full.
        found = found.filter(Exists(_holding(filters, at).filter(person_id=OuterRef("pk"))))
    return found


def _holding(filters: Filters, at: datetime) -> QuerySet[Grant]:
    grants = Grant.objects.filter(in_force(at))
    if filters.role is not None:
        grants = grants.filter(role=filters.role.value)
    if filters.room:
        # SQLite cannot ask whether a list in JSON holds a word; its text holds the word between quotes.
        grants = grants.annotate(reach=Cast("rooms", CharField())).filter(
            Q(reach="[]") | Q(reach__contains=f'"{filters.room}"')
        )
    return grants


def _rows(people: Iterable[Person], at: datetime) -> list[PersonRow]:
    shown = list(people)
    held = own_roles([each.pk for each in shown], at)
    absences = Absence.objects.filter(under_way(at), person_id__in=[each.pk for each in shown])
    away = dict(absences.order_by("ends").values_list("person_id", "ends"))
    return [
        PersonRow(
            key=str(each.key),
            name=each.name,
            email=each.email if each.is_active else "",
            state=_state(each, each.pk in away),
            roles=tuple(held.get(each.pk, ())),
            away_until=away.get(each.pk),
            joined_at=each.joined_at,
            last_login=each.last_login,
        )
        for each in shown
    ]


def _state(person: Person, away: bool) -> State:
    if not person.is_active:
        return "closed"
    if away:
        return "away"
    return "invited" if person.last_login is None else "open"


def _chunks(people: list[Person]) -> Iterator[list[Person]]:
    for start in range(0, len(people), _CHUNK):
        yield people[start : start + _CHUNK]
