"""What people may do and see: every command and query by name, who may, and the check itself. It knows no page.

A command is one transaction and writes one ledger entry; a query only reads. Both take `by` and `at` by name, are
refused before they run, and stand in `OPERATIONS`, from which the matrix of roles is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

from django.db import transaction

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor, Target
from assay.governance.office.roles import Role

P = ParamSpec("P")
R = TypeVar("R")
# From the arguments by name to what the operation is about.
TargetOf = Callable[[Mapping[str, Any]], Target]
Reach: TypeAlias = Literal["target", "room", "market"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One command or query.

    name       `room.verb-object`, such as `people.invite`
    words      completes "may …": `invite a person`
    roles      who may; empty where nobody may by role alone
    own        everybody who is signed in may, for what is their own; the body sees to that
    system     automatic work may
    reach      how far a grant that is limited to markets or policies opens it: `target`, where it covers the target;
               `room`, as every other, since it is the same for every market and policy; `market`, for its markets alone
    """

    name: str
    kind: Literal["command", "query"]
    words: str
    roles: frozenset[Role]
    own: bool = False
    system: bool = False
    target: TargetOf | None = field(default=None, compare=False)
    reach: Reach = "target"

    @property
    def room(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    def may(self, actor: Actor, target: Target | None = None) -> bool:
        """Whether somebody may, for a target; without one, for the room as a whole, or for some market of it."""
        if actor.operations is not None and self.name not in actor.operations:
            return False
        if actor.is_system:
            return self.system
        if self.own:
            return True
        if self.reach == "room":
            return actor.enters(self.roles, self.room)
        if self.reach == "market" and target is None:
            return actor.markets(self.roles, self.room) != frozenset()
        return actor.reaches(self.roles, target or Target(self.room))


OPERATIONS: dict[str, Operation] = {}
# What is called, check included, by the operation's name: tests walk it to see that every check is really made.
CALLS: dict[str, Callable[..., object]] = {}


class NotAllowed(Exception):
    """Somebody may not do this; carries the operation, so that a page can say who may."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        who = ", ".join(sorted(role.words for role in operation.roles)) or "nobody by role"
        super().__init__(f"you may not {operation.words}; who may: {who}")


class LedgerRule(RuntimeError):
    """A command wrote no ledger entry, or more than one: a fault of ours."""


_entries: ContextVar[int | None] = ContextVar("entries_of_this_command", default=None)


def note_entry() -> None:
    """Called by the ledger for every entry; outside a command it counts nothing."""
    count = _entries.get()
    if count is not None:
        _entries.set(count + 1)


def command(
    name: str,
    *,
    words: str,
    roles: frozenset[Role] = frozenset(),
    own: bool = False,
    system: bool = False,
    target: TargetOf | None = None,
    reach: Reach = "target",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a command: checked, in one transaction, with one ledger entry.

    Faults that it returns undo what it did and write no entry; it may also return them beside nothing changed.
    A command calls no other command.
    """
    operation = _declare(Operation(name, "command", words, roles, own, system, target, reach))

    def declared(body: Callable[P, R]) -> Callable[P, R]:
        @wraps(body)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            _check(operation, kwargs)
            with transaction.atomic():
                counting = _entries.set(0)
                try:
                    result = body(*args, **kwargs)
                    written = _entries.get() or 0
                finally:
                    _entries.reset(counting)
                if is_faults(result):
                    transaction.set_rollback(True)
                elif written != 1:
                    raise LedgerRule(f"{name} wrote {written} ledger entries, not one")
            return result

        CALLS[name] = checked
        return checked

    return declared


def query(
    name: str,
    *,
    words: str,
    roles: frozenset[Role] = frozenset(),
    own: bool = False,
    system: bool = False,
    target: TargetOf | None = None,
    reach: Reach = "target",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a query: checked, and it changes nothing."""
    operation = _declare(Operation(name, "query", words, roles, own, system, target, reach))

    def declared(body: Callable[P, R]) -> Callable[P, R]:
        @wraps(body)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            _check(operation, kwargs)
            return body(*args, **kwargs)

        CALLS[name] = checked
        return checked

    return declared


def may(actor: Actor, name: str, target: Target | None = None) -> bool:
    """Whether somebody may run an operation: for pages that show or hide a button. The command checks again."""
    return OPERATIONS[name].may(actor, target)


def is_faults(result: object) -> bool:
    """Whether a command's result is what was wrong with what a person gave."""
    return isinstance(result, list) and bool(result) and all(isinstance(each, Fault) for each in result)


def _check(operation: Operation, given: Mapping[str, Any]) -> None:
    actor = given.get("by")
    if not isinstance(actor, Actor):
        raise TypeError(f"{operation.name} takes `by`, an Actor, by name")
    if not operation.may(actor, operation.target(given) if operation.target else None):
        raise NotAllowed(operation)


def _declare(operation: Operation) -> Operation:
    if operation.name in OPERATIONS:
        raise ValueError(f"two operations are named {operation.name}")
    if operation.reach == "market" and operation.target is None:
        raise ValueError(f"{operation.name} is narrowed to a market, and does not say to which")
    OPERATIONS[operation.name] = operation
    return operation
