"""A whole scan: files in, rows out, in order. What was finished before a kill is neither lost nor done again."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.interfaces.scans.given.entries import Entries, Entry
from assay.interfaces.scans.given.sources import Given, open_entries
from assay.interfaces.scans.job import Row, stamp_of
from assay.interfaces.scans.kept.journal import Journal, begin_journal, journal_of, open_journal
from assay.interfaces.scans.kept.outputs import finish, refusal
from assay.interfaces.scans.totals import Totals

Engine: TypeAlias = Callable[[Iterable[Entry]], Iterator[Row]]


class EngineFailed(RuntimeError):
    """What does the work cannot go on; the text says why."""


class Watch(Protocol):
    """Whoever is told how far a scan is."""

    def __call__(self, totals: Totals, entries: Entries) -> None:
        """Cheap, since it is called for every row."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """A finished scan.

    before  whether it was finished already, and nothing was done now
    """

    totals: Totals
    before: bool = False


def scan_through(given: Given, engine: Engine, totals: Totals, watch: Watch) -> Iterator[Row]:
    """The rows as they come, without a journal, and counted; raises what `open_entries` raises."""
    with open_entries(given) as entries:
        for row in engine(entries.coming):
            totals.add(row.line)
            totals.hits += row.hit is not None
            watch(totals, entries)
            yield row


def scan_into(
    out: Path, given: Given, engine: Engine, conditions: dict[str, str], watch: Watch, *, resume: bool = False
) -> Done | Fault:
    """Scan into a file or a folder, by way of a journal beside it; raises what `open_entries` raises, and OSError.

    resume  goes on with what an earlier run began, and begins where there is none
    """
    refused = refusal(out, resume=resume)
    if refused is not None:
        return refused
    folder = journal_of(out)
    if out.exists():
        # The last thing that a scan does is to remove its journal, and it may have been killed before.
        shutil.rmtree(folder, ignore_errors=True)
        return Done(Totals(), before=True)
    journal = open_journal(folder, conditions) if folder.is_dir() else begin_journal(folder, conditions)
    if isinstance(journal, Fault):
        return journal
    try:
        with open_entries(given) as entries:
            going = _Going(journal)
            for row in engine(going.left(entries.coming)):
                journal.add(row)
                going.totals.add(row.line)
                going.totals.hits += row.hit is not None
                watch(going.totals, entries)
            going.ended()
        finish(out, journal, None if going.is_in_order else going.order)
    finally:
        if journal.rows:
            journal.close()
        else:
            # Nothing was done, as where the list cannot be read: there is nothing to go on with.
            journal.remove()
    return Done(going.totals)


@dataclass(slots=True)
class _Going:
    """Which rows of a journal hold, and which entries are left.

    order  the number of each entry's row, eight bytes an entry
    """

    journal: Journal
    totals: Totals = field(default_factory=Totals)
    order: array[int] = field(default_factory=lambda: array("q"))

    _new: int = 0

    @property
    def is_in_order(self) -> bool:
        """Whether the rows stand in the journal as they are to stand in the end."""
        return len(self.order) == self.journal.rows and all(place == each for place, each in enumerate(self.order))

    def left(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries that have no row, or whose file is not what it was."""
        known = self.journal.known
        for entry in entries:
            number = known.find(entry.key) if len(known) else None
            if number is not None and known.stamp(number) == stamp_of(entry.path):
                self.order.append(number)
                self.totals.known += 1
                self.totals.add(self.journal.known_line(number))
                continue
            self.totals.changed += number is not None
            self.order.append(len(known) + self._new)
            self._new += 1
            yield entry

    def ended(self) -> None:
        """No entry is left."""
        self.totals.gone = max(0, len(self.journal.known) - self.totals.known - self.totals.changed)
