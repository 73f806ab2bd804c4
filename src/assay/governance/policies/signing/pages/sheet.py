"""The sign-off of one change: who must sign, what exactly, and the word of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.pages.doors import NOT_DONE, colleagues, found
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.signing.commands.signing import sign, withdraw_signature
from assay.governance.policies.signing.forms import ConditionForm, ConditionRows, SignForm, WordsForm
from assay.governance.policies.signing.pages.beside import beside
from assay.governance.policies.signing.queries.contents import contents_of
from assay.governance.policies.signing.queries.evidence import seal_of
from assay.governance.policies.signing.queries.sheets import SIGNABLE, as_signed, see_sign_off, signature_at
from assay.governance.policies.signing.queries.waiting import roles_open_to
from assay.governance.policies.signing.rules.counting import Verdict

_ROWS = "conditions"


@require_safe
def change(request: StaffRequest, number: int) -> HttpResponse:
    """The tab."""
    return shown(request, found_change(request, number))


@require_safe
def sheet(request: StaffRequest, number: int) -> HttpResponse:
    """All of it on paper."""
    asked = found_change(request, number)
    context = {
        "change": asked,
        "sheet": see_sign_off(change=asked, by=request.actor, at=request.at),
        "contents": contents_of(asked, request.at),
        **beside(request, asked),
    }
    return render(request, "signing/sheet.html", context)


@require_POST
def give(request: StaffRequest, number: int) -> HttpResponse:
    """Sign, sign on conditions, or dissent."""
    asked = found_change(request, number)
    role = next((role for role in Role if role.value == request.POST.get("role")), None)
    form, rows = SignForm(request.POST), _rows(request)
    wanted = form.is_valid() and form.cleaned_data["verdict"] == Verdict.ON_CONDITIONS.value
    if role is None or not form.is_valid() or (wanted and not rows.is_valid()):
        return shown(request, asked, form=form, rows=rows, status=NOT_DONE)
    verdict = Verdict(form.cleaned_data["verdict"])
    made = sign(
        change=asked, role=role, verdict=verdict, seal=form.cleaned_data["seal"], words=form.cleaned_data["words"],
        conditions=form.conditions(rows), by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return shown(request, asked, form=form, rows=rows, faults=made, status=NOT_DONE)
    done = "Your dissent is recorded" if verdict is Verdict.DISSENTS else f"Signed as {role.words}"
    messages.success(request, f"{done}, for exactly this draft.")
    return redirect("signing:change", number)


@require_POST
def withdraw(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Take one's own word back."""
    asked = found_change(request, number)
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    signature = found(signature_at(asked, key))
    made = withdraw_signature(change=asked, signature=signature, words=words, by=request.actor, at=request.at)
    if isinstance(made, list):
        return shown(request, asked, faults=made, status=NOT_DONE)
    messages.success(request, "Withdrawn. It counts no more, and stays to be read.")
    return redirect("signing:change", number)


@require_safe
def since(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """What changed in the text since somebody signed it."""
    asked = found_change(request, number)
    see_sign_off(change=asked, by=request.actor, at=request.at)
    signature = found(signature_at(asked, key))
    before = as_signed(signature)
    if before is None:
        raise Http404
    after = asked.draft_files()
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    files = [(path, before.get(path, ""), after.get(path, "")) for path in paths]
    return in_shell(request, asked, "sign-off", "signing/since.html", {"signature": signature, "files": files})


def shown(
    request: StaffRequest, asked: Change, *, form: SignForm | None = None,
    rows: BaseFormSet[ConditionForm] | None = None, faults: object = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The tab, with what somebody had filled in."""
    sheet = see_sign_off(change=asked, by=request.actor, at=request.at)
    contents = contents_of(asked, request.at)
    seal = seal_of(asked, contents.evidence)
    mine = next((each for seat in sheet.seats for each in seat.given if _is_mine(each.signature.person, request)), None)
    target = target_of({"change": asked})
    context: Mapping[str, Any] = {
        "sheet": sheet,
        "contents": contents,
        **beside(request, asked),
        "form": form or SignForm(initial={"seal": seal}),
        "seal": seal,
        "rows": rows or _rows(None),
        "roles": roles_open_to(asked, request.actor),
        "mine": mine,
        "is_own": bool(request.actor.hands & asked.hands),
        "signable": asked.at_stage in SIGNABLE,
        "withdrawing": WordsForm(prefix="withdraw"),
        "may_stop": may(request.actor, "policies.set-veto", target),
        "actor_hands": request.actor.hands,
        "colleagues": colleagues(request),
        "faults": faults,
    }
    return in_shell(request, asked, "sign-off", "signing/change.html", context, status)


def _rows(request: StaffRequest | None) -> BaseFormSet[ConditionForm]:
    given = None if request is None else request.POST
    return ConditionRows(given, prefix=_ROWS)


def _is_mine(person: Person, request: StaffRequest) -> bool:
    return person.reference == request.actor.who
