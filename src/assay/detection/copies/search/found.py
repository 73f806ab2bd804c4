"""What a search found, put in order and cut to the nearest while it grows. It searches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.codes import Numbers, Rows

# So many pairs are held before they are cut to the nearest: tens of megabytes, whatever was asked.
_HELD = 1 << 19
CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of a query and a row within the distance, ordered by query, distance and row."""

    query: Rows
    row: Rows
    distance: Rows

    def __len__(self) -> int:
        return len(self.row)


def spans(starts: Numbers, counts: Numbers, owners: Rows, chunk: int = CHUNK) -> Iterator[tuple[Rows, Rows]]:
    """Runs laid end to end, at most `chunk` places at a time: for each place whose run it is of, and where it lies.

    Every run has at least one place.
    """
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    for low in range(0, total, chunk):
        high = min(low + chunk, total)
        first, last = (int(place) for place in np.searchsorted(ends, (low, high - 1), side="right"))
        part = slice(first, last + 1)
        begin = np.maximum(ends[part] - counts[part], low)
        many = np.minimum(ends[part], high) - begin
        # The first place of the first run may have been laid in the chunk before.
        place = starts[part].astype(np.int64) + (begin - (ends[part] - counts[part]))
        steps = np.ones(high - low, dtype=np.int64)
        steps[0] = place[0]
        steps[begin[1:] - low] = place[1:] - (place[:-1] + many[:-1]) + 1
        yield np.repeat(owners[part], many), np.cumsum(steps)


class Gathering:
    """Pairs as they come in; where only the nearest are wanted, the others are let go in time."""

    def __init__(self, nearest: int | None) -> None:
        self._nearest = nearest
        self._parts: list[tuple[Rows, Rows, Rows]] = []
        self._held = 0
        self._limit = _HELD

    def add(self, query: Rows, row: Rows, distance: Rows) -> None:
        """Takes pairs in; the same pair may come more than once."""
        if not len(row):
            return
        self._parts.append((query, row, distance))
        self._held += len(row)
        if self._held > self._limit:
            found = self.found()
            self._parts = [(found.query, found.row, found.distance)]
            self._held = len(found)
            # What must be kept in any case would otherwise be put in order again at every step.
            self._limit = max(_HELD, 2 * self._held)

    def found(self) -> Found:
        """All pairs until now, each once, in order."""
        if not self._parts:
            nothing = np.empty(0, dtype=np.int64)
            return Found(nothing, nothing, nothing)
        query, row, distance = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        order = np.lexsort((row, distance, query))
        query, row, distance = query[order], row[order], distance[order]
        kept = np.ones(len(row), dtype=bool)
        # Each row has one distance from a query, so that a pair that came twice stands beside itself.
        kept[1:] = (query[1:] != query[:-1]) | (row[1:] != row[:-1]) | (distance[1:] != distance[:-1])
        query, row, distance = query[kept], row[kept], distance[kept]
        if self._nearest is not None:
            among = rank(query) < self._nearest
            query, row, distance = query[among], row[among], distance[among]
        return Found(query, row, distance)


def rank(query: Rows) -> NDArray[np.int64]:
    """The place of each pair among those of its own query, from 0; the pairs come ordered by query."""
    places = np.arange(len(query), dtype=np.int64)
    first = np.ones(len(query), dtype=bool)
    first[1:] = query[1:] != query[:-1]
    return places - np.maximum.accumulate(np.where(first, places, 0))
