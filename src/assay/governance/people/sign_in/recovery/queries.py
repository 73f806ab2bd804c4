"""Recoveries that wait for an administrator. It only reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Task
from assay.governance.office.operations import may, query
from assay.governance.office.references import Reference
from assay.governance.office.roles import ADMINISTRATORS
from assay.governance.people.sign_in.models import Recovery


@dataclass(frozen=True, slots=True)
class WaitingRecovery:
    """Somebody who cannot come in.

    mine  whether it is the reader's own, which somebody else decides
    """

    number: int
    person: Reference
    name: str
    email: str
    asked: datetime
    ends: datetime
    mine: bool


@query("people.see-recoveries", words="see who asks for recovery", roles=ADMINISTRATORS)
def recoveries_waiting(*, by: Actor, at: datetime) -> list[WaitingRecovery]:
    """Open requests, the oldest first."""
    rows = Recovery.objects.filter(decided_at=None, expires_at__gt=at).select_related("person").order_by("asked_at")
    return [
        WaitingRecovery(
            row.pk,
            row.person.reference,
            row.person.name,
            row.person.email,
            row.asked_at,
            row.expires_at,
            row.person.reference in by.hands,
        )
        for row in rows[:200]
    ]


def recovery_tasks(by: Actor, at: datetime) -> Iterable[Task]:
    """What waits for an administrator, for the home page."""
    if not may(by, "people.see-recoveries"):
        return []
    url = reverse("sign_in_recoveries")
    return [
        Task("people", f"Decide on the recovery of {waiting.name}", url, waiting.asked, waiting.ends)
        for waiting in recoveries_waiting(by=by, at=at)
        if not waiting.mine
    ]
