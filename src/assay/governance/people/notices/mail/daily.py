"""Daily mails: what gathered since the last one, put into the outbox in the morning of each person's own day."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.db import transaction

from assay.governance.people.middleware import zone_of
from assay.governance.people.models import Person
from assay.governance.people.notices.mail.kinds import DAILY
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.notices.models import Notice

# In the zone of whoever gets it.
HOUR = 8


def make_daily(at: datetime) -> int:
    """Put the daily mails that are due into the outbox. How many."""
    waiting = Person.objects.filter(pk__in=Notice.objects.filter(daily=True).values("person"), is_active=True)
    return sum(_make(person, at) for person in waiting)


def is_morning(at: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether the hour of daily mails has come where somebody is."""
    return at.astimezone(zone).hour >= HOUR


def _make(person: Person, at: datetime) -> int:
    zone = zone_of(person)
    if not is_morning(at, zone):
        return 0
    key = f"daily:{person.key}:{at.astimezone(zone):%Y-%m-%d}"
    with transaction.atomic():
        gathered = Notice.objects.filter(person=person, daily=True)
        numbers = list(gathered.values_list("pk", flat=True))
        made = post(kind=DAILY, person=person, at=at, key=key, notices=numbers)
        # A second one on the same day waits for the next morning.
        if made.notices != numbers:
            return 0
        Notice.objects.filter(pk__in=numbers).update(daily=False)
    return 1
