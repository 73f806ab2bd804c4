"""Consultations as the house sees them: who was asked, what each said, what was done with it. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.people.models import Person
from assay.governance.policies.consulting.models import Answer, Consultation, Invitation, View, ViewRevision
from assay.governance.policies.consulting.rules.redacting import Redacted, redacted
from assay.governance.policies.consulting.rules.words import CONFLICTS, POSITIONS, VIEWPOINTS
from assay.governance.policies.consulting.targets import CONSULTERS, consulted
from assay.governance.policies.life.models import Change


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked, with what they said.

    answer  what was done with the view as it stands; None where nobody has said so yet
    about   the part of the draft that the view is about
    """

    invitation: Invitation
    person: Person
    view: View | None
    revisions: tuple[ViewRevision, ...]
    answer: Answer | None
    about: str
    stale: bool

    @property
    def position(self) -> str:
        """Where they stand, in words."""
        return POSITIONS.get(self.view.position, "") if self.view is not None else ""

    @property
    def conflict(self) -> str:
        """What they declared, in words."""
        return CONFLICTS.get(self.invitation.conflict, "")

    @property
    def viewpoint(self) -> str:
        """From where they speak, in words."""
        return VIEWPOINTS.get(self.invitation.viewpoint, "")


@dataclass(frozen=True, slots=True)
class Held:
    """A consultation with everybody who was asked."""

    consultation: Consultation
    asked: tuple[Asked, ...]
    is_open: bool
    ended: datetime | None

    @property
    def views(self) -> int:
        """How many views are in."""
        return sum(1 for each in self.asked if each.view is not None)

    @property
    def unanswered(self) -> int:
        """Views of which nobody has said yet what was done."""
        return sum(1 for each in self.asked if each.view is not None and each.answer is None)

    @property
    def waiting(self) -> int:
        """Those who are invited still and have neither answered nor declined."""
        return sum(
            1
            for each in self.asked
            if each.view is None and each.invitation.withdrawn_at is None and each.invitation.declined_at is None
        )


@query("policies.list-consultations", words="read the consultations on a change", roles=INSIDE, target=consulted)
def consultations_of(*, change: Change, by: Actor, at: datetime) -> list[Held]:
    """All of a change, the newest first; in five reads however many there are."""
    rows = Consultation.objects.filter(change=change).order_by("-number").select_related("text", "opened_by")
    return [_held(row, at) for row in rows.prefetch_related(_invitations())]


@query("policies.see-consultation", words="read a consultation with its views", roles=INSIDE, target=consulted)
def see_consultation(*, consultation: Consultation, by: Actor, at: datetime) -> Held:
    """One, with everything that was said."""
    rows = Consultation.objects.filter(pk=consultation.pk).select_related("text", "opened_by")
    return _held(rows.prefetch_related(_invitations()).get(), at)


@query(
    "policies.preview-consultation",
    words="read a draft as those who are asked see it",
    roles=CONSULTERS,
    target=consulted,
)
def preview_consultation(
    *, change: Change, text: str, withheld: frozenset[int], before: str | None, by: Actor, at: datetime
) -> Redacted:
    """A text with gaps, made by the same function as for those who are asked."""
    return redacted(text, withheld, before)


def consultation_of(key: UUID) -> Consultation | None:
    """A consultation by its key; whoever shows it asks `see_consultation`."""
    rows = Consultation.objects.select_related("change", "change__base", "text", "before", "opened_by")
    return rows.filter(key=key).first()


def view_of(key: UUID) -> View | None:
    """A view by its key; whoever shows it asks for the consultation."""
    return View.objects.select_related("invitation__consultation__change", "invitation__person").filter(key=key).first()


def _invitations() -> Prefetch[str]:
    rows = Invitation.objects.select_related("person", "view").order_by("pk")
    return Prefetch("invitations", rows.prefetch_related("view__revisions", "view__answers__by"))


def _held(row: Consultation, at: datetime) -> Held:
    told = any(hasattr(each, "view") and each.view.part is not None for each in row.invitations.all())
    # The text is taken apart only where a view names a part of it.
    parts = dict(redacted(row.text.content, row.withheld).parts) if told else {}
    asked = tuple(_asked(each, parts, row, at) for each in row.invitations.all())
    return Held(row, asked, row.is_open(at), row.ended(at))


def _asked(invitation: Invitation, parts: dict[int, str], row: Consultation, at: datetime) -> Asked:
    view: View | None = getattr(invitation, "view", None)
    answers = list(view.answers.all()) if view is not None else []
    current = answers[0] if view is not None and answers and answers[0].of == view.revision else None
    return Asked(
        invitation=invitation,
        person=invitation.person,
        view=view,
        revisions=tuple(view.revisions.all())[1:] if view is not None else (),
        answer=current,
        about=parts.get(view.part, "") if view is not None and view.part is not None else "",
        stale=invitation.is_stale(at.date()),
    )
