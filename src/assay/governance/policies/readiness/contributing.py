"""What readiness adds to home, calendar, search, ledger and a change. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time
from importlib import import_module

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.ledger.subscribers import Happened
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Date, Hit, Task, contribute
from assay.governance.office.operations import may
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Told
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import BEFORE_LAUNCH, Stage
from assay.governance.policies.life.tabs import Tab, register_tab
from assay.governance.policies.readiness.models import Duty, Feature, FeatureState
from assay.governance.policies.readiness.queries.checklists import sheet_of, template_now, waiting_items
from assay.governance.policies.readiness.rules.standing import State

_COMMANDS = ("checklist", "features", "acceptances")
_KINDS = (
    Kind(
        "item-assigned", "An item of a launch checklist is yours", "See what shows that it is done, then mark it.",
        "changes:board", Way.AT_ONCE, leads=True,
    ),
)  # fmt: skip
_MOST = 100


def register() -> None:
    """Make the part known; called once when Django is ready."""
    for name in _COMMANDS:
        import_module(f"assay.governance.policies.readiness.commands.{name}")
    import_module("assay.governance.policies.readiness.requirements")
    contribute("readiness", tasks=tasks, dates=dates, search=search)
    register_tab(Tab("readiness", "Readiness", "readiness:change", 70, badge))
    register_notices(_KINDS, {"policies.checklist-item-assigned": _assigned})
    name_things("feature", _titles, url=lambda name: reverse("readiness:feature", args=[name]))
    name_things("features", lambda keys: dict.fromkeys(keys, "the register of features"), url=_register)
    name_things("checklist", lambda keys: {key: f"checklist {key}" for key in keys}, url=_template)
    name_things("checklist-item", _items)
    name_things("acceptance", lambda keys: dict.fromkeys(keys, "an acceptance"))


def badge(change: Change) -> str:
    """How many needed items wait, while the change stands in readiness."""
    if change.at_stage is not Stage.READINESS:
        return ""
    waiting = len(sheet_of(change, timezone.now()).open)
    return f"{waiting} open" if waiting else ""


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Items of checklists that wait for this person: those of one change that nobody was named for, as one task."""
    if not may(by, "policies.list-waiting-items"):
        return
    unnamed: dict[int, list[str]] = {}
    for each in waiting_items(by=by, at=at):
        url = f"{reverse('readiness:change', args=[each.change.number])}#item-{each.item.name}"
        due = None if each.due_on is None else timezone.make_aware(datetime.combine(each.due_on, time.max))
        held = unnamed.setdefault(each.change.number, [])
        held.append(each.item.title)
        if due is not None or len(held) == 1:
            words = f"Make change {each.change.number} ready: {each.item.title.lower()}"
            yield Task("policies", words, url, each.since, due)


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Days of items of checklists, and days for which features are planned."""
    if not may(by, "policies.list-features"):
        return
    days = Q(due_on__gte=start.date(), due_on__lt=end.date())
    stages = [stage.value for stage in BEFORE_LAUNCH]
    found = Duty.objects.filter(days, change__stage__in=stages).select_related("change").order_by("due_on")
    duties = list(found[:_MOST])
    titles = {item.name: item.title for item in template_now()[1]} if duties else {}
    for duty in duties:
        if duty.due_on is not None:
            words = f"Change {duty.change.number}: {titles.get(duty.item, duty.item).lower()}"
            url = reverse("readiness:change", args=[duty.change.number])
            yield Date("policies", f"item-{duty.pk}", words, _morning(duty.due_on), url, whole_day=True)
    planned = FeatureState.objects.filter(
        state=State.PLANNED.value, ready_on__gte=start.date(), ready_on__lt=end.date(), feature__retired_at=None
    ).select_related("feature")
    for row in planned.order_by("ready_on", "pk")[:_MOST]:
        if row.ready_on is not None:
            where = "everywhere" if row.market == "*" else f"in {row.market}"
            words = f"{row.feature.title} is planned {where}"
            url = reverse("readiness:feature", args=[row.feature.name])
            key = f"feature-{row.feature.name}-{row.market}"
            yield Date("policies", key, words, _morning(row.ready_on), url, whole_day=True, kind="begins")


def search(by: Actor, text: str, most: int) -> Iterator[Hit]:
    """Features by name, title and what they provide."""
    wanted = text.strip()
    if not wanted or not may(by, "policies.list-features"):
        return
    found = Feature.objects.filter(
        Q(name__icontains=wanted) | Q(title__icontains=wanted) | Q(needs__icontains=wanted), retired_at=None
    )
    for one in found.order_by("name")[:most]:
        exact = wanted.lower() in (one.name, one.title.lower())
        context = f"{one.kind}, {one.worst}"
        yield Hit(
            "policies",
            "feature",
            one.title,
            reverse("readiness:feature", args=[one.name]),
            context,
            0.9 if exact else 0.4,
        )


def _assigned(happened: Happened) -> Iterator[Told]:
    owner = getattr(happened.event, "owner", None)
    if owner is not None and owner != happened.actor:
        yield "item-assigned", owner


def _titles(keys: Collection[str]) -> Mapping[str, str]:
    return dict(Feature.objects.filter(name__in=list(keys)).values_list("name", "title"))


def _items(keys: Collection[str]) -> Mapping[str, str]:
    titles = {item.name: f"“{item.title}”" for item in template_now()[1]}
    return {key: titles[key] for key in keys if key in titles}


def _register(_key: str) -> str:
    return reverse("readiness:features")


def _template(_key: str) -> str:
    return reverse("readiness:template")


def _morning(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]
