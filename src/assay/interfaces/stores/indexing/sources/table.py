"""Reads the records' table in PostgreSQL for the index. It changes no row, and never shows the address."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Generator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.following import Stopped
from assay.interfaces.stores.indexing.growing import Growing
from assay.interfaces.stores.segments.reading import StoredRecord
from assay.interfaces.stores.settings import PostgresSettings

if TYPE_CHECKING:
    import psycopg

# The one file that such an index knows.
TABLE_FILE = 0
_AT_ONCE = 500
# A number that is missing so long belongs to a batch that was taken back, and not to one that is still under way.
_PATIENCE_SECONDS = 120.0
_MOST_WAITED_FOR = 2_000
_WAITING = "waiting"


class TableSource:
    """A table that services write to. Rows may be committed out of order: missing numbers are asked for again."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._connection: psycopg.Connection[Any] | None = None

    def read(self, connection: sqlite3.Connection, growing: Growing) -> Generator[None]:
        """Everything that is new, in the order of numbers."""
        import psycopg

        row = connection.execute("SELECT records FROM file WHERE number = ?", (TABLE_FILE,)).fetchone()
        last = 0 if row is None else row[0]
        waiting = _waiting(connection)
        try:
            first = self._first()
            growing.forget(TABLE_FILE, below=last + 1 if first is None else first)
            for begin, end in [(begin, end) for begin, end, _ in waiting]:
                for found in self._rows(begin - 1, end):
                    growing.add(found, TABLE_FILE, found.offset)
                    waiting = _found(waiting, found.offset)
                    yield
            while rows := self._rows(last, None):
                for found in rows:
                    if found.offset > last + 1 and last:
                        waiting.append((last + 1, found.offset - 1, time.time()))
                    growing.add(found, TABLE_FILE, found.offset)
                    last = found.offset
                    yield
        except psycopg.Error as error:
            from assay.interfaces.stores.postgres import unwritable

            self.close()
            said = unwritable(error)
            raise Stopped(Fault(said.slug, said.words)) from None
        finally:
            _note(connection, last, waiting)

    def close(self) -> None:
        """Leave the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def record(self, number: int) -> bytes | None:
        """The record of a row; None where it is not there any more.

        raises  psycopg.Error where the server does not give it
        """
        found = self._ask("SELECT record FROM {table} WHERE id = %s", (number,))
        return found[0][0].encode() if found else None

    def _first(self) -> int | None:
        (row,) = self._ask("SELECT min(id) FROM {table}", ())
        return None if row[0] is None else int(row[0])

    def _rows(self, after: int, until: int | None) -> list[StoredRecord]:
        query = "SELECT id, item, key, kept, record FROM {table} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"
        rows = self._ask(query, (after, (1 << 62) if until is None else until, _AT_ONCE))
        return [
            StoredRecord(number, item, key or "", _micros(kept), record.encode())
            for number, item, key, kept, record in rows
        ]

    def _ask(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        from psycopg import sql

        table = sql.Identifier(*self._settings.table.split("."))
        asked = sql.SQL(query).format(table=table)
        with self._reached().cursor() as cursor:
            cursor.execute(asked, values)
            return cursor.fetchall()

    def _reached(self) -> psycopg.Connection[Any]:
        import psycopg

        if self._connection is None or self._connection.closed:
            seconds = max(2, int(self._settings.timeout))
            made = psycopg.connect(self._settings.url, autocommit=True, connect_timeout=seconds)
            made.execute("SELECT set_config('statement_timeout', %s, false)", (str(seconds * 1000),))
            made.execute("SET default_transaction_read_only = on")
            self._connection = made
        return self._connection


def _waiting(connection: sqlite3.Connection) -> list[tuple[int, int, float]]:
    """Stretches of numbers that were missing, each with when that was first seen."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", (_WAITING,)).fetchone()
    return [] if row is None else [(begin, end, since) for begin, end, since in json.loads(row[0])]


def _found(waiting: list[tuple[int, int, float]], number: int) -> list[tuple[int, int, float]]:
    """The same without a number that came after all."""
    left = []
    for begin, end, since in waiting:
        if not begin <= number <= end:
            left.append((begin, end, since))
            continue
        left += [(begin, number - 1, since)] if begin < number else []
        left += [(number + 1, end, since)] if number < end else []
    return left


def _note(connection: sqlite3.Connection, last: int, waiting: list[tuple[int, int, float]]) -> None:
    now = time.time()
    still = [each for each in waiting if now - each[2] < _PATIENCE_SECONDS][-_MOST_WAITED_FOR:]
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_WAITING, json.dumps(still)))
    connection.execute(
        "INSERT INTO file (number, name, state, place, records) VALUES (?, 'table', 'open', 0, ?)"
        " ON CONFLICT (number) DO UPDATE SET records = excluded.records",
        (TABLE_FILE, last),
    )


def _micros(instant: datetime) -> int:
    whole = int(instant.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + instant.microsecond
