"""Choosing between words that two people wrote, looking at a revision, putting one back. The commands ask again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.drafting.commands import choose_wording, restore_revision
from assay.governance.policies.drafting.pages.opened import Opened, opened
from assay.governance.policies.drafting.queries.drafts import knows, text_at
from assay.governance.policies.life.shell import in_shell

# What a script is told once the text was changed by something else than typing.
CHANGED = "drafted"


@require_POST
def wording(request: StaffRequest, number: int) -> HttpResponse:
    """Take the words kept beside, keep both, or leave what stands."""
    found = opened(request, number)
    choice, numbers = (
        request.POST.get("choice", ""),
        [request.POST.get(name, "") for name in ("beside", "clash", "seen")],
    )
    if choice not in ("take", "both", "keep") or not all(
        each.isascii() and each.isdigit() and len(each) < 10 for each in numbers
    ):
        raise Http404
    beside, clash, seen = (int(each) for each in numbers)
    made = choose_wording(
        change=found.change, path=found.draft.path, beside=beside, clash=clash, choice=choice, seen=seen,  # type: ignore[arg-type]
        by=request.actor, at=request.at,
    )  # fmt: skip
    return _done(request, found, made if isinstance(made, list) else [], "It is decided.")


@require_POST
def restore(request: StaffRequest, number: int) -> HttpResponse:
    """Let a file stand as a revision left it."""
    found = opened(request, number)
    wanted = request.POST.get("revision", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise Http404
    made = restore_revision(
        change=found.change, path=found.draft.path, number=int(wanted), by=request.actor, at=request.at
    )
    faults = made if isinstance(made, list) else []
    words = "It stands as in the edition in force." if int(wanted) == 0 else f"It stands as in revision {wanted}."
    return _done(request, found, faults, words)


@require_GET
def revision(request: StaffRequest, number: int, revision: int) -> HttpResponse:
    """What a revision changed, and how it differs from what stands."""
    found = opened(request, number)
    if not knows(found.change, found.draft.path, revision):
        raise Http404
    row = found.change.revisions.filter(path=found.draft.path, number=revision).select_related("by").first()
    context = {
        "opened": found,
        "draft": found.draft,
        "number": revision,
        "revision": row,
        "text": text_at(found.change, found.draft.path, revision) or "",
        "before": text_at(found.change, found.draft.path, row.started_from) or "" if row is not None else "",
    }
    return in_shell(request, found.change, "draft", "drafting/revision.html", context)


def _done(request: StaffRequest, found: Opened, faults: Sequence[Fault], words: str) -> HttpResponse:
    """Back to the editor, with what was done or what stood in the way."""
    for fault in faults:
        messages.error(request, f"{fault.words[:1].upper()}{fault.words[1:]}.")
    if not faults:
        messages.success(request, words)
    return redirect(found.url(request.POST.get("back", "")))
