"""The index as pages read it: decisions that are wanted, one decision, what there is to choose. It changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.facts import HERE
from assay.interfaces.stores.indexing.growing import item_hash
from assay.interfaces.stores.indexing.layout import CHUNK, open_for_reading
from assay.interfaces.stores.indexing.planes import MOST_NAMES, Bits, Facts, fact, facts_at
from assay.interfaces.stores.indexing.reading.finding import MOST_CHUNKS, Search, bits_in, numbers_of
from assay.interfaces.stores.indexing.reading.wanted import Choices, Condition, Gap, Listed, Wanted
from assay.interfaces.stores.indexing.reading.within import MarketFacts
from assay.interfaces.stores.indexing.summaries import read_summary

_COLUMNS = "number, file, ordinal, place, digest, item, kept, as_of, bundle, summary"
_MOST_GAPS = 100
# What a page shows, and one to see whether there is more.
_FIRST = 51
_AT_ONCE = 200
# By market, names of what is so there.
ByMarket: TypeAlias = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Decisions that are wanted.

    stopped  the row at which the look was given up for now; None where it came to the end, or to enough rows
    """

    rows: list[Listed]
    stopped: int | None = None


@contextmanager
def reading(path: Path) -> Generator[IndexReader | Fault]:
    """The index of a store as it is at one moment, or why it cannot be read."""
    opened = open_for_reading(path)
    if isinstance(opened, Fault):
        yield opened
        return
    try:
        # One moment for all that a page asks.
        opened.execute("BEGIN")
        yield IndexReader(opened)
    finally:
        opened.close()


class IndexReader:
    """An open index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._names: dict[int, str] = dict(connection.execute("SELECT number, text FROM name").fetchall())
        self._numbers = {text: number for number, text in self._names.items()}
        self._markets: dict[str, int] = dict(connection.execute("SELECT text, number FROM market").fetchall())

    def find(
        self,
        wanted: Wanted,
        *,
        begin: int | None = None,
        upwards: bool = False,
        most: int = 50,
        most_chunks: int = MOST_CHUNKS,
    ) -> Found:
        """Decisions behind a row, the nearest first.

        begin    the row's number; None is the newest, or the oldest where it goes upwards
        """
        facts = self._facts(wanted)
        if facts is None:
            return Found([])
        search = Search(wanted, facts, begin, upwards=upwards, most_chunks=most_chunks)
        rows = list(islice(self.rows(self._candidates(search)), most))
        return Found(rows, search.stopped if len(rows) < most else None)

    def numbers(self, wanted: Wanted, most: int) -> tuple[int, ...]:
        """The rows of decisions that are wanted, the newest first; `rows` reads them."""
        facts = self._facts(wanted)
        if facts is None:
            return ()
        return tuple(islice(self._candidates(Search(wanted, facts, most_chunks=1 << 40)), most))

    def rows(self, numbers: Iterable[int]) -> Iterator[Listed]:
        """Decisions by their rows, in the same order; one that was taken out meanwhile is left out."""
        source = iter(numbers)
        size = _FIRST
        while some := list(islice(source, size)):
            query = f"SELECT {_COLUMNS} FROM decision WHERE number IN ({', '.join('?' * len(some))})"  # noqa: S608
            rows = {row[0]: row for row in self.connection.execute(query, some)}
            yield from (self._listed(rows[number]) for number in some if number in rows)
            size = _AT_ONCE

    def newest(self) -> int:
        """The newest row; 0 where there is none."""
        (found,) = self.connection.execute("SELECT max(number) FROM decision").fetchone()
        return int(found or 0)

    def count_since(self, instant: int) -> int:
        """How many decisions were kept since an instant: rows up to the newest from the first one kept then."""
        take = self.connection.execute
        (chunk,) = take("SELECT min(number) FROM chunk WHERE last >= ?", (instant,)).fetchone()
        if chunk is None:
            (last,) = take("SELECT max(number) FROM chunk").fetchone()
            chunk = 0 if last is None else last + 1
        query = "SELECT min(number) FROM decision WHERE number >= ? AND kept >= ?"
        (first,) = take(query, (chunk * CHUNK, instant)).fetchone()
        return 0 if first is None else self.newest() - int(first) + 1

    def one(self, file: int, ordinal: int) -> Listed | None:
        """The decision of a name."""
        query = f"SELECT {_COLUMNS} FROM decision WHERE file = ? AND ordinal = ?"  # noqa: S608 (columns of ours)
        row = self.connection.execute(query, (file, ordinal)).fetchone()
        return None if row is None else self._listed(row)

    def facts_of(self, number: int) -> ByMarket:
        """All that the index knows of a decision: by market, and under no market what is so of it as a whole."""
        return self._by_market(self._numbers_of_facts([number])[number])

    def changes(self, numbers: Sequence[int]) -> list[tuple[ByMarket, ByMarket]]:
        """For every decision but the last: what is so of it and not of the next one, and the other way round.

        returns  what differs in the markets that both were made for
        """
        found = self._numbers_of_facts(numbers)
        return [self._differing(found[one], found[other]) for one, other in pairwise(numbers)]

    def facts_in(self, market: str) -> MarketFacts:
        """What is so of decisions in one market, by its name in records; nothing where none of them has it."""
        return MarketFacts(self.connection, self._names, self._markets.get(market) if market else None)

    def choices(self) -> Choices:
        """Names that records have."""
        named: dict[str, set[str]] = {"measure": set(), "rule": set(), "bundle": set()}
        for text in self._numbers:
            kind, _, rest = text.partition(":")
            if kind in named and rest:
                named[kind].add(rest if kind == "bundle" else rest.rpartition("=")[0])
        markets = sorted(market for market in self._markets if market)
        return Choices(tuple(markets), *(tuple(sorted(named[kind])) for kind in ("measure", "rule", "bundle")))

    def condition(self) -> Condition:
        """How it is."""
        take = self.connection.execute
        state = dict(take("SELECT name, value FROM state").fetchall())
        gaps = take("SELECT file, slug, words FROM gap ORDER BY file DESC, place LIMIT ?", (_MOST_GAPS + 1,)).fetchall()
        gone = take("SELECT number FROM file WHERE state = 'gone' ORDER BY number DESC LIMIT ?", (_MOST_GAPS,))
        told = [Gap(file, slug, words) for file, slug, words in gaps[:_MOST_GAPS]]
        told += [Gap(file, "gone", "the file was removed, and what it held with it") for (file,) in gone]
        fault = Fault(state["fault"], state["fault_words"]) if state.get("fault") else None
        (rows,) = take("SELECT coalesce(sum(records), 0) FROM file WHERE state <> 'gone'").fetchone()
        followed, behind = state.get("followed"), bool(state.get("behind"))
        return Condition(rows, followed, behind, fault, tuple(told), len(gaps) > _MOST_GAPS)

    # ------------------------------------------------------------------ inside

    def _facts(self, wanted: Wanted) -> tuple[int, ...] | None:
        """The numbers of the facts that must hold; None where one of them is so of no decision."""
        market = self._markets.get(wanted.market)
        here = wanted.in_market or ((HERE,) if wanted.market else ())
        pairs = [(market, name) for name in here] + [(0, name) for name in wanted.anywhere]
        found = []
        for place, name in pairs:
            number = self._numbers.get(name)
            if place is None or number is None:
                return None
            found.append(fact(place, number))
        return None if market is None else tuple(found)

    def _candidates(self, search: Search) -> Iterable[int]:
        wanted = search.wanted
        return numbers_of(search, self.connection) if not wanted.item else self._of_item(search)

    def _of_item(self, search: Search) -> Iterator[int]:
        """Rows of one item of which all facts are so."""
        way, order = (">", "ASC") if search.upwards else ("<", "DESC")
        query = (
            f"SELECT number, item, kept FROM decision WHERE item_hash = ? AND number {way} ? ORDER BY number {order}"  # noqa: S608 (words of ours)
        )
        begin = search.begin if search.begin is not None else (0 if search.upwards else 1 << 62)
        wanted = search.wanted
        read: dict[int, Bits | None] = {}
        for number, item, kept in self.connection.execute(query, (item_hash(wanted.item), begin)):
            inside = (wanted.since is None or kept >= wanted.since) and (wanted.until is None or kept < wanted.until)
            if item == wanted.item and inside and self._holds(number, search.facts, read):
                yield number

    def _holds(self, number: int, facts: tuple[int, ...], read: dict[int, Bits | None]) -> bool:
        """Whether all facts are so of a row. What was read of a chunk is remembered in `read`."""
        if not facts:
            return True
        chunk = number // CHUNK
        if chunk not in read:
            read[chunk] = bits_in(facts, self.connection, chunk, chunk + 1).get(chunk)
        bits = read[chunk]
        if bits is not None:
            return bool(bits[number % CHUNK])
        row = self.connection.execute("SELECT facts FROM fresh WHERE number = ?", (number,)).fetchone()
        return row is not None and set(facts) <= set(np.frombuffer(row[0], "<u4").tolist())

    def _numbers_of_facts(self, numbers: Sequence[int]) -> dict[int, Facts]:
        """The facts of rows, each chunk read once."""
        take = self.connection.execute
        found: dict[int, Facts] = {}
        for chunk in {number // CHUNK for number in numbers}:
            here = [number for number in numbers if number // CHUNK == chunk]
            planes = take("SELECT fact, rows FROM plane WHERE chunk = ?", (chunk,)).fetchall()
            found.update(zip(here, facts_at(planes, [number % CHUNK for number in here]), strict=True))
        for number in numbers:
            row = take("SELECT facts FROM fresh WHERE number = ?", (number,)).fetchone()
            if row is not None:
                found[number] = np.sort(np.frombuffer(row[0], "<u4").astype(np.uint32))
        return found

    def _differing(self, one: Facts, other: Facts) -> tuple[ByMarket, ByMarket]:
        here = self._numbers.get(HERE, MOST_NAMES)
        in_one, in_other = ((facts[facts % MOST_NAMES == here] // MOST_NAMES) for facts in (one, other))
        both = np.intersect1d(in_one, in_other)
        only = (np.setdiff1d(one, other), np.setdiff1d(other, one))
        first, second = (facts[np.isin(facts // MOST_NAMES, both)] for facts in only)
        return self._by_market(first), self._by_market(second)

    def _by_market(self, numbers: Facts) -> ByMarket:
        markets = {place: text for text, place in self._markets.items()}
        found: dict[str, set[str]] = {}
        for each in numbers.tolist():
            found.setdefault(markets[each // MOST_NAMES], set()).add(self._names[each % MOST_NAMES])
        return {market: frozenset(names) for market, names in sorted(found.items())}

    def _listed(self, row: tuple[int, int, int, int, int, str, int, int | None, int, bytes]) -> Listed:
        number, file, ordinal, place, digest, item, kept, as_of, bundle, content = row
        summary, names = read_summary(content), self._names
        return Listed(
            number=number,
            file=file,
            ordinal=ordinal,
            place=place,
            digest=digest,
            item=item,
            kept=kept,
            as_of=as_of,
            bundle=names[bundle],
            everywhere=tuple(names[each] for each in summary.everywhere),
            somewhere=tuple(names[each] for each in summary.somewhere),
            rules=tuple(names[each] for each in summary.rules),
            question=names[summary.question],
            waiting=summary.waiting,
            markets=summary.markets,
            open_markets=summary.open_markets,
        )
