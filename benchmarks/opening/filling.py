"""Fills a workbench with people, ledger entries and an index of records, each as the program itself would have it.

Entries are hashed and put into the tree by the ledger's own code; rows of the index are made by its own. Only the
commands around them are left out, of which a million would take half an hour.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from struct import pack

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.rules import Record
from assay.interfaces.packs.folders import load_pack

ROOT = Path(__file__).resolve().parent.parent.parent
STARTER = ROOT / "packs" / "starter"
SEED = 7
_AT_ONCE = 20_000
_MICROSECONDS = 1_000_000
# Different records, of which many are kept: what differs from one to the next is the item and the instant.
_KINDS_OF_RECORDS = 400


def some_records(number: int) -> list[bytes]:
    """Records of drawn items by the starter pack."""
    decider = Decider(load_pack(STARTER))
    writer, chance, now = RecordWriter(decider), random.Random(SEED), int(time.time()) * _MICROSECONDS
    choices = {
        each.name: tuple(value.name for value in each.values)
        for each in decider.vocabulary.signals
        if each.type.value in ("choice", "scale") and (each.subject, each.scope) == ("item", "item")
    }
    found = []
    for each in range(number):
        signals = {name: chance.choice(values) for name, values in choices.items() if chance.random() < 0.4}
        item = Item.from_signals(signals, decider.vocabulary, id=f"upload-{each}")
        if isinstance(item, list):
            raise TypeError(item[0].words)
        found.append(writer.write(decider.decide(item, now)))
    return found


def fill_people(number: int) -> None:
    """So many more people, each with a role."""
    from assay.governance.office.roles import Role
    from assay.governance.people.models import Grant, Person

    joined = datetime.now(UTC) - timedelta(days=400)
    roles = tuple(Role)
    made = Person.objects.bulk_create(
        [
            Person(email=f"person-{each}@house.example", name=f"Person {each:05}", password="!")
            for each in range(number)
        ],
        batch_size=500,
    )
    Grant.objects.bulk_create(
        [Grant(person=person, role=roles[each % len(roles)], starts=joined) for each, person in enumerate(made)],
        batch_size=500,
    )


def fill_ledger(number: int) -> None:
    """So many more entries, of kinds that are there already, by and about some of the people."""
    from django.db import connection, transaction

    from assay.governance.ledger.models import Entry, Head, Node, place_of
    from assay.governance.ledger.tree import Frontier

    head = Head.objects.get()
    held = bytes(head.frontier)
    frontier = Frontier(head.size, [held[at : at + 32] for at in range(0, len(held), 32)])
    last, drawn = bytes(head.last), _drawn_entries()
    entries = f"INSERT INTO {Entry._meta.db_table} ({', '.join(_COLUMNS)}) VALUES ({', '.join('%s' for _ in _COLUMNS)})"
    subtrees = f"INSERT INTO {Node._meta.db_table} (place, hash) VALUES (%s, %s)"
    for count in _batches(number):
        rows, nodes = [], []
        for _ in range(count):
            record = Record(frontier.size, *next(drawn), last)
            last = record.hash()
            rows.append((*(getattr(record, name) for name in record.__slots__), last))
            nodes += [(place_of(level, place), found) for level, place, found in frontier.append(last)[1:]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(entries, rows)
            cursor.executemany(subtrees, nodes)
            Head.objects.update(size=frontier.size, last=last, frontier=b"".join(frontier.subtrees))


_COLUMNS = (*Record.__slots__, "hash")


def _drawn_entries() -> Iterator[tuple[int, str, str, str, str, str]]:
    """Instant, actor, way, kind, subject and content of entries: what was said before, by and about others."""
    from assay.governance.ledger.models import Entry
    from assay.governance.people.models import Person

    chance = random.Random(SEED)
    known = list(Entry.objects.values_list("way", "kind", "content"))
    people = [f"person:{key}" for key in Person.objects.values_list("key", flat=True)]
    at = int(time.time()) * _MICROSECONDS - 300 * 86_400 * _MICROSECONDS
    while True:
        at += chance.randrange(1, 50 * _MICROSECONDS)
        way, kind, content = chance.choice(known)
        yield at, chance.choice(people), way, kind, chance.choice(people), content


def fill_index(folder: Path, number: int) -> None:
    """So many rows in the index beside a record folder, as of a file that is never read again.

    The program puts the first ones in. Chunks of them are then copied with numbers, items and instants of their own,
    and it puts in what is left, which makes no whole chunk.
    """
    from assay.interfaces.stores.indexing.layout import CHUNK, index_path, open_for_writing

    connection = open_for_writing(index_path(folder))
    if isinstance(connection, Fault):
        raise TypeError(connection.words)
    rows = _Rows(number, some_records(min(number, _KINDS_OF_RECORDS)))
    (begin,) = connection.execute("SELECT value FROM state WHERE name = 'next'").fetchone()
    whole = (begin + number) // CHUNK
    first = begin // CHUNK + 1
    copied = range(first + _COPIED, whole) if whole > first + _COPIED else range(0)
    _grow(connection, rows, (copied.start * CHUNK if copied else begin + number) - begin)
    connection.execute("BEGIN IMMEDIATE")
    for chunk in copied:
        _copy_chunk(connection, rows, first + chunk % _COPIED, chunk)
    connection.execute("UPDATE state SET value = max(value, ?) WHERE name = 'next'", (copied.stop * CHUNK,))
    connection.execute("COMMIT")
    _grow(connection, rows, number - rows.made)
    connection.close()


class _Rows:
    """Rows that are to be in the index: of which item, kept when, and what each says."""

    def __init__(self, number: int, records: list[bytes]) -> None:
        self.number, self.records, self.made = number, records, 0
        self._begin = int(time.time()) * _MICROSECONDS - number * _MICROSECONDS

    def item(self, ordinal: int) -> str:
        """The item of a row; one is decided again and again."""
        return OFTEN if ordinal % 100 == 0 else f"upload-{ordinal % (self.number // 2)}"

    def kept(self, ordinal: int) -> int:
        """When it was kept: one a second."""
        return self._begin + ordinal * _MICROSECONDS


def _grow(connection: Connection, rows: _Rows, number: int) -> None:
    """So many rows more, as the program itself puts them in."""
    from assay.interfaces.stores.indexing.growing import Growing
    from assay.interfaces.stores.segments.reading import StoredRecord

    for count in _batches(number):
        connection.execute("BEGIN IMMEDIATE")
        growing = Growing(connection)
        for ordinal in range(rows.made, rows.made + count):
            record = rows.records[ordinal % len(rows.records)]
            growing.add(StoredRecord(ordinal, rows.item(ordinal), "", rows.kept(ordinal), record), _FILE, ordinal)
        growing.finish()
        connection.execute("COMMIT")
        rows.made += count


def _copy_chunk(connection: Connection, rows: _Rows, source: int, chunk: int) -> None:
    """A chunk more, which says of its rows what another one does."""
    from assay.interfaces.stores.indexing.growing import item_hash
    from assay.interfaces.stores.indexing.layout import CHUNK

    ordinals = range(rows.made, rows.made + CHUNK)
    kept = [rows.kept(ordinal) for ordinal in ordinals]
    connection.execute("INSERT INTO plane SELECT ?, fact, rows FROM plane WHERE chunk = ?", (chunk, source))
    connection.execute("INSERT INTO chunk VALUES (?, ?, ?, ?)", (chunk, kept[0], kept[-1], pack(f"<{CHUNK}q", *kept)))
    old = connection.execute(
        "SELECT as_of, bundle, digest, summary FROM decision WHERE number >= ? AND number < ? ORDER BY number",
        (source * CHUNK, (source + 1) * CHUNK),
    ).fetchall()
    named = zip(range(chunk * CHUNK, (chunk + 1) * CHUNK), ordinals, map(rows.item, ordinals), kept, old, strict=True)
    connection.executemany(
        "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((each, _FILE, at, at, item, item_hash(item), instant, *said) for each, at, item, instant, said in named),
    )
    rows.made += CHUNK


# An item of which every hundredth decision is.
OFTEN = "upload-often"
# So many whole chunks say different things.
_COPIED = 16
# The number of a file in the index; those of real files begin at 1 and never come so far.
_FILE = 1 << 40


def _batches(number: int) -> Iterator[int]:
    for start in range(0, number, _AT_ONCE):
        yield min(_AT_ONCE, number - start)
