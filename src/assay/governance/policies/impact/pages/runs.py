"""What one piece of work found, as a page, as a report of one file, as JSON; and the way to stop it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.impact import commands
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.pages.drawing import Chart, charts_of
from assay.governance.policies.impact.pages.summary import may_ask, work_card
from assay.governance.policies.impact.pages.summary import shown as summary_shown
from assay.governance.policies.impact.queries import drawing_of, newest, see_impact, see_run, shown_of
from assay.governance.policies.impact.rules.work import SECONDS_A_CLAIM, Work
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell

_MOST_BESIDE = 5
_SAFE = re.compile(r"[^a-z0-9]+")


@require_safe
def work(request: StaffRequest, number: int, work: Work) -> HttpResponse:
    """The newest of a kind that ended; for the draft as it stands, where there is one."""
    change = found_change(request, number)
    stands = see_impact(change=change, by=request.actor, at=request.at).of(work)
    return _shown(request, change, work, stands.run)


@require_safe
def run(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """One run, however old."""
    change = found_change(request, number)
    found = _found(request, change, key)
    return _shown(request, change, found.work, found)


@require_safe
def beside(request: StaffRequest, number: int, work: Work) -> HttpResponse:
    """One kind of work in few lines, without the frame of a page, to stand beside the text."""
    change = found_change(request, number)
    stands = see_impact(change=change, by=request.actor, at=request.at).of(work)
    shown = {} if stands.run is None else shown_of(stands.run)
    context = {
        "change": change,
        "work": work,
        "card": work_card(stands),
        "run": stands.run,
        "changes": shown.get("known", [])[:_MOST_BESIDE],
        "more": max(0, len(shown.get("known", [])) - _MOST_BESIDE),
        "findings": shown.get("findings", [])[:_MOST_BESIDE],
        "figures": shown.get("figures", []) if work is Work.REHEARSAL else [],
        "may_ask": may_ask(request, change),
    }
    return render(request, "impact/part_beside.html", context)


@require_POST
def stop(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """End it before its end."""
    change = found_change(request, number)
    done = commands.cancel_work(change=change, run=_found(request, change, key), by=request.actor, at=request.at)
    if isinstance(done, list):
        return summary_shown(request, change, done)
    messages.success(request, "Stopped. Nothing of it is kept.")
    return redirect("impact:impact", number=number)


@require_safe
def report(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """All of it, for programs."""
    change = found_change(request, number)
    found = _found(request, change, key)
    return _file(found, found.report, "json", "application/json")


@require_safe
def page(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """The report of one file, to be kept or sent; it is never opened within the workbench."""
    change = found_change(request, number)
    found = _found(request, change, key)
    return _file(found, found.page, "html", "application/octet-stream")


@require_safe
def drawing(request: StaffRequest, number: int, key: UUID, name: str) -> HttpResponse:
    """A chart's drawing, made with the report, in the scheme that is asked for."""
    change = found_change(request, number)
    scheme = "dark" if request.GET.get("scheme") == "dark" else "light"
    svg = drawing_of(_found(request, change, key), name, scheme)
    if svg is None:
        raise Http404
    # A run never changes, so neither does its drawing.
    return HttpResponse(
        svg, content_type="image/svg+xml", headers={"Cache-Control": "private, max-age=86400, immutable"}
    )


def _found(request: StaffRequest, change: Change, key: UUID) -> Run:
    found = see_run(change=change, key=key, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    return found


def _file(run: Run, text: Any, ending: str, kind: str) -> HttpResponse:
    if text is None:
        raise Http404
    name = _SAFE.sub("-", f"change-{run.change.number}-{run.kind}-{run.digest[7:19]}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text.content, content_type=kind, headers=headers)


def _shown(request: StaffRequest, change: Change, work: Work, run: Run | None) -> HttpResponse:
    found = see_impact(change=change, by=request.actor, at=request.at)
    stands = found.of(work)
    shown = {} if run is None else shown_of(run)
    context: dict[str, Any] = {
        "work": work,
        "run": run,
        "card": work_card(stands),
        "is_current": run is not None and stands.run is not None and run.pk == stands.run.pk and stands.current,
        "shown": shown,
        "may_ask": may_ask(request, change),
        "choices": SECONDS_A_CLAIM,
        "back": reverse("impact:impact", args=[change.number]),
    }
    if work is Work.REHEARSAL and run is not None:
        context["charts"] = _by_name(charts_of(change, run, shown))
    if work is Work.DIFFERENCE and run is not None:
        context["past"] = _add_past(change, run, shown)
    return in_shell(request, change, "impact", f"impact/{work.value}.html", context)


def _by_name(charts: list[Chart]) -> dict[str, Any]:
    """The charts by what they are about; several clocks, several groups."""
    named = {chart.name: chart for chart in charts}
    groups = [(name, named[f"by-{name}"]) for name in ("language", "cohort", "surface") if f"by-{name}" in named]
    return {
        "flow": named.get("flow"),
        "markets": named.get("by-market"),
        "measures": named.get("by-measure"),
        "groups": groups,
        "clocks": [chart for chart in charts if chart.name.startswith("clock-")],
    }


def _add_past(change: Change, run: Run, shown: dict[str, Any]) -> Run | None:
    """Say beside each difference how many past decisions were like it, where the same draft was rehearsed."""
    rehearsed = newest(change, Work.REHEARSAL, run.digest)
    if rehearsed is None or rehearsed.base_id != run.base_id:
        return None
    lines = {line["measure"]: line for line in shown_of(rehearsed).get("measures", ()) if not line["market"]}
    for one in shown.get("known", ()):
        line = lines.get(one["measure"])
        if line is not None:
            sides = (line["gained"], line["lost"])
            moved = [side for side in sides if side["known"] and side["value"] != "0"]
            kept_back = not moved and any(not side["known"] for side in sides)
            one["past"] = {**line, "none": not moved and not kept_back, "kept_back": kept_back}
    return rehearsed
