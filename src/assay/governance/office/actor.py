"""Who acts, with which roles and how far they reach. It is made once a request and reads no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Function, Role

Way: TypeAlias = Literal["page", "token", "command-line", "system"]


@dataclass(frozen=True, slots=True)
class Target:
    """What an operation is about, as far as a grant can be limited by it.

    room             such as `people`
    policy, market   None where it is about no single one
    """

    room: str
    policy: str | None = None
    market: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a grant reaches. An empty set is every one; a named one reaches nothing that names none."""

    rooms: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    markets: frozenset[str] = frozenset()

    def covers(self, target: Target) -> bool:
        """Whether a target lies inside."""
        return (
            (not self.rooms or target.room in self.rooms)
            and (not self.policies or target.policy in self.policies)
            and (not self.markets or target.market in self.markets)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds.

    until        its end, or None
    stands_for   the person who delegated it, or None where it is their own
    """

    role: Role
    scope: Scope = Scope()
    until: datetime | None = None
    stands_for: Reference | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts.

    who          the person; of automatic work, a reference of kind `system`
    held         roles in force at the moment it was made, own and delegated
    way          how they came in
    operations   of a token: the only operations that it may; None is all of the person's
    """

    who: Reference
    held: tuple[Held, ...] = ()
    way: Way = "page"
    operations: frozenset[str] | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role, however far it reaches."""
        return frozenset(held.role for held in self.held)

    @property
    def functions(self) -> frozenset[Function]:
        """The parts of the house that they speak for by a role of their own."""
        return frozenset(FUNCTION_OF[held.role] for held in self.held if held.stands_for is None)

    @property
    def hands(self) -> frozenset[Reference]:
        """Themselves and everybody they stand for: whoever shares a hand cannot be the second pair of eyes."""
        return frozenset({self.who, *(held.stands_for for held in self.held if held.stands_for is not None)})

    @property
    def is_system(self) -> bool:
        """Whether no person acts."""
        return self.way == "system"

    def reaches(self, roles: frozenset[Role], target: Target) -> bool:
        """Whether one of these roles is held, and that one covers the target."""
        return any(held.role in roles and held.scope.covers(target) for held in self.held)

    def enters(self, roles: frozenset[Role], room: str) -> bool:
        """Whether one of these roles is held for a room, for whatever markets and policies."""
        return any(held.role in roles and (not held.scope.rooms or room in held.scope.rooms) for held in self.held)

    def markets(self, roles: frozenset[Role], room: str) -> frozenset[str] | None:
        """The markets for which one of these roles is held in a room; None is every one."""
        scopes = [held.scope for held in self.held if held.role in roles]
        # A grant for single policies says nothing of what has no policy.
        reached = [scope.markets for scope in scopes if not scope.policies and (not scope.rooms or room in scope.rooms)]
        return None if frozenset() in reached else frozenset().union(*reached)


SYSTEM = Actor(Reference("system", "clerk"), way="system")
