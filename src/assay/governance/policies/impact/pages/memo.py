"""The impact memo: two pages to print, each figure from its run. It finds out nothing that was not found before."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.impact.pages.assessing import detail_of
from assay.governance.policies.impact.pages.summary import assessment_card, work_card
from assay.governance.policies.impact.queries import see_impact, shown_of
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.life.gates import of_stage, standing
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.stages import Stage

_MOST = 6


@require_safe
def memo(request: StaffRequest, number: int) -> HttpResponse:
    """All of it on two pages."""
    change = found_change(request, number)
    found = see_impact(change=change, by=request.actor, at=request.at)
    difference, rehearsal = found.of(Work.DIFFERENCE), found.of(Work.REHEARSAL)
    compared = shown_of(difference.run) if difference.run is not None and difference.current else {}
    rehearsed = shown_of(rehearsal.run) if rehearsal.run is not None and rehearsal.current else {}
    otherwise = [*compared.get("known", []), *compared.get("waiting", [])]
    context = {
        "works": [work_card(one) for one in found.works],
        "assessments": [(assessment_card(one), detail_of(one.assessment)) for one in found.assessments],
        "impact": found,
        "compared": bool(compared),
        "doubts": compared.get("doubts", []),
        "changes": otherwise[:_MOST],
        "more_changes": max(0, len(otherwise) - _MOST),
        "rehearsed": rehearsed,
        "forecasts": [one for one in rehearsed.get("forecasts", []) if one["felt"]],
        "pitfalls": [one for one in rehearsed.get("pitfalls", []) if one["applies"]],
        "voices": standing(change, (*of_stage(Stage.CONSULTATION), *of_stage(Stage.SIGN_OFF)), request.at),
    }
    return in_shell(request, change, "impact", "impact/memo.html", context)
