"""Counts of the last seconds, minutes and hours, kept as a few dozen snapshots each. It reads no clock itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
# A look back is as exact as one part in so many of its length.
_PARTS = 20
SHORTEST = 10.0
_FACTOR = 6.0


def window_lengths(longest: float) -> tuple[float, ...]:
    """Ten seconds, and six times as long again and again, up to the longest."""
    found, length = [], SHORTEST
    while length < longest:
        found.append(length)
        length *= _FACTOR
    return (*found, longest)


class Window:
    """What a growing table has grown by in the last seconds.

    length  seconds
    """

    def __init__(self, length: float, parts: int = _PARTS) -> None:
        self.length = length
        self._step = length / parts
        self._kept: deque[tuple[float, Counts]] = deque()

    def grown(self, now: float, table: Counts) -> Counts:
        """Take the table as it is now; returns what was added to it within the window.

        now  seconds of a clock that never goes back
        """
        kept = self._kept
        if not kept:
            # Whatever came before the first look came since the beginning.
            kept.append((now, np.zeros_like(table)))
        if now - kept[-1][0] >= self._step:
            kept.append((now, table.copy()))
        # The oldest that is kept is as old as the window, or a part older; younger only while the window fills.
        while len(kept) > 1 and kept[1][0] <= now - self.length:
            kept.popleft()
        return table - kept[0][1]

    def forget(self, table: Counts, columns: Sequence[int]) -> None:
        """Begin anew with some columns, as if they had never grown until now."""
        for _, kept in self._kept:
            kept[..., columns] = table[..., columns]


class Windows:
    """The same table seen through windows of several lengths."""

    def __init__(self, longest: float) -> None:
        self.all = tuple(Window(length) for length in window_lengths(longest))

    def forget(self, table: Counts, columns: Sequence[int]) -> None:
        """Begin anew with some columns."""
        for window in self.all:
            window.forget(table, columns)
