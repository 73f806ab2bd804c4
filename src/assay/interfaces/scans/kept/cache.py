"""Rows kept by content: a file that was scanned before, under the same conditions, is not scanned again."""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from assay.interfaces.scans.rows import read_row

# Hidden, or a scan of a folder that holds the cache would read it.
FILE = ".rows.sqlite3"
MEGABYTES = 1024
LARGEST_ROW = 1024 * 1024
ANY_DAY = 0
_CHECK_BYTES = 16
_PATIENCE_SECONDS = 10.0
_MEBIBYTE = 1024 * 1024
# When it is full, so much of it goes at once, what was used least lately first.
_GOES = 0.1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    key BLOB PRIMARY KEY, day INTEGER NOT NULL, used INTEGER NOT NULL, row BLOB NOT NULL
) WITHOUT ROWID
"""


class CacheUnusable(OSError):
    """There can be no cache in this folder; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row to be kept.

    day  the day on which it holds, or ANY_DAY: a signature may be valid today and expired tomorrow
    """

    key: bytes
    body: bytes
    day: int = ANY_DAY


def today() -> int:
    """The day that it is, counted from the year 1, in UTC."""
    return datetime.now(UTC).toordinal()


class CacheReader:
    """Looks rows up, in any process. Whatever is wrong with the cache is a miss."""

    def __init__(self, folder: Path, day: int) -> None:
        self._path, self._day = folder / FILE, day
        self._opened: sqlite3.Connection | None = None

    def get(self, key: bytes) -> bytes | None:
        """The row kept under a key, whole and sound, or None."""
        try:
            if self._opened is None:
                self._opened = _connected(self._path, "ro")
            found = self._opened.execute("SELECT day, row FROM kept WHERE key = ?", (key,)).fetchone()
        except (sqlite3.Error, OSError):
            return None
        if found is None or found[0] not in (ANY_DAY, self._day):
            return None
        return _unpacked(key, int(found[0]), found[1])


class CacheWriter:
    """Keeps rows, as one of several that may. What is being written when a process dies was never there.

    most_bytes  the size that the rows may have together
    """

    def __init__(self, folder: Path, most_bytes: int = MEGABYTES * _MEBIBYTE) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._opened = self._sound()
        except (sqlite3.Error, OSError) as error:
            raise CacheUnusable(f"there can be no cache in `{folder}`: {_words(error)}") from error

    def put(self, rows: Sequence[Kept], hits: Sequence[bytes] = ()) -> None:
        """Keep rows, and remember which of the kept ones were of use. A full disk or a busy cache costs only that."""
        now = int(time.time())
        with suppress(sqlite3.Error, OSError), self._opened:
            self._opened.execute("BEGIN IMMEDIATE")
            self._opened.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)",
                [(row.key, row.day, now, _packed(row)) for row in rows if len(row.body) <= LARGEST_ROW],
            )
            self._opened.executemany("UPDATE kept SET used = ? WHERE key = ?", [(now, key) for key in hits])
            self._make_room()

    def close(self) -> None:
        """Let go of the cache."""
        self._opened.close()

    def _make_room(self) -> None:
        (pages,) = self._opened.execute("PRAGMA page_count").fetchone()
        (free,) = self._opened.execute("PRAGMA freelist_count").fetchone()
        (size,) = self._opened.execute("PRAGMA page_size").fetchone()
        if (pages - free) * size <= self._most_bytes:
            return
        (rows,) = self._opened.execute("SELECT count(*) FROM kept").fetchone()
        over = 1 - self._most_bytes / ((pages - free) * size)
        going = max(1, int(rows * min(1.0, over + _GOES)))
        self._opened.execute(
            "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used, key LIMIT ?)", (going,)
        )

    def _sound(self) -> sqlite3.Connection:
        path = self._folder / FILE
        try:
            return self._begun(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # Another program wrote into it, or the disk lost some of it: nothing in it is believed.
            for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
                (self._folder / name).unlink(missing_ok=True)
            return self._begun(path)

    def _begun(self, path: Path) -> sqlite3.Connection:
        opened = _connected(path, "rwc")
        try:
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = NORMAL")
            opened.execute(_SCHEMA)
            opened.execute("SELECT key FROM kept LIMIT 1").fetchone()
        except sqlite3.Error:
            opened.close()
            raise
        return opened


def count_kept(folder: Path) -> int:
    """How many rows a cache keeps."""
    with closing(_connected(folder / FILE, "ro")) as opened:
        (count,) = opened.execute("SELECT count(*) FROM kept").fetchone()
    return int(count)


def _words(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error).lower()


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)


def _check(key: bytes, day: int, packed: bytes) -> bytes:
    return blake2b(packed, digest_size=_CHECK_BYTES, key=key, person=day.to_bytes(8, "big")).digest()


def _packed(row: Kept) -> bytes:
    packed = zlib.compress(row.body, 1)
    return _check(row.key, row.day, packed) + packed


def _unpacked(key: bytes, day: int, stored: object) -> bytes | None:
    if not isinstance(stored, bytes) or _check(key, day, stored[_CHECK_BYTES:]) != stored[:_CHECK_BYTES]:
        return None
    try:
        body = zlib.decompressobj().decompress(stored[_CHECK_BYTES:], LARGEST_ROW)
        # A row that is none would end the scan that reads it back.
        read_row(b'{"file":"",' + body)
    except (zlib.error, ValueError):
        return None
    return body
