"""The keys of requests that were answered lately, out of a record folder. It reads no more files than it must."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assay.interfaces.stores.files import record_files
from assay.interfaces.stores.segments.names import PARQUET, SEGMENT
from assay.interfaces.stores.segments.reading import StoredRecord, keys_in, read_sealed, read_whole, records_of


def recent_keys(folder: Path, since: int, prefix: str, most: int) -> Iterator[tuple[str, bytes]]:
    """The newest keys of closed files since an instant, with their records, the oldest of them first.

    What is damaged is left out.
    raises  OSError where a file cannot be read
    """
    chosen: list[tuple[Path, list[tuple[str, int]]]] = []
    files = record_files(folder)
    for path in reversed(files if isinstance(files, list) else []):
        if most <= 0:
            break
        keys = _keys_of(path, since)
        if keys is None:
            break
        wanted = [(key, place) for key, place in keys if key.startswith(prefix)][-most:]
        if wanted:
            chosen.append((path, wanted))
        most -= len(wanted)
    for path, wanted in reversed(chosen):
        for found in _records_at(path, wanted):
            if found.kept >= since:
                yield found.key, found.record


def _keys_of(path: Path, since: int) -> list[tuple[str, int]] | None:
    """A file's keys with their places; None where all of the file, and so of those before it, was kept earlier."""
    if path.suffix == SEGMENT:
        try:
            sealed = read_sealed(path)
        except FileNotFoundError:
            return _keys_of(path.with_suffix(PARQUET), since)
        if sealed is None:
            return []
        last = sealed.footer.get("last")
        return None if isinstance(last, int) and last < since else keys_in(sealed)
    from assay.interfaces.stores.rotation.tables import facts_of_table, keys_in_table

    facts = facts_of_table(path)
    last = facts.get("last") if isinstance(facts, dict) else None
    return None if isinstance(last, int) and last < since else keys_in_table(path)


def _records_at(path: Path, wanted: list[tuple[str, int]]) -> Iterator[StoredRecord]:
    """Records of a file by key and place; a segment may become Parquet at any moment, and then keys alone tell."""
    places = {place for _, place in wanted}
    if path.suffix == SEGMENT:
        try:
            sealed = read_sealed(path)
            content, _ = (b"", ()) if sealed is None else read_whole(path)
        except FileNotFoundError:
            path, places = path.with_suffix(PARQUET), set()
        else:
            found = () if sealed is None else records_of(content, sealed.header.salt, frozenset(places))
            yield from (each for each in found if isinstance(each, StoredRecord))
            return
    from assay.interfaces.stores.rotation.tables import records_in_table

    keys = {key for key, _ in wanted}
    for each in records_in_table(path):
        if isinstance(each, StoredRecord) and (each.offset in places if places else each.key in keys):
            yield each
