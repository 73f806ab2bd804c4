"""The pages of those who are asked. They show one's own question, view and answer, and nothing else of the house."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.consulting import commands
from assay.governance.policies.consulting.forms import DeclareForm, ViewForm
from assay.governance.policies.consulting.models import Consultation
from assay.governance.policies.consulting.pages.doors import blame
from assay.governance.policies.consulting.queries import Asked, asked_in, asked_of, consultation_of
from assay.governance.policies.consulting.queries.asked import own_consultation
from assay.governance.policies.consulting.rules.words import CONFIDENCES, CONFLICTS, OUTCOMES, POSITIONS
from assay.governance.policies.consulting.targets import consulted


@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """Everything that one is asked."""
    rows = asked_of(by=request.actor, at=request.at)
    return render(request, "consulting/mine.html", {"rows": rows, "outcomes": OUTCOMES, "positions": POSITIONS})


@require_safe
def asked(request: StaffRequest, key: UUID) -> HttpResponse:
    """One question with its draft; people of the house who are not asked themselves are led to its change."""
    found = asked_in(key=key, by=request.actor, at=request.at)
    if found is not None:
        return _page(request, found)
    held = consultation_of(key)
    if held is not None and may(request.actor, "policies.see-consultation", consulted({"consultation": held})):
        return redirect("consulting:one", number=held.change.number, key=key)
    raise Http404


@require_POST
def declare_interest(request: StaffRequest, key: UUID) -> HttpResponse:
    """Declare one's interests."""
    held, found = _own(request, key)
    form = DeclareForm(request.POST, prefix="interest")
    if not form.is_valid():
        return _page(request, found, declaring=form)
    made = commands.declare(consultation=held, **form.cleaned_data, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _page(request, found, declaring=form, faults=blame(form, made))
    messages.success(request, "Your interests are declared.")
    return redirect("consulting:asked", key=key)


@require_POST
def say(request: StaffRequest, key: UUID) -> HttpResponse:
    """Give one's view, or change it."""
    held, found = _own(request, key)
    form = ViewForm(request.POST, prefix="view", parts=found.draft.parts if found.draft else ())
    if not form.is_valid():
        return _page(request, found, saying=form)
    made = commands.give_view(consultation=held, **form.cleaned_data, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _page(request, found, saying=form, faults=blame(form, made))
    messages.success(request, "Thank you. Your view is kept; you can change it until the consultation ends.")
    return redirect("consulting:asked", key=key)


@require_POST
def decline(request: StaffRequest, key: UUID) -> HttpResponse:
    """Say that one gives no view."""
    held, found = _own(request, key)
    made = commands.decline_invitation(consultation=held, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _page(request, found, faults=made)
    messages.success(request, "You will not be reminded. You can still give a view until the consultation ends.")
    return redirect("consulting:mine")


def _own(request: StaffRequest, key: UUID) -> tuple[Consultation, Asked]:
    """The consultation that one is asked in; raises Http404 for whoever is not asked, or no longer."""
    held, found = own_consultation(key, request.actor), asked_in(key=key, by=request.actor, at=request.at)
    if held is None or found is None:
        raise Http404
    return held, found


def _page(
    request: StaffRequest,
    found: Asked,
    *,
    declaring: forms.Form | None = None,
    saying: forms.Form | None = None,
    faults: list[Fault] | None = None,
) -> HttpResponse:
    invited, view = found.invitation, found.view
    context: dict[str, Any] = {
        "found": found,
        "faults": faults or [],
        "declaring": declaring
        or DeclareForm(
            prefix="interest",
            initial={"conflict": invited.conflict, "words": invited.conflict_words, "named": invited.named},
        ),
        "saying": saying
        or ViewForm(
            prefix="view",
            parts=found.draft.parts if found.draft else (),
            initial={}
            if view is None
            else {"position": view.position, "words": view.words, "part": view.part, "confidence": view.confidence},
        ),
        "declared": CONFLICTS.get(invited.conflict, ""),
        "position": POSITIONS.get(view.position, "") if view is not None else "",
        "confidence": CONFIDENCES.get(view.confidence, "") if view is not None else "",
        "outcome": OUTCOMES.get(found.answer.outcome, "") if found.answer is not None else "",
    }
    wrong = bool(faults) or declaring is not None or saying is not None
    return render(request, "consulting/asked.html", context, status=422 if wrong else 200)
