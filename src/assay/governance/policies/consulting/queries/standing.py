"""How it stands with the views on a change: how many, and how many have no answer. It asks nobody's rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from assay.governance.policies.consulting.models import Answer, Consultation, View
from assay.governance.policies.life.models import Change


@dataclass(frozen=True, slots=True)
class Standing:
    """All consultations of a change together.

    closed  consultations that are over
    heard   views in these whose engagement was not out of date when they were given
    digest  of the newest draft that was consulted on
    """

    consultations: int
    open_until: datetime | None
    closed: int
    views: int
    heard: int
    unanswered: int
    digest: str = ""


def standing_of(change: Change, at: datetime) -> Standing:
    """In two reads."""
    rows = list(Consultation.objects.filter(change=change).order_by("number").defer("background", "question"))
    last = Answer.objects.filter(view=OuterRef("pk")).order_by("-pk").values("of")[:1]
    views = list(
        View.objects.filter(invitation__consultation__change=change)
        .annotate(answered=Subquery(last))
        .values_list("invitation__consultation", "revision", "answered")
    )
    still = [row for row in rows if row.is_open(at)]
    over = {row.pk for row in rows if not row.is_open(at)}
    return Standing(
        consultations=len(rows),
        open_until=max((row.closes_at for row in still), default=None),
        closed=len(over),
        views=len(views),
        heard=sum(1 for consultation, _, _ in views if consultation in over),
        unanswered=sum(1 for _, revision, answered in views if answered != revision),
        digest=rows[-1].digest if rows else "",
    )
