"""What may be told of consultations outside: figures, and the names of those who agreed. No view is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assay.governance.policies.consulting.models import Answer, Consultation, Invitation
from assay.governance.policies.consulting.rules.words import OUTCOMES, POSITIONS, VIEWPOINTS
from assay.governance.policies.life.models import Change

# A group of fewer people than this is not counted by itself: it would say who said what.
FEWEST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """One consultation in figures.

    positions   how many stand where; only where enough said something
    viewpoints  how many of those who gave a view speak from where
    regions     how many speak of which part of the world
    outcomes    what was done with the views
    named       who agreed to be named, with what they are asked for
    conflicts   how many of them declared an interest
    """

    number: int
    title: str
    question: str
    opened: datetime
    ended: datetime | None
    invited: int
    external: int
    views: int
    positions: tuple[tuple[str, int], ...]
    viewpoints: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    unanswered: int
    named: tuple[tuple[str, str], ...]
    conflicts: int
    words: str


def summary_of(change: Change, at: datetime) -> tuple[Summary, ...]:
    """All consultations of a change that are over, in their order."""
    rows = (
        Consultation.objects.filter(change=change)
        .order_by("number")
        .prefetch_related("invitations__person", "invitations__view__answers")
    )
    return tuple(summed_up(row, at) for row in rows if not row.is_open(at))


def summed_up(row: Consultation, at: datetime) -> Summary:
    """One, in figures."""
    asked = [each for each in row.invitations.all() if each.withdrawn_at is None or hasattr(each, "view")]
    said = [each for each in asked if hasattr(each, "view")]
    answers = [answer for each in said if (answer := _answer(each)) is not None]
    told = len(said) >= FEWEST_TOLD
    return Summary(
        number=row.number,
        title=row.title,
        question=row.question,
        opened=row.opened_at,
        ended=row.ended(at),
        invited=len(asked),
        external=sum(1 for each in asked if each.external),
        views=len(said),
        positions=_counted((POSITIONS[each.view.position] for each in said), list(POSITIONS.values())) if told else (),
        viewpoints=_counted((VIEWPOINTS.get(each.viewpoint, "Other") for each in said), list(VIEWPOINTS.values())),
        regions=_counted((each.region or "not stated" for each in said), []),
        outcomes=_counted((OUTCOMES[each.outcome] for each in answers), list(OUTCOMES.values())),
        unanswered=len(said) - len(answers),
        named=tuple(sorted((each.person.name, each.expertise) for each in said if each.named)),
        conflicts=sum(1 for each in said if each.conflict not in ("", "none")),
        words=row.summary,
    )


def _answer(invitation: Invitation) -> Answer | None:
    answers = sorted(invitation.view.answers.all(), key=lambda each: -each.pk)
    return answers[0] if answers and answers[0].of == invitation.view.revision else None


def _counted(found: Iterable[str], order: list[str]) -> tuple[tuple[str, int], ...]:
    """How often each, in an order; what the order does not know comes by its name."""
    count = Counter(found)
    known = [(each, count.pop(each)) for each in order if each in count]
    return (*known, *sorted(count.items()))
