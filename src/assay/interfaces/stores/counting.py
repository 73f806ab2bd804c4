"""What files of records hold, counted: by file and by bundle. It checks nothing; `verifying` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assay.interfaces.stores.files import records_in
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.names import PARQUET
from assay.interfaces.stores.segments.reading import StoredRecord, is_closed

NO_BUNDLE = "(no decision record)"


class _Named(msgspec.Struct):
    bundle: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One file.

    size         on the disk
    first, last  when the first and the last of its records were kept
    """

    path: Path
    kind: str
    records: int
    size: int
    first: int | None
    last: int | None
    bundles: Mapping[str, int] = field(default_factory=dict)


def count_files(files: Sequence[Path]) -> Iterator[Counted]:
    """The files of a folder, counted; one that is gone meanwhile is left out."""
    for path in files:
        try:
            size = path.stat().st_size
            yield _table(path, size) if path.suffix == PARQUET else _segment(path, size)
        except FileNotFoundError:
            continue


def _segment(path: Path, size: int) -> Counted:
    bundles: Counter[str] = Counter()
    first = last = None
    for found in records_in(path):
        if isinstance(found, StoredRecord):
            bundles[bundle_of(found.record)] += 1
            first = found.kept if first is None else min(first, found.kept)
            last = found.kept if last is None else max(last, found.kept)
    kind = "segment" if is_closed(path) else "open segment"
    return Counted(path, kind, bundles.total(), size, first, last, bundles)


def _table(path: Path, size: int) -> Counted:
    from assay.interfaces.stores.rotation.tables import bundles_in_table, facts_of_table

    facts = facts_of_table(path)
    if isinstance(facts, Damage):
        return Counted(path, "damaged parquet", 0, size, None, None)
    first, last, records = (facts.get(name) for name in ("first", "last", "records"))
    return Counted(
        path,
        "parquet",
        records if isinstance(records, int) else 0,
        size,
        first if isinstance(first, int) else None,
        last if isinstance(last, int) else None,
        bundles_in_table(path),
    )


def bundle_of(record: bytes) -> str:
    """The bundle that a record names."""
    try:
        return msgspec.json.decode(record, type=_Named).bundle
    except (msgspec.DecodeError, RecursionError):
        return NO_BUNDLE
