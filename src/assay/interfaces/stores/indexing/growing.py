"""Puts records into the index, and takes those of a file out again. It commits nothing: whoever calls it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from xxhash import xxh3_64_intdigest

from assay.interfaces.stores.indexing.facts import ANY, Said, said_by
from assay.interfaces.stores.indexing.layout import CHUNK
from assay.interfaces.stores.indexing.planes import MOST_NAMES, Facts, facts_of, planes_of, without
from assay.interfaces.stores.indexing.summaries import Summary, write_summary
from assay.interfaces.stores.segments.reading import StoredRecord

_ROW = "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SIGN = 1 << 63


class Full(Exception):
    """More different names came than an index may hold: what they name is no longer a policy's."""


class Growing:
    """Rows on their way into an index, in one transaction of its connection; it is made anew for each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names = _numbers(connection, "name")
        self._markets = _numbers(connection, "market")
        (self._next,) = connection.execute("SELECT value FROM state WHERE name = 'next'").fetchone()
        self._anywhere = self._in((ANY,))
        self._remembered: dict[tuple[str, ...], Facts] = {}
        self._rows: list[tuple[object, ...]] = []
        self._facts: list[tuple[int, Facts]] = []
        self.added = 0

    def add(self, found: StoredRecord, file: int, ordinal: int) -> None:
        """One record more.

        file, ordinal  which it is: the number of its file, and how many stand before it there
        """
        said = said_by(found.record)
        number, self._next = self._next, self._next + 1
        self.added += 1
        item = found.item.encode("utf-8", "replace").decode()
        bundle = self._name(said.bundle)
        self._rows.append(
            (
                number,
                file,
                ordinal,
                found.offset,
                item,
                item_hash(item),
                found.kept,
                said.as_of,
                bundle,
                signed(xxh3_64_intdigest(found.record)),
                write_summary(self._summary(said)),
            )
        )
        groups = [(self._in(markets), self._names_of(names)) for markets, names in said.by_market]
        groups.append((self._anywhere, np.array(self._named(said.anywhere), np.uint32)))
        self._facts.append((number, facts_of(groups)))
        if self._next % CHUNK == 0:
            self._write_rows()
            self._close_chunk(number // CHUNK)

    def finish(self) -> None:
        """Write what is not in the index yet."""
        self._write_rows()
        self._connection.executemany(
            "INSERT INTO fresh VALUES (?, ?)",
            [(number, facts.astype("<u4").tobytes()) for number, facts in self._facts],
        )
        self._facts.clear()
        self._connection.execute("UPDATE state SET value = ? WHERE name = 'next'", (self._next,))

    def forget(self, file: int, below: int | None = None) -> None:
        """Take the rows of a file out, or those of its records before one. What follows gets numbers of its own."""
        self.finish()
        take = self._connection.execute
        end = 1 << 62 if below is None else below
        which = (file, end)
        wanted = "SELECT number FROM decision WHERE file = ? AND ordinal < ?"
        numbers = [number for (number,) in take(wanted, which)]
        for chunk in sorted({number // CHUNK for number in numbers}):
            gone = np.zeros(CHUNK, np.bool_)
            gone[[number % CHUNK for number in numbers if number // CHUNK == chunk]] = True
            left = [
                (without(content, gone), chunk, fact)
                for fact, content in take("SELECT fact, rows FROM plane WHERE chunk = ?", (chunk,)).fetchall()
            ]
            self._connection.executemany("UPDATE plane SET rows = ? WHERE chunk = ? AND fact = ?", left)
            take("DELETE FROM plane WHERE chunk = ? AND rows = x''", (chunk,))
        take("DELETE FROM fresh WHERE number IN (SELECT number FROM decision WHERE file = ? AND ordinal < ?)", which)
        take("DELETE FROM decision WHERE file = ? AND ordinal < ?", which)
        if below is None:
            take("DELETE FROM piece WHERE file = ?", (file,))
            take("DELETE FROM gap WHERE file = ?", (file,))

    def _summary(self, said: Said) -> Summary:
        return Summary(
            everywhere=tuple(self._named(said.everywhere)),
            somewhere=tuple(self._named(said.somewhere)),
            rules=tuple(self._named(said.rules)),
            question=self._name(said.question),
            waiting=said.waiting,
            markets=said.markets,
            open_markets=said.open_markets,
        )

    def _write_rows(self) -> None:
        self._connection.executemany(_ROW, self._rows)
        self._rows.clear()

    def _close_chunk(self, chunk: int) -> None:
        """From the facts of each row to the rows of each fact."""
        take = self._connection.execute
        begin, end = chunk * CHUNK, (chunk + 1) * CHUNK
        fresh = take("SELECT number, facts FROM fresh WHERE number >= ? AND number < ?", (begin, end)).fetchall()
        found = [(number, np.frombuffer(content, "<u4").astype(np.uint32)) for number, content in fresh]
        found = sorted([*found, *self._facts], key=lambda pair: pair[0])
        planes = planes_of([number - begin for number, _ in found], [facts for _, facts in found])
        self._connection.executemany(
            "INSERT INTO plane VALUES (?, ?, ?)", [(chunk, number, content) for number, content in planes]
        )
        kept = np.zeros(CHUNK, "<i8")
        rows = take("SELECT number, kept FROM decision WHERE number >= ? AND number < ?", (begin, end)).fetchall()
        for number, instant in rows:
            kept[number - begin] = instant
        instants = [instant for _, instant in rows]
        take("INSERT INTO chunk VALUES (?, ?, ?, ?)", (chunk, min(instants), max(instants), kept.tobytes()))
        take("DELETE FROM fresh WHERE number >= ? AND number < ?", (begin, end))
        self._facts.clear()

    def _in(self, markets: tuple[str, ...]) -> Facts:
        return np.array([self._market(each) for each in markets], np.uint32)

    def _names_of(self, texts: tuple[str, ...]) -> Facts:
        found = self._remembered.get(texts)
        if found is None:
            found = self._remembered[texts] = np.array(self._named(texts), np.uint32)
        return found

    def _named(self, texts: Sequence[str]) -> list[int]:
        known = self._names
        try:
            return [known[text] for text in texts]
        except KeyError:
            return [self._name(text) for text in texts]

    def _name(self, text: str) -> int:
        return self._number("name", self._names, text)

    def _market(self, text: str) -> int:
        return self._number("market", self._markets, text)

    def _number(self, table: str, known: dict[str, int], text: str) -> int:
        found = known.get(text)
        if found is None:
            if len(known) >= MOST_NAMES:
                raise Full
            found = known[text] = len(known)
            self._connection.execute(f"INSERT INTO {table} VALUES (?, ?)", (found, text))  # noqa: S608 (one of ours)
        return found


def item_hash(item: str) -> int:
    """What an item's rows are found by; its text is compared as well."""
    return signed(xxh3_64_intdigest(item.encode()))


def signed(number: int) -> int:
    """A 64-bit number as SQLite holds it."""
    return number - 2 * _SIGN if number >= _SIGN else number


def _numbers(connection: sqlite3.Connection, table: str) -> dict[str, int]:
    rows = connection.execute(f"SELECT text, number FROM {table}")  # noqa: S608 (one of ours)
    return dict(rows.fetchall())
