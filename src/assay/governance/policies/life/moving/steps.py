"""One step of a change, kept for ever. It asks no gate: only what stands beside it in this folder calls it."""

from __future__ import annotations

from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.policies.life.drafts import person_of
from assay.governance.policies.life.models import Change, Step
from assay.governance.policies.life.stages import Stage, Way


def step(
    change: Change,
    way: Way,
    enters: Stage,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    evidence: list[dict[str, object]] | None = None,
) -> Step:
    """Move it, and keep that it moved."""
    made = Step.objects.create(
        change=change,
        way=way,
        leaves=change.stage,
        enters=enters.value,
        words=words.strip(),
        evidence=evidence or [],
        digest=change.draft_digest,
        by=person_of(by),
        at=at,
    )
    change.stage, change.stage_since, change.changed_at = enters.value, at, at
    # What the clerk saw of another stage's gate says nothing of this one's.
    change.gate_at, change.gate_met, change.gate_of = None, 0, 0
    change.save(update_fields=["stage", "stage_since", "changed_at", "gate_at", "gate_met", "gate_of"])
    return made
