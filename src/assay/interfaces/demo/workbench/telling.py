"""How a story of the demonstration is told: by the clock, by people, by commands. It tells none itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.interfaces.demo.workbench.cast import Member

if TYPE_CHECKING:
    from assay.governance.people.models import Person

Made = TypeVar("Made")


class NotTold(Exception):
    """A command of the story was refused; the one argument says why."""


class Telling:
    """What has happened so far.

    people  those of the story, by name
    """

    def __init__(self, begins: datetime, ends: datetime) -> None:
        """Nothing of it happens after its end."""
        self.ends = ends
        self.people: dict[str, Person] = {}
        self.now = begins

    def later(self, minutes: int = 0, *, days: int = 0) -> datetime:
        """Some time after what happened last."""
        self.now = min(self.now + timedelta(days=days, minutes=minutes), self.ends)
        return self.now

    def until(self, **before: float) -> datetime:
        """So long before the end, where that is still to come."""
        self.now = max(self.now, self.ends - timedelta(**before))
        return self.now

    def actor(self, member: Member) -> Actor:
        """Somebody of the cast, with the roles that they hold by now."""
        # Its tables are known only once Django is started, and by then a story is told.
        from assay.governance.people.actors import actor_of

        return actor_of(self.people[member.name], self.now)

    def done(self, result: Made | list[Fault]) -> Made:
        """What a command made; the story cannot go on where it was refused."""
        if isinstance(result, list):
            raise NotTold("; ".join(str(fault.words) for fault in result))
        return result
