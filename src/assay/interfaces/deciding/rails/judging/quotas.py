"""How many items a measure was applied to lately, against how many it may be. It puts no brake on anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.deciding.counting.tally import Book
from assay.interfaces.deciding.rails.judging.windows import Window
from assay.interfaces.deciding.rails.written import Quota

_PARTS = 60


@dataclass(frozen=True, slots=True)
class Reached:
    """A quota that is used up."""

    quota: Quota
    items: int

    @property
    def words(self) -> str:
        """What is used up, for people."""
        quota = self.quota
        return (
            f"`{quota.measure}` was applied to {self.items:,} items in {quota.seconds // 60} minutes, "
            f"and the quota is {quota.items:,}"
        )


class Quotas:
    """What all bundles together applied, against the quotas."""

    def __init__(self, quotas: Sequence[Quota]) -> None:
        self.all = tuple(quotas)
        self._table = np.zeros(len(self.all), np.int64)
        self._windows = [Window(quota.seconds, _PARTS) for quota in self.all]
        self._seen: dict[Book, NDArray[np.int64]] = {}

    def take(self, books: Sequence[Book]) -> None:
        """Add what the books have grown by."""
        seen = {}
        for book in books:
            applied = dict(zip(book.layout.measures, book.totals.any_market[book.layout.applied].tolist(), strict=True))
            table = np.array([applied.get(quota.measure, 0) for quota in self.all], np.int64)
            self._table += table - self._seen.get(book, 0)
            seen[book] = table
        self._seen = seen

    def look(self, now: float) -> list[Reached]:
        """The quotas that are used up."""
        found = []
        for place, (quota, window) in enumerate(zip(self.all, self._windows, strict=True)):
            items = int(window.grown(now, self._table)[place])
            if items >= quota.items:
                found.append(Reached(quota, items))
        return found

    def forget(self, measures: frozenset[str]) -> None:
        """Begin anew with the quotas of some measures, once a person has released the brake on them."""
        for place, (quota, window) in enumerate(zip(self.all, self._windows, strict=True)):
            if quota.measure in measures:
                window.forget(self._table, [place])
