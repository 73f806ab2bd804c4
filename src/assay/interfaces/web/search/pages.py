"""The search page and the palette: one box, grouped hits, as somebody types. They show what a query gave."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assay.governance.office.requests import StaffRequest
from assay.interfaces.web.search.going import find_ways
from assay.interfaces.web.search.queries import LONGEST, Group, find, grouped

_MOST_ON_PAGE, _MOST_IN_PALETTE = 20, 5
_MOST_GROUPS_IN_PALETTE = 6


@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """Everything that fits, on a page; as a part of it where only the hits are asked for."""
    text = _text(request)
    groups = find(text=text, by=request.actor, at=request.at, most=_MOST_ON_PAGE)
    given = {"text": text, "groups": groups, "count": sum(len(group.hits) + group.more for group in groups)}
    part = request.headers.get("HX-Target") == "hits"
    return render(request, "search/hits.html" if part else "search/search.html", given)


@require_GET
def palette(request: StaffRequest) -> HttpResponse:
    """The few best hits, pages and actions among them; before anything is typed, where one can go."""
    text = _text(request)
    groups: list[Group] = find(text=text, by=request.actor, at=request.at, most=_MOST_IN_PALETTE)
    if not text:
        groups = grouped(find_ways(request.actor, "", 40), 12)
    return render(request, "search/palette.html", {"text": text, "groups": groups[:_MOST_GROUPS_IN_PALETTE]})


def _text(request: StaffRequest) -> str:
    return " ".join(request.GET.get("q", "").split())[:LONGEST]
