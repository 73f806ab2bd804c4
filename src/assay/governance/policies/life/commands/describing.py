"""A change is described, and people are named for its stages. Neither touches a text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.people.models import Person
from assay.governance.policies.life.commands.wishes import Wish, faults_of_day, faults_of_wish
from assay.governance.policies.life.drafts import add_hand, add_hands, hold
from assay.governance.policies.life.events import ChangeDescribed, OwnerNamed
from assay.governance.policies.life.models import Change, Document, StageOwner
from assay.governance.policies.life.stages import EDITABLE, ORDER, Stage
from assay.governance.policies.life.targets import LEADS, MAKERS, is_inside, target_of

OVER = Fault("over", "the change is over; open a new one")
_WORDS, _SCOPE = ("title", "why"), ("harms", "markets")
# What signatures stand for is said before they are given.
_SIGNED = (*_WORDS, *_SCOPE, "risk", "note")
_DAYS = ("wanted_on", "review_on")


def may_describe(stage: Stage) -> bool:
    """Whether what people sign for may still be said otherwise."""
    return stage is Stage.IDEA or stage in EDITABLE


@command("policies.describe-change", words="describe a change of a policy", roles=MAKERS, target=target_of)
def describe(*, change: Change, wish: Wish, by: Actor, at: datetime) -> Change | list[Fault]:
    """Say what it is for, whom it reaches, what the public is told, and by when."""
    held = hold(change)
    if held.at_stage.is_over:
        return [OVER]
    told = Wish(
        wish.title.strip(), wish.why.strip(), tuple(sorted(set(wish.harms))), tuple(sorted(set(wish.markets))),
        wish.risk, wish.note.strip(), wish.wanted_on, wish.review_on,
    )  # fmt: skip
    new = {name: _plain(getattr(told, name)) for name in (*_SIGNED, *_DAYS)}
    changed = {name for name, value in new.items() if value != getattr(held, name)}
    if not changed:
        return [Fault("nothing-changed", "nothing was changed")]
    faults = [each for each in faults_of_wish(told, at.date()) if each.field in changed]
    late = [name for name in _SIGNED if name in changed] if not may_describe(held.at_stage) else []
    if late:
        words = f"from `{Stage.SIGN_OFF.words}` on this is what people signed; send the change back to say it otherwise"
        faults += [Fault("signed-for", words, name) for name in late]
    if held.risk == "high" and told.risk == "ordinary" and by.hands & held.hands:
        words = (
            "that somebody's rights are at stake is only taken back by who has no hand in the change; ask one of them"
        )
        faults.append(Fault("own-work", words, "risk"))
    if faults:
        return faults
    for name in changed:
        setattr(held, name, new[name])
    held.changed_at = at
    held.save(update_fields=[*changed, "changed_at"])
    if "review_on" in changed and held.stage == Stage.IN_FORCE.value:
        Document.objects.filter(path=held.path).update(review_on=held.review_on)
    add_hands(held, by)
    risk: Literal["ordinary", "high"] = "high" if held.risk == "high" else "ordinary"
    said = ChangeDescribed(
        bool(changed & {*_WORDS}), bool(changed & {*_SCOPE}), risk, "note" in changed, bool(changed & {*_DAYS})
    )
    append(said, subject=held.reference, by=by, at=at)
    return held


@command("policies.name-owner", words="name whose step a stage of a change is", roles=LEADS, target=target_of)
def name_owner(
    *, change: Change, stage: Stage | None, person: Person | None, due_on: date | None = None, by: Actor, at: datetime
) -> Change | list[Fault]:
    """Name somebody for a stage, or nobody; without a stage, whoever answers for the whole change."""
    held = hold(change)
    faults = _faults_of_owner(held, stage, person, due_on, at)
    if faults:
        return faults
    if stage is None:
        _hand_over(held, person)
    elif person is None:
        held.stage_owners.filter(stage=stage.value).delete()
    else:
        StageOwner.objects.update_or_create(
            change=held, stage=stage.value, defaults={"person": person, "due_on": due_on}
        )
    who = None if person is None else person.reference
    due = None if due_on is None else datetime.combine(due_on, time.min, tzinfo=UTC)
    append(OwnerNamed(stage, who, due), subject=held.reference, by=by, at=at)
    return held


def _hand_over(change: Change, person: Person | None) -> None:
    """Whoever answered for it stays one whose own work it is."""
    if change.owner is not None:
        add_hand(change, change.owner)
    change.owner = person
    change.save(update_fields=["owner"])
    if change.stage == Stage.IN_FORCE.value:
        Document.objects.filter(path=change.path).update(owner=person)


def _faults_of_owner(
    change: Change, stage: Stage | None, person: Person | None, due_on: date | None, at: datetime
) -> list[Fault]:
    if change.at_stage.is_over:
        return [OVER]
    faults = faults_of_day(due_on, at.date(), "due_on") if person is not None else []
    if stage is None and person is None:
        faults.append(Fault("no-owner", "somebody answers for a change; name who does from now on", "person"))
    if person is not None and not person.is_active:
        faults.append(
            Fault("closed-account", f"the account of `{person.name}` is closed; name somebody else", "person")
        )
    elif person is not None and not is_inside(person, at):
        words = f"`{person.name}` has no role in the house, and would see nothing of it; name somebody else"
        faults.append(Fault("outside", words, "person"))
    if stage is not None and (stage not in ORDER or ORDER.index(stage) < ORDER.index(change.at_stage)):
        faults.append(Fault("stage-past", f"`{stage.words}` is behind this change; choose a later stage", "stage"))
    return faults


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
