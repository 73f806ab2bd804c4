"""Appends batches of entries to segment files, as durable as it is told. It never leaves half a batch that counts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from xxhash import xxh3_128

from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.segments.batching import Pieces, frames_for
from assay.interfaces.stores.segments.frames import Header, footer_frame, header_bytes
from assay.interfaces.stores.segments.names import segment_name
from assay.interfaces.stores.segments.sealing import Kept, footer_content
from assay.interfaces.stores.segments.system import RealSystem, System, unwritable, write_all
from assay.interfaces.stores.settings import Durability

# So few that entries are still in the processor's cache when their bytes are handed to the system.
_AT_ONCE = 64
_PROBE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """When a segment is closed, and when its records count as kept.

    seconds   between syncs at the most, where durability is `interval`
    """

    durability: Durability = "synced"
    interval_seconds: float = 0.2
    segment_bytes: int = 64 << 20
    segment_seconds: float = 3600.0


@dataclass(slots=True, eq=False)
class _Segment:
    """The file that is being written.

    size  up to the end of the last batch that counts
    """

    path: Path
    file: int
    salt: int
    size: int
    begun: float
    pieces: Pieces = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    running: xxh3_128 = field(default_factory=xxh3_128)


class SegmentWriter:
    """A store of files in one folder, which this process alone writes to.

    number  of the next file
    sealed  told when a file has been closed for good
    now     the wall clock, in microseconds
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        number: int,
        *,
        system: System | None = None,
        sealed: Callable[[Path], None] | None = None,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._folder, self._limits, self._number = folder, limits, number
        self._system: System = system or RealSystem()
        self._sealed, self._now = sealed, now
        self._segment: _Segment | None = None
        self._unsynced_since: float | None = None
        self._late: OSError | None = None

    def write(self, entries: Sequence[Entry]) -> None:
        """Append a batch; it counts when this returns.

        raises  StoreUnwritable where it does not; the file ends where it did before then
        """
        segment = self._segment
        try:
            if segment is None:
                segment = self._segment = self._begin()
        except OSError as error:
            raise unwritable(error, self._folder) from None
        size, now = segment.size, self._now()
        batch = []
        whole = False
        try:
            for first in range(0, len(entries), _AT_ONCE):
                framed = frames_for(entries[first : first + _AT_ONCE], segment.pieces, segment.salt, size, now)
                write_all(self._system, segment.file, framed.content)
                size += len(framed.content)
                batch.append(framed)
            if self._limits.durability == "synced":
                self._system.sync(segment.file)
            whole = True
        except OSError as error:
            raise unwritable(error, self._folder) from None
        finally:
            # Whatever went wrong, and be it with an entry: nothing half counts.
            if not whole:
                self._undo(segment)
        for framed in batch:
            segment.running.update(framed.content)
            segment.kept.add(framed.records, now, framed.keys)
        segment.size, segment.kept.pieces = size, len(segment.pieces)
        if self._limits.durability == "interval" and self._unsynced_since is None:
            self._unsynced_since = time.monotonic()
        if segment.size >= self._limits.segment_bytes:
            self._seal()

    def tend(self) -> float:
        """Do what is due by the clock; the seconds until something is due again.

        raises  StoreUnwritable where a sync that was due failed
        """
        now, limits = time.monotonic(), self._limits
        late, self._late = self._late, None
        if late is not None:
            raise unwritable(late, self._folder)
        segment = self._segment
        if segment is None:
            return 60.0
        if segment.kept.records and now - segment.begun >= limits.segment_seconds:
            self._seal()
            return 60.0
        waits = [max(0.001, segment.begun + limits.segment_seconds - now) if segment.kept.records else 60.0]
        if self._unsynced_since is not None:
            if now - self._unsynced_since >= limits.interval_seconds:
                self._sync(segment)
            else:
                waits.append(self._unsynced_since + limits.interval_seconds - now)
        return min(waits)

    def probe(self) -> None:
        """Write as much as a batch may take, and take it back.

        raises  StoreUnwritable where it cannot be written
        """
        try:
            segment = self._segment = self._segment or self._begin()
        except OSError as error:
            raise unwritable(error, self._folder) from None
        try:
            write_all(self._system, segment.file, bytes(_PROBE_BYTES))
            self._system.sync(segment.file)
            self._system.truncate(segment.file, segment.size)
        except OSError as error:
            self._undo(segment)
            raise unwritable(error, self._folder) from None

    def close(self) -> None:
        """Close the file for good."""
        self._seal()

    def _begin(self) -> _Segment:
        """A new file; when this returns, its name and its header are on the disk."""
        instant, salt = self._now(), int.from_bytes(os.urandom(8), "little")
        path = self._folder / segment_name(self._number, instant)
        content = header_bytes(Header(instant, salt))
        # Whatever becomes of the file, its number is used up: no two files ever have the same.
        self._number += 1
        file = self._system.create(path)
        try:
            write_all(self._system, file, content)
            self._system.sync(file)
            self._system.sync_folder(self._folder)
        except OSError:
            self._system.close(file)
            path.unlink(missing_ok=True)
            raise
        segment = _Segment(path, file, salt, len(content), time.monotonic())
        segment.running.update(content)
        return segment

    def _undo(self, segment: _Segment) -> None:
        """Forget a batch that failed. The file is cut and left: nobody knows what it holds after a failed sync."""
        self._segment = self._unsynced_since = None
        if not segment.kept.records:
            self._drop(segment)
            # Or a disk that stays full would fill the folder with files of nothing.
            with suppress(OSError):
                segment.path.unlink()
            return
        try:
            self._system.truncate(segment.file, segment.size)
        except OSError:
            # What cannot be cut now is recovered when the folder is opened again.
            self._drop(segment)
            return
        self._finish(segment)

    def _seal(self) -> None:
        """Close the file with a footer. Where that fails the records count all the same: they were kept before."""
        segment, self._segment, self._unsynced_since = self._segment, None, None
        if segment is not None:
            self._finish(segment)

    def _finish(self, segment: _Segment) -> None:
        footer = footer_content(segment.kept, segment.running.hexdigest())
        try:
            write_all(self._system, segment.file, footer_frame(footer, segment.salt, segment.size))
            if self._limits.durability != "written":
                self._system.sync(segment.file)
        except OSError as error:
            # Records that were only written were promised a sync, which has failed now: `tend` says so.
            self._late = error if self._limits.durability == "interval" else None
            # Without a footer the file is read as a whole when the folder is opened again; with half of one as well.
            with suppress(OSError):
                self._system.truncate(segment.file, segment.size)
            self._drop(segment)
            return
        self._drop(segment)
        if self._sealed is not None:
            self._sealed(segment.path)

    def _drop(self, segment: _Segment) -> None:
        with suppress(OSError):
            self._system.close(segment.file)

    def _sync(self, segment: _Segment) -> None:
        self._unsynced_since = None
        try:
            self._system.sync(segment.file)
        except OSError as error:
            self._segment = None
            self._drop(segment)
            raise unwritable(error, self._folder) from None
