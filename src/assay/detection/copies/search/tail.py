"""The newest hashes, compared one by one until there are enough for a table; and rows that are gone. It is no store."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.codes import WORDS, Codes, Rows


class Tail:
    """Hashes and their rows in the order in which they came."""

    def __init__(self) -> None:
        self._codes = np.empty((1024, WORDS), dtype=np.uint64)
        self._rows = np.empty(1024, dtype=np.int64)
        self._used = 0
        self._places: dict[bytes, list[int]] = {}
        self._placed = 0

    def __len__(self) -> int:
        return self._used

    @property
    def codes(self) -> Codes:
        """uint64[n, 4]."""
        return self._codes[: self._used]

    @property
    def rows(self) -> Rows:
        """int64[n]."""
        return self._rows[: self._used]

    def append(self, codes: Codes, rows: Rows) -> None:
        """Takes more of them; room doubles, so that one at a time costs no more than many."""
        need = self._used + len(rows)
        if need > len(self._rows):
            room = max(need, 2 * len(self._rows))
            self._codes = np.concatenate([self.codes, np.empty((room - self._used, WORDS), dtype=np.uint64)])
            self._rows = np.concatenate([self.rows, np.empty(room - self._used, dtype=np.int64)])
        self._codes[self._used : need] = codes
        self._rows[self._used : need] = rows
        self._used = need

    def equal(self, queries: Codes) -> Iterator[tuple[Rows, Rows, Rows]]:
        """Query, place and distance of all that are equal, which needs no comparing however many there are."""
        for place in range(self._placed, self._used):
            self._places.setdefault(self._codes[place].tobytes(), []).append(place)
        self._placed = self._used
        found = [(number, self._places.get(query.tobytes(), [])) for number, query in enumerate(queries)]
        pairs = [(number, place) for number, places in found for place in places]
        if pairs:
            query, place = np.array(pairs, dtype=np.int64).T
            yield query, place, np.zeros(len(pairs), dtype=np.int64)


class Gone:
    """Rows that were deleted: a set that answers for a whole array at once."""

    def __init__(self) -> None:
        self._sorted: Rows = np.empty(0, dtype=np.int64)
        self._new: list[Rows] = []

    def add(self, rows: Rows) -> None:
        """Takes more rows."""
        self._new.append(rows.astype(np.int64))

    def alive(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of the rows were not deleted."""
        if self._new:
            self._sorted = np.unique(np.concatenate([self._sorted, *self._new]))
            self._new = []
        if not len(self._sorted):
            return np.ones(len(rows), dtype=bool)
        place = np.searchsorted(self._sorted, rows)
        place[place == len(self._sorted)] = 0
        kept: NDArray[np.bool_] = self._sorted.take(place) != rows
        return kept
