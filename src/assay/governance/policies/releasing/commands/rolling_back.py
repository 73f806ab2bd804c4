"""A former edition decides again, in one step and alone. It asks no gate: what decided before was good enough then."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.editions import hold_room
from assay.governance.policies.life.models import Change, Edition, Release
from assay.governance.policies.life.moving import give_back
from assay.governance.policies.releasing.commands.building import RELEASERS
from assay.governance.policies.releasing.commands.rows import make_release
from assay.governance.policies.releasing.events import RolledBack
from assay.governance.policies.releasing.rules import ROLL_BACK, why_no_reason
from assay.governance.policies.releasing.standing import CURRENT, line


@command("policies.roll-back", words="let a former edition of all policies decide again", roles=RELEASERS)
def roll_back(*, to: Edition | None = None, reason: str, by: Actor, at: datetime) -> Release | list[Fault]:
    """What decides a share or looks on ends in the same step; changes that are undone by it stand before their pilot.

    to  an edition that decided before; None is the one just before the present one
    """
    hold_room()
    decided = line()
    faults = [fault for fault in [why_no_reason(reason), _why_not(decided, to)] if fault is not None]
    if faults:
        return faults
    key = decided[-2] if to is None else to.pk
    editions = Edition.objects.defer("bundle").in_bulk(decided[decided.index(key) :])
    edition, former = editions[key], editions[decided[-1]]
    undone = [editions[each] for each in decided[decided.index(key) + 1 :]]
    release = make_release(ROLL_BACK, CURRENT, edition, change=former.change, reason=reason, by=by, at=at)
    changes = _given_back(undone, reason.strip(), by, at)
    said = RolledBack(
        edition.reference, former.reference, Digest(edition.digest), tuple(each.reference for each in changes)
    )
    append(said, subject=release.reference, by=by, at=at)
    return release


def _given_back(undone: list[Edition], words: str, by: Actor, at: datetime) -> list[Change]:
    """Changes whose edition decides no more, the last first: what that one replaced is in force again, and is next."""
    changes = []
    for edition in reversed(undone):
        if edition.change_id is None:
            continue
        change = Change.objects.select_for_update().get(pk=edition.change_id)
        give_back(change, words=words, by=by, at=at)
        changes.append(change)
    return changes


def _why_not(decided: list[int], to: Edition | None) -> Fault | None:
    if len(decided) < 2:
        return Fault("nothing-before", "no other edition decided before this one, so there is none to go back to")
    if to is None or to.pk in decided[:-1]:
        return None
    if to.pk == decided[-1]:
        return Fault("decides-already", f"edition {to.number} is what decides now", "to")
    words = f"edition {to.number} is none of those that decided before this one; what was rolled back is launched again"
    return Fault("not-before", words, "to")
