"""The layout's own columns as arrays, with the rows that are wrong. It never takes a null for a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.block import UNKNOWN, Group
from assay.engine.backtest.history.needs import FIRST_DAY, LAST_DAY
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.program.columnar.table.columns import Coded, Dictionary

# Beyond these somebody mixed up columns; and sums of squares would leave the numbers that hold them exactly.
MOST_VIEWS = 10**11
LEAST_PROBABILITY = 1e-9
_NO_DAY = np.iinfo(np.int32).min
_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_SUBJECTS = Dictionary(SUBJECTS)


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """Rows of a batch that are wrong in one way.

    says  what is wrong, for all of them or by the row that is shown
    """

    slug: str
    column: str
    rows: NDArray[np.bool_]
    says: str | Callable[[int], str]

    def words(self, row: int) -> str:
        """What is wrong with a row."""
        return self.says if isinstance(self.says, str) else self.says(row)


Reader: TypeAlias = Callable[[Any], tuple[Any, list[Wrong]]]


def days(column: Any) -> tuple[NDArray[np.int32], list[Wrong]]:
    """Days since the epoch; of an instant, its day in UTC."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    counts, known = _numbers(column)
    counts = counts.astype(np.int64)
    if pa.types.is_timestamp(kind):
        counts //= _PER_DAY[kind.unit]
    elif pa.types.is_date64(kind):
        counts //= _PER_DAY["ms"]
    wrong = [] if known is None else [Wrong("missing-day", "day", ~known, "the day is missing")]
    outside = (counts < FIRST_DAY) | (counts > LAST_DAY)
    if known is not None:
        outside &= known
    if outside.any():

        def words(row: int) -> str:
            day = np.datetime64(int(counts[row]), "D") if abs(int(counts[row])) < 3_000_000 else "the day"
            return f"`{day}` is before 2000 or after 2100"

        wrong.append(Wrong("day-outside", "day", outside, words))
    return np.clip(counts, _NO_DAY, -_NO_DAY - 1).astype(np.int32), wrong


def probabilities(column: Any) -> tuple[NDArray[np.float64], list[Wrong]]:
    """Probabilities with which rows were drawn."""
    given, known = _numbers(column, pa.float64())
    bad = ~((given >= LEAST_PROBABILITY) & (given <= 1.0))
    if known is None and not bad.any():
        return given, []
    wrong = []
    if known is not None:
        bad &= known
        wrong.append(Wrong("missing-probability", "probability", ~known, "the probability is missing"))
    if bad.any():

        def words(row: int) -> str:
            return f"`{given[row]:g}` is no probability of being drawn: it is at least 1e-9 and at most 1"

        wrong.append(Wrong("bad-probability", "probability", bad, words))
    return given, wrong


def hours(column: Any) -> tuple[NDArray[np.int8] | None, list[Wrong]]:
    """Hours of the day, -1 where unknown; None where no row has one."""
    counts, known = _numbers(column, pa.int64())
    if known is not None and not known.any():
        return None, []
    bad = (counts < 0) | (counts > 23)
    if known is not None:
        bad &= known
    found = np.where(bad, -1, counts).astype(np.int8)
    if known is not None:
        found[~known] = -1
    if not bad.any():
        return found, []
    return found, [Wrong("bad-hour", "hour", bad, lambda row: f"`{counts[row]}` is no hour of a day, 0 to 23")]


def subjects(column: Any) -> tuple[Coded | None, list[Wrong]]:
    """What each row is; None where all are items."""
    words = group(column)
    if words is None:
        return None, []
    codes = np.array([SUBJECTS.index(name or "item") if (name or "item") in SUBJECTS else 255 for name in words.names])
    found = codes.astype(np.uint8)[words.codes]
    bad = found == 255
    if bad.any():

        def says(row: int) -> str:
            return f"`{words.names[words.codes[row]][:40]}` is no subject: item, account or campaign"

        return None, [Wrong("bad-subject", "subject", bad, says)]
    return (Coded(found, _SUBJECTS) if found.any() else None), []


def views(column: Any, name: str) -> tuple[NDArray[np.int64], list[Wrong]]:
    """Views in a market, -1 where unknown."""
    counts, known = _numbers(column, pa.int64())
    if known is None:
        bad = None if not counts.size or (counts.min() >= 0 and counts.max() <= MOST_VIEWS) else _outside(counts)
    else:
        bad = _outside(counts) & known
        counts = np.where(known, counts, -1)
    if bad is None or not bad.any():
        return counts, []
    return counts, [Wrong("bad-views", name, bad, lambda row: f"`{counts[row]}` is no number of views")]


def _outside(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (counts < 0) | (counts > MOST_VIEWS)


def group(column: Any) -> Group | None:
    """A column of words as places in a list of them; null and the empty text are unknown."""
    kind = column.type
    if pa.types.is_null(kind):
        return Group(np.zeros(len(column), np.int64), (UNKNOWN,))
    if not pa.types.is_dictionary(kind):
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return None
        column = column.dictionary_encode()
    if not (pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)):
        return None
    names = ["" if name is None else name for name in column.dictionary.to_pylist()]
    places = column.indices
    if places.null_count:
        places = places.cast(pa.int64()).fill_null(len(names))
        names.append(UNKNOWN)
    return Group(_numbers(places)[0].astype(np.int64), tuple(names) or (UNKNOWN,))


def _numbers(column: Any, kind: Any = None) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """A column as numbers of some type or its own, with 0 for null; and where it is known, None for everywhere."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_temporal(column.type):
        column = column.view(pa.int32() if column.type.bit_width == 32 else pa.int64())
    if pa.types.is_null(column.type):
        column = column.cast(kind or pa.int32())
    elif kind is not None and column.type != kind:
        column = column.cast(kind, safe=False)
    known = None
    if column.null_count:
        known = column.is_valid().to_numpy(zero_copy_only=False)
        column = column.fill_null(0)
    return column.to_numpy(zero_copy_only=False), known
