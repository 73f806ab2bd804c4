"""What readiness asks of a change: the checklist, and what it needs of the product. It marks nothing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.life.gates import Finding, holds, lacks, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.readiness.queries.checklists import sheet_of
from assay.governance.policies.readiness.queries.maps import map_of
from assay.governance.policies.readiness.rules.standing import Effect


@requirement(
    "readiness.checklist", leaving=Stage.READINESS, stays=True, words="Every needed item of the launch checklist holds."
)
def checklist(change: Change, at: datetime) -> Finding:
    """For this very draft."""
    sheet = sheet_of(change, at)
    waiting = [each.item.title for each in sheet.open]
    said = f"{len(sheet.needed)} needed items hold"
    if waiting:
        said = f"{len(waiting)} of {len(sheet.needed)} wait, such as “{waiting[0]}”"
    return Finding(not waiting, said, reverse("readiness:change", args=[change.number]), change.draft_digest)


@requirement(
    "readiness.features", leaving=Stage.READINESS, stays=True,
    words="The product has what the policy needs in each market, or operations or product accepted to launch without.",
)  # fmt: skip
def features(change: Change, at: datetime) -> Finding:
    """By the register of features as it stands now."""
    found = map_of(change, at)
    url = reverse("readiness:map", args=[change.number])
    if found.faults:
        return lacks(f"the draft has {found.faults} errors, so that what it needs is not known", url)
    blocked = [row.dependency.title for row in found.standing.rows if row.effect is Effect.BLOCKS]
    if blocked:
        return lacks(f"{len(blocked)} missing, such as “{blocked[0]}”", url)
    accepted, degraded = found.standing.count(Effect.ACCEPTED), found.standing.count(Effect.DEGRADES)
    said = [f"{accepted} accepted as missing"] * bool(accepted) + [f"{degraded} only partly there"] * bool(degraded)
    return holds(", ".join(said) or "nothing is missing", url)
