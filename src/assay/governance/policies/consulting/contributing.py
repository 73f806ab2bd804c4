"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from importlib import import_module

from django.urls import reverse
from django.utils import timezone

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.office.actor import Actor, Target
from assay.governance.office.contributions import Date, Place, Task, contribute
from assay.governance.office.operations import may
from assay.governance.people.queries.naming import key_of
from assay.governance.policies.consulting import queries
from assay.governance.policies.consulting.models import Consultation, Invitation, View
from assay.governance.policies.consulting.queries.standing import standing_of
from assay.governance.policies.consulting.targets import CONSULTERS
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import EDITABLE
from assay.governance.policies.life.tabs import Tab, register_tab
from assay.governance.policies.life.targets import ROOM

MOST = 100


def register() -> None:
    """Make the part known; called once when Django is ready."""
    import_module("assay.governance.policies.consulting.commands")
    import_module("assay.governance.policies.consulting.gates")
    import_module("assay.governance.policies.consulting.telling").register()
    register_tab(Tab("consultation", "Consultation", "consulting:change", 40, _badge))
    place = Place("Asked of you", "consulting:mine", "q", "policies.be-consulted", "speech", 45)
    contribute("consultations", tasks=tasks, dates=dates, place=place)
    name_things("consultation", _names, url=lambda key: _url(key) if key_of(key) else None)


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Views that this person is asked for, and views that wait for an answer."""
    if by.who.kind != "person":
        return
    for each in queries.asked_of(by=by, at=at):
        if each.waits:
            words = f"Give your view: {each.title}"
            yield Task("policies", words, _url(str(each.key)), each.invitation.invited_at, each.closes_at)
    if by.enters(CONSULTERS, ROOM):
        yield from _unanswered(by, at)


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """When consultations close: those that this person is asked in, and for the house all of them."""
    if by.who.kind != "person":
        return
    rows = Consultation.objects.filter(closed_at=None, closes_at__gte=start, closes_at__lt=end).order_by("closes_at")
    closing = list(rows.select_related("change")[:MOST])
    asked = Invitation.objects.filter(person__key=by.who.key, withdrawn_at=None, consultation__in=closing)
    mine = set(asked.values_list("consultation_id", flat=True)) if closing else set()
    for row in closing:
        if row.pk in mine:
            url = _url(str(row.key))
        elif may(by, "policies.see-consultation", Target(ROOM, policy=row.change.policy)):
            url = reverse("consulting:one", args=[row.change.number, row.key])
        else:
            continue
        words = f"The consultation “{row.title}” closes"
        yield Date("policies", f"consultation-{row.key}", words, row.closes_at, url, kind="ends")


def _unanswered(by: Actor, at: datetime) -> Iterator[Task]:
    """One task for each consultation that is over and has views without an answer."""
    rows = View.objects.filter(
        invitation__consultation__closes_at__lte=at, invitation__consultation__change__stage__in=_stages()
    ) | View.objects.filter(
        invitation__consultation__closed_at__isnull=False, invitation__consultation__change__stage__in=_stages()
    )
    waiting: dict[int, list[View]] = {}
    found = rows.select_related("invitation__consultation__change").prefetch_related("answers").order_by("pk")
    for view in found[:MOST]:
        if not any(answer.of == view.revision for answer in view.answers.all()):
            waiting.setdefault(view.invitation.consultation_id, []).append(view)
    for views in waiting.values():
        held = views[0].invitation.consultation
        target = Target(ROOM, policy=held.change.policy)
        if held.is_open(at) or not may(by, "policies.answer-view", target):
            continue
        count = "1 view" if len(views) == 1 else f"{len(views)} views"
        url = reverse("consulting:one", args=[held.change.number, held.key])
        words = f"Say what was done with {count} on change {held.change.number}"
        yield Task("policies", words, url, held.ended(at) or held.closes_at)


def _stages() -> list[str]:
    return [stage.value for stage in EDITABLE]


def _badge(change: Change) -> str:
    found = standing_of(change, timezone.now())
    if found.open_until is not None:
        return "open"
    return f"{found.unanswered} to answer" if found.unanswered else ""


def _names(keys: Collection[str]) -> Mapping[str, str]:
    wanted = [found for found in map(key_of, keys) if found is not None]
    rows = Consultation.objects.filter(key__in=wanted).values_list("key", "title")
    return {str(key): f"the consultation “{title}”" for key, title in rows}


def _url(key: str) -> str:
    return reverse("consulting:asked", args=[key])
