"""What readers hand on: a record and its place, or why it cannot be used. It never decides one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.records.seen import SeenIds

SHOWN_ID = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in what was read.

    kind    `line` of a text, `row` of a table, or `file` of a folder
    number  of the line or row, from 1; 0 for a file as a whole
    file    the file's name, where the record is not of the input itself
    """

    kind: str
    number: int = 0
    file: str | None = None

    def as_mapping(self) -> dict[str, object]:
        """The place as it stands in a line of rejects."""
        named: dict[str, object] = {} if self.file is None else {"file": self.file}
        return named if self.kind == "file" else {**named, self.kind: self.number}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was found.

    content  the decoded item record; None where `faults` say that there is none
    faults   why it cannot be used
    id       its id, as far as it was readable; only for records with faults
    notes    what went wrong beside it although it can be used, such as a scanner that crashed
    """

    place: Place
    content: object = None
    faults: tuple[Fault, ...] = ()
    id: str | None = None
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that can be decided."""

    place: Place
    item: Item


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be decided, or, where `decided`, one that was decided in spite of a fault beside it."""

    place: Place
    id: str | None
    faults: tuple[Fault, ...]
    decided: bool = False

    @property
    def slug(self) -> str:
        """The first fault's name, by which rejects are counted."""
        return self.faults[0].slug

    def as_mapping(self) -> dict[str, object]:
        """One line of the rejects file."""
        first, *others = [{"slug": one.slug, "reason": one.words, "field": one.field} for one in self.faults]
        written = {**self.place.as_mapping(), "id": self.id, **first, "decided": self.decided}
        return {**written, "also": others} if others else written


Reading: TypeAlias = Entry | Reject


def read_entries(records: Iterable[Record], pack: Pack) -> Iterator[Reading]:
    """Every record as an item or as a reject, in order. An id counts as taken once a record with it was accepted."""
    seen = SeenIds()
    for record in records:
        if record.faults:
            yield Reject(record.place, record.id, record.faults)
            continue
        item = read_item(record.content, pack.vocabulary, pack.markets)
        if isinstance(item, list):
            yield Reject(record.place, readable_id(record.content), tuple(item))
        elif not seen.add(f"{item.subject}\x00{item.id}"):
            fault = Fault("duplicate-id", "an earlier record has this id", "id")
            yield Reject(record.place, item.id, (fault,))
        else:
            if record.notes:
                yield Reject(record.place, item.id, record.notes, decided=True)
            yield Entry(record.place, item)


def readable_id(content: object) -> str | None:
    """The id of a record that may be wrong in any way, as far as it can be shown."""
    given = content.get("id") if isinstance(content, Mapping) else None
    if not isinstance(given, str):
        return None
    return given[:SHOWN_ID].encode("utf-8", errors="backslashreplace").decode("utf-8")
