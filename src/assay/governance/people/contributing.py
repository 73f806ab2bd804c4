"""What this room adds to home, calendar, search, palette and rail. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, Value
from django.urls import reverse

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.office.actor import Actor, Target
from assay.governance.office.contributions import Date, Hit, Place, Task, contribute
from assay.governance.office.operations import may
from assay.governance.office.roles import Role
from assay.governance.people import queries
from assay.governance.people.models import Absence, Delegation, Grant
from assay.governance.people.proposals.kinds import KINDS
from assay.governance.people.queries.naming import key_of
from assay.governance.people.rules.wording import held_words

MOST = 200
_PLACE = Place("People", "people:people", "p", "people.list", "people", 60)


def register() -> None:
    """Make the room's parts known; called once when Django is ready."""
    contribute("people", tasks=tasks, dates=dates, search=search, place=_PLACE)
    name_things("person", queries.names_of, url=lambda key: _person(key) if key_of(key) else None)
    name_things("proposal", lambda keys: dict.fromkeys(keys, "a proposal"), url=_proposal_url)


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Proposals whose approval by this person would count, by their own roles or by those they stand in for."""
    # Most people approve nothing: of them nothing is asked of the store.
    if not any(by.reaches(kind.approvers, Target("people")) for kind in KINDS.values()):
        return
    for each in queries.approvals(by=by, at=at):
        if each.functions:
            lent = f", standing in for {' and '.join(each.stands_for)}" if each.stands_for else ""
            words = f"Approve or decline: {each.words}{lent}"
            yield Task("people", words, reverse("people:approval", args=[each.key]), each.made_at, each.ends)


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Ends of what this person holds, gives or stands in for; of everybody's roles, for administrators."""
    if by.who.kind != "person":
        return
    if Role.ADMINISTRATOR in by.roles:
        yield from _grants(Q(), start, end)
    elif any(held.until is not None and held.stands_for is None for held in by.held):
        yield from _grants(Q(person__key=by.who.key), start, end)
    yield from _periods(by, start, end)


def search(by: Actor, text: str, most: int) -> Iterator[Hit]:
    """People by name or address."""
    if not may(by, "people.list"):
        return
    from django.utils import timezone

    for row in queries.search_people(text=text, most=most, by=by, at=timezone.now()):
        exact = row.name.lower() == text.strip().lower() or row.email == text.strip().lower()
        starts = row.name.lower().startswith(text.strip().lower())
        roles = ", ".join(held_words(held) for held in row.roles) or "no role yet"
        yield Hit("people", "person", row.name, _person(row.key), roles, 1.0 if exact else 0.8 if starts else 0.5)


def _grants(whose: Q, start: datetime, end: datetime) -> Iterator[Date]:
    grants = Grant.objects.filter(whose, revoked_at=None, ends__gte=start, ends__lt=end, person__is_active=True)
    for grant in grants.select_related("person").order_by("ends")[:MOST]:
        words = f"{grant.person.name} stops being {Role(grant.role).words}"
        yield Date("people", f"grant-{grant.key}", words, grant.ends or end, _person(grant.person.key), kind="ends")


def _periods(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Delegations and absences of this person, whichever side they are on; both in one read."""
    columns = ("kind", "key", "starts", "ends", "who", "instead")
    near = Q(ended_at=None, ends__gt=start, starts__lt=end)
    delegations = Delegation.objects.filter(near, Q(giver__key=by.who.key) | Q(taker__key=by.who.key)).annotate(
        kind=Value("delegation"), who=F("giver__name"), instead=F("taker__name")
    )
    absences = Absence.objects.filter(near, Q(person__key=by.who.key) | Q(stand_in__key=by.who.key)).annotate(
        kind=Value("absence"), who=F("person__name"), instead=F("stand_in__name")
    )
    found = delegations.values_list(*columns).union(absences.values_list(*columns), all=True)
    for kind, key, starts, ends, who, instead in found.order_by("ends")[:MOST]:
        begins, over = _said(kind, who, instead)
        if start <= starts:
            yield Date("people", f"{kind}-{key}-begins", begins, starts, reverse("people:me"), kind="begins")
        if ends < end:
            yield Date("people", f"{kind}-{key}-ends", over, ends, reverse("people:me"), kind="ends")


def _said(kind: str, who: str, instead: str | None) -> tuple[str, str]:
    if kind == "delegation":
        return f"{instead} acts for {who}", f"{instead} stops acting for {who}"
    return f"{who} is away" + (f", {instead} stands in" if instead else ""), f"{who} is back"


def _person(key: object) -> str:
    return reverse("people:person", args=[key])


def _proposal_url(key: str) -> str | None:
    return reverse("people:approval", args=[key]) if key_of(key) else None
