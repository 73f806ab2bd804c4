"""The launch checklist: which items there are, whose they are, for which risk they are needed. It knows no store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assay.engine.kernel.errors import Fault
from assay.governance.office.roles import INSIDE, Role

ITEMS_MOST = 80
TITLE_LONGEST = 120
HINT_LONGEST = 400
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")


class ItemState(StrEnum):
    """How it stands with an item."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"

    @property
    def words(self) -> str:
        """As people read it."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist.

    name       as the store and the address have it: `rollback-plan`
    hint       what shows that it is done
    role       whose it is, where nobody was named
    ordinary, high  whether a change of this risk cannot do without it
    computed   the name of what finds it by itself; empty where a person says so
    """

    name: str
    title: str
    hint: str
    role: Role
    ordinary: bool = False
    high: bool = True
    computed: str = ""

    def needed_for(self, risk: str) -> bool:
        """Whether a change of a risk cannot be launched without it."""
        return self.ordinary if risk == "ordinary" else self.high


def read(content: object, computed: Iterable[str]) -> tuple[Item, ...] | list[Fault]:
    """A checklist from plain JSON, or everything that is wrong with it."""
    if not isinstance(content, list):
        return [Fault("no-checklist", "a checklist is a list of items")]
    known = set(computed)
    made = [_item(each) for each in content]
    items = [each for each in made if isinstance(each, Item)]
    faults = [each for each in made if isinstance(each, Fault)]
    faults += faults_of(items, known)
    return faults or tuple(items)


def written(items: Iterable[Item]) -> list[dict[str, object]]:
    """As plain JSON; `read` of it gives the items again."""
    return [
        {
            "name": each.name, "title": each.title, "hint": each.hint, "role": each.role.value,
            "ordinary": each.ordinary, "high": each.high, "computed": each.computed,
        }
        for each in items
    ]  # fmt: skip


def faults_of(items: Sequence[Item], computed: Iterable[str]) -> list[Fault]:
    """What is wrong with a checklist."""
    faults = []
    known = set(computed)
    names = [each.name for each in items]
    if len(items) > ITEMS_MOST:
        faults.append(Fault("too-many", f"a checklist has {ITEMS_MOST} items at the most; nobody reads more", "items"))
    for each in items:
        if names.count(each.name) > 1:
            faults.append(Fault("twice", f"two items are named `{each.name}`; give one another name", each.name))
        if not _NAME.match(each.name) or len(each.name) > 60:
            faults.append(Fault("no-name", f"`{each.name[:60]}` is no name; write a-z, digits and hyphens", each.name))
        if not each.title.strip() or len(each.title) > TITLE_LONGEST or len(each.hint) > HINT_LONGEST:
            words = f"`{each.name[:60]}` needs a title of 1 to {TITLE_LONGEST} characters"
            faults.append(Fault("no-title", words, each.name))
        if each.computed and each.computed not in known:
            faults.append(Fault("not-computed", f"nothing computes `{each.computed[:60]}`", each.name))
        if each.ordinary and not each.high:
            words = f"`{each.name}` is needed for ordinary changes, and so for those of high risk too"
            faults.append(Fault("high-asks-less", words, each.name))
    lost = sorted(set(KEPT) - {each.name for each in items if each.ordinary and each.computed == KEPT.get(each.name)})
    if lost:
        faults.append(Fault("cannot-go", f"`{', '.join(lost)}` stay needed: no release is built without them", "items"))
    return faults


def _item(content: object) -> Item | Fault:
    if not isinstance(content, dict):
        return Fault("no-item", "an item has a name, a title, a hint, a role, and for which risk it is needed")
    name, role = str(content.get("name", "")), str(content.get("role", ""))
    if role not in {each.value for each in INSIDE}:
        return Fault("no-role", f"`{role[:40]}` is no role of this house", name[:60] or None)
    return Item(
        name, str(content.get("title", "")), str(content.get("hint", "")), Role(role), bool(content.get("ordinary")),
        bool(content.get("high")), str(content.get("computed", "")),
    )  # fmt: skip


# Whoever edits the checklist cannot take these out of it.
KEPT = {"examples": "examples", "proof": "proof", "rollback": "rollback"}
