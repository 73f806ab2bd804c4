"""A pool that makes rows, with the cache beside it. One works in the scan's own process, or one in each actor."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assay.detection.pool.chunks import ChunkPool
from assay.detection.run import SECONDS, WORKERS
from assay.detection.weighing.settings import DEFAULT, Weighing
from assay.detection.worker import Duty
from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.job import Looked, MakingRows, Row
from assay.interfaces.scans.kept.cache import MEGABYTES, CacheWriter, Kept, today
from assay.interfaces.scans.kept.conditions import conditions_of, digest_of

_PUT_ROWS = 512
_PUT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """How a scan is to be done, wherever it is.

    duty             what the processes are started for
    workers          processes, in each machine's actor where there are actors
    seconds          for one scanner on one file
    weighing         how evidence is weighed
    cache            the folder of the cache, or None
    cache_megabytes  that the cache may have
    """

    duty: Duty
    workers: int = WORKERS
    seconds: float = SECONDS
    weighing: Weighing = DEFAULT
    cache: Path | None = None
    cache_megabytes: int = MEGABYTES

    def conditions(self) -> dict[str, str]:
        """All that a row depends on besides the file."""
        return conditions_of(self.duty, self.seconds) | {"weighing": self.weighing.digest}


class Crew:
    """Processes that make rows, one after the other in the order of the entries.

    raises  CacheUnusable where there can be no cache
    """

    def __init__(self, order: Order) -> None:
        self._cache: CacheWriter | None = None
        looked = None
        if order.cache is not None:
            self._cache = CacheWriter(order.cache, order.cache_megabytes * 1024 * 1024)
            looked = Looked(order.cache, digest_of(order.conditions()), today())
        job = MakingRows(looked, order.weighing, fetches=bool(order.duty.settings.allowed_hosts))
        self._pool = ChunkPool(job, order.duty, order.workers, order.seconds)
        self._kept: list[Kept] = []
        self._hits: list[bytes] = []
        self._put = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def rows(self, entries: Iterable[Entry]) -> Iterator[Row]:
        """A row for each entry."""
        for row in self._pool.done(entries):
            if self._cache is not None:
                self._keep(row)
            yield row

    def close(self) -> None:
        """Stop the processes, and keep what may be kept."""
        self._pool.close()
        if self._cache is not None:
            self._cache.put(self._kept, self._hits)
            self._cache.close()

    def _keep(self, row: Row) -> None:
        if row.kept is not None:
            self._kept.append(row.kept)
        if row.hit is not None:
            self._hits.append(row.hit)
        now = time.monotonic()
        full = len(self._kept) + len(self._hits) >= _PUT_ROWS
        if self._cache is not None and (full or now - self._put >= _PUT_SECONDS):
            self._cache.put(self._kept, self._hits)
            self._kept, self._hits, self._put = [], [], now
