"""Entries made up for tests of stores: pieces that come again, texts of every kind. It tests nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.files import records_in
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.reading import StoredRecord
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter

SHARED = tuple(f'"rule/{number}":"why it holds, in words that come again {number}"'.encode() for number in range(9))


def an_entry(number: int, key: str = "", pieces: int = 3) -> Entry:
    """An entry of text, some of which other entries have as well."""
    parts: list[bytes] = [f'{{"item":"upload-{number}",'.encode()]
    for place in range(pieces):
        parts += (SHARED[(number + place) % len(SHARED)], b"," if place < pieces - 1 else b"}")
    return Entry(parts, f"upload-{number}", key)


def some_entries(count: int, first: int = 0) -> list[Entry]:
    """Entries in order, every third with a key."""
    return [an_entry(number, f"http ada {number}" if number % 3 == 0 else "") for number in range(first, first + count)]


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Any entries: parts of any bytes and any number, ids and keys of any text."""
    shared = draw(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
    part = st.one_of(st.binary(max_size=60), st.sampled_from(shared))
    text = st.text(st.characters(), max_size=12)
    one = st.builds(Entry, st.lists(part, max_size=9), text, text)
    return draw(st.lists(one, max_size=12))


def write(
    folder: Path, batches: Sequence[Sequence[Entry]], limits: Limits | None = None, number: int = 1
) -> list[Path]:
    """Write batches and close; the files."""
    writer = SegmentWriter(folder, limits or Limits("written"), number)
    for batch in batches:
        writer.write(batch)
    writer.close()
    return sorted(folder.glob("*.segment"))


def read(path: Path) -> tuple[list[StoredRecord], list[Damage]]:
    """What is sound in a file, and what is not."""
    found = list(records_in(path))
    return (
        [each for each in found if isinstance(each, StoredRecord)],
        [each for each in found if isinstance(each, Damage)],
    )


def shown(found: Sequence[StoredRecord]) -> list[tuple[str, str, bytes]]:
    """Stored records as they can be compared with entries."""
    return [(each.item, each.key, each.record) for each in found]


def asked(given: Sequence[Entry]) -> list[tuple[str, str, bytes]]:
    """Entries likewise."""
    return [(each.item, each.key, each.record) for each in given]
