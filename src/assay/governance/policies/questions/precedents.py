"""Rulings that bear on a rule on a day, for whoever applies it: in force, never expired. It checks no right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse

from assay.governance.policies.questions.models import KnownQuestion

MOST = 200


@dataclass(frozen=True, slots=True)
class Precedent:
    """A ruling in force.

    rule     the rule that it is about; empty is the whole policy
    markets  where it holds; none is everywhere
    """

    number: int
    question: str
    ruling: str
    rationale: str
    rule: str
    example: str
    markets: tuple[str, ...]
    ruled_on: date
    expires_on: date
    url: str


def precedents_for(*, policy: str, rule: str = "", market: str = "", day: date) -> tuple[Precedent, ...]:
    """Rulings in force on a day, those about the very rule first, then the newest.

    rule    those about the whole policy come with every rule; without one, all of the policy
    market  those for everywhere come with every market; without one, all
    """
    # What was ruled on a later day was no precedent on this one; with none at all, nothing was ruled.
    over = datetime.combine(day + timedelta(days=1), time.min, UTC)
    rows = KnownQuestion.objects.filter(policy=policy, state="ruled", expires_on__gte=day, ruled_at__lt=over)
    if rule:
        rows = rows.filter(Q(rule=rule) | Q(rule=""))
    found = [
        _precedent(row)
        for row in rows.order_by("-number")[: MOST * 5]
        if not market or not row.markets or market in row.markets
    ]
    return tuple(sorted(found, key=lambda each: (bool(rule) and each.rule != rule, -each.number))[:MOST])


def _precedent(row: KnownQuestion) -> Precedent:
    if row.ruled_at is None or row.expires_on is None:
        raise ValueError(f"{row} is ruled and says neither when nor until when")
    return Precedent(
        number=row.number,
        question=row.question,
        ruling=row.ruling,
        rationale=row.rationale,
        rule=row.rule,
        example=row.example,
        markets=tuple(row.markets),
        ruled_on=row.ruled_at.date(),
        expires_on=row.expires_on,
        url=reverse("questions:one", args=[row.number]),
    )
