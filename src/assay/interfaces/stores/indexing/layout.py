"""The index as a file: its tables and connections. It holds nothing that cannot be made again from the records.

Rows have numbers that grow. So many neighbours are a chunk; for everything that may be looked for, a chunk keeps the
set of its rows of which that is so. Rows of the last chunk, which still grows, keep what is so of them each for itself.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from assay.engine.kernel.errors import Fault

FORMAT = 1
NAME = "index.sqlite"
CHUNK = 2048
_APPLICATION = 0x41535349
_SCHEMA = """
CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE file (number INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, place INTEGER NOT NULL,
  records INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE TABLE gap (file INTEGER NOT NULL, place INTEGER NOT NULL, size INTEGER NOT NULL, slug TEXT NOT NULL,
  words TEXT NOT NULL, PRIMARY KEY (file, place, slug)) WITHOUT ROWID;
CREATE TABLE piece (file INTEGER NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (file, number)) WITHOUT ROWID;
CREATE TABLE market (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE name (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE decision (number INTEGER PRIMARY KEY, file INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  place INTEGER NOT NULL, item TEXT NOT NULL, item_hash INTEGER NOT NULL, kept INTEGER NOT NULL, as_of INTEGER,
  bundle INTEGER NOT NULL, digest INTEGER NOT NULL, summary BLOB NOT NULL);
CREATE INDEX decision_item ON decision (item_hash, number);
CREATE UNIQUE INDEX decision_place ON decision (file, ordinal);
CREATE TABLE fresh (number INTEGER PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE chunk (number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, kept BLOB NOT NULL);
CREATE TABLE plane (chunk INTEGER NOT NULL, fact INTEGER NOT NULL, rows BLOB NOT NULL,
  PRIMARY KEY (chunk, fact)) WITHOUT ROWID;
INSERT INTO market VALUES (0, '');
INSERT INTO state VALUES ('next', 1);
"""


def index_path(folder: Path) -> Path:
    """Where the index of a record folder is."""
    return folder / NAME


def open_for_writing(path: Path) -> sqlite3.Connection | Fault:
    """The index, made where there is none, and made anew where it is damaged or of another version."""
    try:
        return _ours(path) or _made(path)
    except (sqlite3.Error, OSError) as error:
        return Fault("index-unwritable", f"the index `{path}` cannot be written: {_words(error)}")


def _ours(path: Path) -> sqlite3.Connection | None:
    """The index that is there; None where there is none that this program can use."""
    try:
        connection = _connected(path, "rw")
    except sqlite3.DatabaseError as error:
        if not path.exists() or error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return None
        raise
    if _is_ours(connection):
        return connection
    connection.close()
    return None


def _made(path: Path) -> sqlite3.Connection:
    connection = _empty(path)
    connection.execute("BEGIN IMMEDIATE")
    if _is_ours(connection):
        # Another process was quicker.
        connection.execute("ROLLBACK")
        return connection
    # Marked as ours in the same transaction: half an index is none.
    for statement in (
        *_SCHEMA.split(";"),
        f"PRAGMA application_id = {_APPLICATION}",
        f"PRAGMA user_version = {FORMAT}",
    ):
        connection.execute(statement)
    connection.execute("COMMIT")
    return connection


def _empty(path: Path) -> sqlite3.Connection:
    """A database without tables, or one that another process has just made; whatever else is there goes."""
    try:
        connection = _connected(path, "rwc")
        if _is_ours(connection) or not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return connection
        connection.close()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
    remove(path)
    return _connected(path, "rwc")


def open_for_reading(path: Path) -> sqlite3.Connection | Fault:
    """The index as it is now; reading it never waits for who writes it."""
    if not path.exists():
        return Fault("no-index", "no index of the records has been made yet; `assay records index` makes one")
    try:
        connection = _connected(path, "rw")
        connection.execute("PRAGMA query_only = ON")
        if not _is_ours(connection):
            connection.close()
            return Fault("other-index", f"`{path.name}` is of another version; `assay records index` makes it anew")
    except sqlite3.Error as error:
        return Fault("index-unreadable", f"the index cannot be read: {_words(error)}; remove it, and it is made again")
    return connection


def remove(path: Path) -> None:
    """Delete the index."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    if mode == "rwc":
        # As readable as the records are: items' ids stand in it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
    address = f"{path.absolute().as_uri()}?mode={mode}"
    # Pages are shared by the threads of a server, one at a time.
    connection = sqlite3.connect(address, uri=True, timeout=2.0, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    # What a power cut takes is read again from the records.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -16384")
    return connection


def _is_ours(connection: sqlite3.Connection) -> bool:
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        return False
    return (application, version) == (_APPLICATION, FORMAT)


def _words(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or "no reason is given").lower()
    return " ".join(str(error).split())[:120] or "no reason is given"
