"""What stands beside the text in sign-off: decisions, figures, assessments, consultations. It finds none of them."""

from __future__ import annotations

from typing import Any

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.consulting.queries import summary_of
from assay.governance.policies.impact.pages.assessing import detail_of
from assay.governance.policies.impact.pages.summary import assessment_card
from assay.governance.policies.impact.queries import see_impact, shown_of
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.life.models import Change

_MOST_CHANGES = 5


def beside(request: StaffRequest, change: Change) -> dict[str, Any]:
    """Of runs only those for this very draft: what an earlier one found is not what is signed."""
    found = see_impact(change=change, by=request.actor, at=request.at)
    difference, rehearsal = found.of(Work.DIFFERENCE), found.of(Work.REHEARSAL)
    compared = shown_of(difference.run) if difference.run is not None and difference.current else None
    rehearsed = shown_of(rehearsal.run) if rehearsal.run is not None and rehearsal.current else {}
    known, waiting = ([] if compared is None else compared.get(part, []) for part in ("known", "waiting"))
    return {
        "compared": compared,
        "decided": known[:_MOST_CHANGES],
        "waiting": waiting[:_MOST_CHANGES],
        "more_decided": sum(max(0, len(each) - _MOST_CHANGES) for each in (known, waiting)),
        "figures": rehearsed.get("figures", []),
        "assessed": [(assessment_card(one), detail_of(one.assessment)) for one in found.assessments],
        "consultations": summary_of(change, request.at),
    }
