"""The home page. It shows what a query gave."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.interfaces.web.home.queries import AHEAD, home_of
from assay.interfaces.web.policies.dates import DUTIES
from assay.interfaces.web.policies.wording import NOT_ADVICE


@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """What waits, what changed, what is due."""
    found = home_of(by=request.actor, at=request.at)
    given = {
        "home": found,
        "first_name": request.user.get_short_name() if request.user.is_authenticated else "",
        "has_role": bool(request.actor.held),
        # News are told to everybody; the entries behind them are read by few.
        "opens_ledger": may(request.actor, "ledger.entry"),
        "ahead": AHEAD.days,
        "not_advice": NOT_ADVICE if any(date.room == DUTIES for date, _ in found.dates) else "",
    }
    return render(request, "home/home.html", given)
