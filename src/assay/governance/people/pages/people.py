"""The list of people, its export, and the page of one person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assay.governance.office.exporting import FORMS, Columns, Form, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people import queries
from assay.governance.people.commands import export_people
from assay.governance.people.forms.asking import FilterForm
from assay.governance.people.pages.doors import found
from assay.governance.people.queries.people import PersonRow
from assay.governance.people.rules.wording import held_words

_CHIPS = {"name": "Name", "role": "Role", "room": "Room", "state": "State"}
_MOST_ROLES = 4
# What is worth a badge; an open account is not.
_BADGES = {"away": "warning", "invited": "neutral", "closed": "neutral"}
_COLUMNS: Columns[PersonRow] = {
    "key": lambda row: row.key,
    "name": lambda row: row.name,
    "email": lambda row: row.email,
    "state": lambda row: row.state,
    "roles": lambda row: "; ".join(map(held_words, row.roles)),
    "away_until": lambda row: row.away_until,
    "joined": lambda row: row.joined_at,
    "last_sign_in": lambda row: row.last_login,
}


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Everybody with an account, narrowed by what stands in the address."""
    form = FilterForm(request.GET, rooms=queries.matrix_rooms())
    filters = _filters(form)
    listing = queries.list_people(filters=filters, after=request.GET.get("after"), by=request.actor, at=request.at)
    context = {
        "listing": listing,
        "filters": filters,
        "selects": _selects(form, filters),
        "chips": _CHIPS,
        "rows": [_shown(row) for row in listing.rows],
        "forms": FORMS,
        "may_invite": may(request.actor, "people.invite"),
        "may_export": may(request.actor, "people.export"),
        "narrowed": filters != queries.Filters(),
    }
    return render(request, "people/people.html", context)


@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a file; that it was taken is written into the ledger before its first line leaves."""
    filters = _filters(FilterForm(request.POST, rooms=queries.matrix_rooms()))
    form: Form = next((each for each in FORMS if each == request.POST.get("format")), "csv")
    rows = queries.all_people(filters=filters, by=request.actor, at=request.at)
    export_people(rows=rows, asked=filters.words, by=request.actor, at=request.at)
    return exported(form, _COLUMNS, rows, title="people", at=request.at)


@require_safe
def person(request: StaffRequest, key: UUID) -> HttpResponse:
    """One person: what they hold and why, who stands in, what they did last."""
    view = found(queries.see_person(key=str(key), by=request.actor, at=request.at))
    context = {
        "person": view,
        "may_change": may(request.actor, "people.change-person"),
        "may_ask": may(request.actor, "people.propose-in-emergency"),
        "may_end": may(request.actor, "people.revoke-role") or view.is_self,
        "never_came": view.is_open and view.last_login is None,
    }
    return render(request, "people/person.html", context)


def _selects(form: FilterForm, filters: queries.Filters) -> list[tuple[str, str, str, object]]:
    """The choices as plain values: Django draws a select by a template for each of its options."""
    chosen = {"role": filters.role or "", "room": filters.room, "state": filters.state or ""}
    labels = {"role": "Role", "room": "Reaches room", "state": "State"}
    return [(labels[name], name, str(value), form.fields[name].choices) for name, value in chosen.items()]  # type: ignore[attr-defined]


def _shown(row: PersonRow) -> dict[str, object]:
    """A line as plain values: a list of many lines is made for every look at it."""
    return {
        "row": row,
        "url": f"{reverse('people:people')}{row.key}",
        "roles": _few([held_words(held) for held in row.roles]),
        "badge": _BADGES.get(row.state, ""),
        "state": row.state.capitalize(),
    }


def _few(roles: list[str]) -> str:
    """Roles in a line; who holds very many has them all on their own page."""
    rest = len(roles) - _MOST_ROLES
    return ", ".join(roles) if rest <= 1 else f"{', '.join(roles[:_MOST_ROLES])} and {rest} more"


def _filters(form: FilterForm) -> queries.Filters:
    form.is_valid()
    chosen = form.cleaned_data
    return queries.Filters(
        name=chosen.get("name", "").strip(),
        role=chosen.get("role"),
        room=chosen.get("room", ""),
        state=chosen.get("state") or None,
    )
