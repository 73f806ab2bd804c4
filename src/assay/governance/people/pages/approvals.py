"""Pages on which proposals are read, approved, declined and withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Function
from assay.governance.people import commands, queries
from assay.governance.people.models import Proposal
from assay.governance.people.pages.doors import NOT_DONE, found


@require_safe
def approvals(request: StaffRequest) -> HttpResponse:
    """What waits, as far as it concerns the reader; below it what was settled last."""
    waiting = queries.approvals(by=request.actor, at=request.at)
    context = {
        "mine": [each for each in waiting if each.functions],
        "others": [each for each in waiting if not each.functions],
        "settled": queries.settled(by=request.actor, at=request.at),
    }
    return render(request, "people/approvals.html", context)


@require_safe
def approval(request: StaffRequest, key: UUID) -> HttpResponse:
    """One proposal."""
    return _shown(request, key)


@require_POST
def approve(request: StaffRequest, key: UUID) -> HttpResponse:
    """For the digest that stood on the page."""
    proposal = _proposal(request, key)
    function = next((each for each in Function if each.value == request.POST.get("function")), None)
    made = commands.approve(
        proposal=proposal, digest=request.POST.get("digest", ""), function=function, by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return _shown(request, key, made)
    done = made.state == "approved"
    messages.success(
        request, "Approved, and done." if done else "Approved. It takes effect once the others have approved too."
    )
    return redirect("people:approval", key=key)


@require_POST
def decline(request: StaffRequest, key: UUID) -> HttpResponse:
    """It will not take effect."""
    made = commands.decline(proposal=_proposal(request, key), by=request.actor, at=request.at)
    if isinstance(made, list):
        return _shown(request, key, made)
    messages.success(request, "Declined. Whoever proposed it can propose something else.")
    return redirect("people:approval", key=key)


@require_POST
def withdraw(request: StaffRequest, key: UUID) -> HttpResponse:
    """By whoever made it."""
    made = commands.withdraw(proposal=_proposal(request, key), by=request.actor, at=request.at)
    if isinstance(made, list):
        return _shown(request, key, made)
    messages.success(request, "Withdrawn. Nothing was changed by it.")
    return redirect("people:approval", key=key)


def _proposal(request: StaffRequest, key: UUID) -> Proposal:
    return found(queries.proposal_of(str(key), request.actor))


def _shown(request: StaffRequest, key: UUID, faults: object = ()) -> HttpResponse:
    waiting = found(queries.approval(key=str(key), by=request.actor, at=request.at))
    context = {"proposal": waiting, "faults": faults}
    return render(request, "people/approval.html", context, status=NOT_DONE if faults else 200)
