"""What was seen day by day: rows, changed and open ones, and what people found. It never says why a day differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import Label
from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.backtest.sampling.reached import Reached
from assay.engine.kernel.instants import DAY
from assay.engine.program.columnar.planes import unpack

_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Counts by day, in days since the epoch.

    rows, changed, opened  all rows, those whose strongest lane changes, those open under the candidate
    labels                 by what was labelled: by day and finding, on how many rows people found it
    """

    rows: Counter[int] = field(default_factory=Counter)
    changed: Counter[int] = field(default_factory=Counter)
    opened: Counter[int] = field(default_factory=Counter)
    labels: dict[str, Counter[tuple[int, str]]] = field(default_factory=dict)

    def add(self, seen: Seen, reached: Reached) -> None:
        """Count a block."""
        history = seen.history
        as_of = history.block.as_of
        days = np.full(history.rows, as_of // DAY) if isinstance(as_of, int) else as_of // DAY
        _count(self.rows, days)
        _count(self.changed, days[reached.ranks[OLD] != reached.ranks[NEW]])
        _count(self.opened, days[unpack(reached.open[NEW], history.rows)])
        if history.labels:
            self._count_labels(history.labels, days)

    def _count_labels(self, labels: Sequence[Label], days: NDArray[np.int64]) -> None:
        # There may be several on every row, so they are told apart by numbers, not one by one.
        ofs: dict[str, int] = {}
        values: dict[str, int] = {}
        rows = np.fromiter(map(attrgetter("row"), labels), np.int64, len(labels))
        of = np.array([ofs.setdefault(label.of, len(ofs)) for label in labels], np.int64)
        value = np.array([values.setdefault(label.value, len(values)) for label in labels], np.int64)
        final = np.fromiter(map(attrgetter("final"), labels), np.bool_, len(labels))
        # Opinions on one item are no two findings: what settles it counts, or else the last opinion.
        item = rows * len(ofs) + of
        order = np.lexsort((np.arange(rows.size), final, item))
        last = order[np.append(item[order][1:] != item[order][:-1], True)]
        first = int(days.min())
        joint = ((days[rows[last]] - first) * len(ofs) + of[last]) * len(values) + value[last]
        names, words = tuple(ofs), tuple(values)
        for code, times in zip(*(found.tolist() for found in np.unique(joint, return_counts=True)), strict=True):
            left, word = divmod(code, len(words))
            day, name = divmod(left, len(names))
            self.labels.setdefault(names[name], Counter())[day + first, words[word][:_LONGEST_VALUE]] += times

    def merge(self, other: Trend) -> None:
        """Take in counts of other blocks."""
        self.rows.update(other.rows)
        self.changed.update(other.changed)
        self.opened.update(other.opened)
        for of, found in other.labels.items():
            self.labels.setdefault(of, Counter()).update(found)

    @property
    def days(self) -> int:
        """How many days the history spans, from its first to its last."""
        return max(self.rows) - min(self.rows) + 1 if self.rows else 0

    @property
    def middle(self) -> int:
        """The first day of the second half."""
        return min(self.rows) + (self.days + 1) // 2 if self.rows else 0


def _count(into: Counter[int], days: NDArray[np.int64]) -> None:
    values, counts = np.unique(days, return_counts=True)
    for day, times in zip(values.tolist(), counts.tolist(), strict=True):
        into[day] += times
