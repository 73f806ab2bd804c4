"""Reads a record folder for the index, the last file while it grows. It locks nothing and changes no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.files import record_files
from assay.interfaces.stores.indexing.following import Stopped
from assay.interfaces.stores.indexing.growing import Growing
from assay.interfaces.stores.indexing.sources.segment import Begun, OpenSegment
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.names import PARQUET, number_of
from assay.interfaces.stores.segments.reading import StoredRecord

# A segment that grows, one of which all is read, a table of which all is read, a file that is not there any more.
OPEN, CLOSED, TABLE, GONE = "open", "closed", "table", "gone"


@dataclass(slots=True)
class _File:
    """How far a file was read.

    place    the byte up to which, of a segment
    records  the ordinal of the next record
    """

    number: int
    state: str = OPEN
    place: int = 0
    records: int = 0


class FolderSource:
    """A folder of segments, and of the Parquet files that they become."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segment: OpenSegment | None = None
        self._table: tuple[Path, Iterator[StoredRecord | Damage], int] | None = None

    def read(self, connection: sqlite3.Connection, growing: Growing) -> Generator[None]:
        """Everything that is new, file by file."""
        files = record_files(self._folder)
        if isinstance(files, Fault):
            raise Stopped(files)
        present = {number: path for path in files if (number := number_of(path)) is not None}
        rows = connection.execute("SELECT number, state, place, records FROM file").fetchall()
        known = {number: _File(number, state, place, records) for number, state, place, records in rows}
        for number, file in known.items():
            if number not in present and file.state != GONE:
                # Somebody removed it, and what it held must not live on here.
                growing.forget(number)
                connection.execute("UPDATE file SET state = ? WHERE number = ?", (GONE, number))
                yield
        for number, path in sorted(present.items()):
            file = known.get(number, _File(number))
            if file.state == GONE:
                file = _File(number)
            if file.state == TABLE or (file.state == CLOSED and path.suffix != PARQUET):
                continue
            read = self._of_table if path.suffix == PARQUET else self._of_segment
            try:
                yield from read(path, file, connection, growing)
            except FileNotFoundError:
                # It became Parquet between listing and reading: the next look finds it.
                continue
            except OSError as error:
                why = (error.strerror or "it failed").lower()
                raise Stopped(Fault("unreadable", f"`{path.name}` cannot be read: {why}")) from None
            finally:
                _note(connection, file, path)

    def close(self) -> None:
        """Let go of the file that is open."""
        if self._segment is not None:
            self._segment.close()
        self._segment = self._table = None

    def _of_segment(self, path: Path, file: _File, connection: sqlite3.Connection, growing: Growing) -> Generator[None]:
        segment = self._opened(path, file.number, connection)
        if isinstance(segment, Damage):
            note_gap(connection, file.number, segment)
        if not isinstance(segment, OpenSegment):
            return
        begun = Begun(file.place, file.records)
        for found in segment.read(begun, connection):
            if isinstance(found, Damage):
                note_gap(connection, file.number, found)
            else:
                growing.add(found, file.number, begun.records - 1)
            # Only what is in the index is behind us.
            file.place, file.records = begun.place, begun.records
            yield
        file.place = begun.place
        if begun.whole:
            file.state = CLOSED
        if begun.shrunk:
            # A batch that was never answered had been read, and was taken back since: the file is read once more.
            growing.forget(file.number)
            file.place = file.records = 0
            self.close()
            yield

    def _of_table(self, path: Path, file: _File, connection: sqlite3.Connection, growing: Growing) -> Generator[None]:
        from assay.interfaces.stores.rotation.tables import facts_of_table

        facts = facts_of_table(path)
        rows = facts.get("records") if isinstance(facts, dict) else None
        if isinstance(facts, Damage):
            note_gap(connection, file.number, facts)
        elif isinstance(rows, int) and rows < file.records:
            growing.forget(file.number)
            file.records = 0
        if rows != file.records:
            for found in self._rows_from(path, file.records):
                if isinstance(found, Damage):
                    note_gap(connection, file.number, found)
                else:
                    growing.add(found, file.number, found.offset)
                file.records = found.offset + 1
                yield
        # What is read of a table needs no pieces any more.
        connection.execute("DELETE FROM piece WHERE file = ?", (file.number,))
        file.state = TABLE
        yield

    def _rows_from(self, path: Path, row: int) -> Iterator[StoredRecord | Damage]:
        """The rows of a table from one on. Who stopped in the middle goes on there, and reads no row a second time."""
        from assay.interfaces.stores.rotation.tables import records_in_table

        if self._table is None or self._table[0] != path or self._table[2] != row:
            self._table = (path, iter(records_in_table(path)), 0)
        for found in self._table[1]:
            self._table = (path, self._table[1], found.offset + 1)
            if found.offset >= row:
                yield found
        self._table = None

    def _opened(self, path: Path, number: int, connection: sqlite3.Connection) -> OpenSegment | Damage | None:
        if self._segment is not None and self._segment.path == path:
            return self._segment
        if self._segment is not None:
            self._segment.close()
            self._segment = None
        found = OpenSegment.open(path, number, connection)
        if isinstance(found, OpenSegment):
            self._segment = found
        return found


def note_gap(connection: sqlite3.Connection, file: int, damage: Damage) -> None:
    """Remember what of a file could not be read."""
    row = (file, damage.offset, damage.size, damage.slug, damage.words)
    connection.execute("INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?)", row)


def _note(connection: sqlite3.Connection, file: _File, path: Path) -> None:
    connection.execute(
        "INSERT INTO file (number, name, state, place, records) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (number) DO UPDATE SET state = excluded.state, place = excluded.place,"
        " records = excluded.records",
        (file.number, path.stem, file.state, file.place, file.records),
    )
