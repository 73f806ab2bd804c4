"""The record behind a row of the index, byte for byte as it was kept. It never shows another one in its place."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from xxhash import xxh3_64_intdigest

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.growing import signed
from assay.interfaces.stores.indexing.reading.wanted import Listed
from assay.interfaces.stores.indexing.sources.pieces import Pieces, frame_at
from assay.interfaces.stores.segments.frames import HEADER_BYTES, RECORD, read_header
from assay.interfaces.stores.segments.names import PARQUET, SEGMENT
from assay.interfaces.stores.segments.reading import StoredRecord, together
from assay.interfaces.stores.settings import StoreSettings

_GONE = Fault("record-gone", "the record is not there any more: its file was removed, or made anew")


def record_of(listed: Listed, settings: StoreSettings, connection: sqlite3.Connection) -> bytes | Fault:
    """The bytes of a record, or why they cannot be shown."""
    if settings.kind == "postgres":
        found = _of_table(listed, settings)
    else:
        found = _of_folder(listed, settings.folder or Path("records"), connection)
    if isinstance(found, bytes) and signed(xxh3_64_intdigest(found)) != listed.digest:
        words = "what stands in its place is not the record that was kept; `assay records verify` says what is damaged"
        return Fault("other-record", words)
    return _GONE if found is None else found


def _of_folder(listed: Listed, folder: Path, connection: sqlite3.Connection) -> bytes | Fault | None:
    row = connection.execute("SELECT name FROM file WHERE number = ?", (listed.file,)).fetchone()
    if row is None:
        return None
    segment = folder / f"{row[0]}{SEGMENT}"
    try:
        try:
            return _of_segment(listed, segment, connection)
        except FileNotFoundError:
            return _of_parquet(listed, segment.with_suffix(PARQUET))
    except OSError as error:
        return Fault("unreadable", f"its file cannot be read: {(error.strerror or 'it failed').lower()}")


def _of_segment(listed: Listed, path: Path, connection: sqlite3.Connection) -> bytes | None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        header = read_header(os.pread(file, HEADER_BYTES, 0))
        if isinstance(header, str):
            return None
        frame = frame_at(file, header.salt, listed.place)
        if frame is None or frame.kind != RECORD:
            return None
        found = together(frame, Pieces(connection, file, header.salt, listed.file))
        return found.record if isinstance(found, StoredRecord) else None
    finally:
        os.close(file)


def _of_parquet(listed: Listed, path: Path) -> bytes | None:
    from assay.interfaces.stores.rotation.tables import record_at

    return record_at(path, listed.ordinal) if path.exists() else None


def _of_table(listed: Listed, settings: StoreSettings) -> bytes | Fault | None:
    import psycopg

    from assay.interfaces.stores.indexing.sources.table import TableSource
    from assay.interfaces.stores.postgres import unwritable

    source = TableSource(settings.postgres)
    try:
        return source.record(listed.ordinal)
    except psycopg.Error as error:
        said = unwritable(error)
        return Fault(said.slug, said.words)
    finally:
        source.close()
