"""Items of the launch checklist are marked and given to somebody; the checklist itself is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.editions import hold_room
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import BEFORE_LAUNCH, Stage
from assay.governance.policies.life.targets import LEADS, MAKERS, is_inside, target_of
from assay.governance.policies.readiness.computed import COMPUTED
from assay.governance.policies.readiness.events import ChecklistChanged, ItemAssigned, ItemMarked
from assay.governance.policies.readiness.models import WORDS_LONGEST, Checklist, Duty, Mark
from assay.governance.policies.readiness.queries.checklists import template_now
from assay.governance.policies.readiness.rules.items import Item, ItemState, faults_of, written

WORKING = INSIDE - {Role.AUDITOR, Role.ADMINISTRATOR}
ASSIGNING = MAKERS | {Role.OPERATIONS_LEAD, Role.PRODUCT}
LINK_LONGEST = 600
MARKABLE = (*BEFORE_LAUNCH, Stage.LAUNCH)


@command("policies.mark-item", words="say how it stands with an item of a checklist", roles=WORKING, target=target_of)
def mark_item(
    *, change: Change, item: str, state: ItemState, by: Actor, at: datetime, words: str = "", link: str = ""
) -> Mark | list[Fault]:
    """For the draft as it stands; with what shows it, or why not."""
    change = hold(change)
    found = next((each for each in template_now()[1] if each.name == item), None)
    if found is None:
        return [Fault("no-item", f"the checklist has no item `{item[:60]}`; look at it again", "item")]
    faults = [*_faults_of_item(found, change), *_faults_of_words(state, words, link)]
    # Whoever wrote the change may say that a thing is done, but not that it need not be.
    if state is ItemState.NOT_APPLICABLE and found.needed_for(change.risk) and by.hands & change.hands:
        said = "this change is your own work; somebody else has to say that a needed item does not apply"
        faults.append(Fault("own-work", said, "state"))
    if faults:
        return faults
    mark = Mark.objects.create(
        change=change, item=item, state=state.value, words=words.strip(), link=link.strip(),
        digest=change.draft_digest, by=Person.of(by.who), at=at,
    )  # fmt: skip
    draft = Digest(change.draft_digest) if change.draft_digest else None
    append(ItemMarked(Reference("checklist-item", item), state, draft), subject=change.reference, by=by, at=at)
    return mark


@command("policies.assign-item", words="give an item of a checklist to somebody", roles=ASSIGNING, target=target_of)
def assign_item(
    *, change: Change, item: str, owner: Person | None, due_on: date | None, by: Actor, at: datetime
) -> Duty | list[Fault]:
    """None is whoever has the role."""
    change = hold(change)
    found = next((each for each in template_now()[1] if each.name == item), None)
    if found is None:
        return [Fault("no-item", f"the checklist has no item `{item[:60]}`; look at it again", "item")]
    faults = _faults_of_item(found, change)
    if owner is not None and not owner.is_active:
        faults.append(Fault("account-closed", f"the account of `{owner.name}` is closed; name another", "owner"))
    elif owner is not None and not is_inside(owner, at):
        faults.append(Fault("outside", f"`{owner.name}` has no role in the house; name another", "owner"))
    if faults:
        return faults
    duty, _ = Duty.objects.update_or_create(
        change=change, item=item, defaults={"owner": owner, "due_on": due_on, "since": at}
    )
    due = None if due_on is None else timezone.make_aware(datetime.combine(due_on, time.max.replace(microsecond=0)))
    said = ItemAssigned(Reference("checklist-item", item), None if owner is None else owner.reference, due)
    append(said, subject=change.reference, by=by, at=at)
    return duty


@command("policies.change-checklist", words="change the launch checklist of the house", roles=LEADS)
def change_template(*, items: Sequence[Item], by: Actor, at: datetime) -> Checklist | list[Fault]:
    """A new version of it; some items cannot be taken out."""
    if faults := faults_of(items, COMPUTED):
        return faults
    hold_room()
    number, now = template_now()
    if tuple(items) == now:
        return [Fault("nothing-new", "this is the checklist as it is already; nothing was changed")]
    newest = Checklist.objects.select_for_update().order_by("-number").first()
    content = written(items)
    kept = Checklist.objects.create(
        number=(newest.number if newest is not None else number) + 1, content=content, made_at=at,
        made_by=Person.of(by.who),
    )  # fmt: skip
    said = ChecklistChanged(kept.number, len(items), Digest(sha256_of(canonical_json(content))))
    append(said, subject=Reference("checklist", str(kept.number)), by=by, at=at)
    return kept


def _faults_of_item(found: Item, change: Change) -> list[Fault]:
    faults = []
    if found.computed:
        faults.append(Fault("computed", f"`{found.title}` is found by itself; mend what it looks at", "item"))
    if change.at_stage not in MARKABLE:
        stage = change.at_stage.words.lower()
        faults.append(Fault("too-late", f"the change is `{stage}`; its checklist is closed", "item"))
    return faults


def _faults_of_words(state: ItemState, words: str, link: str) -> list[Fault]:
    faults = []
    if state is ItemState.PASSED and not words.strip() and not link.strip():
        faults.append(Fault("no-evidence", "say what shows it, or where that stands", "words"))
    if state in (ItemState.FAILED, ItemState.NOT_APPLICABLE) and not words.strip():
        faults.append(Fault("no-words", f"say why it is {state.words}", "words"))
    if len(words) > WORDS_LONGEST or len(link) > LINK_LONGEST:
        said = f"words have {WORDS_LONGEST} characters at the most, a link {LINK_LONGEST}"
        faults.append(Fault("too-long", said, "words"))
    return faults
