"""Numbers of the rows that are wanted, nearest first, from sets of rows chunk by chunk. It reads no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np

from assay.interfaces.stores.indexing.layout import CHUNK
from assay.interfaces.stores.indexing.planes import Bits, unpacked
from assay.interfaces.stores.indexing.reading.wanted import Wanted

# Few at first: what is common is found in the nearest ones.
_AT_ONCE = 64
_FRESH_AT_ONCE = 256
# Sixteen million decisions: what is rarer than that is found by going on.
MOST_CHUNKS = 8_192

_CHUNKS = """
WITH RECURSIVE wanted(number) AS (SELECT ?1 UNION ALL SELECT number + 1 FROM wanted WHERE number < ?2)
SELECT wanted.number, plane.fact, plane.rows FROM wanted CROSS JOIN plane
ON plane.chunk = wanted.number AND plane.fact IN (%s)
"""


class Search:
    """One look through the index.

    facts    numbers of the facts that must all hold
    begin    the row to begin behind; None is the end from which it is looked
    upwards  from the oldest to the newest
    stopped  the row at which it gave up for now; None where it came to the end
    """

    def __init__(
        self,
        wanted: Wanted,
        facts: tuple[int, ...],
        begin: int | None = None,
        *,
        upwards: bool = False,
        most_chunks: int = MOST_CHUNKS,
    ) -> None:
        self.wanted, self.facts, self.begin = wanted, facts, begin
        self.upwards, self.most_chunks = upwards, most_chunks
        self.stopped: int | None = None


def numbers_of(search: Search, connection: sqlite3.Connection) -> Iterator[int]:
    """Rows that are wanted, the nearest first."""
    (end,) = connection.execute("SELECT value FROM state WHERE name = 'next'").fetchone()
    closed = end // CHUNK
    wanted = search.wanted
    if not search.facts and wanted.since is None and wanted.until is None:
        yield from _of_all(search, connection)
        return
    if search.upwards:
        begin = 0 if search.begin is None else search.begin + 1
        yield from _of_chunks(search, connection, begin // CHUNK, closed)
        if search.stopped is None:
            yield from _of_fresh(search, connection, max(begin, closed * CHUNK), end)
        return
    last = end if search.begin is None else min(search.begin, end)
    yield from _of_fresh(search, connection, closed * CHUNK, last)
    yield from _of_chunks(search, connection, 0, min(closed, -(-last // CHUNK)))


def _of_all(search: Search, connection: sqlite3.Connection) -> Iterator[int]:
    if search.upwards:
        query, begin = "SELECT number FROM decision WHERE number > ? ORDER BY number", 0
    else:
        query, begin = "SELECT number FROM decision WHERE number < ? ORDER BY number DESC", 1 << 62
    for (number,) in connection.execute(query, (begin if search.begin is None else search.begin,)):
        yield number


def _of_chunks(search: Search, connection: sqlite3.Connection, first: int, end: int) -> Iterator[int]:
    looked, size = 0, 1
    while first < end:
        if looked >= search.most_chunks:
            search.stopped = first * CHUNK - 1 if search.upwards else end * CHUNK
            return
        size = min(2 * size, _AT_ONCE, end - first)
        begin = first if search.upwards else end - size
        some = _rows_in(search, connection, begin, begin + size)
        for number in some if search.upwards else reversed(some):
            if search.begin is None or (number > search.begin if search.upwards else number < search.begin):
                yield number
        looked += size
        first, end = (first + size, end) if search.upwards else (first, end - size)


def _rows_in(search: Search, connection: sqlite3.Connection, first: int, end: int) -> list[int]:
    """The rows of some chunks that are wanted, in order."""
    found = bits_in(search.facts, connection, first, end)
    wanted = search.wanted
    if wanted.since is not None or wanted.until is not None:
        _within(wanted, connection, found, first, end)
    rows: list[int] = []
    for chunk in sorted(found):
        rows += (np.flatnonzero(found[chunk]) + chunk * CHUNK).tolist()
    return rows


def bits_in(facts: Sequence[int], connection: sqlite3.Connection, first: int, end: int) -> dict[int, Bits]:
    """By chunk, the rows of which all facts are so."""
    if not facts:
        rows = connection.execute("SELECT number FROM chunk WHERE number >= ? AND number < ?", (first, end))
        return {chunk: np.ones(CHUNK, np.bool_) for (chunk,) in rows}
    query = _CHUNKS % ", ".join("?" * len(facts))
    contents: dict[int, list[bytes]] = {}
    for chunk, _, content in connection.execute(query, (first, end - 1, *facts)):
        contents.setdefault(chunk, []).append(content)
    # A chunk in which one of them is never so has no plane for it.
    return {chunk: _all(planes) for chunk, planes in contents.items() if len(planes) == len(facts)}


def _all(planes: list[bytes]) -> Bits:
    # The smallest sets first: most of what they leave out need not be looked at again.
    found = unpacked(planes[0])
    for content in planes[1:]:
        found &= unpacked(content)
    return found


def _within(wanted: Wanted, connection: sqlite3.Connection, found: dict[int, Bits], first: int, end: int) -> None:
    """Leave out rows that were kept before or after."""
    since = wanted.since if wanted.since is not None else -(1 << 62)
    until = wanted.until if wanted.until is not None else 1 << 62
    bounds = "SELECT number, first, last FROM chunk WHERE number >= ? AND number < ?"
    for chunk, earliest, latest in connection.execute(bounds, (first, end)).fetchall():
        if chunk not in found or (since <= earliest and latest < until):
            continue
        if latest < since or earliest >= until:
            del found[chunk]
            continue
        (content,) = connection.execute("SELECT kept FROM chunk WHERE number = ?", (chunk,)).fetchone()
        kept = np.frombuffer(content, "<i8")
        found[chunk] &= (kept >= since) & (kept < until)


def _of_fresh(search: Search, connection: sqlite3.Connection, first: int, end: int) -> Iterator[int]:
    """Rows of the chunk that still grows, from `first` on and before `end`, some at a time."""
    order = "ASC" if search.upwards else "DESC"
    query = (
        "SELECT fresh.number, facts, kept FROM fresh JOIN decision USING (number)"  # noqa: S608 (words of ours)
        f" WHERE fresh.number >= ? AND fresh.number < ? ORDER BY fresh.number {order} LIMIT ?"
    )
    while rows := connection.execute(query, (first, end, _FRESH_AT_ONCE)).fetchall():
        yield from _wanted_of(search, rows)
        last = rows[-1][0]
        first, end = (last + 1, end) if search.upwards else (first, last)


def _wanted_of(search: Search, rows: list[tuple[int, bytes, int]]) -> Iterator[int]:
    flat = np.frombuffer(b"".join([content for _, content, _ in rows]), "<u4")
    owner = np.repeat(np.arange(len(rows)), [len(content) // 4 for _, content, _ in rows])
    bits = np.ones(len(rows), np.bool_)
    for fact in search.facts:
        here = np.zeros(len(rows), np.bool_)
        here[owner[flat == fact]] = True
        bits &= here
    since, until = search.wanted.since, search.wanted.until
    for place in np.flatnonzero(bits):
        number, _, kept = rows[place]
        if (since is None or kept >= since) and (until is None or kept < until):
            yield number
