"""What a room adds to pages that are everybody's: tasks, dates, hits of a search, a place in the rail. It asks nobody.

A room registers in its `AppConfig.ready`; home, calendar, search and the palette read what is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.governance.office.actor import Actor


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for one person.

    words   what to do, as a sentence: "Approve Bo's grant as legal"
    due     when it must be done, or None
    since   when it began to wait
    """

    room: str
    words: str
    url: str
    since: datetime
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """Something that will happen or must be done on a day or at an instant.

    key    the same for the same date on every reading: a calendar finds it again by this
    words  "The deepfake label becomes law in DK"
    """

    room: str
    key: str
    words: str
    at: datetime
    url: str
    whole_day: bool = False
    kind: Literal["begins", "ends", "due", "window"] = "due"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found.

    kind   as people call it: `rule`, `question`, `person`
    score  larger is better; an exact name is 1.0
    """

    room: str
    kind: str
    title: str
    url: str
    context: str = ""
    score: float = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A room's entry in the rail.

    key        the letter after `g`
    operation  who may run it sees the entry
    icon       a symbol of the icon sheet
    also       how further addresses of the room begin, where they do not begin as its own does
    """

    title: str
    url_name: str
    key: str
    operation: str
    icon: str
    order: int
    also: tuple[str, ...] = ()


Tasks: TypeAlias = Callable[[Actor, datetime], Iterable[Task]]
# For whom, from when, until when.
Dates: TypeAlias = Callable[[Actor, datetime, datetime], Iterable[Date]]
# For whom, what is looked for, how many at most.
Search: TypeAlias = Callable[[Actor, str, int], Iterable[Hit]]

TASKS: dict[str, Tasks] = {}
DATES: dict[str, Dates] = {}
SEARCHES: dict[str, Search] = {}
PLACES: dict[str, Place] = {}


def contribute(
    name: str,
    *,
    tasks: Tasks | None = None,
    dates: Dates | None = None,
    search: Search | None = None,
    place: Place | None = None,
) -> None:
    """Register what a room adds, under its name; again under the same name replaces."""
    if tasks is not None:
        TASKS[name] = tasks
    if dates is not None:
        DATES[name] = dates
    if search is not None:
        SEARCHES[name] = search
    if place is not None:
        PLACES[name] = place
