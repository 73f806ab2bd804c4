"""Puts an exchanged file into a bank: adds, merges, takes back what was withdrawn, counts the rest. It fetches none."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.exchange.given import Given, Reject
from assay.detection.copies.exchange.reading import read_hashes
from assay.engine.kernel.errors import Fault

_BETWEEN_REPORTS = 1_024


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file.

    duplicates  hashes that the bank has already, to which new labels were added where there were any
    withdrawn   hashes that the giver took back and that were deleted
    rejected    by slug
    of_types    by the type that they name, of those whose type cannot be kept in this bank
    stopped     why the rest was not taken in, such as for a full disk; what is counted before is kept
    """

    added: int
    duplicates: int
    withdrawn: int
    rejected: Counter[str]
    of_types: Counter[str]
    stopped: Fault | None = None


def import_hashes(
    bank: Bank,
    stream: BinaryIO,
    *,
    at: datetime,
    source: str = "",
    labels: tuple[str, ...] = (),
    on_reject: Callable[[Reject], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read the file once, from its beginning, and keep in the bank what can be kept; the rest is rejected one by one.

    source     where a record names none
    labels     added to those of every record
    on_reject  called for each record that is not kept
    progress   called now and then with the bytes read
    """
    importing = _Importing(bank, source, labels, on_reject or _nothing, progress)
    added = bank.add(importing.entries(stream), at=at)
    for position, fault in added.faults:
        importing.reject(Reject(importing.numbers[position], fault, bank.settings.kind.value))
    # The bank names the first of those it refuses; the others are counted all the same.
    importing.rejected["refused-by-bank"] += max(0, added.refused - len(added.faults))
    ids = [each for value in sorted(importing.withdrawn) for each in bank.find(value)]
    return Imported(
        added=added.added,
        duplicates=added.duplicates,
        withdrawn=bank.delete(ids, at=at) if ids else 0,
        rejected=+importing.rejected,
        of_types=importing.of_types,
        stopped=added.stopped,
    )


@dataclass(slots=True)
class _Importing:
    """One file on its way into a bank."""

    bank: Bank
    source: str
    labels: tuple[str, ...]
    on_reject: Callable[[Reject], None]
    progress: Callable[[int], None] | None
    rejected: Counter[str] = field(default_factory=Counter)
    of_types: Counter[str] = field(default_factory=Counter)
    withdrawn: set[str] = field(default_factory=set)
    numbers: array[int] = field(default_factory=lambda: array("q"))

    def entries(self, stream: BinaryIO) -> Iterator[Entry]:
        kind = self.bank.settings.kind
        for count, read in enumerate(read_hashes(stream, kind)):
            if self.progress is not None and count % _BETWEEN_REPORTS == 0:
                self.progress(stream.tell())
            if isinstance(read, Reject):
                self.reject(read)
            elif read.kind is not kind:
                words = f"the bank holds `{kind}` and this is `{read.kind}`; import it into a bank of its own kind"
                self.reject(Reject(read.number, Fault("other-kind", words, "type"), read.kind.value, read.value))
            elif read.withdrawn:
                self.withdrawn.add(read.value)
            else:
                # The later record counts: whoever takes a hash back may give it again.
                self.withdrawn.discard(read.value)
                yield self._entry(read)

    def _entry(self, given: Given) -> Entry:
        self.numbers.append(given.number)
        labels = tuple(dict.fromkeys((*given.labels, *self.labels)))
        return Entry(given.value, given.quality, labels, given.note, given.source or self.source)

    def reject(self, reject: Reject) -> None:
        self.rejected[reject.fault.slug] += 1
        if reject.fault.slug in ("unsupported-hash", "other-kind"):
            self.of_types[reject.of_type] += 1
        self.on_reject(reject)


def _nothing(reject: Reject) -> None:
    pass
