"""A record folder as its readers see it: files in order, the records in them. It changes nothing and locks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.segments.frames import Damage, read_header
from assay.interfaces.stores.segments.names import PARQUET, SEGMENT, numbered
from assay.interfaces.stores.segments.reading import StoredRecord, read_sealed, read_whole, records_of
from assay.interfaces.stores.segments.system import unwritable

_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Between:
    """Which records are wanted, by when they were kept: from `since` up to and without `until`."""

    since: int = -_EVER
    until: int = _EVER

    def holds(self, instant: int) -> bool:
        """Whether an instant lies in it."""
        return self.since <= instant < self.until

    def meets(self, first: int, last: int) -> bool:
        """Whether a stretch has something of it."""
        return first < self.until and last >= self.since


def record_files(folder: Path) -> list[Path] | Fault:
    """The files of a folder in order. Of a file that is a segment still and Parquet already, the segment counts."""
    if not folder.is_dir():
        return Fault("no-such-folder", f"there is no folder `{folder}`; `folder` in the table [store] says where it is")
    try:
        segments, tables = numbered(folder, SEGMENT), numbered(folder, PARQUET)
    except OSError as error:
        found = unwritable(error, folder)
        return Fault(found.slug, found.words)
    stems = {path.stem for path in segments}
    return sorted([*segments, *(path for path in tables if path.stem not in stems)], key=lambda path: path.name)


def records_in(path: Path, between: Between | None = None) -> Iterator[StoredRecord | Damage]:
    """The records of a file that lie between two instants, in order, and whatever of it is damaged."""
    between = between or Between()
    if path.suffix == PARQUET:
        from assay.interfaces.stores.rotation.tables import records_in_table

        found = records_in_table(path, between.meets)
    else:
        found = _in_segment(path, between)
    for each in found:
        if isinstance(each, Damage) or between.holds(each.kept):
            yield each


def _in_segment(path: Path, between: Between) -> Iterator[StoredRecord | Damage]:
    try:
        if _is_outside(path, between):
            return
        content, damages = read_whole(path)
    except FileNotFoundError:
        # It became Parquet between listing and reading.
        yield from records_in(path.with_suffix(PARQUET), between)
        return
    except OSError as error:
        yield Damage(0, 0, "unreadable", f"the file cannot be read: {(error.strerror or 'it failed').lower()}")
        return
    header = read_header(content)
    if isinstance(header, str):
        # A process that ended just then leaves a file that is shorter than its header.
        if content:
            yield Damage(0, len(content), "no-segment", header)
        return
    yield from damages
    yield from records_of(content, header.salt)


def _is_outside(path: Path, between: Between) -> bool:
    sealed = read_sealed(path)
    first, last = (None, None) if sealed is None else (sealed.footer.get("first"), sealed.footer.get("last"))
    return isinstance(first, int) and isinstance(last, int) and not between.meets(first, last)
