"""Items of the launch checklist that are found, and not said: each from what another part knows. It marks none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from django.urls import reverse

from assay.governance.policies.life.gates import REQUIREMENTS, standing
from assay.governance.policies.life.models import Change
from assay.governance.policies.ports import PORTS
from assay.governance.policies.readiness.queries.needs import needs_of
from assay.governance.policies.readiness.rules.items import ItemState
from assay.governance.policies.writing.queries import stale_languages


@dataclass(frozen=True, slots=True)
class Computed:
    """How it stands with an item; what cannot be found out is open."""

    state: ItemState
    words: str
    url: str = ""


Compute: TypeAlias = Callable[[Change, datetime], Computed]


def _gate(name: str, change: Change, at: datetime) -> Computed:
    """As a gate of the change finds it; one that was put aside is said to be."""
    wanted = REQUIREMENTS.get(name)
    if wanted is None:
        return Computed(ItemState.OPEN, "this is not found out here")
    found = standing(change, [wanted], at)[0]
    if found.waived:
        return Computed(ItemState.NOT_APPLICABLE, f"put aside: {found.waived}", found.finding.url)
    state = ItemState.PASSED if found.finding.met else ItemState.OPEN
    return Computed(state, found.finding.words, found.finding.url)


def _guidance(change: Change, at: datetime) -> Computed:
    url = reverse("drafting:draft", args=[change.number])
    if change.kind == "retire":
        return Computed(ItemState.NOT_APPLICABLE, "the policy goes, and its guidance with it", url)
    found = needs_of(change)
    if found.faults or found.rules is None:
        said = f"the draft has {found.faults} errors" if found.faults else "the policy has no text"
        return Computed(ItemState.OPEN, said, url)
    if found.silent:
        return Computed(ItemState.OPEN, f"{found.silent} sections say nothing to moderators or the public", url)
    return Computed(ItemState.PASSED, f"{found.rules} rules, {found.examples} examples", url)


def _translations(change: Change, at: datetime) -> Computed:
    behind = stale_languages(change)
    if behind:
        said = ", ".join(f"{each.language}: {each.stale} stale, {each.missing} missing" for each in behind)
        return Computed(ItemState.OPEN, said)
    return Computed(ItemState.PASSED, "no language that the policy was translated into is behind")


def _rollback(change: Change, at: datetime) -> Computed:
    if change.base is None:
        return Computed(ItemState.OPEN, "there is no edition that could decide again")
    if PORTS.channel is None:
        return Computed(ItemState.OPEN, "no channel is set, by which another edition could be told")
    return Computed(ItemState.PASSED, f"edition {change.base.number} would decide again")


def _review_date(change: Change, at: datetime) -> Computed:
    if change.review_on is not None:
        return Computed(ItemState.PASSED, f"{change.review_on:%Y-%m-%d}")
    months = PORTS.terms().review_months
    return Computed(ItemState.PASSED, f"{months} months after it is in force, as this house has it")


COMPUTED: Mapping[str, Compute] = {
    "examples": partial(_gate, "impact.check"),
    "proof": partial(_gate, "impact.proof"),
    "rehearsal": partial(_gate, "impact.rehearsal"),
    "exposure": partial(_gate, "impact.exposure"),
    "guidance": _guidance,
    "translations": _translations,
    "rollback": _rollback,
    "review-date": _review_date,
}
