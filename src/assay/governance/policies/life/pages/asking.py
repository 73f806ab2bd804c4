"""Forms of a change: describe it, name people, list sources, and everything that is done with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.promises.harms import Harm
from assay.engine.language.pack.read_pack import read_pack
from assay.governance.office.operations import OPERATIONS, NotAllowed, is_faults, may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import colleagues
from assay.governance.policies.life import commands
from assay.governance.policies.life.commands.describing import may_describe
from assay.governance.policies.life.commands.rebasing import moved_under
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.gates import REQUIREMENTS, to_leave
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.moving import months_after
from assay.governance.policies.life.pages.change import NOT_DONE
from assay.governance.policies.life.pages.forms import (
    BackForm,
    ConfirmForm,
    DescribeForm,
    OwnerForm,
    SourceForm,
    WordsForm,
)
from assay.governance.policies.life.queries.overview import overview_of
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.stages import ORDER, earlier
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.ports import PORTS


@require_http_methods(["GET", "POST"])
def describe(request: StaffRequest, number: int) -> HttpResponse:
    """What it is for."""
    held = _for(request, number, "policies.describe-change")
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=DescribeForm.of(held))
    more = {"is_signed": not may_describe(held.at_stage), "harms": _harms_of(held)}
    if request.method != "POST" or not form.is_valid():
        return _form(request, held, "changes/describe.html", form, more=more)
    made = commands.describe(change=held, wish=form.wish(), by=request.actor, at=request.at)
    if isinstance(made, list) and made[0].slug != "nothing-changed":
        return _form(request, held, "changes/describe.html", form, made, more)
    messages.success(request, "Nothing was changed." if isinstance(made, list) else "Described.")
    return redirect("changes:change", number=number)


@require_http_methods(["GET", "POST"])
def people(request: StaffRequest, number: int) -> HttpResponse:
    """Whose step each stage is."""
    held = _for(request, number, "policies.name-owner")
    if held.at_stage.is_over:
        return redirect("changes:change", number=number)
    form = OwnerForm(request.POST if request.method == "POST" else None, now=held.at_stage)
    view = overview_of(change=held, by=request.actor, at=request.at)
    more = {"stages": [each for each in view.stages if each.usual], "colleagues": colleagues(request)}
    if request.method != "POST" or not form.is_valid():
        return _form(request, held, "changes/people.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.name_owner(
        change=held, stage=form.stage_chosen(), person=chosen["person"], due_on=chosen["due_on"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return _form(request, held, "changes/people.html", form, made, more)
    messages.success(request, "Named. They are told.")
    return redirect("changes:people", number=number)


@require_http_methods(["GET", "POST"])
def sources(request: StaffRequest, number: int) -> HttpResponse:
    """What was read for it."""
    held = found_change(request, number)
    may_add = may(request.actor, "policies.add-source", target_of({"change": held})) and not held.at_stage.is_over
    form = SourceForm(request.POST if request.method == "POST" else None)
    more = {"sources": held.sources.select_related("by"), "may_add": may_add}
    if request.method != "POST" or not form.is_valid():
        return _form(request, held, "changes/sources.html", form, more=more)
    made = commands.add_source(change=held, **form.cleaned_data, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _form(request, held, "changes/sources.html", form, made, more)
    messages.success(request, "Added to what was read.")
    return redirect("changes:sources", number=number)


@require_POST
def remove_source(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """It does not belong there."""
    held = found_change(request, number)
    source = held.sources.filter(key=key).first()
    if source is None:
        raise Http404
    made = commands.remove_source(change=held, source=source, by=request.actor, at=request.at)
    if isinstance(made, list):
        messages.error(request, f"{made[0].words[:1].upper()}{made[0].words[1:]}.")
    else:
        messages.success(request, "Taken away.")
    return redirect("changes:sources", number=number)


@require_http_methods(["GET", "POST"])
def back(request: StaffRequest, number: int) -> HttpResponse:
    """Back to an earlier stage."""
    held = _for(request, number, "policies.send-back")
    stages = list(reversed(earlier(held.at_stage))) if held.at_stage in ORDER else []
    form = BackForm(request.POST if request.method == "POST" else None, stages=stages)

    def run(chosen: Mapping[str, Any]) -> object:
        return commands.send_back(change=held, to=chosen["to"], words=chosen["words"], by=request.actor, at=request.at)

    said = {
        "title": "Send it back",
        "lead": "It goes through what follows again. What was found of this very draft stays found.",
        "button": "Send it back",
    }
    return _done(request, held, form, run, said, "Sent back. Those who work on it are told why.")


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Give it up."""
    held = _for(request, number, "policies.withdraw-change")
    form = WordsForm(request.POST if request.method == "POST" else None)

    def run(chosen: Mapping[str, Any]) -> object:
        return commands.withdraw(change=held, words=chosen["words"], by=request.actor, at=request.at)

    said = {
        "title": "Give it up",
        "lead": "The change ends here for good. All of it stays to be read, and what is in force stays.",
        "button": "Give it up",
    }
    return _done(request, held, form, run, said, "Given up. What is in force stays as it is.")


@require_http_methods(["GET", "POST"])
def waive(request: StaffRequest, number: int, requirement: str) -> HttpResponse:
    """Put a requirement aside."""
    held = _for(request, number, "policies.waive")
    wanted = REQUIREMENTS.get(requirement)
    if wanted is None or wanted not in to_leave(held.at_stage):
        raise Http404
    form = WordsForm(request.POST if request.method == "POST" else None)

    def run(chosen: Mapping[str, Any]) -> object:
        return commands.waive(
            change=held, requirement=requirement, words=chosen["words"], by=request.actor, at=request.at
        )

    said = {
        "title": "Put a requirement aside",
        "lead": f"{wanted.words} For this very draft it need not hold; as soon as the text changes, it must again.",
        "button": "Put it aside",
    }
    return _done(request, held, form, run, said, "Put aside for this draft. Your name and reason stand beside it.")


@require_http_methods(["GET", "POST"])
def review(request: StaffRequest, number: int) -> HttpResponse:
    """Look at it again, before its day."""
    held = _for(request, number, "policies.call-review")
    form = WordsForm(request.POST if request.method == "POST" else None)

    def run(chosen: Mapping[str, Any]) -> object:
        return commands.call_review(change=held, words=chosen["words"], by=request.actor, at=request.at)

    said = {
        "title": "Call it for review",
        "lead": "It stays in force while somebody looks at it. Then it is confirmed, amended or retired.",
        "button": "Call it for review",
    }
    return _done(request, held, form, run, said, "Called for review. Whoever answers for it is told.")


@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, number: int) -> HttpResponse:
    """It stays in force."""
    held = _for(request, number, "policies.confirm-review")
    again = months_after(request.at.date(), PORTS.terms().review_months)
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"review_on": again})

    def run(chosen: Mapping[str, Any]) -> object:
        return commands.confirm(change=held, **chosen, by=request.actor, at=request.at)

    said = {
        "title": "Confirm it",
        "lead": "The policy stays as it is, and is looked at again on another day.",
        "button": "Keep it in force",
    }
    return _done(request, held, form, run, said, "It stays in force.")


@require_http_methods(["GET", "POST"])
def rebase(request: StaffRequest, number: int) -> HttpResponse:
    """Put the draft onto what is in force."""
    held = found_change(request, number)
    faults: list[Fault] = []
    if request.method == "POST":
        made = commands.rebase(change=held, by=request.actor, at=request.at)
        if not isinstance(made, list):
            words = "The draft stands on the edition in force. Evidence of the old draft no longer counts."
            messages.success(request, words)
            return redirect("changes:change", number=number)
        faults = made
    now = in_force()
    moved = moved_under(held, now)
    touched = set(held.changed_files())
    given = {
        "faults": faults,
        "now": now,
        "moved": [(path, how, path in touched) for path, how in sorted(moved.items())],
        "may_rebase": may(request.actor, "policies.rebase", target_of({"change": held})),
        "is_base": now is None or now.pk == held.base_id or now.change_id == held.pk,
    }
    return in_shell(request, held, "overview", "changes/rebase.html", given, status=NOT_DONE if faults else 200)


def _for(request: StaffRequest, number: int, operation: str) -> Change:
    """The change of a form, for whoever may send the form."""
    held = found_change(request, number)
    wanted = OPERATIONS[operation]
    if not wanted.may(request.actor, target_of({"change": held})):
        raise NotAllowed(wanted)
    return held


def _harms_of(change: Change) -> tuple[Harm, ...]:
    """The harms that the draft's pack declares, which are what a change can name without inventing a word."""
    text = change.draft_files().get("harms.yaml")
    return () if text is None else read_pack({"harms.yaml": text})[0].harms.harms


def _form(
    request: StaffRequest,
    held: Change,
    template: str,
    form: forms.Form,
    faults: object = (),
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    given = {"form": form, "faults": faults, **(more or {})}
    return in_shell(request, held, "overview", template, given, status=NOT_DONE if wrong else 200)


def _done(
    request: StaffRequest,
    held: Change,
    form: forms.Form,
    run: Callable[[Mapping[str, Any]], object],
    said: Mapping[str, str],
    words: str,
) -> HttpResponse:
    """A form with a reason: shown, and sent."""
    if request.method != "POST" or not form.is_valid():
        return _form(request, held, "changes/asked.html", form, more={"said": said})
    made = run(form.cleaned_data)
    if is_faults(made):
        return _form(request, held, "changes/asked.html", form, made, {"said": said})
    messages.success(request, words)
    return redirect("changes:change", number=held.number)
