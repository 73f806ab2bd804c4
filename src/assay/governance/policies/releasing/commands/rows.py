"""A release as a row: what the channel is to be told, kept before anybody tells it. It tells nobody."""

from __future__ import annotations

from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.editions import hold_room, next_number
from assay.governance.policies.life.models import Change, Edition, Release
from assay.governance.policies.releasing.rules import Kind


def hold_with_room(change: Change) -> Change:
    """The change as it stands now, the room held before it, as a roll-back holds both: neither waits for the other."""
    hold_room()
    return hold(change)


def make_release(
    kind: Kind,
    part: str,
    edition: Edition,
    *,
    change: Change | None,
    by: Actor,
    at: datetime,
    share: float = 1.0,
    reason: str = "",
) -> Release:
    """The row, in the transaction of the command that decides on it."""
    hold_room()
    return Release.objects.create(
        number=next_number(Release),
        kind=kind,
        part=part,
        edition=edition,
        change=change,
        share=share,
        reason=reason.strip(),
        made_at=at,
        made_by=Person.of(by.who) if by.who.kind == "person" else None,
    )
