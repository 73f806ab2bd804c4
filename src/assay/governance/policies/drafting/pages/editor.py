"""The page on which a file of a change is written, and what it asks for while somebody types. It decides nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.drafting.checking.problems import problems_in
from assay.governance.policies.drafting.commands import Saved, save_draft
from assay.governance.policies.drafting.commands.saving import NOTHING_CHANGED
from assay.governance.policies.drafting.pages.beside import chosen, drawn, offered
from assay.governance.policies.drafting.pages.opened import Opened, opened
from assay.governance.policies.drafting.queries.drafts import asides_of, files_of
from assay.governance.policies.drafting.queries.presence import note_presence, present_in
from assay.governance.policies.drafting.queries.remarks import open_counts, remarks_of
from assay.governance.policies.life.shell import in_shell

NOT_DONE = 422


@require_http_methods(["GET", "POST"])
def draft(request: StaffRequest, number: int) -> HttpResponse:
    """The editor; a post from it saves, for browsers without scripts."""
    found = opened(request, number)
    if request.method != "POST":
        return _shown(request, found)
    made = _save(request, found)
    if isinstance(made, list) and made[0].slug != NOTHING_CHANGED:
        return _shown(request, found, made)
    if isinstance(made, Saved):
        messages.success(request, _WORDS[made.way].format(made.revision))
    return redirect(found.url(request.POST.get("beside", "")))


_WORDS = {
    "saved": "It is saved as revision {}.",
    "merged": "It is saved as revision {}, together with what somebody else wrote meanwhile.",
    "beside": "It is saved as revision {}. Somebody else wrote some of the same words: choose between them.",
}


def _shown(request: StaffRequest, found: Opened, faults: list[Fault] | None = None) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    wanted = chosen(found, given.get("beside", ""))
    more = {"faults": faults} if faults else None
    context = {
        "opened": found,
        "draft": found.draft,
        "files": [(each, open_counts(found.change).get(each.path, 0)) for each in files_of(found.change)],
        "faults": faults,
        "asides": asides_of(found.change, found.draft.path),
        "problems": problems_in(found.checked, found.draft.path),
        "besides": [(each, found.url(each.name), each is wanted) for each in offered(found)],
        "beside": wanted,
        "drawn": drawn(request, found, wanted, more),
        "marks": remarks_of(found.change, found.draft.path, found.text, request.actor),
        "present": present_in(found.change, by=request.actor, at=request.at),
        # A file that was saved while faults kept this text from being saved is still where the writer began.
        "started_from": request.POST.get("started_from", found.draft.revision),
    }
    return in_shell(request, found.change, "draft", "drafting/draft.html", context, NOT_DONE if faults else 200)


@require_POST
def save(request: StaffRequest, number: int) -> HttpResponse:
    """Save what is being typed; the answer says what stands now."""
    found = opened(request, number)
    made = _save(request, found)
    if isinstance(made, list):
        if made[0].slug == NOTHING_CHANGED:
            draft = found.draft
            return JsonResponse({"way": "same", "revision": draft.revision, "own": draft.revision, "text": draft.text})
        return JsonResponse({"faults": [fault.words for fault in made]}, status=NOT_DONE)
    answer = {"way": made.way, "revision": made.revision, "own": made.own, "text": made.text}
    return JsonResponse(answer)


@require_GET
def text(request: StaffRequest, number: int) -> HttpResponse:
    """A file as it stands, for a page that heard that somebody else wrote in it."""
    found = opened(request, number)
    return JsonResponse({"revision": found.draft.revision, "text": found.draft.text})


@require_POST
def check(request: StaffRequest, number: int) -> HttpResponse:
    """The problems of what is being typed."""
    found = opened(request, number)
    context = {"problems": problems_in(found.checked, found.draft.path), "draft": found.draft, "opened": found}
    return render(request, "drafting/parts/problems.html", context)


@require_POST
def present(request: StaffRequest, number: int) -> HttpResponse:
    """Who else has it open; and that this person does."""
    found = opened(request, number)
    line = request.POST.get("line", "")
    place = int(line) if line.isascii() and line.isdigit() and len(line) < 7 else 1
    note_presence(found.change, found.draft.path, place, by=request.actor, at=request.at)
    context = {"present": present_in(found.change, by=request.actor, at=request.at), "draft": found.draft}
    return render(request, "drafting/parts/present.html", context)


@require_GET
def asides(request: StaffRequest, number: int) -> HttpResponse:
    """Words of which two people wrote different ones, as they stand now."""
    found = opened(request, number)
    context = {
        "asides": asides_of(found.change, found.draft.path),
        "draft": found.draft,
        "opened": found,
        "change": found.change,
    }
    return render(request, "drafting/parts/asides.html", context)


def _save(request: StaffRequest, found: Opened) -> Saved | list[Fault]:
    """Save what came; what is no number is no revision that there is."""
    started, edition = request.POST.get("started_from", ""), request.POST.get("edition", "")
    return save_draft(
        change=found.change,
        path=found.draft.path,
        text=request.POST.get("text", ""),
        started_from=_whole(started, -1),
        edition=_whole(edition, 0) or None,
        by=request.actor,
        at=request.at,
    )


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
