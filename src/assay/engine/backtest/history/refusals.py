"""What of a history could not be used, by reason, with the first place of each. It never holds a refused row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.own import Wrong
from assay.engine.backtest.rehearsal import Refusal


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one reason.

    at  the first of them: the place of its file, and its row from 1
    """

    words: str
    rows: int
    at: tuple[int, int, str]
    hint: str = ""

    def __add__(self, later: Found) -> Found:
        first = min(self, later, key=lambda found: found.at)
        return Found(first.words, self.rows + later.rows, first.at, first.hint)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where some rows stand: the place of their file among the files, its name, and the first row's place from 0."""

    file: int
    name: str
    first_row: int


class Refusals:
    """Refused rows by reason and column.

    rows   rows that were left out for a fault in them, each counted once
    aside  rows that were left out on request: their day is outside of the period asked for
    """

    def __init__(self) -> None:
        self.rows = 0
        self.aside = 0
        self._found: dict[tuple[str, str], Found] = {}

    def fresh(self) -> Refusals:
        """An empty one of the same kind, to be merged in once all went well."""
        return Refusals()

    def add(self, slug: str, words: str, *, column: str, rows: int, origin: Origin, first: int, hint: str = "") -> None:
        """Name rows of one reason; `first` is the place of the first of them, counted from the origin."""
        found = Found(words, rows, (origin.file, origin.first_row + first + 1, origin.name), hint)
        before = self._found.get((slug, column))
        self._found[slug, column] = found if before is None else before + found

    def add_rows(self, wrong: Wrong, rows: NDArray[np.bool_], origin: Origin) -> None:
        """Name the rows of a batch that are wrong in one way; the batch begins at the origin."""
        count = int(np.count_nonzero(rows))
        if count:
            first = int(np.argmax(rows))
            self.add(wrong.slug, wrong.words(first), column=wrong.column, rows=count, origin=origin, first=first)

    def note(self, slug: str, words: str, *, column: str, hint: str = "") -> None:
        """Name a column as a whole, of which no row is refused."""
        self._found.setdefault((slug, column), Found(words, 0, (0, 0, ""), hint))

    def merge(self, other: Refusals) -> None:
        """Take in what was found elsewhere in the same history."""
        self.rows += other.rows
        self.aside += other.aside
        for key, found in other._found.items():
            before = self._found.get(key)
            self._found[key] = found if before is None else before if not found.rows else before + found

    def listed(self) -> tuple[Refusal, ...]:
        """One line a reason, the most rows first."""
        ordered = sorted(self._found.items(), key=lambda pair: (-pair[1].rows, pair[0]))
        return tuple(
            [
                Refusal(slug, found.words, column, found.rows, _shown(found.at), found.hint)
                for (slug, column), found in ordered
            ]
        )


def _shown(at: tuple[int, int, str]) -> str:
    _, row, name = at
    return f"{name}:{row}" if row else ""
