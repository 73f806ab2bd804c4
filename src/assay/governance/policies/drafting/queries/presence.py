"""Who has a draft open, and where in it. It is no act, no ledger entry, and forgotten after half a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assay.governance.office.actor import Actor
from assay.governance.policies.drafting.models import Presence
from assay.governance.policies.life.drafts import person_of
from assay.governance.policies.life.models import Change

FORGOTTEN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the draft open."""

    name: str
    path: str
    line: int


def note_presence(change: Change, path: str, line: int, *, by: Actor, at: datetime) -> None:
    """Remember that somebody looks at a line of a file just now."""
    person = person_of(by)
    if person is not None:
        # Who is long gone leaves no row behind.
        Presence.objects.filter(change=change, seen_at__lt=at - FORGOTTEN_AFTER).delete()
        Presence.objects.update_or_create(
            change=change, person=person, defaults={"path": path, "line": min(max(line, 1), 100_000), "seen_at": at}
        )


def present_in(change: Change, *, by: Actor, at: datetime) -> list[Present]:
    """Everybody else who has it open."""
    rows = Presence.objects.filter(change=change, seen_at__gte=at - FORGOTTEN_AFTER).select_related("person")
    found = [row for row in rows.order_by("person__name") if str(row.person.key) != by.who.key]
    return [Present(row.person.name, row.path, row.line) for row in found]
