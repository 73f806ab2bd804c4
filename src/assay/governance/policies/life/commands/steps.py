"""A change goes on, goes back, is given up, and a requirement is put aside. Every step goes through `moving`."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.policies.life.commands.wishes import LONGEST_REASON, faults_of_reason
from assay.governance.policies.life.drafts import hold, person_of
from assay.governance.policies.life.editions import hold_room
from assay.governance.policies.life.events import ChangeSentBack, ChangeWithdrawn, RequirementWaived, StageReached
from assay.governance.policies.life.gates import REQUIREMENTS, to_leave, waived_for
from assay.governance.policies.life.models import Change, Step, Waiver
from assay.governance.policies.life.moving import give_up, go_back, go_on
from assay.governance.policies.life.stages import Stage, next_of
from assay.governance.policies.life.targets import LEADS, target_of

WAIVERS = LEADS | {Role.EXECUTIVE}


@command("policies.advance", words="take a change to its next stage", roles=LEADS, system=True, target=target_of)
def advance(*, change: Change, to: Stage | None = None, by: Actor, at: datetime) -> Step | list[Fault]:
    """On to the next stage, where every requirement of this one holds.

    to  the stage that whoever asks was shown as the next; where another took the change on meanwhile, nothing happens
    """
    if change.at_stage is Stage.PILOT:
        # Of two that would be launched at the same moment, the second is asked when the first has been.
        hold_room()
    held = hold(change)
    # Two who press at once mean the same step, and the second must not leave a stage that nobody looked at.
    if held.stage != change.stage or to not in (None, next_of(held.at_stage)):
        now = held.at_stage.words
        return [Fault("moved-on", f"somebody was first, and it stands at `{now}` now; look at it again", "stage")]
    if by.is_system and held.at_stage is not Stage.LAUNCH:
        # What is everywhere is in force, whoever looks; every other step is somebody's decision.
        return [Fault("a-persons-step", f"from `{held.at_stage.words}` a person takes the change on", "stage")]
    made = go_on(held, by=by, at=at)
    if isinstance(made, list):
        return made
    waived = sum(bool(each["waived"]) for each in made.evidence)
    reached = StageReached(Stage(made.leaves), Stage(made.enters), Digest(made.digest), waived)
    append(reached, subject=held.reference, by=by, at=at)
    return made


@command("policies.send-back", words="send a change back to an earlier stage", roles=LEADS, target=target_of)
def send_back(*, change: Change, to: Stage, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """Back, with the reason; what follows is gone through again."""
    held = hold(change)
    faults = faults_of_reason(words)
    made = go_back(held, to, words="" if faults else words, by=by, at=at)
    if isinstance(made, list):
        return [*faults, *made]
    if faults:
        return faults
    append(ChangeSentBack(Stage(made.leaves), to), subject=held.reference, by=by, at=at)
    return made


@command("policies.withdraw-change", words="give a change up", roles=LEADS, target=target_of)
def withdraw(*, change: Change, words: str, by: Actor, at: datetime) -> Step | list[Fault]:
    """Give it up, with the reason; all of it stays to be read."""
    held = hold(change)
    faults = faults_of_reason(words)
    made = give_up(held, words="" if faults else words, by=by, at=at)
    if isinstance(made, list):
        return [*faults, *made]
    if faults:
        return faults
    append(ChangeWithdrawn(Stage(made.leaves)), subject=held.reference, by=by, at=at)
    return made


@command("policies.waive", words="put a requirement of a change aside", roles=WAIVERS, target=target_of)
def waive(*, change: Change, requirement: str, words: str, by: Actor, at: datetime) -> Waiver | list[Fault]:
    """Put one aside for this very draft, with a reason; by somebody whose own work the change is not."""
    held = hold(change)
    faults = [*_faults_of_waiver(held, requirement, by), *faults_of_reason(words, longest=LONGEST_REASON)]
    if faults:
        return faults
    # One that counts no more, since its giver has a hand in the change by now, gives way to this one.
    made, _ = Waiver.objects.update_or_create(
        change=held,
        requirement=requirement,
        digest=held.draft_digest,
        defaults={"words": words.strip(), "by": person_of(by), "at": at},
    )
    put_aside = RequirementWaived(Reference("requirement", requirement), Digest(held.draft_digest))
    append(put_aside, subject=held.reference, by=by, at=at)
    return made


def _faults_of_waiver(change: Change, name: str, by: Actor) -> list[Fault]:
    found = REQUIREMENTS.get(name)
    if found is None or found not in to_leave(change.at_stage):
        words = f"`{name[:80]}` does not stand in the way of `{change.at_stage.words}`; choose one that does"
        return [Fault("no-requirement", words, "requirement")]
    if not found.waivable:
        return [Fault("not-waivable", f"`{name}` cannot be put aside by anybody; meet it", "requirement")]
    if by.hands & change.hands:
        words = "the change is your own work, or of somebody you stand in for; ask somebody else who may"
        return [Fault("own-work", words, "requirement")]
    if name in waived_for(change):
        return [Fault("waived-already", f"`{name}` was put aside for this draft already", "requirement")]
    return []
