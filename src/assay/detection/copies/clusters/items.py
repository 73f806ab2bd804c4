"""Items with one hash each, from media, a bank or an exchanged file, to be put into clusters. It groups none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.settings import LIMITS, USUAL_QUALITY
from assay.detection.copies.exchange.given import Reject
from assay.detection.copies.exchange.reading import read_hashes
from assay.detection.copies.kinds import ITSELF, HashKind
from assay.detection.copies.pooled import Wish, hash_files
from assay.engine.kernel.errors import Fault

_BETWEEN_REPORTS: Final = 1_024
_MOST_FAULTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Gathered:
    """Items in their order.

    ids       of a file below the folder, of an entry, or of a line, as people find it again
    unhashed  items of which this kind of hash cannot be made
    poor      items left out since there is too little in them: plain pictures would all be one cluster
    other     hashes of another kind, which are left out
    unread    how many could not be read, of which `faults` names the first thousand
    """

    kind: HashKind
    ids: tuple[str, ...]
    values: tuple[str, ...]
    unhashed: int = 0
    poor: int = 0
    other: int = 0
    faults: tuple[tuple[str, Fault], ...] = ()
    unread: int = 0


@dataclass(slots=True)
class _Gathering:
    """The same while it grows."""

    kind: HashKind
    ids: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    unhashed: int = 0
    poor: int = 0
    other: int = 0
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    unread: int = 0

    def put(self, name: str, value: str, quality: int | None) -> None:
        if LIMITS[self.kind].graded and quality is not None and quality < USUAL_QUALITY:
            self.poor += 1
            return
        self.ids.append(name)
        self.values.append(value)

    def refuse(self, name: str, fault: Fault) -> None:
        self.unread += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append((name, fault))

    def whole(self) -> Gathered:
        counts = (self.unhashed, self.poor, self.other)
        return Gathered(self.kind, tuple(self.ids), tuple(self.values), *counts, tuple(self.faults), self.unread)


def of_media(
    folder: Path,
    paths: Sequence[Path],
    kind: HashKind,
    *,
    workers: int,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """One hash for each file below the folder, made in the pool."""
    gathered = _Gathering(kind)
    for number, hashed in enumerate(hash_files(paths, Wish((kind,)), workers=workers), 1):
        name = hashed.path.relative_to(folder).as_posix()
        # A film's frames are pictures within it; the film itself is told by the hash of films.
        whole = [each for each in hashed.fingerprints if each.place == ITSELF]
        if hashed.fault is not None:
            gathered.refuse(name, hashed.fault)
        elif not whole:
            gathered.unhashed += 1
        else:
            gathered.put(name, whole[0].value, whole[0].quality)
        if progress is not None:
            progress(number)
    return gathered.whole()


def of_bank(bank: Bank) -> Gathered:
    """Every entry of a bank, by its number."""
    gathered = _Gathering(bank.settings.kind)
    for each in bank.entries():
        gathered.put(str(each.id), each.value, each.quality)
    return gathered.whole()


def of_file(stream: BinaryIO, kind: HashKind, progress: Callable[[int], None] | None = None) -> Gathered:
    """Every hash of one kind in an exchanged file, by its note where it has one that no other has, else by its line."""
    gathered = _Gathering(kind)
    taken: set[str] = set()
    for count, read in enumerate(read_hashes(stream, kind)):
        if progress is not None and count % _BETWEEN_REPORTS == 0:
            progress(stream.tell())
        if isinstance(read, Reject):
            gathered.refuse(f"line {read.number}", read.fault)
        elif read.kind is not kind:
            gathered.other += 1
        elif not read.withdrawn:
            name = read.note if read.note and read.note not in taken else f"line {read.number}"
            taken.add(name)
            gathered.put(name, read.value, read.quality)
    return gathered.whole()
