"""A block of rows to be decided together. It never holds more than fit the processor's caches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assay.engine.program.columnar.table.columns import Coded, Column

LARGEST_BLOCK = 1 << 16
# The key under which a market-scoped signal has its value for every market that is not named.
EVERYWHERE = "*"


class Ids(Protocol):
    """The ids of a block's items, which are asked for only where a rule holds for a share of items."""

    def at(self, rows: NDArray[np.intp]) -> Sequence[str | None]:
        """The ids of some rows; None is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class ListedIds:
    """Ids from a list."""

    ids: Sequence[str | None]

    def at(self, rows: NDArray[np.intp]) -> Sequence[str | None]:
        """The ids of some rows."""
        return [self.ids[row] for row in rows.tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows to be decided.

    rows       how many there are, at most `LARGEST_BLOCK`
    columns    by signal; a signal without a column is unknown in every row
    as_of      the instant that every row is decided as of, or one a row, in microseconds since the epoch
    by_market  for market-scoped signals: signal, then market code or `*`, then column
    subject    what every row is: `item`, `account` or `campaign`; or a column of these words
    ids        the ids that `rollout` hashes; None where they are unknown
    """

    rows: int
    columns: Mapping[str, Column]
    as_of: int | NDArray[np.int64]
    by_market: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)
    subject: str | Coded = "item"
    ids: Ids | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rows <= LARGEST_BLOCK:
            raise ValueError(f"a block has at most {LARGEST_BLOCK} rows, not {self.rows}")
        if not isinstance(self.as_of, int) and (self.as_of.shape != (self.rows,) or self.as_of.dtype != np.int64):
            raise ValueError("`as_of` is not one 64-bit whole number a row")
        if isinstance(self.subject, Coded) and self.subject.codes.shape != (self.rows,):
            raise ValueError("`subject` is not one code a row")
