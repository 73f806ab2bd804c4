"""A change goes on through the gate of its stage, or back. It checks no right and writes no ledger entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Q

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.policies.life.gates import Stands, faults_of, standing, to_leave
from assay.governance.policies.life.models import Change, Release, Step
from assay.governance.policies.life.moving.settling import settle
from assay.governance.policies.life.moving.steps import step
from assay.governance.policies.life.stages import Stage, may_go_back, may_go_on, may_withdraw, next_of

_PARTS = ("current", "staged", "shadow")


def go_on(change: Change, *, by: Actor, at: datetime) -> Step | list[Fault]:
    """On to the next stage, where every requirement holds; else all that is in the way.

    The change is held by whoever calls.
    """
    stage = change.at_stage
    after = next_of(stage)
    if after is None or not may_go_on(stage):
        return [Fault("no-gate", f"`{stage.words}` is not left through a gate; {_instead(stage)}", "stage")]
    stands = standing(change, to_leave(stage), at)
    faults = faults_of(stands)
    if faults:
        return faults
    made = step(change, "forward", after, by=by, at=at, evidence=_evidence(stands))
    if after is Stage.IN_FORCE:
        settle(change, by=by, at=at)
    return made


def go_back(change: Change, to: Stage, *, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """Back to an earlier stage; what was found of this very draft stays found, and of another it never counts."""
    if not may_go_back(change.at_stage, to):
        words_of = f"from `{change.at_stage.words}` a change cannot go back to `{to.words}`; choose an earlier stage"
        return [Fault("not-back", words_of, "to")]
    if is_told(change):
        return [STILL_TOLD]
    return step(change, "back", to, by=by, at=at, words=words)


def give_up(change: Change, *, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """The change is given up for good."""
    if not may_withdraw(change.at_stage):
        return [Fault("not-withdrawn", f"at `{change.at_stage.words}` nothing can be given up", "stage")]
    if is_told(change):
        return [STILL_TOLD]
    return step(change, "withdraw", Stage.WITHDRAWN, by=by, at=at, words=words)


def look_again(change: Change, *, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """What is in force is looked at again."""
    if change.at_stage is not Stage.IN_FORCE:
        return [
            Fault("not-in-force", f"at `{change.at_stage.words}` nothing is in force to be looked at again", "stage")
        ]
    return step(change, "review", Stage.REVIEW_DUE, by=by, at=at, words=words)


def keep_on(change: Change, *, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """What was looked at stays in force."""
    if change.at_stage is not Stage.REVIEW_DUE:
        return [Fault("no-review", f"at `{change.at_stage.words}` no review waits; call one first", "stage")]
    return step(change, "confirm", Stage.IN_FORCE, by=by, at=at, words=words)


STILL_TOLD = Fault(
    "still-told",
    "decision services have something of this change, or are about to; withdraw it or roll it back first",
    "stage",
)


def is_told(change: Change) -> bool:
    """Whether the channel has something of the change, or gets it next: it decides all, or a share, or looks on."""
    return _waits(change) or any(_has(change, part) for part in _PARTS)


def _waits(change: Change) -> bool:
    """Whether a release of it is made and not told yet; a roll-back lets what was made before it fall."""
    made = Release.objects.filter(edition__change=change, published_at=None).exclude(kind="withdraw")
    back = Release.objects.filter(kind="roll-back").aggregate(newest=Max("number"))["newest"] or 0
    return made.filter(number__gte=back).exists()


def _has(change: Change, part: str) -> bool:
    told = Release.objects.filter(part=part, published_at__isnull=False)
    newest = told.select_related("edition").defer("edition__bundle").order_by("-published_at", "-number").first()
    if newest is None or newest.kind == "withdraw" or newest.edition.change_id != change.pk:
        return False
    # A roll-back, or the same texts deciding all, ends what decided a share or looked on; no row of its own says so.
    ended = Q(kind="roll-back") | Q(edition__digest=newest.edition.digest)
    later = Release.objects.filter(ended, part="current", published_at__isnull=False, number__gt=newest.number)
    return part == "current" or not later.exists()


def _evidence(stands: Iterable[Stands]) -> list[dict[str, object]]:
    """How it stood with each requirement, as it is kept with the step."""
    return [
        {
            "name": one.requirement.name,
            "words": one.requirement.words,
            "found": one.finding.words,
            "digest": one.finding.digest,
            "met": one.finding.met,
            "waived": "" if one.finding.met else one.waived,
        }
        for one in stands
    ]


def _instead(stage: Stage) -> str:
    if stage.is_over:
        return "open a new change"
    return "confirm it, or open a change that amends or retires the policy"
