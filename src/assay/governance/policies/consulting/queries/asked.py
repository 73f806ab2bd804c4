"""What somebody is asked, as they see it: their own invitation, view and answer. Of others it shows nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import Role
from assay.governance.policies.consulting.models import Answer, Consultation, Invitation, View
from assay.governance.policies.consulting.rules.redacting import Redacted, redacted

# What somebody was asked stays in sight for so long after it ended; an answer to it, without end.
_KEPT = timedelta(days=400)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to oneself.

    draft    the text with its gaps; None once the engagement is out of date
    answer   what was done with one's view as it stands
    changed  whether the view was changed after it had been answered
    """

    key: UUID
    title: str
    question: str
    background: str
    closes_at: datetime
    is_open: bool
    ended: datetime | None
    invitation: Invitation
    view: View | None
    answer: Answer | None
    answers: tuple[Answer, ...]
    draft: Redacted | None
    stale: bool
    summary: str

    @property
    def can_say(self) -> bool:
        """Whether a view may be given or changed now."""
        return self.is_open and not self.stale

    @property
    def waits(self) -> bool:
        """Whether their view is missing."""
        return self.can_say and self.view is None and self.invitation.declined_at is None


@query("policies.list-own-consultations", words="see what they are asked for their view of", own=True)
def asked_of(*, by: Actor, at: datetime) -> list[Asked]:
    """All that one is asked, what waits first; without the drafts."""
    if by.who.kind != "person":
        return []
    rows = Invitation.objects.filter(
        person__key=by.who.key, withdrawn_at=None, consultation__closes_at__gt=at - _KEPT
    ).select_related("consultation", "view")
    found = [_asked(row, at, whole=False) for row in rows.order_by("-pk").prefetch_related("view__answers")[:_MOST]]
    return sorted(found, key=_first)


def _first(asked: Asked) -> tuple[bool, bool, float]:
    """What waits first, what ends soonest first among these; then what ended last."""
    ends = asked.closes_at.timestamp()
    return not asked.waits, not asked.is_open, ends if asked.is_open else -ends


@query("policies.read-own-consultation", words="read the question and the draft that they are asked about", own=True)
def asked_in(*, key: UUID, by: Actor, at: datetime) -> Asked | None:
    """One question to oneself; None where one is not asked, or no longer."""
    if by.who.kind != "person":
        return None
    rows = Invitation.objects.filter(consultation__key=key, person__key=by.who.key, withdrawn_at=None)
    row = rows.select_related("consultation__text", "consultation__before", "view").first()
    return None if row is None else _asked(row, at, whole=True)


@query(
    "policies.be-consulted",
    words="be asked for a view as an expert from outside",
    roles=frozenset({Role.EXTERNAL_EXPERT}),
    reach="room",
)
def be_consulted(*, by: Actor, at: datetime) -> int:
    """How many questions wait for them."""
    return sum(1 for each in asked_of(by=by, at=at) if each.waits)


def own_consultation(key: UUID, by: Actor) -> Consultation | None:
    """The consultation of a page of one's own, to be given to a command, which asks again."""
    if by.who.kind != "person":
        return None
    rows = Invitation.objects.filter(consultation__key=key, person__key=by.who.key, withdrawn_at=None)
    row = rows.select_related("consultation__change").first()
    return None if row is None else row.consultation


def _asked(row: Invitation, at: datetime, *, whole: bool) -> Asked:
    asked = row.consultation
    view: View | None = getattr(row, "view", None)
    answers = tuple(view.answers.all()) if view is not None else ()
    stale = row.is_stale(at.date())
    draft = None
    if whole and not stale:
        draft = redacted(asked.text.content, asked.withheld, asked.before.content if asked.before else None)
    return Asked(
        key=asked.key,
        title=asked.title,
        question=asked.question,
        background=asked.background if not stale else "",
        closes_at=asked.closes_at,
        is_open=asked.is_open(at),
        ended=asked.ended(at),
        invitation=row,
        view=view,
        answer=answers[0] if view is not None and answers and answers[0].of == view.revision else None,
        answers=answers,
        draft=draft,
        stale=stale,
        summary=asked.summary,
    )
