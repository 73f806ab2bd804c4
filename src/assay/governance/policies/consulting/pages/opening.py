"""The pages on which a consultation is opened, extended and closed. They call commands and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assay.engine.kernel.digest import sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.consulting import commands
from assay.governance.policies.consulting.forms import AskingForm, ExtendForm, WordsForm
from assay.governance.policies.consulting.pages.doors import TAB, blame, found, need
from assay.governance.policies.consulting.queries import preview_consultation
from assay.governance.policies.consulting.rules import words
from assay.governance.policies.consulting.rules.pieces import KIND_WORDS, Piece, pieces_of
from assay.governance.policies.consulting.rules.redacting import USUALLY_WITHHELD, complete, of_kinds
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell

_NOT_DONE = 422
_KINDS = ("front", "guidance", "rule", "exception", "example")
_EDITED = Fault("draft-edited", "the draft was edited while you chose; look again at what is withheld")


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of the draft that can be withheld."""

    number: int
    words: str
    level: int
    ticked: bool


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, number: int) -> HttpResponse:
    """Ask a question about the draft as it stands, with a preview of what will be seen."""
    change = found_change(request, number)
    need(request, "policies.open-consultation", change)
    text = change.draft_files().get(change.path)
    if text is None:
        return in_shell(request, change, TAB, "consulting/no_draft.html", {})
    pieces = pieces_of(text)
    kinds, chosen = _withheld(request.POST if request.method == "POST" else None)
    withheld = complete(pieces, of_kinds(pieces, kinds) | chosen)
    form = AskingForm(request.POST if request.method == "POST" else None, initial={"shows_changes": True})
    faults: list[Fault] = []
    edited = request.method == "POST" and request.POST.get("draft") != sha256_of(text.encode())
    if request.method == "POST" and "preview" not in request.POST and form.is_valid() and not edited:
        made = commands.open_consultation(change=change, asking=form.asking(withheld), by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, "The consultation is open. Now invite whom you want to hear.")
            return redirect("consulting:one", number=number, key=made.key)
        faults = blame(form, made)
    if edited:
        faults.append(_EDITED)
    context = _context(request, change, text, pieces, kinds, chosen, withheld)
    wrong = bool(faults) or (form.is_bound and "preview" not in request.POST and not form.is_valid())
    return in_shell(
        request,
        change,
        TAB,
        "consulting/new.html",
        {**context, "form": form, "faults": faults},
        status=_NOT_DONE if wrong else 200,
    )


@require_http_methods(["GET", "POST"])
def extend(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """A later end."""
    change, held = found(request, number, key)
    need(request, "policies.extend-consultation", change)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        made = commands.extend_consultation(
            consultation=held, closes_at=form.cleaned_data["closes_at"], by=request.actor, at=request.at
        )
        if not isinstance(made, list):
            messages.success(request, "It is open until the day that you chose. Whoever has not answered is told.")
            return redirect("consulting:one", number=number, key=key)
        faults = blame(form, made)
    return _asked(request, change, "consulting/extend.html", {"held": held, "form": form, "faults": faults})


@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """An end before its date."""
    change, held = found(request, number, key)
    need(request, "policies.close-consultation", change)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label="Why it ends before its date",
        most=words.SHORT_MOST,
        hint="People of the house read it.",
    )
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        made = commands.close_consultation(
            consultation=held, words=form.cleaned_data["words"], by=request.actor, at=request.at
        )
        if not isinstance(made, list):
            messages.success(request, "The consultation is closed. Say now what was done with each view.")
            return redirect("consulting:one", number=number, key=key)
        faults = blame(form, made)
    return _asked(request, change, "consulting/close.html", {"held": held, "form": form, "faults": faults})


def _asked(request: StaffRequest, change: Change, template: str, context: Mapping[str, Any]) -> HttpResponse:
    form = context["form"]
    wrong = bool(context["faults"]) or (form.is_bound and not form.is_valid())
    return in_shell(request, change, TAB, template, context, status=_NOT_DONE if wrong else 200)


def _withheld(given: QueryDict | None) -> tuple[frozenset[str], frozenset[int]]:
    """Kinds and single parts that were ticked; what is usual before anybody ticked."""
    if given is None:
        return frozenset(USUALLY_WITHHELD), frozenset()
    numbers = (each for each in given.getlist("withhold") if each.isascii() and each.isdigit() and len(each) < 6)
    return frozenset(set(given.getlist("kinds")) & set(_KINDS)), frozenset(map(int, numbers))


def _context(
    request: StaffRequest,
    change: Change,
    text: str,
    pieces: tuple[Piece, ...],
    kinds: frozenset[str],
    chosen: frozenset[int],
    withheld: frozenset[int],
) -> dict[str, Any]:
    shows = request.method != "POST" or "shows_changes" in request.POST
    before = change.base.texts.get(change.path) if shows and change.base is not None else None
    draft = preview_consultation(
        change=change, text=text, withheld=withheld, before=before, by=request.actor, at=request.at
    )
    parts = [
        Choice(each.number, _named(each), each.level, each.number in chosen)
        for each in pieces
        if each.kind in ("heading", "rule", "exception") and each.title
    ]
    return {
        "kinds": [(kind, KIND_WORDS[kind], kind in kinds) for kind in _KINDS],  # type: ignore[index]
        "parts": parts,
        "draft": draft,
        "digest": sha256_of(text.encode()),
        "withheld": len(withheld),
        "pieces": len(pieces),
        "others": sorted(set(change.changed_files()) - {change.path}),
        "can_compare": before is not None or change.base is not None,
    }


def _named(piece: Piece) -> str:
    if piece.kind == "heading":
        return f"Section: {piece.title}"
    return f"{piece.kind.capitalize()} {piece.title}"
