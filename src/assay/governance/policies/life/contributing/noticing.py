"""Who hears of what happens to a change. It writes no notice itself, and tells nobody what they did themselves."""

from __future__ import annotations

from collections.abc import Iterator

from assay.governance.ledger.subscribers import Happened
from assay.governance.office.references import Reference
from assay.governance.people.models import Person
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Told
from assay.governance.policies.life.events import OwnerNamed
from assay.governance.policies.life.models import Change

KINDS = (
    Kind(
        "change-waits", "A change of a policy waits for you", "Look what is still open in its stage, and take it on.",
        "changes:board", Way.AT_ONCE, leads=True,
    ),
    Kind(
        "change-sent-back", "A change of yours was sent back or given up", "Read why, then mend it or leave it.",
        "changes:board", Way.AT_ONCE, leads=True,
    ),
    Kind(
        "change-moved", "A change of yours went on", "There is nothing to do, unless the next step is yours.",
        "changes:board", Way.PAGE, leads=True,
    ),
    Kind(
        "review-due", "A policy in force is to be looked at again", "Confirm it, or open a change of it.",
        "changes:board", Way.AT_ONCE, leads=True,
    ),
)  # fmt: skip


def _change(happened: Happened) -> Change | None:
    key = happened.subject.key
    wanted = Change.objects.select_related("owner", "author").prefetch_related("stage_owners__person")
    return wanted.filter(number=int(key)).first() if key.isascii() and key.isdigit() else None


def _concerned(change: Change) -> Iterator[Person]:
    yield from (each for each in (change.owner, change.author) if each is not None)


def _others(happened: Happened, kind: str, people: Iterator[Person]) -> Iterator[Told]:
    return ((kind, who) for who in dict.fromkeys(each.reference for each in people) if who != happened.actor)


def _reached(happened: Happened) -> Iterator[Told]:
    change = _change(happened)
    if change is None:
        return
    stage = str(getattr(happened.event, "enters", ""))
    named = next((each.person for each in change.stage_owners.all() if each.stage == stage), None)
    if named is not None and named.reference != happened.actor:
        yield "change-waits", named.reference
    for kind, who in _others(happened, "change-moved", _concerned(change)):
        if named is None or who != named.reference:
            yield kind, who


def _back(happened: Happened) -> Iterator[Told]:
    change = _change(happened)
    if change is not None:
        yield from _others(happened, "change-sent-back", _concerned(change))


def _named(happened: Happened) -> Iterator[Told]:
    event = happened.event
    if isinstance(event, OwnerNamed) and isinstance(event.who, Reference) and event.who != happened.actor:
        change = _change(happened)
        now = change is not None and (event.stage is None or event.stage.value == change.stage)
        yield ("change-waits" if now else "change-moved"), event.who


def _review(happened: Happened) -> Iterator[Told]:
    change = _change(happened)
    if change is not None:
        yield from _others(happened, "review-due", _concerned(change))


RULES = {
    "policies.stage-reached": _reached,
    "policies.change-sent-back": _back,
    "policies.change-withdrawn": _back,
    "policies.owner-named": _named,
    "policies.review-called": _review,
}
