"""What stops a change, and lets it go: conditions and vetoes. Each answers a form and leads back to the tab."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import NOT_DONE, found
from assay.governance.policies.life.shell import found_change
from assay.governance.policies.signing.commands.conditions import answer_condition, judge_condition
from assay.governance.policies.signing.commands.vetoes import lift_veto, set_veto
from assay.governance.policies.signing.forms import AnswerForm, JudgeForm, WordsForm
from assay.governance.policies.signing.pages.sheet import shown
from assay.governance.policies.signing.queries.sheets import condition_at


@require_POST
def answer(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Say that a condition is met."""
    change = found_change(request, number)
    condition, form = found(condition_at(change, key)), AnswerForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    made = answer_condition(
        change=change, condition=condition, words=given.get("words", ""), link=given.get("link", ""), by=request.actor,
        at=request.at,
    )  # fmt: skip
    return _answered(request, number, made, "Said to be met. Whoever set it, or another of that function, confirms it.")


@require_POST
def judge(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Confirm that a condition is met, or say what is wanting."""
    change = found_change(request, number)
    condition, form = found(condition_at(change, key)), JudgeForm(request.POST)
    words, met = form.cleaned_data["words"] if form.is_valid() else "", "met" in request.POST
    made = judge_condition(change=change, condition=condition, met=met, words=words, by=request.actor, at=request.at)
    said = "Confirmed: the condition is met." if met else "Said not to be met. Whoever sees to it is told."
    return _answered(request, number, made, said)


@require_POST
def stop(request: StaffRequest, number: int) -> HttpResponse:
    """Set a veto."""
    change, form = found_change(request, number), WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    made = set_veto(change=change, words=words, by=request.actor, at=request.at)
    return _answered(request, number, made, "Stopped. Nobody but legal can lift it.")


@require_POST
def lift(request: StaffRequest, number: int) -> HttpResponse:
    """Lift the veto."""
    change, form = found_change(request, number), WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    made = lift_veto(change=change, words=words, by=request.actor, at=request.at)
    return _answered(request, number, made, "Lifted. The change may go on.")


def _answered(request: StaffRequest, number: int, made: object, done: str) -> HttpResponse:
    if isinstance(made, list):
        return shown(request, found_change(request, number), faults=made, status=NOT_DONE)
    messages.success(request, done)
    return redirect("signing:change", number)
