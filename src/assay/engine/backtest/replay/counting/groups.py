"""Which rows of a block a figure is split by: language, cohort, surface. It keeps only so many values of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import DIMENSIONS, HistoryBlock
from assay.engine.backtest.rehearsal import Scope
from assay.engine.kernel.digest import share_of

MOST_VALUES = 200
# What the values beyond these are counted under.
OTHER = "other"
EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows of a block by scope.

    scopes  those that have rows
    codes   places in `scopes`, one a row; None where all rows are of one scope
    """

    scopes: tuple[Scope, ...]
    codes: NDArray[np.int64] | None = None


class Groups:
    """The values by which figures are split: an accumulator.

    Of a dimension with too many values, those are kept of which the names have the lowest hashes, whatever order they
    come in: so that parts of a history agree on them.
    """

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, float]] = {}
        self._limit: dict[str, float] = {}

    def of(self, history: HistoryBlock) -> Iterator[Grouping]:
        """All rows, and then by each dimension that the history has."""
        yield Grouping((EVERYWHERE,))
        for dimension in DIMENSIONS:
            group = history.groups.get(dimension)
            if group is None or not history.rows:
                continue
            used = np.flatnonzero(np.bincount(group.codes, minlength=len(group.names)))
            names = [self._known(dimension, group.names[place]) for place in used.tolist()]
            places = {name: place for place, name in enumerate(dict.fromkeys(names))}
            table = np.zeros(len(group.names), np.int64)
            table[used] = [places[name] for name in names]
            yield Grouping(tuple([Scope(dimension=dimension, value=name) for name in places]), table[group.codes])

    def know(self, dimension: str, names: Iterable[str]) -> dict[str, str]:
        """Values of a dimension that were found elsewhere, all at once; by value, what it is counted under."""
        for name in names:
            self._known(dimension, name)
        self.crowded()
        return {name: self._known(dimension, name) for name in names}

    def merge(self, other: Groups) -> None:
        """The values of another stretch of the same history."""
        for dimension, limit in other._limit.items():
            self._limit[dimension] = min(limit, self._limit.get(dimension, 1.0))
        for dimension, kept in other._kept.items():
            self._kept.setdefault(dimension, {}).update(kept)

    def crowded(self) -> list[Scope]:
        """Scopes that are not told apart any more, since their dimensions have too many values."""
        found = []
        for dimension, kept in self._kept.items():
            limit = self._limit.get(dimension, 1.0)
            if len(kept) > MOST_VALUES:
                limit = self._limit[dimension] = min(limit, sorted(kept.values())[MOST_VALUES - 1])
            gone = [name for name, share in kept.items() if share > limit]
            for name in gone:
                del kept[name]
            found += [Scope(dimension=dimension, value=name) for name in gone]
        return found

    @property
    def joined(self) -> tuple[str, ...]:
        """The dimensions of which some values are counted together."""
        return tuple(sorted(self._limit))

    def _known(self, dimension: str, name: str) -> str:
        kept = self._kept.setdefault(dimension, {})
        if name not in kept:
            share = share_of(name, dimension)
            if share > self._limit.get(dimension, 1.0):
                return OTHER
            kept[name] = share
        return name
