"""What a change brings with it when it is in force, and what is given back when it no longer is. It asks no gate."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from assay.governance.office.actor import Actor
from assay.governance.policies.life.models import Change, Document
from assay.governance.policies.life.moving.steps import step
from assay.governance.policies.life.stages import DECIDES, Stage
from assay.governance.policies.ports import PORTS


def settle(change: Change, *, by: Actor, at: datetime) -> None:
    """The change is in force: the former one of its policy is replaced, and somebody looks at it again some day."""
    former = Change.objects.select_for_update().filter(path=change.path, stage__in=[each.value for each in DECIDES])
    for each in former.exclude(pk=change.pk):
        _replace(each, by=by, at=at, instead=change)
    document = Document.objects.filter(path=change.path).first()
    change.document = document
    if change.kind == "retire":
        change.review_on = None
        # Nothing of the policy is left to look at again.
        step(change, "replaced", Stage.RETIRED, by=by, at=at)
    elif change.review_on is None or change.review_on <= at.date():
        change.review_on = months_after(at.date(), PORTS.terms().review_months)
    change.save(update_fields=["document", "review_on"])
    if document is not None:
        document.review_on = change.review_on
        document.owner = change.owner
        document.save(update_fields=["review_on", "owner"])


def give_back(change: Change, *, words: str, by: Actor, at: datetime) -> None:
    """A change that decided does so no longer: it stands at its readiness again, and what it had replaced is in force.

    The channel was told by whoever calls, who also writes the ledger entry.
    """
    retired_itself = change.kind == "retire" and change.at_stage is Stage.RETIRED
    if change.at_stage in DECIDES or change.at_stage is Stage.LAUNCH or retired_itself:
        step(change, "back", Stage.READINESS, by=by, at=at, words=words)
    for each in Change.objects.select_for_update().filter(replaced_by=change, stage=Stage.RETIRED.value):
        step(each, "back", Stage.IN_FORCE, by=by, at=at, words=words)
        each.replaced_by = None
        each.save(update_fields=["replaced_by"])
        Document.objects.filter(path=each.path).update(review_on=each.review_on)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _replace(change: Change, *, by: Actor, at: datetime, instead: Change) -> None:
    step(change, "replaced", Stage.RETIRED, by=by, at=at, words=f"replaced by change {instead.number}")
    change.replaced_by = instead
    change.save(update_fields=["replaced_by"])
