"""The pages on which the house reads a change's consultations and answers views. They decide nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.consulting import commands
from assay.governance.policies.consulting.commands.answering import revisions_of
from assay.governance.policies.consulting.forms import AnswerForm, WordsForm
from assay.governance.policies.consulting.pages.doors import TAB, blame, found, need
from assay.governance.policies.consulting.queries import (
    consultations_of,
    preview_consultation,
    see_consultation,
    standing_of,
    view_of,
)
from assay.governance.policies.consulting.queries.summaries import summed_up
from assay.governance.policies.consulting.rules import words
from assay.governance.policies.consulting.targets import consulted
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.stages import EDITABLE


@require_safe
def change(request: StaffRequest, number: int) -> HttpResponse:
    """All consultations of a change."""
    about = found_change(request, number)
    context = {
        "rows": consultations_of(change=about, by=request.actor, at=request.at),
        "standing": standing_of(about, request.at),
        "may_open": _may(request, "policies.open-consultation", about) and about.at_stage in EDITABLE,
        "can_edit": about.at_stage in EDITABLE,
    }
    return in_shell(request, about, TAB, "consulting/change.html", context)


@require_safe
def one(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """One consultation: who was asked, what each said, what was done with it."""
    about, held = found(request, number, key)
    view = see_consultation(consultation=held, by=request.actor, at=request.at)
    context = {
        "held": view,
        "row": view.consultation,
        "summary": summed_up(view.consultation, request.at),
        "mine": str(request.actor.who.key),
        "may_work": _may(request, "policies.invite-expert", about),
        "may_answer": _may(request, "policies.answer-view", about),
        "edited": about.draft_digest != view.consultation.digest,
    }
    return in_shell(request, about, TAB, "consulting/one.html", context)


@require_safe
def preview(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """The draft as those who are asked see it."""
    about, held = found(request, number, key)
    draft = preview_consultation(
        change=about,
        text=held.text.content,
        withheld=frozenset(held.withheld),
        before=held.before.content if held.before is not None else None,
        by=request.actor,
        at=request.at,
    )
    return in_shell(request, about, TAB, "consulting/preview.html", {"row": held, "draft": draft})


@require_http_methods(["GET", "POST"])
def summary(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """What may be told outside: figures, names of those who agreed, and a summary in words."""
    about, held = found(request, number, key)
    see_consultation(consultation=held, by=request.actor, at=request.at)
    may_write = _may(request, "policies.sum-up-consultation", about) and not held.is_open(request.at)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        initial={"words": held.summary},
        label="Summary for publication",
        most=words.SUMMARY_MOST,
        rows=8,
        hint="What was asked, what was said in general, what came of it. No names: those who agreed are added.",
    )
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        made = commands.sum_up(consultation=held, words=form.cleaned_data["words"], by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, "The summary is kept. Those who were asked see it.")
            return redirect("consulting:summary", number=number, key=key)
        faults = blame(form, made)
    context = {
        "row": held,
        "summary": summed_up(held, request.at),
        "form": form if may_write else None,
        "faults": faults,
    }
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    return in_shell(request, about, TAB, "consulting/summary.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def answer(request: StaffRequest, number: int, view: UUID) -> HttpResponse:
    """Say what was done with a view."""
    about = found_change(request, number)
    row = view_of(view)
    if row is None or row.invitation.consultation.change_id != about.pk:
        raise Http404
    need(request, "policies.answer-view", about)
    shown = see_consultation(consultation=row.invitation.consultation, by=request.actor, at=request.at)
    revisions = revisions_of(about)
    initial = {"revision": revisions[0][0]} if revisions else {}
    form = AnswerForm(request.POST if request.method == "POST" else None, revisions=revisions, initial=initial)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        made = commands.answer_view(view=row, **form.cleaned_data, by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, "It is kept, and whoever gave the view is told.")
            return redirect("consulting:one", number=number, key=row.invitation.consultation.key)
        faults = blame(form, made)
    context = {
        "row": row.invitation.consultation,
        "each": next(each for each in shown.asked if each.view is not None and each.view.pk == row.pk),
        "form": form,
        "faults": faults,
    }
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    return in_shell(request, about, TAB, "consulting/answer.html", context, status=422 if wrong else 200)


def _may(request: StaffRequest, name: str, about: Change) -> bool:
    return may(request.actor, name, consulted({"change": about}))
