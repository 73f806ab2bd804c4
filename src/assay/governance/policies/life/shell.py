"""The frame around every page of a change: its title, its stages, its tabs. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.queries import change_of, see_change
from assay.governance.policies.life.tabs import TABS


def found_change(request: StaffRequest, number: int) -> Change:
    """The change of an address, for whoever may read it; raises Http404 where there is none."""
    change = change_of(number)
    if change is None:
        raise Http404
    return see_change(change=change, by=request.actor, at=request.at)


def in_shell(
    request: StaffRequest, change: Change, tab: str, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a change; its template extends `changes/shell.html` and fills the block `part`."""
    tabs = [
        (each, reverse(each.url_name, args=[change.number]), each.badge(change), each.name == tab)
        for each in sorted(TABS.values(), key=lambda each: each.order)
    ]
    return render(request, template, {"change": change, "tabs": tabs, "tab": tab, **context}, status=status)
