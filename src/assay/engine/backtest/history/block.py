"""A block of past items: what is decided again, and what is known beside it. It never holds a row that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.program.columnar.table.block import Block

# What figures can be split by, beside markets.
DIMENSIONS = ("language", "cohort", "surface")
# The market of views that are not counted for a market of their own.
ELSEWHERE = "*"
UNKNOWN = ""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A word for each row.

    codes  places in `names`, one a row
    names  the words; the empty one is unknown
    """

    codes: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a person found of an item.

    row    the row in the block
    of     a signal, of which a value was found, or a measure, of which it was found whether it is right
    value  the signal's value as text (`yes`, `altered`, `a|b` for a set); for a measure `yes` or `no`
    by     who, without their name
    at     when, microseconds since the epoch; None is unknown
    final  whether it settles the matter: an adjudication, not one opinion of several
    """

    row: int
    of: str
    value: str
    by: str
    at: int | None
    final: bool


@dataclass(frozen=True, slots=True, eq=False)
class HistoryBlock:
    """Past items of one stretch of a file.

    block        what is decided again; `as_of` is the first moment of each row's day
    stratum      the stratum that each row was drawn from
    probability  the probability with which each row was drawn, in (0, 1]
    views        by market code or `*`: views in it, -1 where they are unknown; without columns of views, empty
    groups       by dimension: a word for each row; a dimension without a column is missing
    creators     who uploaded each row's item, by a stable reference
    hours        the hour of the day (UTC), -1 where it is unknown; None where no row has one
    done         what was done then: measures joined by `|`, `|` where nothing was done, empty where unknown
    labels       what people found of some rows
    first_row    the place in its file of the first row that was read for the block; refused rows leave gaps
    """

    block: Block
    stratum: Group
    probability: NDArray[np.float64]
    views: Mapping[str, NDArray[np.int64]]
    groups: Mapping[str, Group]
    creators: Group | None = None
    hours: NDArray[np.int8] | None = None
    done: Group | None = None
    labels: tuple[Label, ...] = ()
    first_row: int = 0

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.block.rows

    @property
    def weights(self) -> NDArray[np.float64]:
        """How many items each row stands for."""
        return 1.0 / self.probability

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets in which rows are decided: those with views, or everywhere as one."""
        return tuple(self.views) or (ELSEWHERE,)

    def present(self, market: str) -> NDArray[np.bool_]:
        """The rows that reached a market, or may have."""
        views = self.views.get(market)
        return np.ones(self.rows, np.bool_) if views is None else views != 0
