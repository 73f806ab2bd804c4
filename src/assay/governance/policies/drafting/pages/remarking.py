"""Remarks on lines, made and answered from the editor. The commands ask again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import is_faults
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.drafting import commands
from assay.governance.policies.drafting.commands.remarks import Lines
from assay.governance.policies.drafting.models import Remark
from assay.governance.policies.drafting.pages.beside import chosen, drawn
from assay.governance.policies.drafting.pages.choosing import CHANGED
from assay.governance.policies.drafting.pages.opened import Opened, opened
from assay.governance.policies.drafting.queries.remarks import remark_of
from assay.governance.policies.life.shell import in_shell

NOT_DONE = 422


@require_POST
def make(request: StaffRequest, number: int) -> HttpResponse:
    """A remark or a suggestion on lines of the file."""
    found = opened(request, number)
    given = request.POST
    first, last = _line(given.get("first", "")), _line(given.get("last", "") or given.get("first", ""))
    lines = Lines(found.draft.path, _line(given.get("revision", "")), first, max(first, last))
    made = commands.make_remark(
        change=found.change,
        lines=lines,
        words=given.get("words", ""),
        suggested=given.get("suggested", "") if "suggest" in given else None,
        by=request.actor,
        at=request.at,
    )
    return _answer(request, found, made)


@require_POST
def act(request: StaffRequest, number: int, key: UUID, what: str) -> HttpResponse:
    """Answer, settle, open again, accept or decline."""
    found = opened(request, number)
    remark = remark_of(found.change, key)
    if remark is None:
        raise Http404
    made = _ACTS.get(what, _unknown)(found, remark, request)
    return _answer(request, found, made, changed=what == "accept" and not is_faults(made))


def _given(found: Opened, remark: Remark, request: StaffRequest) -> Mapping[str, Any]:
    return {"change": found.change, "remark": remark, "by": request.actor, "at": request.at}


_ACTS: Mapping[str, Any] = {
    "answer": lambda found, remark, request: commands.answer_remark(
        **_given(found, remark, request), words=request.POST.get("words", "")
    ),
    "settle": lambda found, remark, request: commands.close_remark(**_given(found, remark, request)),
    "reopen": lambda found, remark, request: commands.reopen_remark(**_given(found, remark, request)),
    "accept": lambda found, remark, request: commands.accept_suggestion(**_given(found, remark, request)),
    "decline": lambda found, remark, request: commands.decline_suggestion(
        **_given(found, remark, request), words=request.POST.get("reason", "")
    ),
}


def _unknown(*_: object) -> object:
    raise Http404


def _answer(request: StaffRequest, found: Opened, made: object, *, changed: bool = False) -> HttpResponse:
    """The remarks again, with what stood in the way; a page without scripts is loaded anew."""
    faults: list[Fault] = made if isinstance(made, list) else []
    if not request.headers.get("HX-Request"):
        if not faults:
            return redirect(found.url("remarks"))
        context = {"opened": found, "draft": found.draft, "faults": faults}
        return in_shell(request, found.change, "draft", "drafting/refused.html", context, NOT_DONE)
    response = HttpResponse(drawn(request, found, chosen(found, "remarks"), {"faults": faults}))
    if changed:
        response["HX-Trigger"] = CHANGED
    return response


def _line(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
