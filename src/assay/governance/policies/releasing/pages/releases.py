"""What decides now, all releases, rolling back, and the pack as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.exporting import FORMS, Columns, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Edition, Release
from assay.governance.policies.releasing import commands, queries
from assay.governance.policies.releasing.pages.forms import ReasonForm

NOT_DONE = 422
MOST_ROWS = 30
KINDS: Mapping[str, str] = {
    "begin": "The house began",
    "pilot": "Looks on",
    "launch": "Decides",
    "roll-back": "Rolled back",
    "withdraw": "Ended",
}
PARTS: Mapping[str, str] = {"current": "Everything", "staged": "A share", "shadow": "Looks on"}
COLUMNS: Columns[Release] = {
    "release": lambda row: row.number,
    "kind": lambda row: row.kind,
    "part": lambda row: row.part,
    "share": lambda row: row.share,
    "edition": lambda row: row.edition.number,
    "digest": lambda row: row.edition.digest,
    "change": lambda row: None if row.change is None else row.change.number,
    "policy": lambda row: None if row.change is None else row.change.policy,
    "released": lambda row: row.made_at,
    "by": lambda row: None if row.made_by is None else row.made_by.name,
    "reason": lambda row: row.reason,
    "published": lambda row: row.published_at,
    "sequence": lambda row: row.sequence,
}


@require_safe
def releases(request: StaffRequest) -> HttpResponse:
    """What decides now on top, then every release."""
    return _releases(request)


def _releases(request: StaffRequest, faults: object = (), status: int = 200) -> HttpResponse:
    filters = _filters(request)
    after = request.GET.get("after")
    found = queries.list_releases(filters=filters, after=after, most=MOST_ROWS, by=request.actor, at=request.at)
    context = {
        "overview": queries.see_releases(by=request.actor, at=request.at),
        "releases": found,
        "has_reasons": any(row.reason for row in found.rows),
        "filters": filters,
        "kinds": KINDS,
        "parts": PARTS,
        "faults": faults,
        "may_release": may(request.actor, "policies.roll-back"),
    }
    return render(request, "releasing/releases.html", context, status=status)


@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """All releases as a file."""
    form = next((each for each in FORMS if each == request.GET.get("form")), None)
    if form is None:
        raise Http404
    rows = queries.export_releases(filters=_filters(request), by=request.actor, at=request.at)
    return exported(form, COLUMNS, rows, title="releases", at=request.at)


@require_safe
def edition(request: StaffRequest, number: int) -> HttpResponse:
    """One edition: its texts, what it changed, who signed it."""
    view = queries.see_edition(edition=_edition(number), by=request.actor, at=request.at)
    context = {"view": view, "may_release": may(request.actor, "policies.roll-back")}
    return render(request, "releasing/edition.html", context)


@require_safe
def bundle(request: StaffRequest, number: int) -> HttpResponse:
    """The signed bundle of an edition, as a file."""
    found = queries.see_edition(edition=_edition(number), by=request.actor, at=request.at).edition
    if found.bundle is None:
        raise Http404
    response = HttpResponse(bytes(found.bundle), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="edition-{found.number}.bundle.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def roll_back(request: StaffRequest) -> HttpResponse:
    """Says what would decide again, and what ends by it; then does it."""
    to = _chosen(request.GET.get("to") or request.POST.get("to"))
    faults: Any = ()
    if request.method == "POST":
        made = commands.roll_back(to=to, reason=request.POST.get("reason", ""), by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, f"Edition {made.edition.number} decides again as soon as services have looked.")
            return redirect("releasing:releases")
        faults = made
    overview = queries.see_releases(by=request.actor, at=request.at)
    target = to or overview.former
    context = {
        "overview": overview,
        "edition": target,
        "chosen": to,
        "faults": faults,
        "form": ReasonForm(request.POST if "reason" in request.POST else None),
        "may_release": may(request.actor, "policies.roll-back"),
    }
    return render(request, "releasing/roll_back.html", context, status=NOT_DONE if faults else 200)


@require_POST
def again(request: StaffRequest, number: int) -> HttpResponse:
    """Try to publish a release now."""
    release = queries.release_of_number(number)
    if release is None:
        raise Http404
    made = commands.publish_again(release=release, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _releases(request, made, NOT_DONE)
    messages.success(request, f"Release {number} is tried again at once.")
    return redirect("releasing:releases")


@require_safe
def as_of(request: StaffRequest) -> HttpResponse:
    """The pack as of a day."""
    asked = request.GET.get("day", "")
    try:
        day = date.fromisoformat(asked) if asked else request.at.date()
    except ValueError:
        day = request.at.date()
        note = "That is no day; here is what decides today. Write a day as 2026-12-15."
    else:
        note = ""
    if day > request.at.date():
        day, note = request.at.date(), "That day has not come yet; here is what decides today."
    found = queries.see_as_of(day=day, by=request.actor, at=request.at)
    return render(request, "releasing/as_of.html", {"found": found, "note": note, "today": request.at.date()})


def _edition(number: int) -> Edition:
    found = queries.edition_of_number(number)
    if found is None:
        raise Http404
    return found


def _chosen(number: str | None) -> Edition | None:
    """The edition that an address or a form names; None where it names none."""
    if not number:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Http404
    return _edition(int(number))


def _filters(request: StaffRequest) -> queries.Filters:
    kind, part = request.GET.get("kind", ""), request.GET.get("part", "")
    return queries.Filters(
        kind if kind in KINDS else "", part if part in PARTS else "", request.GET.get("policy", "")[:120]
    )
