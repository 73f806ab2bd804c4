"""A bank of known items in its folder: made, opened, filled, searched and checked. It judges nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.detection.copies.bank.entry import Added, Entry, Match, Stored
from assay.detection.copies.bank.finding import Finder
from assay.detection.copies.bank.indexed import Indexed
from assay.detection.copies.bank.locking import WritersLock
from assay.detection.copies.bank.settings import BANK_FILE, BankSettings
from assay.detection.copies.bank.store import Store
from assay.detection.copies.bank.taking import Taking
from assay.detection.copies.bank.terms import MAXIMUM_BYTES, faults_of, parse_settings, text_of
from assay.detection.copies.bank.unusable import UnusableBank, refused, store_fault
from assay.detection.copies.bank.ways import way_of
from assay.detection.copies.hashing.values import canonical
from assay.detection.copies.kinds import Fingerprint
from assay.detection.copies.search.segment import TornSegment
from assay.engine.kernel.errors import Fault

_DELETED_AT_ONCE = 10_000
USUAL_LIMIT = 100


class Bank:
    """One open bank, for one thread of one process; any number may read while one writes.

    Whatever a method has returned from is on the disk. The folder is all there is of a bank: it may be copied while
    nobody writes, and its `index` left out, which is made again from the entries.
    """

    def __init__(self, folder: Path, settings: BankSettings, store: Store, lock: WritersLock | None) -> None:
        """By `create` and `open`."""
        self.folder, self.settings = folder, settings
        self._store, self._lock, self._way = store, lock, way_of(settings)
        self._indexed = Indexed(folder, store, self._way, writing=lock is not None)
        self._finder = Finder(settings, self._way, store, self._indexed)

    @classmethod
    def create(cls, folder: Path, settings: BankSettings) -> Self:
        """A new bank, open for writing; raises UnusableBank."""
        faults = faults_of(settings)
        if faults:
            raise UnusableBank(faults)
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(path.name != "writing.lock" for path in folder.iterdir()):
                raise refused("bank-exists", f"`{folder.name}` is not empty; name a new folder for the bank")
            Store.create(folder).close()
            # The settings come last: a folder with them is a whole bank.
            _write(folder / BANK_FILE, text_of(settings).encode("utf-8"))
        return cls.open(folder, writing=True)

    @classmethod
    def open(cls, folder: Path, *, writing: bool = False) -> Self:
        """The bank that is there; an index that is missing or torn is made again. Raises UnusableBank."""
        settings = read_settings(folder)
        lock = WritersLock(folder) if writing else None
        store = None
        try:
            with _told(folder):
                store = Store.open(folder, writing=writing)
                return cls(folder, settings, store, lock)
        except UnusableBank:
            if store is not None:
                store.close()
            if lock is not None:
                lock.release()
            raise

    def close(self) -> None:
        """Lets go of the files and, after writing, lets in the next writer."""
        self._store.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def digest(self) -> str:
        """64 hexadecimal characters that change with the settings or the entries; compacting changes nothing."""
        with _told(self.folder):
            return _digest(self.settings, self._store)

    def __len__(self) -> int:
        """How many entries there are."""
        with _told(self.folder):
            return self._store.count()

    def add(self, entries: Iterable[Entry], *, at: datetime, progress: Callable[[int], None] | None = None) -> Added:
        """Takes entries in, in batches; a value that is there already takes on the new labels.

        at        when, for the record
        progress  told after each batch how many of those given are done and on the disk
        raises    UnusableBank where the bank is open for reading only
        """
        self._may_write()
        taking = Taking(self._finder)
        try:
            taking.take(entries, _moment(at), progress)
        except (sqlite3.Error, OSError) as error:
            return taking.told(store_fault(self.folder, error))
        return taking.told()

    def delete(self, ids: Iterable[int], *, at: datetime) -> int:
        """Takes entries out for good and says how many were there; raises UnusableBank."""
        self._may_write()
        # A number that no entry can have is a number that none has.
        wanted, gone = sorted({number for number in ids if 0 < number < 1 << 63}), 0
        for start in range(0, len(wanted), _DELETED_AT_ONCE):
            with _told(self.folder):
                stored = self._store.stored(wanted[start : start + _DELETED_AT_ONCE])
                there = [found.id for found, _ in stored]
                if not there:
                    continue
                pieces = [(piece, found.id) for found, kept in stored for piece in self._way.pieces(kept)]
                with self._store.writing():
                    self._store.delete(there, pieces, _moment(at))
            self._indexed.delete(there)
            gone += len(there)
        return gone

    def find(self, value: str) -> tuple[int, ...]:
        """The entry with exactly this value, if any; raises ValueError for what is no value of the bank's kind."""
        kept = self._way.kept(canonical(self.settings.kind, value))
        with _told(self.folder):
            self._indexed.refresh()
            return tuple(self._finder.known([kept]).values())

    def entries(self) -> Iterator[Stored]:
        """All entries by id, as they stand while they are read."""
        with _told(self.folder):
            yield from self._store.every()

    def search(self, fingerprints: Iterable[Fingerprint], *, limit: int = USUAL_LIMIT) -> list[Match]:
        """The entries that count as copies of what has these fingerprints, nearest first, each once.

        Fingerprints of other kinds are passed over. What others have added or deleted until now is taken in.

        raises  ValueError for a fingerprint whose value is none of its kind; UnusableBank
        """
        with _told(self.folder):
            self._indexed.refresh()
            try:
                return self._finder.search(fingerprints, limit)
            except TornSegment as torn:
                words = f"the index of the bank `{self.folder.name}` is torn; open the bank for writing to mend it"
                raise refused("index-torn", words) from torn

    def verify(self) -> tuple[Fault, ...]:
        """Everything that is wrong: the entries' file, and every table against them; slow, and changes nothing."""
        with _told(self.folder):
            self._indexed.refresh()
            damage = self._store.damage()
            faults = [Fault("bank-damaged", f"`entries.sqlite3`: {_plain(words)}") for words in damage]
            torn = self._indexed.torn()
            faults += [Fault("index-torn", f"{words}; open the bank for writing to mend it") for words in torn]
            differs = None if damage or torn else self._indexed.differs()
        if differs:
            faults.append(Fault("index-differs", f"{differs}; remove the folder `index` to have it made again"))
        return tuple(faults)

    def compact(self) -> None:
        """Makes one table of all, and lets go of everything that was deleted; raises UnusableBank."""
        self._may_write()
        with _told(self.folder):
            self._indexed.compact()
            with self._store.writing():
                self._store.forget_deletions()
            self._store.shrink()

    @property
    def tables(self) -> Sequence[int]:
        """How many hashes each table of the index holds, and last how many wait to be put in one."""
        return self._indexed.tables

    def _may_write(self) -> None:
        if self._lock is None:
            raise refused("bank-read-only", f"the bank `{self.folder.name}` is open for reading; open it for writing")


def read_settings(folder: Path) -> BankSettings:
    """The settings of the bank in a folder; raises UnusableBank with all their faults."""
    path = folder / BANK_FILE
    if not path.is_file():
        raise refused("no-bank", f"`{folder.name}` holds no bank (`{BANK_FILE}`); make one, or name its folder")
    with _told(folder), path.open("rb") as stream:
        content = stream.read(MAXIMUM_BYTES + 1)
    parsed = parse_settings(content)
    if isinstance(parsed, list):
        raise UnusableBank(parsed)
    return parsed


def digest_of(folder: Path) -> str:
    """The digest of the bank in a folder, without its index; raises UnusableBank."""
    settings = read_settings(folder)
    with _told(folder):
        store = Store.open(folder, writing=False)
        try:
            return _digest(settings, store)
        finally:
            store.close()


def _digest(settings: BankSettings, store: Store) -> str:
    return hashlib.sha256(f"{text_of(settings)}\n{store.digest()}".encode()).hexdigest()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the system or the store refuses is told in words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise UnusableBank((store_fault(folder, error),)) from error


def _write(path: Path, content: bytes) -> None:
    making = path.with_name(f".{path.name}.making")
    with making.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    making.replace(path)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _plain(words: str) -> str:
    return " ".join(words.split())[:200]
