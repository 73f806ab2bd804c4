"""Distinct uploaders of what changes, in bounded memory. It gives out no name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import UNKNOWN, Group
from assay.engine.kernel.digest import share_of

# Up to so many uploaders each is known by name; beyond, every second, fourth, ... by the hash of the name.
MOST_NAMES, MOST_OF_A_CELL = 100_000, 10_000
_SALT = "creator"
# 95 % of a normal distribution.
_WIDE = 1.959963984540054


class Distinct:
    """How many different names there are: an accumulator.

    Beyond the limit only names with a low hash are kept. Which these are depends on the names alone, so that it does
    not matter in which order, or in how many parts, they come.
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._halvings = limit, 0
        self._kept: set[str] = set()

    def add(self, names: Iterable[str]) -> None:
        """Some names, whether or not they came before."""
        self._kept.update(self._of_share(names))
        self._shrink()

    def merge(self, other: Distinct) -> None:
        """The names of another stretch of the same history."""
        if other._halvings > self._halvings:
            self._halvings = other._halvings
            self._kept = set(self._of_share(self._kept))
        self.add(other._kept)

    def estimate(self) -> Estimate:
        """How many there are: exact up to the limit."""
        kept, share = len(self._kept), 0.5**self._halvings
        found = kept / share
        wide = _WIDE * math.sqrt(kept * (1 - share)) / share
        return Estimate(
            found, max(found - wide, float(kept)), found + wide, kept, "hashed" if self._halvings else "census"
        )

    def _of_share(self, names: Iterable[str]) -> Iterable[str]:
        if not self._halvings:
            return names
        share = 0.5**self._halvings
        return [name for name in names if share_of(name, _SALT) < share]

    def _shrink(self) -> None:
        while len(self._kept) > self._limit:
            self._halvings += 1
            self._kept = set(self._of_share(self._kept))


class Creators:
    """Uploaders of items that end up in another lane somewhere, and of those of each cell: an accumulator.

    unnamed  items of which the uploader is unknown; under None all that change, under a number those of a cell
    """

    def __init__(self) -> None:
        self.has_names = False
        self._changed = Distinct(MOST_NAMES)
        self._cells: dict[int, Distinct] = {}
        self._unnamed: dict[int | None, int] = {}

    def add(self, creators: Group | None, changed: NDArray[np.intp], cells: Mapping[int, NDArray[np.intp]]) -> None:
        """The rows of a block that change, and those of each cell off the diagonal."""
        if creators is None:
            return
        self.has_names = True
        self._changed.add(self._names(creators, changed, None))
        for cell, rows in cells.items():
            self._cells.setdefault(cell, Distinct(MOST_OF_A_CELL)).add(self._names(creators, rows, cell))

    def merge(self, other: Creators) -> None:
        """The rows of another stretch of the same history."""
        self.has_names |= other.has_names
        self._changed.merge(other._changed)
        for cell, found in other._cells.items():
            self._cells.setdefault(cell, Distinct(MOST_OF_A_CELL)).merge(found)
        for key, rows in other._unnamed.items():
            self._unnamed[key] = self._unnamed.get(key, 0) + rows

    def of(self, cell: int | None) -> Estimate:
        """Different uploaders of a cell, or of all that changes."""
        found = self._changed if cell is None else self._cells.get(cell, Distinct(MOST_OF_A_CELL))
        return found.estimate()

    def unnamed(self, cell: int | None) -> int:
        """Items of a cell, or of all that changes, of which nobody knows the uploader."""
        return self._unnamed.get(cell, 0)

    def _names(self, creators: Group, rows: NDArray[np.intp], key: int | None) -> list[str]:
        codes, counts = np.unique(creators.codes[rows], return_counts=True)
        found = []
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            name = creators.names[code]
            if name == UNKNOWN:
                self._unnamed[key] = self._unnamed.get(key, 0) + count
            else:
                found.append(name)
        return found
