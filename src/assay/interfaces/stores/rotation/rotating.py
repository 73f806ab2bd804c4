"""Turns closed segments into Parquet, survivable at any point. It removes a segment only for one that was read back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.rotation.columns import Columns
from assay.interfaces.stores.rotation.tables import records_in_table, write_sum, write_table
from assay.interfaces.stores.segments.frames import Damage, read_header
from assay.interfaces.stores.segments.names import ASIDE, PARQUET, PART, ROTATING, SEGMENT, numbered
from assay.interfaces.stores.segments.reading import StoredRecord, is_closed, read_whole, records_of
from assay.interfaces.stores.segments.system import Lock, RealSystem, unwritable


@dataclass(frozen=True, slots=True)
class Rotated:
    """A segment that is Parquet now.

    damages  what of the segment was damaged; then it is kept aside
    """

    path: Path
    records: int
    damages: tuple[Damage, ...] = ()


def rotate(folder: Path, reached: Callable[[int, int], None] | None = None) -> Iterator[Rotated | Fault]:
    """Turn every closed segment of a folder into Parquet, the oldest first.

    reached  told how many of how many files are done
    """
    lock = Lock(folder / ROTATING)
    try:
        holder = lock.take()
        if holder is not None:
            yield Fault("rotation-running", f"process {holder or 'unknown'} rotates `{folder}` already")
            return
        for left in folder.glob(f".*{PART}"):
            left.unlink(missing_ok=True)
        closed = [path for path in numbered(folder, SEGMENT) if is_closed(path)]
        for done, path in enumerate(closed):
            yield _rotate(path)
            if reached is not None:
                reached(done + 1, len(closed))
    except OSError as error:
        found = unwritable(error, folder)
        yield Fault(found.slug, found.words)
    finally:
        lock.release()


def _rotate(path: Path) -> Rotated | Fault:
    content, damages = read_whole(path)
    header = read_header(content)
    if isinstance(header, str):
        return Fault("no-segment", f"`{path.name}`: {header}")
    columns = Columns()
    for found in records_of(content, header.salt):
        if isinstance(found, Damage):
            damages.append(found)
        elif not _is_text(found.record):
            return Fault("not-text", f"`{path.name}`: the record at byte {found.offset} is no text; the segment stays")
        else:
            columns.add(found)
    parquet, part = path.with_suffix(PARQUET), path.with_name(f".{path.stem}{PART}")
    if columns.ids:
        records = (found for found in records_of(content, header.salt) if isinstance(found, StoredRecord))
        digests = write_table(part, columns, records, _said(path, columns, damages))
        fault = _read_back(part, digests)
        if fault is not None:
            part.unlink()
            return fault
        _settle(part, parquet)
    if damages:
        path.replace(path.with_name(f"{path.name}.damaged{ASIDE}"))
    else:
        path.unlink()
    RealSystem().sync_folder(path.parent)
    return Rotated(parquet, len(columns.ids), tuple(damages))


def _said(path: Path, columns: Columns, damages: list[Damage]) -> dict[str, object]:
    """What the file says of itself."""
    kept = columns.kept
    return {"segment": path.name, "damaged": len(damages), "first": min(kept), "last": max(kept)}


def _read_back(part: Path, digests: list[int]) -> Fault | None:
    """Whether the file that was written holds what was to be written."""
    from xxhash import xxh3_64_intdigest

    found = [
        xxh3_64_intdigest(each.record) if isinstance(each, StoredRecord) else None for each in records_in_table(part)
    ]
    if found == digests:
        return None
    return Fault(
        "not-read-back", f"`{part.name}` does not hold what was written; the segment stays, and is tried again"
    )


def _settle(part: Path, parquet: Path) -> None:
    """The file under its name, once its bytes are on the disk."""
    system = RealSystem()
    part.chmod(0o640)
    opened = os.open(part, os.O_RDWR | os.O_CLOEXEC)
    try:
        system.sync(opened)
    finally:
        system.close(opened)
    write_sum(parquet, part)
    part.replace(parquet)
    system.sync_folder(parquet.parent)


def _is_text(record: bytes) -> bool:
    try:
        record.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
