"""All hashes of a bank to be searched at once: tables on disk or in memory, and the newest. It is never the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.detection.copies.search.codes import Bytes, Codes, Rows, codes_of, hashes_of
from assay.detection.copies.search.found import Found, Gathering
from assay.detection.copies.search.lookup import look_up
from assay.detection.copies.search.manifest import Part, next_name, read_manifest, settle, sweep, write_manifest
from assay.detection.copies.search.plain import compare
from assay.detection.copies.search.segment import TornSegment, read_segment, write_segment
from assay.detection.copies.search.table import MAXIMUM_CODES, Table, build_table
from assay.detection.copies.search.tail import Gone, Tail

# So many of the newest are compared one by one: some tens of microseconds for each query.
TAIL = 1 << 14
# A table takes in the newer ones behind it as soon as they come to half of its size: so there are few, of sizes that
# grow by thirds, and each hash is written again a handful of times in all.
_GROWTH = 2


@dataclass(frozen=True, slots=True)
class _Held:
    part: Part
    table: Table


class HammingIndex:
    """Everything within a distance of a query, exactly; uint8[n, 32] in, rows of the caller's own numbering out.

    Without a folder it lives in memory. With one, tables are files there: made by the one who opens it for writing,
    mapped by any number of others. It keeps nothing that is not sealed, and knows no deletion after it is closed: both
    are the caller's, who holds the entries. It is used by one thread at a time.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        writing: bool = False,
        thoroughly: bool = False,
        afresh: bool = False,
        shift: int = 0,
    ) -> None:
        """Maps what the folder holds; `missing` then names what must be given again. Raises OSError when writing.

        thoroughly  holds every byte against its checksum
        afresh      takes nothing that is there
        shift       what `delete` is given stands for all rows that are equal to it without so many of their last bits
        """
        self._folder, self._writing, self._shift = folder, writing and folder is not None, shift
        self._covered = 0
        self._held: list[_Held] = []
        self._tail, self._gone = Tail(), Gone()
        self._missing: list[tuple[int, int]] = []
        if folder is not None and not afresh:
            self._load(folder, thoroughly=thoroughly)
        elif folder is not None and self._writing:
            # The files themselves stay until others are named, so that no name is given to two.
            write_manifest(folder, ())

    def _load(self, folder: Path, *, thoroughly: bool) -> None:
        parts = read_manifest(folder)
        for part in parts:
            try:
                self._held.append(_Held(part, read_segment(folder / part.file, thoroughly=thoroughly)))
            except TornSegment:
                self._missing.append((part.after, part.until))
        self._covered = parts[-1].until if parts else 0
        if self._writing:
            sweep(folder, parts)

    @property
    def covered(self) -> int:
        """The last entry that is in a table; those after it belong into the tail."""
        return self._covered

    @property
    def missing(self) -> Sequence[tuple[int, int]]:
        """Spans of entries (after, until) whose table is not there or torn; `fill` mends them."""
        return tuple(self._missing)

    @property
    def tables(self) -> Sequence[int]:
        """How many hashes each table holds."""
        return tuple(len(held.table) for held in self._held)

    @property
    def waiting(self) -> int:
        """How many hashes are in no table yet."""
        return len(self._tail)

    def __len__(self) -> int:
        """Hashes held, with those that were deleted since the last `seal`."""
        return sum(self.tables) + len(self._tail)

    def append(self, hashes: Bytes, rows: Rows) -> None:
        """Adds hashes: uint8[n, 32] and int64[n]; found from now on. Raises ValueError for another shape."""
        if len(hashes) != len(rows):
            raise ValueError("as many rows as hashes")
        self._tail.append(codes_of(hashes), rows)
        if self._folder is None and len(self._tail) >= TAIL:
            self.seal(self._covered + len(self._tail))

    def delete(self, rows: Rows) -> None:
        """Rows that are found no more."""
        self._gone.add(np.asarray(rows, dtype=np.int64))

    def search(self, queries: Bytes, distance: int, *, nearest: int | None = None) -> Found:
        """All pairs within `distance` (0 to 256), or for each query the nearest so many of them, lower rows first.

        raises  TornSegment where a table on disk points outside of itself
        """
        codes, gathering = codes_of(queries), Gathering(nearest)
        try:
            for held in self._held:
                for hits in look_up(held.table, codes, distance):
                    self._gather(gathering, *hits)
        except IndexError as error:
            raise TornSegment("a segment points outside of itself") from error
        tail = compare(self._tail.codes, codes, distance) if distance else self._tail.equal(codes)
        for query, place, far in tail:
            self._gather(gathering, query, self._tail.rows.take(place), far)
        return gathering.found()

    def _gather(self, gathering: Gathering, query: Rows, row: Rows, distance: Rows) -> None:
        alive = self._gone.alive(row >> self._shift)
        gathering.add(query[alive], row[alive], distance[alive])

    def entries(self) -> int:
        """How many different entries the tables hold hashes of, without those that were deleted."""
        held = [held.table.rows >> self._shift for held in self._held]
        return sum(len(np.unique(each[self._gone.alive(each)])) for each in held)

    def contents(self) -> tuple[Rows, Callable[[slice], Bytes]]:
        """All rows that are held, ascending, and their hashes for any part of them."""
        tables = [held.table for held in self._held]
        codes = np.concatenate([*(_spread(table) for table in tables), self._tail.codes])
        rows = np.concatenate([*(table.rows for table in tables), self._tail.rows])
        places = np.flatnonzero(self._gone.alive(rows >> self._shift))
        order = places.take(np.argsort(rows.take(places)))
        return rows.take(order), lambda part: hashes_of(codes.take(order[part], axis=0))

    def seal(self, until: int) -> None:
        """Makes a table of the tail, which holds all entries up to `until`, and merges small ones into it.

        raises  OSError where the disk is full or the folder may not be written; then all stays as it was
        """
        if until <= self._covered:
            return
        first = self._first_to_merge(len(self._tail))
        after = self._held[first].part.after if first < len(self._held) else self._covered
        table = self._merged(self._held[first:], self._tail)
        self._replace(self._held[:first], [(Part("", after, until), table)], ())
        self._covered, self._tail = until, Tail()

    def fill(self, after: int, until: int, hashes: Bytes, rows: Rows) -> None:
        """Gives again what a missing table held; raises OSError."""
        table = build_table(codes_of(hashes), rows)
        missing = [span for span in self._missing if span != (after, until)]
        self._replace(self._held, [(Part("", after, until), table)], missing)
        self._missing = missing

    def compact(self) -> None:
        """Merges all tables into one, without what was deleted; raises OSError."""
        if self._held and not self._missing:
            part = Part("", self._held[0].part.after, self._covered)
            self._replace([], [(part, self._merged(self._held, None))], ())

    def _first_to_merge(self, count: int) -> int:
        first = len(self._held)
        # A missing span between two tables must stay between them.
        while first and not self._missing and len(self._held[first - 1].table) <= _GROWTH * count:
            count += len(self._held[first - 1].table)
            if count > MAXIMUM_CODES:
                break
            first -= 1
        return first

    def _merged(self, held: Sequence[_Held], tail: Tail | None) -> Table:
        parts = [(_spread(each.table), each.table.rows) for each in held]
        if tail is not None:
            parts.append((tail.codes, tail.rows))
        kept = [self._alive_of(codes, rows) for codes, rows in parts]
        del parts
        rows = np.concatenate([rows for _, rows in kept])
        # Of ten million hashes every copy is a third of a gigabyte: none is held that is not needed any more.
        codes = [np.concatenate([codes for codes, _ in kept])]
        del kept
        return build_table(codes.pop(), rows)

    def _alive_of(self, codes: Codes, rows: Rows) -> tuple[Codes, Rows]:
        alive = self._gone.alive(rows >> self._shift)
        return (codes, rows) if alive.all() else (codes[alive], rows[alive])

    def _replace(
        self, kept: Sequence[_Held], made: Iterable[tuple[Part, Table]], missing: Sequence[tuple[int, int]]
    ) -> None:
        """Files first, then the manifest, then our own list, and last the removal of what is no longer named."""
        held = list(kept)
        for part, table in made:
            held.append(self._written(part, table, held) if self._writing else _Held(part, table))
        held.sort(key=lambda each: each.part.after)
        if self._writing and self._folder is not None:
            torn = [part for part in read_manifest(self._folder) if (part.after, part.until) in missing]
            parts = sorted([each.part for each in held] + torn, key=lambda part: part.after)
            write_manifest(self._folder, parts)
            sweep(self._folder, parts)
        self._held = held

    def _written(self, part: Part, table: Table, held: Sequence[_Held]) -> _Held:
        folder = self._folder
        if folder is None:
            return _Held(part, table)
        name = next_name(folder, [*(each.part for each in held), *(each.part for each in self._held)])
        write_segment(folder / name, table)
        settle(folder)
        return _Held(Part(name, part.after, part.until), read_segment(folder / name))


def _spread(table: Table) -> Codes:
    """One hash for each row again."""
    if len(table.codes) == len(table.rows):
        return table.codes
    return table.codes.repeat(np.diff(table.firsts), axis=0)


def torn_in(folder: Path) -> list[str]:
    """What is wrong with the tables in a folder, in words; every byte is held against its checksum."""
    torn = []
    for part in read_manifest(folder):
        try:
            read_segment(folder / part.file, thoroughly=True)
        except TornSegment as error:
            torn.append(str(error))
    return torn
