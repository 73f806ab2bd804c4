"""Holds every file of a record folder to what was written: frames, pieces, digests, footers. It repairs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xxhash import xxh3_128_hexdigest

from assay.interfaces.stores.files import records_in
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.names import ASIDE, LOCK, PARQUET
from assay.interfaces.stores.segments.reading import StoredRecord, is_closed, read_sealed, read_whole
from assay.interfaces.stores.segments.system import is_held


@dataclass(frozen=True, slots=True)
class Verified:
    """What one file came to.

    kind     `segment`, `open segment` or `parquet`
    records  that are whole
    size     bytes of those records, put together
    damages  what is not as it was written
    torn     the end of a segment that was not closed, which is no whole frame: an answer never rested on it
    """

    path: Path
    kind: str
    records: int
    size: int
    first: int | None
    last: int | None
    damages: tuple[Damage, ...]
    torn: Damage | None = None


def verify_file(path: Path) -> Verified:
    """Every record of a file put together and held to its digest, and the file to its footer."""
    records = size = 0
    first = last = None
    damages: list[Damage] = []
    for found in records_in(path):
        if isinstance(found, StoredRecord):
            records, size = records + 1, size + len(found.record)
            first = found.kept if first is None else min(first, found.kept)
            last = found.kept if last is None else max(last, found.kept)
        else:
            damages.append(found)
    kind, torn = "parquet", None
    if path.suffix == PARQUET:
        damages += _against_index(path, records, damages)
    elif path.exists():
        closed = is_closed(path)
        kind = "segment" if closed else "open segment"
        if not closed and damages and damages[-1].slug == "torn-tail":
            torn = damages.pop()
        damages += _against_footer(path, records, damages) if closed else []
    return Verified(path, kind, records, size, first, last, tuple(damages), torn)


def _against_footer(path: Path, records: int, damages: list[Damage]) -> Iterator[Damage]:
    """What a closed segment says of itself, against what is in it; damage that is placed already is not told twice."""
    sealed = read_sealed(path)
    if sealed is None or damages:
        return
    if sealed.footer.get("records") != records:
        words = f"there are {records:,} records, and the footer says {sealed.footer.get('records')!s:.20}"
        yield Damage(sealed.place, 0, "wrong-count", words)
    content, _ = read_whole(path)
    if xxh3_128_hexdigest(memoryview(content)[: sealed.place]) != sealed.footer.get("xxh3_128"):
        yield Damage(sealed.place, 0, "wrong-digest", "the file is not the one that was closed")


def _against_index(path: Path, records: int, damages: list[Damage]) -> Iterator[Damage]:
    from assay.interfaces.stores.rotation.tables import facts_of_table

    facts = facts_of_table(path)
    if isinstance(facts, Damage) or damages:
        return
    if facts.get("records") != records:
        words = f"there are {records:,} records, and the index says {facts.get('records')!s:.20}"
        yield Damage(records, 0, "wrong-count", words)


def put_aside(folder: Path) -> list[Path]:
    """What earlier starts put aside: torn tails, and segments that were damaged."""
    return sorted(folder.glob(f"*{ASIDE}"))


def is_in_use(folder: Path) -> bool:
    """Whether a process writes to a folder."""
    return is_held(folder / LOCK)
