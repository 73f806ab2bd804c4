"""The board and the list of changes, the list as a file, and how a change is opened."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.exporting import FORMS, Columns, Form, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import asked, need
from assay.governance.people.queries.naming import key_of
from assay.governance.people.views.queries import views_of
from assay.governance.people.views.rules import plain_query
from assay.governance.policies.life import commands
from assay.governance.policies.life.commands.wishes import LONGEST_WHY
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.models import Document
from assay.governance.policies.life.pages.forms import OpenForm
from assay.governance.policies.life.queries.board import (
    SHOWN,
    Filters,
    Row,
    board,
    list_changes,
    mine_to_move,
    rows_for_export,
)
from assay.governance.policies.life.stages import KINDS, Stage
from assay.governance.policies.ports import PORTS

PAGE = "changes"
_LONGEST = 120
_COLUMNS: Columns[Row] = {
    "number": lambda row: row.change.number,
    "title": lambda row: row.change.title,
    "policy": lambda row: row.change.policy,
    "kind": lambda row: row.change.kind,
    "risk": lambda row: row.change.risk,
    "stage": lambda row: row.stage.value,
    "stage_since": lambda row: row.change.stage_since,
    "next_step": lambda row: row.whose,
    "due": lambda row: row.due,
    "wanted_on": lambda row: row.change.wanted_on,
    "review_on": lambda row: row.change.review_on,
}
_CHIPS = {
    "stage": "Stage", "policy": "Policy", "owner": "Owner", "risk": "Risk", "kind": "Kind", "shown": "Shown",
    "mine": "Mine",
}  # fmt: skip


@require_safe
def board_page(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, then everything under way by phase."""
    filters = read_filters(request.GET.dict())
    found = board(filters=filters, by=request.actor, at=request.at)
    first = mine_to_move(by=request.actor, at=request.at)
    given = {**_around(request, filters), "board": found, "first": first, "any": any(column.rows for column in found)}
    return render(request, "changes/board.html", given)


@require_safe
def list_page(request: StaffRequest) -> HttpResponse:
    """Changes as rows, the newest first."""
    filters = read_filters(request.GET.dict())
    listing = list_changes(filters=filters, after=request.GET.get("after"), by=request.actor, at=request.at)
    query = plain_query(request.GET.urlencode())
    given = {
        **_around(request, filters),
        "listing": listing,
        "forms": FORMS,
        "taken": {name: value for name, value in request.GET.items() if name in _CHIPS and value},
        "views": views_of(page=PAGE, query=query, by=request.actor, at=request.at),
        "save": f"{reverse('views:new')}?page={PAGE}&query={quote(query, safe='')}",
    }
    return render(request, "changes/list.html", given)


@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a file."""
    form: Form = next((each for each in FORMS if each == request.GET.get("format")), "csv")
    rows = rows_for_export(filters=read_filters(request.GET.dict()), by=request.actor, at=request.at)
    return exported(form, _COLUMNS, rows, title="changes", at=request.at)


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Open a change."""
    need(request, "policies.open-change")
    if in_force() is None:
        return redirect("changes:board")
    form = OpenForm(
        request.POST if request.method == "POST" else None, initial=_asked_for(request), policies=_policies()
    )
    if request.method != "POST" or not form.is_valid():
        return asked(request, "changes/new.html", form)
    made = commands.open_change(**form.cleaned_data, by=request.actor, at=request.at)
    if isinstance(made, list):
        return asked(request, "changes/new.html", form, made)
    messages.success(request, f"Change {made.number} is open. It begins as an idea, and you answer for it.")
    return redirect("changes:change", number=made.number)


@require_POST
def begin(request: StaffRequest) -> HttpResponse:
    """Take over what decides now."""
    made = commands.begin(by=request.actor, at=request.at)
    if isinstance(made, list):
        filters = Filters()
        given = {**_around(request, filters), "faults": made, "first": [], "any": False}
        return render(request, "changes/board.html", given, status=422)
    messages.success(
        request, "The policies in force are here now. Everything that changes them goes through this room."
    )
    return redirect("changes:board")


def read_filters(given: dict[str, str]) -> Filters:
    """Filters from an address; what cannot be read narrows nothing."""
    stage, owner = given.get("stage", ""), given.get("owner", "")
    return Filters(
        stage=stage if stage in {each.value for each in Stage} else "",
        policy=given.get("policy", "").strip().replace("\0", "")[:_LONGEST],
        owner=owner if key_of(owner) else "",
        risk=given.get("risk", "") if given.get("risk") in ("ordinary", "high") else "",
        kind=given.get("kind", "") if given.get("kind") in KINDS else "",
        shown=given.get("shown", "") if given.get("shown") in SHOWN else "",
        mine=given.get("mine") in ("on", "yes", "1"),
    )


def _around(request: StaffRequest, filters: Filters) -> dict[str, object]:
    """What stands above the board and the list alike."""
    now = in_force()
    return {
        "filters": filters,
        "stages": [(each.value, each.words) for each in Stage],
        "shown": SHOWN,
        "chips": _CHIPS,
        "narrowed": filters != Filters(),
        "begun": now is not None,
        "has_pack": PORTS.in_force is not None,
        "edition": now,
        "may_begin": may(request.actor, "policies.begin"),
        "may_open": may(request.actor, "policies.open-change"),
        "asked": plain_query(request.GET.urlencode()),
    }


def _policies() -> list[tuple[str, str]]:
    held = Document.objects.filter(retired_at=None).order_by("-is_policy", "title")
    return [(name, f"{title}" if policy else f"{title} (shared: {name})") for name, title, policy in held.values_list(
        "name", "title", "is_policy"
    )]  # fmt: skip


def _asked_for(request: StaffRequest) -> dict[str, str]:
    """What another page asks for: `?kind=retire&policy=likeness`."""
    return {name: request.GET[name][:_LONGEST] for name in ("kind", "policy", "title") if name in request.GET} | (
        {"why": request.GET["why"][:LONGEST_WHY]} if "why" in request.GET else {}
    )
