"""What the clerk does by itself: launches that are everywhere are in force, and reviews whose day has come are called.

It also notes how far each gate is, so that lists can show it without asking every requirement again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from assay.engine.kernel.instants import EPOCH
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import SYSTEM
from assay.governance.office.operations import is_faults
from assay.governance.policies.life.commands.reviewing import call_review
from assay.governance.policies.life.commands.steps import advance
from assay.governance.policies.life.gates import standing, to_leave
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import BEFORE_FORCE, Stage

MOST = 50
_LOOK_AGAIN = timedelta(seconds=20)
# Some requirements come to hold by time alone: a consultation that ends, a pilot that looked on for long enough.
_LOOK_ANYWAY = timedelta(minutes=5)
# What is written bears the time at which it was begun, and may come after a look that was later.
_LATE = timedelta(seconds=30)


def arrive_due(at: datetime) -> int:
    """Take every step that is due; says how many were. A second round finds nothing left."""
    taken = 0
    for change in Change.objects.filter(stage=Stage.LAUNCH.value).order_by("number")[:MOST]:
        # Asked before the command, which would otherwise begin a transaction for each look.
        if all(one.holds for one in standing(change, to_leave(Stage.LAUNCH), at)):
            taken += not is_faults(advance(change=change, by=SYSTEM, at=at))
    due = Change.objects.filter(stage=Stage.IN_FORCE.value, review_on__lte=at.date()).order_by("number")
    for change in due[:MOST]:
        taken += not is_faults(call_review(change=change, by=SYSTEM, at=at))
    return taken


def look_at_gates(at: datetime) -> int:
    """Note how many requirements hold for the changes that were looked at longest ago; says for how many.

    Whatever people do is in the ledger: where nothing was written since, nothing is looked at for some minutes.
    """
    under_way = Change.objects.filter(stage__in=[each.value for each in BEFORE_FORCE])
    newest = Entry.objects.order_by("-number").values_list("at", flat=True).first()
    written = at if newest is None else EPOCH + timedelta(microseconds=newest)
    due = Q(gate_at__lte=written + _LATE, gate_at__lt=at - _LOOK_AGAIN) | Q(gate_at__lt=at - _LOOK_ANYWAY)
    waiting = under_way.filter(Q(gate_at=None) | due)
    changes = list(
        waiting.select_related("base", "owner", "document").order_by(F("gate_at").asc(nulls_first=True))[:MOST]
    )
    for change in changes:
        stands = standing(change, to_leave(change.at_stage), at)
        met = sum(one.holds for one in stands)
        # Only where it still stands there: nothing that somebody does meanwhile is written over.
        here = Change.objects.filter(pk=change.pk, stage=change.stage)
        here.update(gate_met=met, gate_of=len(stands), gate_at=at)
    return len(changes)
