"""The launch checklist of one change: each item with what was said of this draft, whose it is. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.people.models import Person
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import ROOM, target_of
from assay.governance.policies.readiness.computed import COMPUTED, Computed
from assay.governance.policies.readiness.models import Checklist, Duty, Mark
from assay.governance.policies.readiness.rules.first_items import FIRST
from assay.governance.policies.readiness.rules.items import Item, ItemState, read

MOST = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """One item of one change.

    words    what shows it, or why it does not apply
    former   what was said of an earlier draft, to be confirmed for this one; None where nothing was
    due_on   until when
    """

    item: Item
    needed: bool
    state: ItemState
    words: str
    link: str
    mark: Mark | None
    former: Mark | None
    owner: Person | None
    due_on: date | None

    @property
    def computed(self) -> bool:
        """Whether it is found, and not said."""
        return bool(self.item.computed)

    @property
    def holds(self) -> bool:
        """Whether it keeps nobody from launching."""
        return self.state in (ItemState.PASSED, ItemState.NOT_APPLICABLE) or not self.needed


@dataclass(frozen=True, slots=True)
class Sheet:
    """The checklist of one change."""

    number: int
    items: tuple[Standing, ...]

    @property
    def needed(self) -> tuple[Standing, ...]:
        """What a change of this risk cannot be launched without."""
        return tuple(each for each in self.items if each.needed)

    @property
    def further(self) -> tuple[Standing, ...]:
        """What is worth a look, and stops nothing."""
        return tuple(each for each in self.items if not each.needed)

    @property
    def done(self) -> int:
        """How many needed ones hold."""
        return sum(each.holds for each in self.needed)

    @property
    def open(self) -> tuple[Standing, ...]:
        """Needed ones that do not hold."""
        return tuple(each for each in self.items if not each.holds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits for somebody."""

    change: Change
    item: Item
    due_on: date | None
    since: datetime


@query("policies.see-checklist", words="read the launch checklist of a change", roles=INSIDE, target=target_of)
def see_checklist(*, change: Change, by: Actor, at: datetime) -> Sheet:
    """The checklist, for whoever may read the change."""
    return sheet_of(change, at)


@query("policies.see-checklist-template", words="read the launch checklist of the house", roles=INSIDE, reach="room")
def see_template(*, by: Actor, at: datetime) -> tuple[int, tuple[Item, ...], Sequence[Checklist]]:
    """Its number, its items, and every version, newest first."""
    number, items = template_now()
    return number, items, list(Checklist.objects.select_related("made_by")[:100])


@query("policies.list-waiting-items", words="see items of checklists that wait for them", roles=INSIDE, reach="room")
def waiting_items(*, by: Actor, at: datetime) -> list[Waiting]:
    """Of changes in readiness: needed items that are theirs by name, or by role where nobody is named."""
    changes = list(Change.objects.filter(stage=Stage.READINESS.value).order_by("stage_since", "number")[:MOST])
    if not changes:
        return []
    _, items = template_now()
    given = Duty.objects.filter(change__in=changes).select_related("owner")
    duties = {(each.change_id, each.item): each for each in given}
    said = _newest(changes)
    found = []
    for change in changes:
        for item in items:
            duty = duties.get((change.pk, item.name))
            mark = said.get((change.pk, item.name, change.draft_digest))
            is_done = mark is not None and mark.state in (ItemState.PASSED, ItemState.NOT_APPLICABLE)
            if item.computed or not item.needed_for(change.risk) or is_done or not _is_theirs(item, duty, change, by):
                continue
            found.append(Waiting(change, item, duty.due_on if duty else None, change.stage_since))
    return found


def template_now() -> tuple[int, tuple[Item, ...]]:
    """The newest checklist; a kept one that cannot be read would ask nothing, so the one that comes with us holds."""
    kept = Checklist.objects.order_by("-number").first()
    found = [] if kept is None else read(kept.content, COMPUTED)
    if kept is None or isinstance(found, list):
        return 0, FIRST
    return kept.number, found


def sheet_of(change: Change, at: datetime) -> Sheet:
    """How it stands now."""
    number, items = template_now()
    marks: dict[str, Mark] = {}
    former: dict[str, Mark] = {}
    for mark in change.marks.select_related("by").order_by("pk"):
        (marks if mark.digest == change.draft_digest else former)[mark.item] = mark
    for name in _own_excuses(change, items, marks):
        former[name] = marks.pop(name)
    duties = {each.item: each for each in change.duties.select_related("owner")}
    found = [
        _standing(item, change, marks.get(item.name), former.get(item.name), duties.get(item.name), at)
        for item in items
    ]
    return Sheet(number, tuple(found))


def _own_excuses(change: Change, items: Sequence[Item], marks: Mapping[str, Mark]) -> list[str]:
    """Needed items of which somebody said that they do not apply, whose own work the change has become since."""
    needed = {item.name for item in items if item.needed_for(change.risk)}
    excused = [mark for mark in marks.values() if mark.state == ItemState.NOT_APPLICABLE and mark.item in needed]
    own = change.hands if excused else frozenset()
    return [mark.item for mark in excused if mark.by is not None and mark.by.reference in own]


def _standing(
    item: Item, change: Change, mark: Mark | None, former: Mark | None, duty: Duty | None, at: datetime
) -> Standing:
    owner, due_on = (None, None) if duty is None else (duty.owner, duty.due_on)
    needed = item.needed_for(change.risk)
    if item.computed in COMPUTED:
        computed: Computed = COMPUTED[item.computed](change, at)
        return Standing(item, needed, computed.state, computed.words, computed.url, None, None, owner, due_on)
    state = ItemState.OPEN if mark is None else ItemState(mark.state)
    words, link = ("", "") if mark is None else (mark.words, mark.link)
    return Standing(item, needed, state, words, link, mark, former if mark is None else None, owner, due_on)


def _newest(changes: Sequence[Change]) -> dict[tuple[int, str, str], Mark]:
    found = Mark.objects.filter(change__in=changes).order_by("pk")
    return {(each.change_id, each.item, each.digest): each for each in found}


def _is_theirs(item: Item, duty: Duty | None, change: Change, by: Actor) -> bool:
    if duty is not None and duty.owner is not None:
        return duty.owner.reference in by.hands
    return by.reaches(frozenset({item.role}), Target(ROOM, policy=change.policy))
