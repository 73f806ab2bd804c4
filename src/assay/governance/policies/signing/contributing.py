"""What sign-off adds to home, calendar, ledger and the pages of a change. It shows nobody more than its pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time
from importlib import import_module
from typing import Any
from uuid import UUID

from django.db.models import Manager, Model
from django.urls import reverse
from django.utils import timezone

from assay.governance.ledger.meaning.naming import Names, Place, name_things
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Date, Task, contribute
from assay.governance.office.operations import may
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.tabs import Tab, register_tab
from assay.governance.policies.signing.models import Condition, Signature, Veto
from assay.governance.policies.signing.notices import KINDS, RULES
from assay.governance.policies.signing.queries.sheets import SIGNABLE
from assay.governance.policies.signing.queries.voices import count_of, signatures_of
from assay.governance.policies.signing.queries.waiting import wanted_answers, wanted_signatures

_COMMANDS = ("signing", "conditions", "vetoes", "matrix")
_MOST = 100


def register() -> None:
    """Make the part known; called once when Django is ready."""
    for name in _COMMANDS:
        import_module(f"assay.governance.policies.signing.commands.{name}")
    import_module("assay.governance.policies.signing.requirements")
    contribute("signing", tasks=tasks, dates=dates)
    register_tab(Tab("sign-off", "Sign-off", "signing:change", 60, badge))
    register_notices(KINDS, RULES)
    name_things("signature", _names(Signature, "a signature on"), url=_place(Signature))
    name_things("condition", _names(Condition, "a condition of"), url=_place(Condition))
    name_things("veto", _names(Veto, "a veto on"), url=_place(Veto))
    name_things(
        "sign-off-matrix", lambda keys: dict.fromkeys(keys, "who signs off"), url=lambda _: reverse("signing:matrix")
    )


def badge(change: Change) -> str:
    """How many signatures are wanting, while they can be given."""
    if change.at_stage not in SIGNABLE:
        return ""
    missing = len(count_of(change, signatures_of(change)).missing)
    return f"{missing} wanting" if missing else ""


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Signatures and answers to conditions that wait for this person."""
    if not may(by, "policies.list-wanted-signatures"):
        return
    for wanted in wanted_signatures(by=by, at=at):
        words = f"Sign change {wanted.change.number} as {wanted.role.words}: {wanted.change.title}"
        yield Task("policies", words, _url(wanted.change), wanted.since)
    for each in wanted_answers(by=by, at=at):
        verb = "Meet" if each.what == "meet" else "Confirm"
        words = f"{verb} a condition of change {each.change.number}: {each.condition.words}"
        since = each.condition.met_at or each.condition.signature.at
        yield Task("policies", words, _url(each.change), since, _end_of(each))


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Days by which conditions must be met."""
    if not may(by, "policies.list-conditions"):
        return
    found = Condition.objects.filter(
        due_on__gte=start.date(), due_on__lt=end.date(), confirmed_at=None, signature__withdrawn_at=None
    ).select_related("signature__change")
    for each in found.order_by("due_on")[:_MOST]:
        change = each.signature.change
        if each.due_on is not None and may(by, "policies.see-sign-off", None):
            at = timezone.make_aware(datetime.combine(each.due_on, time.min))
            words = f"A condition of change {change.number} must be met: {each.words}"
            yield Date("policies", f"condition-{each.key}", words, at, _url(change), whole_day=True)


def _end_of(each: object) -> datetime | None:
    due_on = getattr(each, "due_on", None)
    return None if due_on is None else timezone.make_aware(datetime.combine(due_on, time.max))


def _url(change: Change) -> str:
    return reverse("signing:change", args=[change.number])


_OBJECTS: dict[type[Model], Manager[Any]] = {
    Signature: Signature.objects,
    Condition: Condition.objects,
    Veto: Veto.objects,
}
_CHANGE: dict[type[Model], str] = {
    Signature: "change__number",
    Condition: "signature__change__number",
    Veto: "change__number",
}


def _names(model: type[Model], words: str) -> Names:
    def named(keys: Collection[str]) -> Mapping[str, str]:
        return {key: f"{words} change {number}" for key, number in _numbers(model, keys).items()}

    return named


def _place(model: type[Model]) -> Place:
    def placed(key: str) -> str | None:
        number = _numbers(model, [key]).get(key)
        return None if number is None else reverse("signing:change", args=[number])

    return placed


def _numbers(model: type[Model], keys: Collection[str]) -> Mapping[str, int]:
    wanted = [key for key in keys if _is_key(key)]
    found = _OBJECTS[model].filter(key__in=wanted).values_list("key", _CHANGE[model])
    return {str(key): number for key, number in found}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
