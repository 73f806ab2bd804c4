"""The pages of notices: the bell, the list, how one wants to hear of them. Commands do what they ask for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.requests import StaffRequest
from assay.governance.people.notices.commands import choose_ways
from assay.governance.people.notices.kinds import KINDS, Way
from assay.governance.people.notices.marks import mark_read
from assay.governance.people.notices.queries import MOST_COUNTED, notices_of, unread_count, ways_of


@require_GET
def bell(request: StaffRequest) -> HttpResponse:
    """The bell with its count, asked for again and again by every open page."""
    count = unread_count(by=request.actor, at=request.at)
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    return render(request, "notices/bell.html", {"count": count, "shown": shown})


@require_GET
def notices(request: StaffRequest) -> HttpResponse:
    """One's own notices, the newest first."""
    unread = request.GET.get("show") == "unread"
    listing, rows = notices_of(by=request.actor, at=request.at, after=request.GET.get("after"), unread=unread)
    given = {"listing": listing, "rows": rows, "unread": unread, "any_unread": any(not row.is_read for row in rows)}
    return render(request, "notices/notices.html", given)


@require_POST
def read(request: StaffRequest) -> HttpResponse:
    """Mark some as read, or all."""
    numbers = [int(text) for text in request.POST.getlist("notice") if text.isdecimal() and len(text) < 19]
    count = mark_read(request.actor, request.at, None if "all" in request.POST else numbers)
    if "all" in request.POST:
        messages.success(request, f"{count} notice{'' if count == 1 else 's'} marked as read.")
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
def preferences(request: StaffRequest) -> HttpResponse:
    """How one wants to hear of each kind."""
    faults: list[Fault] = []
    if request.method == "POST":
        chosen = {slug: request.POST[slug] for slug in KINDS if slug in request.POST}
        done = choose_ways(ways=chosen, by=request.actor, at=request.at)
        if not isinstance(done, list):
            messages.success(request, "Saved. It holds for notices from now on.")
            return redirect("notices:preferences")
        faults = [fault for fault in done if fault.slug != "nothing-changed"]
        if not faults:
            messages.info(request, "Nothing was changed.")
            return redirect("notices:preferences")
    given = {"rows": ways_of(by=request.actor, at=request.at), "ways": list(Way), "faults": faults}
    return render(request, "notices/preferences.html", given, status=422 if faults else 200)
