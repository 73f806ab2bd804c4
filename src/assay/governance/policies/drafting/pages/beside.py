"""What stands beside the text, one at a time: problems, previews, examples, an item tried, remarks, revisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from assay.engine.language.pack.policy import Policy
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.drafting.checking.examples import can_run, runs_of
from assay.governance.policies.drafting.checking.problems import problems_in
from assay.governance.policies.drafting.checking.trying import FIELD, NONE_OF_THESE, try_item
from assay.governance.policies.drafting.pages.opened import Opened, opened
from assay.governance.policies.drafting.queries.drafts import revisions_of
from assay.governance.policies.drafting.queries.remarks import remarks_of
from assay.governance.policies.writing.documents.facts import Facts
from assay.governance.policies.writing.documents.guidance import Guidance, guidance_of
from assay.governance.policies.writing.documents.public import public_page

Context: TypeAlias = Mapping[str, Any]
Pane: TypeAlias = Callable[[StaffRequest, Opened], Context]


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the things that can stand beside the text.

    policies  whether it is there for policies alone
    """

    name: str
    title: str
    pane: Pane
    policies: bool = True


def problems(request: StaffRequest, found: Opened) -> Context:
    """What is wrong, in this file and in others."""
    return {"problems": problems_in(found.checked, found.draft.path)}


def public(request: StaffRequest, found: Opened) -> Context:
    """The page that everybody would read."""
    policy = _policy(found)
    page = public_page(found.checked.pack, policy.id, _facts(request)) if policy is not None else None
    return {"page": page, "preview": page, "template": "writing/parts/public.html"}


def guidance(request: StaffRequest, found: Opened) -> Context:
    """What moderators would read."""
    page = _guidance(request, found)
    return {"page": page, "preview": page, "template": "writing/parts/guidance.html"}


def tree(request: StaffRequest, found: Opened) -> Context:
    """The questions as steps."""
    page = _guidance(request, found)
    steps = page.steps if page is not None else None
    return {"steps": steps, "preview": steps, "prefix": "step", "template": "writing/parts/tree.html"}


def examples(request: StaffRequest, found: Opened) -> Context:
    """Each example with what came out."""
    checked = found.checked
    runs = runs_of(checked, found.draft.path) if can_run(checked) else None
    failing = 0 if runs is None else sum(not run.passes for run in runs)
    return {"runs": runs, "failing": failing, "passing": 0 if runs is None else len(runs) - failing}


def item(request: StaffRequest, found: Opened) -> Context:
    """An item to try."""
    policy = _policy(found)
    if policy is None or not policy.rules or not can_run(found.checked):
        return {"tried": None}
    given = {name: request.POST.getlist(name) for name in request.POST if name.startswith(FIELD) or name == "day"}
    return {"tried": try_item(found.checked.pack, policy, given), "field": FIELD, "none": NONE_OF_THESE}


def difference(request: StaffRequest, found: Opened) -> Context:
    """The text against the edition in force, and what is decided otherwise."""
    return {"before": found.draft.before, "impact": _impact(found, "difference"), "work": _work(found, "difference")}


def rehearsal(request: StaffRequest, found: Opened) -> Context:
    """What past items would have come to."""
    return {"impact": _impact(found, "rehearsal"), "work": _work(found, "rehearsal")}


def remarks(request: StaffRequest, found: Opened) -> Context:
    """What was said of lines, open first."""
    given = request.POST or request.GET
    return {
        "remarks": remarks_of(found.change, found.draft.path, found.text, request.actor),
        "closed": remarks_of(found.change, found.draft.path, found.text, request.actor, closed=True),
        "first": given.get("first", ""),
        "last": given.get("last", ""),
        "suggesting": given.get("suggesting", ""),
    }


def revisions(request: StaffRequest, found: Opened) -> Context:
    """What the file was, and who wrote it."""
    before = request.GET.get("before", "")
    rows = revisions_of(found.change, found.draft.path, int(before) if re.fullmatch(r"[0-9]{1,9}", before) else None)
    # The first of all is number 1, so whatever ends above it has more behind it.
    older = rows[-1].number if rows and rows[-1].number > 1 else None
    return {"revisions": rows, "older": older, "narrowed": bool(before)}


BESIDES: tuple[Beside, ...] = (
    Beside("problems", "Problems", problems, policies=False),
    Beside("examples", "Examples", examples),
    Beside("item", "Try an item", item),
    Beside("public", "Public page", public),
    Beside("guidance", "Guidance", guidance),
    Beside("tree", "Decision tree", tree),
    Beside("difference", "Difference", difference, policies=False),
    Beside("rehearsal", "Rehearsal", rehearsal, policies=False),
    Beside("remarks", "Remarks", remarks, policies=False),
    Beside("revisions", "Revisions", revisions, policies=False),
)
_BY_NAME = {beside.name: beside for beside in BESIDES}


def offered(found: Opened) -> list[Beside]:
    """What can stand beside this file."""
    return [each for each in BESIDES if found.is_policy or not each.policies]


def chosen(found: Opened, name: str) -> Beside:
    """What somebody asked for; problems where there is no such thing for this file."""
    wanted = _BY_NAME.get(name)
    return wanted if wanted is not None and wanted in offered(found) else BESIDES[0]


def drawn(request: StaffRequest, found: Opened, wanted: Beside, more: Context | None = None) -> str:
    """One of them as HTML."""
    context = {"change": found.change, "opened": found, "draft": found.draft, **wanted.pane(request, found)}
    return render_to_string(f"drafting/beside/{wanted.name}.html", {**context, **(more or {})}, request=request)


@require_http_methods(["GET", "POST"])
def beside(request: StaffRequest, number: int, name: str) -> HttpResponse:
    """One of them alone, for the text as it is being typed."""
    found = opened(request, number)
    wanted = _BY_NAME.get(name)
    if wanted is None:
        raise Http404
    if not request.headers.get("HX-Request"):
        return render(
            request,
            "drafting/alone.html",
            {
                "change": found.change,
                "title": wanted.title,
                "drawn": drawn(request, found, wanted),
                "back": found.url(name),
            },
        )
    return HttpResponse(drawn(request, found, wanted))


def _policy(found: Opened) -> Policy | None:
    """The policy of the file as it reads now; None where it has no name by which to find it."""
    policies = found.checked.pack.policies
    return next((policy for policy in policies if policy.path == found.draft.path and policy.id), None)


def _guidance(request: StaffRequest, found: Opened) -> Guidance | None:
    policy = _policy(found)
    if policy is None or not can_run(found.checked):
        return None
    return guidance_of(found.checked.pack, policy.id, _facts(request), market=request.GET.get("market") or None)


def _facts(request: StaffRequest) -> Facts:
    """That it is a draft, as of today."""
    return Facts(day=request.at.date(), draft=True)


def _impact(found: Opened, kind: str) -> str:
    """The address of what another part says of the draft as it was saved; empty where it says nothing."""
    return _address("impact:beside", found, kind)


def _work(found: Opened, kind: str) -> str:
    return _address("impact:work", found, kind)


def _address(name: str, found: Opened, kind: str) -> str:
    try:
        return reverse(name, args=[found.change.number, kind])
    except NoReverseMatch:
        return ""
