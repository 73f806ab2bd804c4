"""A bundle looks on, decides a share, decides everything, or stops. What is told to the channel is told after it."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.models import Change, Edition, Release
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.releasing.building import why_not_ship
from assay.governance.policies.releasing.commands.building import RELEASERS
from assay.governance.policies.releasing.commands.rows import hold_with_room, make_release
from assay.governance.policies.releasing.events import Launched, LaunchStopped, PilotEnded, PilotStarted
from assay.governance.policies.releasing.rules import (
    LAUNCH,
    PILOT,
    SHARES_IN,
    WITHDRAW,
    in_words,
    why_no_reason,
    why_no_share,
)
from assay.governance.policies.releasing.standing import (
    CURRENT,
    SHADOW,
    STAGED,
    edition_of,
    others_in_launch,
    told,
)


@command(
    "policies.start-pilot",
    words="let a change look on beside what decides",
    roles=RELEASERS,
    target=target_of,
)
def start_pilot(*, change: Change, share: float = 1.0, by: Actor, at: datetime) -> Release | list[Fault]:
    """The built bundle looks on: what it would decide is counted and never done.

    share  of the items that it looks at
    """
    change = hold_with_room(change)
    edition, shadow = edition_of(change), told().shadow
    faults = _faults(change, Stage.PILOT, edition, share)
    if shadow is not None and shadow.change_id != change.pk:
        words = f"edition {shadow.edition.number} looks on already, and one can at a time; end that pilot first"
        faults.append(Fault("shadow-taken", words))
    elif shadow is not None and edition == shadow.edition and shadow.share == share:
        faults.append(Fault("nothing-changes", f"edition {edition.number} looks on at that share already"))
    if faults or edition is None:
        return faults or why_not_ship(change, at)
    if faults := why_not_ship(change, at):
        return faults
    release = make_release(PILOT, SHADOW, edition, change=change, share=share, by=by, at=at)
    said = PilotStarted(edition.reference, release.reference, Digest(edition.digest), _whole(share))
    append(said, subject=change.reference, by=by, at=at)
    return release


@command(
    "policies.end-pilot",
    words="end that a change looks on",
    roles=RELEASERS,
    target=target_of,
)
def end_pilot(*, change: Change, reason: str = "", by: Actor, at: datetime) -> Release | list[Fault]:
    """The bundle looks on no more; the hours that it looked on stay counted."""
    change = hold_with_room(change)
    shadow = told().shadow
    if shadow is None or shadow.change_id != change.pk:
        return [Fault("no-pilot", f"no bundle of change {change.number} looks on")]
    release = make_release(
        WITHDRAW, SHADOW, shadow.edition, change=change, share=shadow.share, reason=reason, by=by, at=at
    )
    append(PilotEnded(shadow.edition.reference, release.reference), subject=change.reference, by=by, at=at)
    return release


@command(
    "policies.launch",
    words="let a change decide a share of items, or all of them",
    roles=RELEASERS,
    target=target_of,
)
def launch(*, change: Change, share: float, by: Actor, at: datetime) -> Release | list[Fault]:
    """The built bundle decides that share of the items, and never more than that; 1 is everything.

    To a smaller share it goes whatever a gate says: less of what may be wrong is always possible.
    """
    change = hold_with_room(change)
    edition, now = edition_of(change), told()
    held = now.staged.share if now.staged is not None and now.staged.change_id == change.pk else 0.0
    faults = _faults(change, Stage.LAUNCH, edition, share)
    others = others_in_launch(change)
    if others:
        words = f"change {others[0].number} is being launched, and one can at a time; wait for it, or stop it"
        faults.append(Fault("launch-taken", words))
    if edition is not None and now.current is not None and now.current.edition.digest == edition.digest:
        faults.append(Fault("everywhere-already", f"edition {edition.number} decides everything already"))
    elif share == held:
        faults.append(Fault("nothing-changes", f"it decides {in_words(share)} already", "share"))
    if not faults and share > held:
        faults = why_not_ship(change, at)
    if faults or edition is None:
        return faults
    part = CURRENT if share == 1 else STAGED
    release = make_release(LAUNCH, part, edition, change=change, share=share, by=by, at=at)
    said = Launched(edition.reference, release.reference, Digest(edition.digest), _whole(share))
    append(said, subject=change.reference, by=by, at=at)
    return release


@command(
    "policies.stop-launch",
    words="stop the launch of a change",
    roles=RELEASERS,
    target=target_of,
)
def stop_launch(*, change: Change, reason: str, by: Actor, at: datetime) -> Release | list[Fault]:
    """The bundle decides its share no more; the change can go back from its launch, be withdrawn, or begin again."""
    change = hold_with_room(change)
    staged = told().staged
    faults = [fault for fault in [why_no_reason(reason)] if fault is not None]
    if staged is None or staged.change_id != change.pk:
        faults.append(Fault("no-launch", f"no bundle of change {change.number} decides a share"))
    if faults or staged is None:
        return faults
    release = make_release(
        WITHDRAW, STAGED, staged.edition, change=change, share=staged.share, reason=reason, by=by, at=at
    )
    append(LaunchStopped(staged.edition.reference, release.reference), subject=change.reference, by=by, at=at)
    return release


def _faults(change: Change, stage: Stage, edition: Edition | None, share: float) -> list[Fault]:
    faults = []
    if change.at_stage is not stage:
        words = f"change {change.number} stands at `{change.at_stage.words}`, and this is done at `{stage.words}`"
        faults.append(Fault("other-stage", words))
    if edition is None:
        faults.append(Fault("not-built", f"no bundle is built of the draft of change {change.number} as it is now"))
    wrong = why_no_share(share)
    return [*faults, wrong] if wrong is not None else faults


def _whole(share: float) -> int:
    return round(share * SHARES_IN)
