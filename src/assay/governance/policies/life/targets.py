"""What a command on a change is about, as far as a grant can be limited by it. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assay.governance.office.actor import Target
from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.policies.life.models import Change, Document

ROOM = "policies"
# Who makes policy: opens changes, writes, asks, answers.
MAKERS = frozenset({Role.POLICY_LEAD, Role.ANALYST})
LEADS = frozenset({Role.POLICY_LEAD})


def target_of(given: Mapping[str, Any]) -> Target:
    """The policy of the argument `change`; of a command without one, the room."""
    change = given.get("change")
    return Target(ROOM, policy=change.policy) if isinstance(change, Change) else Target(ROOM)


def target_of_name(given: Mapping[str, Any]) -> Target:
    """The policy that is named where there is no change yet, by `policy` or, of a new one, by `name`."""
    name = given.get("policy") or given.get("name")
    return Target(ROOM, policy=str(name)) if name else Target(ROOM)


def target_of_file(change: Change, path: str) -> Target:
    """What writing one file of a change is about: its policy, or the room where all policies share the file."""
    if path == change.path:
        return Target(ROOM, policy=change.policy)
    document = Document.objects.filter(path=path, is_policy=True).first()
    return Target(ROOM) if document is None else Target(ROOM, policy=document.name)


def targets_of_draft(change: Change) -> tuple[Target, ...]:
    """All that a draft changes, and its own policy whether or not it does."""
    base = {} if change.base is None else change.base.files
    differing = [path for path, text in change.files.values_list("path", "text_id") if base.get(path) != text]
    return tuple(target_of_file(change, path) for path in sorted({change.path, *differing}))


def is_inside(person: Person, at: datetime) -> bool:
    """Whether somebody has a role in the house; only they are named for anything, since notices tell them of it."""
    return bool(actor_of(person, at).roles & INSIDE)
