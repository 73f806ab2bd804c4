"""The entries of a bank in SQLite, the truth that the index is made from. It compares no hashes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assay.detection.copies.bank.entry import Entry, Stored
from assay.detection.copies.bank.unusable import refused
from assay.detection.copies.search.codes import Bytes

ENTRIES_FILE = "entries.sqlite3"
_FORMAT = 1
# What SQLite's own `file` command shows such a file as; a file of another program is not taken for a bank.
_APPLICATION = 0x41535942
_TABLES = """
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, identity INTEGER, value BLOB NOT NULL, quality INTEGER,
  labels TEXT NOT NULL, note TEXT NOT NULL, source TEXT NOT NULL, added_at TEXT NOT NULL
);
CREATE INDEX entries_identity ON entries (identity) WHERE identity IS NOT NULL;
CREATE TABLE deletions (number INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL, deleted_at TEXT NOT NULL);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO state VALUES ('digest', '');
CREATE TABLE pieces (piece INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (piece, id)) WITHOUT ROWID;
"""
_COLUMNS = "id, value, quality, labels, note, source, added_at"
_EVERY = "SELECT id, value, quality, labels, note, source, added_at FROM entries WHERE id > ? ORDER BY id LIMIT 10000"
# SQLite takes at least 999 values in one statement, everywhere.
_AT_ONCE = 900
_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Given:
    """An entry on its way in: its value as it is kept, and the hashes or pieces by which it is found."""

    value: str | bytes
    entry: Entry
    hashes: Bytes
    pieces: Sequence[int] = ()


class Store:
    """One connection to a bank's entries, for one thread of one process.

    raises  sqlite3.Error, and UnusableBank from its makers where the file is no bank's
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def create(cls, folder: Path) -> Store:
        """A new file with nothing in it."""
        connection = sqlite3.connect(folder / ENTRIES_FILE, isolation_level=None)
        connection.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_FORMAT}; {_TABLES}"
        )
        return cls._opened(connection, folder)

    @classmethod
    def open(cls, folder: Path, *, writing: bool) -> Store:
        """The file that is there."""
        path = folder / ENTRIES_FILE
        if not path.is_file():
            words = f"`{folder.name}` has no `{ENTRIES_FILE}`; put it back from a backup, or make the bank anew"
            raise refused("bank-damaged", words)
        if writing:
            return cls._opened(cls._connected(path, "rw"), folder)
        try:
            return cls._opened(cls._connected(path, "ro"), folder)
        except sqlite3.OperationalError:
            # In a folder that nobody may write to there can be no log beside the file; without one the file is whole.
            if path.with_name(f"{ENTRIES_FILE}-wal").exists():
                raise
            return cls._opened(cls._connected(path, "ro&immutable=1"), folder)

    @staticmethod
    def _connected(path: Path, mode: str) -> sqlite3.Connection:
        address = f"{path.resolve().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)

    @classmethod
    def _opened(cls, connection: sqlite3.Connection, folder: Path) -> Store:
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # A commit is on the disk when it returns, and what is deleted is overwritten.
            for pragma in (
                "synchronous=FULL",
                "fullfsync=ON",
                "secure_delete=ON",
                "cache_size=-65536",
                "wal_autocheckpoint=8192",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        if application != _APPLICATION or version != _FORMAT:
            connection.close()
            raise refused("bank-damaged", f"`{ENTRIES_FILE}` in `{folder.name}` holds no bank that this version reads")
        return cls(connection)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything that is read within is of one moment."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything that is written within is kept, or nothing of it; on the disk at the end."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    # What changed

    def version(self) -> int:
        """Another number whenever another connection has written."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def last_id(self) -> int:
        """The highest id ever given."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
        return int(row[0]) if row else 0

    def count(self) -> int:
        """How many entries there are."""
        return int(self._connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def count_until(self, last: int) -> int:
        """How many entries there are with no higher id."""
        return int(self._connection.execute("SELECT count(*) FROM entries WHERE id <= ?", (last,)).fetchone()[0])

    def digest(self) -> str:
        """A digest of all that was ever done to the entries, which is another as soon as anything is."""
        return str(self._connection.execute("SELECT value FROM state WHERE name = 'digest'").fetchone()[0])

    def deleted_since(self, number: int) -> tuple[list[int], int]:
        """Ids deleted after deletion `number`, and the number of the last."""
        rows = self._connection.execute("SELECT number, id FROM deletions WHERE number > ?", (number,)).fetchall()
        return [row[1] for row in rows], max((row[0] for row in rows), default=number)

    # Reading

    def values(self, after: int, until: int, at_once: int) -> Iterator[list[tuple[int, str | bytes]]]:
        """Ids and values of entries numbered after `after` up to `until`, a block after the other."""
        while after < until:
            rows = self._connection.execute(
                "SELECT id, value FROM entries WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", (after, until, at_once)
            ).fetchall()
            if not rows:
                return
            yield rows
            after = rows[-1][0]

    def stored(self, ids: Sequence[int]) -> list[tuple[Stored, str | bytes]]:
        """The entries with these ids, as far as they are there."""
        found = []
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            found += self._connection.execute(f"SELECT {_COLUMNS} FROM entries WHERE id IN ({marks})", some).fetchall()  # noqa: S608 - only question marks
        return [(_stored(row), row[1]) for row in found]

    def every(self) -> Iterator[Stored]:
        """All entries by id."""
        after = 0
        while rows := self._connection.execute(_EVERY, (after,)).fetchall():
            yield from map(_stored, rows)
            after = rows[-1][0]

    def with_values(self, values: Sequence[str | bytes]) -> dict[str | bytes, int]:
        """Which of these texts have an entry, and its id; hashes of bits are known to the index."""
        identities = [_identity_of(value) for value in values]
        wanted, found = set(values), {}
        for start in range(0, len(identities), _AT_ONCE):
            some = identities[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"SELECT value, id FROM entries WHERE identity IN ({marks})", some)  # noqa: S608 - only question marks
            found.update({value: number for value, number in rows if value in wanted})
        return found

    def with_piece(self, piece: int, most: int) -> list[int]:
        """Ids of entries that have a piece, the oldest first, at most so many."""
        rows = self._connection.execute("SELECT id FROM pieces WHERE piece = ? ORDER BY id LIMIT ?", (piece, most))
        return [row[0] for row in rows]

    # Writing, within `writing`

    def insert(self, first: int, given: Sequence[Given], at: str) -> None:
        """Puts in entries under ids that follow one another."""
        self._connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, _identity_of(each.value), each.value, *_told(each.entry), at)
                for number, each in enumerate(given, first)
            ),
        )
        self._chain("insert", first, *((_hexadecimal(each.value), *_told(each.entry)) for each in given))
        self._connection.executemany(
            "INSERT OR IGNORE INTO pieces VALUES (?, ?)",
            ((piece, number) for number, each in enumerate(given, first) for piece in each.pieces),
        )

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Gives an entry these labels in place of those it has."""
        self._connection.execute("UPDATE entries SET labels = ? WHERE id = ?", (_written(tuple(labels)), number))
        self._chain("label", number, *labels)

    def delete(self, ids: Sequence[int], pieces: Iterable[tuple[int, int]], at: str) -> None:
        """Takes out entries and their pieces (piece, id), and remembers that they are gone."""
        self._connection.executemany("DELETE FROM entries WHERE id = ?", ((number,) for number in ids))
        self._chain("delete", *ids)
        self._connection.executemany("DELETE FROM pieces WHERE piece = ? AND id = ?", pieces)
        self._connection.executemany("INSERT INTO deletions (id, deleted_at) VALUES (?, ?)", ((n, at) for n in ids))

    def _chain(self, *done: object) -> None:
        # A counter would come to the same number again when a bank is put back from a backup and filled otherwise.
        text = json.dumps([self.digest(), *done], ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self._connection.execute("UPDATE state SET value = ? WHERE name = 'digest'", (digest,))

    def forget_deletions(self) -> None:
        """Lets go of which entries are gone; the index must not know them any more."""
        self._connection.execute("DELETE FROM deletions")

    def shrink(self) -> None:
        """Gives back the room of what is gone, and empties the log."""
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        return [row[0] for row in self._connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]


def _identity_of(value: str | bytes) -> int | None:
    """63 bits by which a text is looked up; the text itself decides.

    Hashes of bits have none: an index of numbers by chance is written all over at every commit, which would make
    adding to a large bank ten times slower, and they are found in their own index anyway.
    """
    if isinstance(value, bytes):
        return None
    return int.from_bytes(hashlib.blake2b(value.encode("utf-8"), digest_size=8).digest(), "big") >> 1


def _stored(row: tuple[int, str | bytes, int | None, str, str, str, str]) -> Stored:
    number, value, quality, labels, note, source, added_at = row
    return Stored(
        number, _hexadecimal(value), quality, tuple(json.loads(labels)) if labels else (), note, source, added_at
    )


def _hexadecimal(value: str | bytes) -> str:
    return value.hex() if isinstance(value, bytes) else value


def _told(entry: Entry) -> tuple[int | None, str, str, str]:
    return entry.quality, _written(entry.labels), entry.note, entry.source


# What comes from one exchange has the same few labels again and again.
@lru_cache(maxsize=1024)
def _written(labels: tuple[str, ...]) -> str:
    return json.dumps(list(labels), ensure_ascii=False) if labels else ""
