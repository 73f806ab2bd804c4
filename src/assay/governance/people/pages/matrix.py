"""Who may do what, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assay.governance.office.exporting import Columns, as_csv
from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Role
from assay.governance.people import queries
from assay.governance.people.queries.matrix import WORDS, MatrixRow


@require_safe
def matrix(request: StaffRequest) -> HttpResponse:
    """Every operation against every role; of one room where the address names it."""
    room = request.GET.get("room", "")
    rows = queries.matrix(room=room, by=request.actor, at=request.at)
    context = {
        "table": _table(tuple(rows), request.actor.roles),
        "rooms": queries.matrix_rooms(),
        "room": room,
        "count": len(rows),
    }
    return render(request, "people/matrix.html", context)


@require_safe
def matrix_file(request: StaffRequest) -> HttpResponseBase:
    """The same as CSV."""
    rows = queries.matrix(room=request.GET.get("room", ""), by=request.actor, at=request.at)
    return as_csv(_columns(), rows, title="who-may-do-what", at=request.at)


@lru_cache(maxsize=64)
def _table(rows: tuple[MatrixRow, ...], mine: frozenset[Role]) -> SafeString:
    """Drawn once for each set of roles: the operations of a program change with the program alone."""
    context = {"roles": list(Role), "mine": mine, "groups": _grouped(rows)}
    return render_to_string("people/parts/matrix.html", context)


def _columns() -> Columns[MatrixRow]:
    columns: dict[str, object] = {
        "operation": lambda row: row.name,
        "kind": lambda row: row.kind,
        "words": lambda row: row.words,
        "for a limited role": lambda row: row.limit or "no",
        "automatic work": lambda row: "may" if row.system else "no",
    }
    for place, role in enumerate(Role):
        columns[role.words] = lambda row, place=place: WORDS[row.cells[place][1]]
    return columns  # type: ignore[return-value]


def _grouped(rows: Iterable[MatrixRow]) -> list[tuple[str, list[MatrixRow]]]:
    groups: dict[str, list[MatrixRow]] = {}
    for row in rows:
        groups.setdefault(row.room, []).append(row)
    return list(groups.items())
