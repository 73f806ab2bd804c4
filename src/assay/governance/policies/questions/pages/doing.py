"""The pages on which questions are asked, ruled on, confirmed, superseded and withdrawn. They call commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import OPERATIONS, NotAllowed
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.questions import commands
from assay.governance.policies.questions.known import parts_of, policy_names
from assay.governance.policies.questions.pages.forms import (
    AskForm,
    ConfirmForm,
    RulingForm,
    SupersedeForm,
    WithdrawForm,
)
from assay.governance.policies.questions.queries import Filters, list_questions, see_question
from assay.governance.policies.questions.rules import USUAL
from assay.governance.policies.questions.targets import asked_about

_NOT_DONE = 422
_FILLED = ("question", "policy", "rule", "example", "item", "decision")


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask; what the address gives is filled in, and what was asked before is shown beside."""
    operation = OPERATIONS["policies.ask-question"]
    if not operation.may(request.actor):
        raise NotAllowed(operation)
    initial = {name: request.GET.get(name, "")[:600] for name in _FILLED}
    initial["markets"] = request.GET.get("market", "")[:200]
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = commands.ask_question(
            about=form.about(), question=given["question"], context=given["context"], by=request.actor, at=request.at
        )
        if not isinstance(made, list):
            messages.success(request, f"It is known question {made.number} now. Policy leads and analysts are told.")
            return redirect("questions:one", number=made.number)
        faults = _blamed(form, made)
    policy, rule = str(form["policy"].value() or "").strip(), str(form["rule"].value() or "").strip()
    near = Filters(text=str(form["question"].value() or "")[:200], policy=policy, rule="" if rule == "" else rule)
    parts = parts_of(policy) if policy else None
    context = {
        "form": form,
        "faults": faults,
        "policies": policy_names(),
        "rules": parts.rules if parts else (),
        "examples": parts.examples if parts else (),
        "asked_before": list_questions(filters=near, after=None, by=request.actor, at=request.at).rows[:6]
        if policy
        else [],
    }
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    return render(request, "known_questions/new.html", context, status=_NOT_DONE if wrong else 200)


@require_http_methods(["GET", "POST"])
def answer(request: StaffRequest, number: int) -> HttpResponse:
    """Rule on it."""
    return _step(
        request,
        number,
        "policies.answer-question",
        lambda row: RulingForm(
            request.POST if request.method == "POST" else None,
            initial={
                "ruling": row.ruling,
                "rationale": row.rationale,
                "expires_on": (request.at + USUAL).date(),
            },
        ),
        commands.answer_question,
        "known_questions/answer.html",
        "The ruling is in force.",
    )


@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, number: int) -> HttpResponse:
    """Let it hold longer."""
    return _step(
        request,
        number,
        "policies.confirm-ruling",
        lambda row: ConfirmForm(
            request.POST if request.method == "POST" else None,
            initial={
                "expires_on": max(
                    (request.at + USUAL).date(), (row.expires_on or request.at.date()) + timedelta(days=1)
                )
            },
        ),
        commands.confirm_ruling,
        "known_questions/confirm.html",
        "The ruling holds longer.",
    )


@require_http_methods(["GET", "POST"])
def supersede(request: StaffRequest, number: int) -> HttpResponse:
    """Let another ruling hold instead."""
    return _step(
        request,
        number,
        "policies.supersede-question",
        lambda row: SupersedeForm(request.POST if request.method == "POST" else None),
        commands.supersede_question,
        "known_questions/supersede.html",
        "The other ruling holds instead.",
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Take it back."""
    return _step(
        request,
        number,
        "policies.withdraw-question",
        lambda row: WithdrawForm(request.POST if request.method == "POST" else None),
        commands.withdraw_question,
        "known_questions/withdraw.html",
        "It is withdrawn, and stays here with its history.",
    )


def _step(
    request: StaffRequest,
    number: int,
    name: str,
    form_of: Callable[[Any], forms.Form],
    run: Callable[..., Any],
    template: str,
    done: str,
) -> HttpResponse:
    """One step with a question: a form, the command, and back to the question."""
    seen = see_question(number=number, by=request.actor, at=request.at)
    if seen is None:
        raise Http404
    operation = OPERATIONS[name]
    if not operation.may(request.actor, asked_about({"asked": seen.row})):
        raise NotAllowed(operation)
    form, faults = form_of(seen.row), []
    if request.method == "POST" and form.is_valid():
        made = run(asked=seen.row, **form.cleaned_data, by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, done)
            return redirect("questions:one", number=number)
        faults = _blamed(form, made)
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    context = {"row": seen.row, "seen": seen, "form": form, "faults": faults}
    return render(request, template, context, status=_NOT_DONE if wrong else 200)


def _blamed(form: forms.Form, faults: list[Fault]) -> list[Fault]:
    """Put faults at the fields that they are about; what is about no field is given back."""
    left = []
    for fault in faults:
        if fault.field in form.fields:
            form.add_error(fault.field, fault.words)
        else:
            left.append(fault)
    return left
