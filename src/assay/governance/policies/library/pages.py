"""The pages of the library. They show what was released, and change nothing."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.library import queries
from assay.governance.policies.library.forms import FilterForm, as_number
from assay.governance.policies.library.sections import parts_of
from assay.governance.policies.library.showing import badges, shown
from assay.governance.policies.life.models import Document, Version

_CHIPS = {"text": "Named", "standing": "State", "mine": "Mine", "shared": "Files"}


@require_safe
def policies(request: StaffRequest) -> HttpResponse:
    """Every policy of the house, narrowed by what stands in the address."""
    form = FilterForm(request.GET)
    filters = form.filters()
    after = request.GET.get("after")
    listing = queries.list_library(filters=filters, after=after, by=request.actor, at=request.at)
    context = {
        "listing": listing,
        "filters": filters,
        "standings": FilterForm.STANDINGS,
        "chips": _CHIPS,
        "narrowed": filters != queries.Filters(),
        "making": queries.list_new(by=request.actor, at=request.at) if not after else (),
        "rows": [shown(row, request.at.date()) for row in listing.rows],
        "may_open": may(request.actor, "policies.open-change"),
    }
    return render(request, "library/policies.html", context)


@require_safe
def versions(request: StaffRequest, policy: str) -> HttpResponse:
    """Every version of one policy."""
    document = _document(policy)
    after = request.GET.get("after")
    listing = queries.list_versions(document=document, after=after, by=request.actor, at=request.at)
    row = queries.see_row(document=document, by=request.actor, at=request.at)
    context = {
        "document": document,
        "row": row,
        "badges": badges(row, request.at.date()),
        "listing": listing,
        "rows": [(each, queries.since(each), each.number - 1) for each in listing.rows],
        "decides": row.version.number if row.version is not None and row.decides else 0,
        "tab": "versions",
    }
    return render(request, "library/versions.html", context)


@require_safe
def version(request: StaffRequest, policy: str, number: int) -> HttpResponse:
    """One version: its text, and where it came from."""
    document = _document(policy)
    found = queries.see_version(document=document, number=number, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    row = queries.see_row(document=document, by=request.actor, at=request.at)
    context = {"document": document, "row": row, "version": found, "tab": "versions", **_shown(document, found)}
    context["decides"] = row.decides and row.version is not None and row.version.number == number
    return render(request, "library/version.html", context)


@require_safe
def difference(request: StaffRequest, policy: str) -> HttpResponse:
    """Two versions: which rules came, went or are others, and the text word by word."""
    document = _document(policy)
    after = as_number(request.GET.get("to"), document.versions)
    before = as_number(request.GET.get("from"), max(after - 1, 1))
    found = queries.compare_versions(document=document, before=before, after=after, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    old, new = found.texts
    context = {
        "document": document,
        "found": found,
        "old": old,
        "new": new,
        "same": found.before.number == found.after.number,
        "tab": "difference",
    }
    return render(request, "library/difference.html", context)


@require_safe
def as_of(request: StaffRequest, policy: str) -> HttpResponse:
    """The policy as it decided on any day."""
    document = _document(policy)
    day, note = _day(request.GET.get("day"), request.at.date())
    found = queries.see_as_of(document=document, day=day, by=request.actor, at=request.at)
    context = {
        "document": document,
        "found": found,
        "day": day,
        "note": note,
        "today": request.at.date(),
        "before": day - timedelta(days=1) if day > date.min else day,
        "after": day + timedelta(days=1) if day < request.at.date() else None,
        "tab": "as-of",
        **(_shown(document, found.version) if found.version is not None else {}),
    }
    return render(request, "library/as_of.html", context)


def _document(name: str) -> Document:
    found = queries.document_of(name)
    if found is None:
        raise Http404
    return found


def _shown(document: Document, version: Version) -> dict[str, object]:
    """A version's text for a template: of a policy part by part, of another file as it stands."""
    text = "" if version.text is None else version.text.content
    return {
        "source": text,
        "outline": queries.version_outline(version) if document.is_policy else None,
        "parts": parts_of(text) if document.is_policy and text else (),
    }


def _day(given: str | None, today: date) -> tuple[date, str]:
    """The day of an address; one that is none, or is still to come, is today, with a note that says so."""
    if not given:
        return today, ""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today, "That is no day: today is shown. A day is written as 2026-11-23."
    if day > today:
        return today, "That day is still to come, and what will decide then is not known: today is shown."
    return day, ""
