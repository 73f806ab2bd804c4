"""Who is told of what happens in consultations. It names nobody to anybody else."""

from __future__ import annotations

from collections.abc import Iterator

from assay.governance.ledger.subscribers import Happened
from assay.governance.office.references import Reference
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Told
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.people.queries.naming import key_of
from assay.governance.policies.consulting.models import Consultation

_KINDS = (
    Kind(
        "view-wanted",
        "You are asked for your view",
        "Read the draft, declare your interests and give your view before it closes.",
        "consulting:mine",
        Way.AT_ONCE,
        leads=True,
    ),
    Kind(
        "view-answered",
        "What was done with your view",
        "Read what was adopted, and why.",
        "consulting:mine",
        Way.AT_ONCE,
        leads=True,
    ),
    Kind(
        "view-given",
        "A view came in",
        "Read it; once the consultation is over, say what was done with it.",
        "consulting:mine",
        Way.DAILY,
        leads=True,
    ),
)


def register() -> None:
    """Make the kinds known, and by what they come about."""
    register_notices(
        _KINDS,
        {
            "policies.expert-invited": _invited,
            "policies.consultation-extended": _still_asked,
            "policies.invited-reminded": _still_asked,
            "policies.view-answered": _answered,
            "policies.view-given": _given,
            "policies.invitation-declined": _given,
        },
    )


def _invited(happened: Happened) -> Iterator[Told]:
    who = getattr(happened.event, "who", None)
    return _told("view-wanted", [who] if isinstance(who, Reference) else [], happened)


def _still_asked(happened: Happened) -> Iterator[Told]:
    held = _consultation(happened)
    if held is None:
        return iter(())
    waiting = held.invitations.filter(withdrawn_at=None, declined_at=None, view=None).select_related("person")
    return _told("view-wanted", [each.person.reference for each in waiting], happened)


def _answered(happened: Happened) -> Iterator[Told]:
    who = getattr(happened.event, "who", None)
    held = _consultation(happened)
    if held is None or not isinstance(who, Reference) or key_of(who.key) is None:
        return iter(())
    # Somebody whose invitation was withdrawn sees nothing of it any more, and is not led there.
    invited = held.invitations.filter(person__key=who.key, withdrawn_at=None).exists()
    return _told("view-answered", [who] if invited else [], happened)


def _given(happened: Happened) -> Iterator[Told]:
    held = _consultation(happened)
    wanted = [held.opened_by.reference] if held is not None and held.opened_by is not None else []
    return _told("view-given", wanted, happened)


def _told(kind: str, who: list[Reference], happened: Happened) -> Iterator[Told]:
    return ((kind, each) for each in who if each != happened.actor)


def _consultation(happened: Happened) -> Consultation | None:
    key = key_of(happened.subject.key) if happened.subject.kind == "consultation" else None
    return None if key is None else Consultation.objects.select_related("opened_by").filter(key=key).first()
