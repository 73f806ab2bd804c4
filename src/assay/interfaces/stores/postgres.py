"""Records in PostgreSQL: a batch is one COPY in one transaction. It never shows the address and its password."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stores.settings import PostgresSettings

_TABLE = re.compile(r"[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?\Z")
# A record begins so, being canonical JSON.
_HEAD = re.compile(rb'\{"as_of":"([^"\\]{1,40})","bundle":"([^"\\]{1,100})"')
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_COLUMNS = "batch, place, item, as_of, bundle, key, record"
_TABLE_SQL = """CREATE TABLE IF NOT EXISTS {table} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch uuid NOT NULL,
  place integer NOT NULL,
  kept timestamptz NOT NULL DEFAULT clock_timestamp(),
  item text NOT NULL,
  as_of timestamptz,
  bundle text,
  key text UNIQUE,
  record text NOT NULL,
  UNIQUE (batch, place))"""
_INCOMING_SQL = """CREATE TEMPORARY TABLE IF NOT EXISTS assay_incoming (
  batch uuid, place integer, item text, as_of timestamptz, bundle text, key text, record text)
  ON COMMIT DELETE ROWS"""


class PostgresStore:
    """Writes batches to one table, over one connection that is made again when it is lost.

    A batch whose commit was not answered is asked for again under the same number, so that it is there once. Where
    that cannot be done in time it counts as not written, and is taken out as soon as the server can be reached.
    """

    def __init__(self, settings: PostgresSettings, since: int = 0) -> None:
        self._settings, self._since = settings, since
        self._table = sql.Identifier(*settings.table.split("."))
        self._connection: psycopg.Connection[Any] | None = None
        self._doubtful: list[uuid.UUID] = []

    def write(self, entries: Sequence[Entry]) -> None:
        """One transaction; it has been committed, and synced by the server, when this returns.

        raises  StoreUnwritable where that cannot be done in time
        """
        batch = uuid.uuid4()
        rows = [_row(batch, place, entry) for place, entry in enumerate(entries)]
        until = time.monotonic() + self._settings.timeout
        pause, sent = _FIRST_PAUSE, False
        while True:
            try:
                connection = self._connected()
                sent = True
                self._commit(connection, rows)
            except psycopg.Error as error:
                self._drop()
                if not _may_pass(error) or time.monotonic() + pause > until:
                    # Whether it was committed is not known where the connection was lost.
                    self._doubtful += [batch] if sent else []
                    raise unwritable(error) from None
            else:
                return
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def tend(self) -> float:
        """Nothing is due by the clock."""
        return 60.0

    def probe(self) -> None:
        """Ask whether the table can be written.

        raises  StoreUnwritable where it cannot
        """
        try:
            with self._connected().transaction() as _, self._connected().cursor() as cursor:
                cursor.execute("SELECT current_setting('transaction_read_only')")
                if cursor.fetchone() != ("off",):
                    raise StoreUnwritable("postgres-read-only", "the server takes no writes: it may be a standby")
        except psycopg.Error as error:
            self._drop()
            raise unwritable(error) from None

    def fault(self) -> Fault | None:
        """Nothing runs beside writing."""
        return None

    def kept_keys(self, prefix: str, most: int) -> Iterator[tuple[str, bytes]]:
        """The newest keys since the beginning, the oldest of them first, over a connection of its own."""
        query = sql.SQL(
            "SELECT key, record FROM (SELECT id, key, record FROM {table} WHERE starts_with(key, %s)"
            " AND kept >= to_timestamp(%s) ORDER BY id DESC LIMIT %s) AS newest ORDER BY id"
        ).format(table=self._table)
        try:
            with self._connect() as connection, connection.transaction(), connection.cursor("assay_keys") as cursor:
                cursor.execute(query, (prefix, self._since / 1_000_000, most))
                for key, record in cursor:
                    yield key, record.encode()
        except psycopg.Error as error:
            raise unwritable(error) from None

    def close(self) -> None:
        """Leave the server."""
        self._drop()

    def open(self) -> Fault | None:
        """Reach the server and make the table; why that cannot be done, else None."""
        if not _TABLE.match(self._settings.table):
            words = f"`{self._settings.table[:60]}` is no table's name: lower-case letters, digits and `_`"
            return Fault("bad-setting", words, "store.postgres.table")
        try:
            self._connected()
        except psycopg.Error as error:
            self._drop()
            found = unwritable(error)
            return Fault(found.slug, found.words, "store.postgres.url")
        return None

    # ---------------------------------------------------------- the connection

    def _commit(self, connection: psycopg.Connection[Any], rows: Sequence[tuple[object, ...]]) -> None:
        into = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM assay_incoming ORDER BY place ON CONFLICT DO NOTHING"
        )
        with connection.transaction(), connection.cursor() as cursor:
            for batch in self._doubtful:
                cursor.execute(sql.SQL("DELETE FROM {} WHERE batch = %s").format(self._table), (batch,))
            with cursor.copy(f"COPY assay_incoming ({_COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(into.format(table=self._table, columns=sql.SQL(_COLUMNS)))
        self._doubtful.clear()

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            connection = self._connect()
            try:
                self._prepare(connection)
            except psycopg.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._settings.url,
            autocommit=True,
            connect_timeout=max(2, int(self._settings.timeout)),
            application_name="assay",
        )

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        with connection.cursor() as cursor:
            # As statements, since what stands between us and the server need not pass start-up options on.
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false)", (str(int(self._settings.timeout * 1000)),)
            )
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SELECT to_regclass(%s)", (self._settings.table,))
            found = cursor.fetchone()
            # Somebody who may only write need not be allowed to make tables.
            if found is None or found[0] is None:
                cursor.execute(sql.SQL(_TABLE_SQL).format(table=self._table))
            cursor.execute(_INCOMING_SQL)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _row(batch: uuid.UUID, place: int, entry: Entry) -> tuple[object, ...]:
    record = entry.record
    head = _HEAD.match(record)
    as_of, bundle = (None, None) if head is None else (head.group(1).decode(), head.group(2).decode())
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        raise StoreUnwritable("not-text", "a record is no text, which this table cannot hold") from None
    return batch, place, _storable(entry.item), as_of, bundle, _storable(entry.key) or None, _storable(text)


def _storable(text: str) -> str:
    """Text without what PostgreSQL cannot hold; a record, being JSON, has none of it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _may_pass(error: psycopg.Error) -> bool:
    """Whether trying again may help: the connection was lost, the server restarts, two transactions met."""
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state[:2] in ("08", "40", "57", "55"))


def unwritable(error: psycopg.Error) -> StoreUnwritable:
    """What PostgreSQL says, in words for operators. Its longer messages may repeat what was sent, or the address."""
    state = error.sqlstate or ""
    if state[:2] == "53":
        return StoreUnwritable("postgres-full", "the server has no room or no connection left: look at its disk")
    if state == "25006":
        return StoreUnwritable("postgres-read-only", "the server takes no writes: it may be a standby")
    if state[:2] in ("28", "42"):
        words = f"the server refuses (SQLSTATE {state}): check the user's rights, and the table's columns"
        return StoreUnwritable("postgres-refused", words)
    if isinstance(error, psycopg.OperationalError):
        return StoreUnwritable("postgres-unreachable", "the server cannot be reached or has gone: see that it runs")
    return StoreUnwritable("postgres-failed", f"the server failed (SQLSTATE {state or 'unknown'})")
