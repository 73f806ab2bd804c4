"""Keeps a bank's index in step with its entries: new ones, deleted ones, torn tables. It decides nothing on a match."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assay.detection.copies.bank.store import Store
from assay.detection.copies.bank.ways import Way
from assay.detection.copies.search.codes import HASH_BYTES, Bytes, Rows
from assay.detection.copies.search.index import TAIL, HammingIndex, torn_in
from assay.detection.copies.search.manifest import MANIFEST

INDEX_FOLDER = "index"
# An entry may have several hashes (a film its frames): the row in the index is the entry's id and the hash's number.
_PLACES = 16
# While many are taken in, tables are made of as many at once, so that each hash is written again less often.
_MANY = 1 << 18
_AT_ONCE = 50_000
_TRIES = 5


class Indexed:
    """The index of one bank, for whoever searches it and for the one who writes.

    raises  OSError where a writer finds no room; sqlite3.Error as the store does
    """

    def __init__(self, folder: Path, store: Store, way: Way, *, writing: bool) -> None:
        self._folder, self._store, self._way, self._writing = folder / INDEX_FOLDER, store, way, writing
        self._load()

    def _load(self) -> None:
        if self._writing:
            self._folder.mkdir(exist_ok=True)
        for _ in range(_TRIES):
            self._read_anew()
            if self._is_of_one_moment():
                break
        self.settle()

    def _read_anew(self) -> None:
        self._index = self._mapped()
        self._last, self._deletion = self._index.covered, 0
        with self._store.reading():
            self._version = self._store.version()
            last = self._store.last_id()
            self._catch_up_deletions()
            if self._index.covered > last or self._lacks_entries():
                # Entries were put back from an older backup than the tables: those speak of what is not there, or
                # were made without what was deleted since.
                self._index, self._last = self._opened(afresh=True), 0
                self._catch_up_deletions(afresh=True)
            for after, until in self._index.missing:
                self._index.fill(after, until, *self._between(after, until))
            self._append_until(last)

    def _is_of_one_moment(self) -> bool:
        """Whether the tables that are mapped are those of the entries that were read.

        A writer that compacts names its new table first and then forgets what was deleted: who mapped the old tables
        and read the entries afterwards would keep what is gone, in front of what is there.
        """
        return self._writing or self._manifest() == self._seen_manifest

    def _opened(self, *, afresh: bool = False) -> HammingIndex:
        # Whoever writes has the time to hold every byte against its checksum; whoever reads wants an answer.
        thoroughly = self._writing
        return HammingIndex(self._folder, writing=self._writing, thoroughly=thoroughly, afresh=afresh, shift=_PLACES)

    def _mapped(self) -> HammingIndex:
        """The tables of one moment: a writer may merge them between our reading of the manifest and of a file."""
        for _ in range(_TRIES):
            self._seen_manifest = self._manifest()
            index = self._opened()
            if not index.missing or self._manifest() == self._seen_manifest:
                return index
        return self._opened()

    def _manifest(self) -> tuple[int, int] | None:
        try:
            told = (self._folder / MANIFEST).stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_ino

    def refresh(self) -> None:
        """Takes in what another process has written since; costs next to nothing where it has not."""
        if self._writing:
            return
        version = self._store.version()
        if version == self._version:
            return
        if self._is_of_one_moment():
            with self._store.reading():
                self._version = self._store.version()
                self._catch_up_deletions()
                self._append_until(self._store.last_id())
            if self._is_of_one_moment():
                self.settle()
                return
        self._load()

    def _lacks_entries(self) -> bool:
        # Whoever writes has the time to count; whoever reads is told by `verify`.
        if not self._writing or self._index.missing or not self._way.bits:
            return False
        return self._index.entries() != self._store.count_until(self._index.covered)

    def _catch_up_deletions(self, *, afresh: bool = False) -> None:
        self._deletion = 0 if afresh else self._deletion
        ids, self._deletion = self._store.deleted_since(self._deletion)
        self._hide(ids)

    def _append_until(self, last: int) -> None:
        if not self._way.bits:
            self._last = last
            return
        for block in self._store.values(self._last, last, _AT_ONCE):
            self.append([(number, self._way.hashes(value)) for number, value in block])
            if self._index.waiting >= _MANY:
                self._index.seal(block[-1][0])
        self._last = last

    def append(self, given: Sequence[tuple[int, Bytes]]) -> None:
        """Entries that were put into the store, by their ids, which ascend."""
        if given and self._way.bits:
            self._index.append(*_packed(given))
        self._last = given[-1][0] if given else self._last

    def delete(self, ids: Sequence[int]) -> None:
        """Entries that were taken out of the store."""
        self._hide(ids)

    def _hide(self, ids: Sequence[int]) -> None:
        self._index.delete(np.array(ids, dtype=np.int64))

    def settle(self, *, many: bool = False) -> None:
        """Makes a table of the newest where there are enough; `many` while more are coming."""
        if self._index.waiting >= (_MANY if many else TAIL):
            self._index.seal(self._last)

    def search(self, hashes: Bytes, distance: int, nearest: int) -> tuple[Rows, Rows, Rows]:
        """For each hash the entries within a distance, nearest first: query, id and distance; an id may come again."""
        found = self._index.search(hashes, distance, nearest=nearest)
        return found.query, found.row >> _PLACES, found.distance

    def equal(self, values: Sequence[str | bytes]) -> dict[str | bytes, int]:
        """Which of these values have an entry, and its id, where a value is one hash of bits."""
        if not values:
            return {}
        found = self._index.search(np.concatenate([self._way.hashes(value) for value in values]), 0)
        ids = (found.row >> _PLACES).tolist()
        return {values[place]: number for place, number in zip(found.query.tolist(), ids, strict=True)}

    def compact(self) -> None:
        """One table of all that is there."""
        if self._way.bits:
            self._index.seal(self._last)
            self._index.compact()

    @property
    def tables(self) -> tuple[int, ...]:
        """How many hashes each table holds, and last how many wait to be put in one."""
        return (*self._index.tables, self._index.waiting)

    def torn(self) -> list[str]:
        """Which tables on the disk are not as they were written, in words."""
        return torn_in(self._folder)

    def differs(self) -> str | None:
        """Where the index does not hold exactly what the entries say: in words, else None."""
        if not self._way.bits:
            return None
        rows, hashes = self._index.contents()
        at = 0
        with self._store.reading():
            for block in self._store.values(0, self._store.last_id(), _AT_ONCE):
                wanted, numbers = _packed([(number, self._way.hashes(value)) for number, value in block])
                part = slice(at, at + len(numbers))
                at += len(numbers)
                if not np.array_equal(rows[part], numbers) or not np.array_equal(hashes(part), wanted):
                    return f"the index does not hold what entries {block[0][0]} to {block[-1][0]} say"
        return None if at == len(rows) else "the index holds hashes that no entry has"

    def _between(self, after: int, until: int) -> tuple[Bytes, Rows]:
        blocks = [
            _packed([(number, self._way.hashes(value)) for number, value in block])
            for block in self._store.values(after, until, _AT_ONCE)
        ]
        nothing = (np.empty((0, HASH_BYTES), dtype=np.uint8), np.empty(0, dtype=np.int64))
        hashes, rows = zip(*(blocks or [nothing]), strict=True)
        return np.concatenate(hashes), np.concatenate(rows)


def _packed(given: Sequence[tuple[int, Bytes]]) -> tuple[Bytes, Rows]:
    hashes = np.concatenate([each for _, each in given])
    many = np.array([len(each) for _, each in given], dtype=np.int64)
    ids = np.repeat(np.array([number for number, _ in given], dtype=np.int64), many)
    starts = np.repeat(np.cumsum(many) - many, many)
    return hashes, (ids << _PLACES) | (np.arange(len(hashes), dtype=np.int64) - starts)
