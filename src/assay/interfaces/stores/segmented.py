"""Segments with all that belongs to them: the folder's lock, rotation, recent keys. It decides nothing by itself."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.keeper import KeptKeys
from assay.interfaces.stores.recent import recent_keys
from assay.interfaces.stores.rotation.background import Background
from assay.interfaces.stores.segments.folder import OpenFolder
from assay.interfaces.stores.segments.names import SEGMENT, numbered
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter
from assay.interfaces.stores.settings import StoreSettings


class SegmentStore:
    """The writer and the chores of a folder that is ours."""

    def __init__(self, folder: OpenFolder, settings: StoreSettings) -> None:
        self._folder = folder
        self._since = time.time_ns() // 1000 - settings.key_seconds * 1_000_000
        self._background = Background(folder.path) if settings.parquet else None
        limits = Limits(
            settings.durability, settings.interval / 1000, settings.segment_bytes, float(settings.segment_seconds)
        )
        sealed = None if self._background is None else self._background.sealed
        self._writer = SegmentWriter(folder.path, limits, folder.number, sealed=sealed)
        closed = numbered(folder.path, SEGMENT)
        if self._background is not None and closed:
            self._background.sealed(closed[-1])

    def write(self, entries: Sequence[Entry]) -> None:
        """Append a batch."""
        self._writer.write(entries)

    def tend(self) -> float:
        """Close what is old, sync what is due, look after rotation."""
        due = 60.0 if self._background is None else self._background.tend()
        return min(due, self._writer.tend())

    def probe(self) -> None:
        """Write what does not count."""
        self._writer.probe()

    def kept_keys(self, prefix: str, most: int) -> KeptKeys:
        """Keys of records that were kept before this process began."""
        return recent_keys(self._folder.path, self._since, prefix, most)

    def fault(self) -> Fault | None:
        """Why rotation does not work."""
        return None if self._background is None else self._background.fault

    def close(self) -> None:
        """Close the file that is open, and let go of the folder."""
        try:
            self._writer.close()
        finally:
            if self._background is not None:
                self._background.close()
            self._folder.lock.release()
