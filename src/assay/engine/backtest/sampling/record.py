"""Rows of a block as records: the inverse of columns. They never hold what a row does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.decision.item import Item
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.columnar.planes import Plane
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a history, as it was.

    as_of    the first moment of its day, microseconds since the epoch
    weight   how many items it stands for by the sampling design
    views    by market that it reached, or may have: views, -1 where they are unknown
    signals  by signal, only those that are known; `by_market` the market-scoped ones
    """

    id: str
    as_of: int
    subject: str
    stratum: str
    weight: float
    views: Mapping[str, int]
    signals: Mapping[str, Value]
    by_market: Mapping[str, Mapping[str, Value]]

    def item(self, vocabulary: Vocabulary) -> Item:
        """The record as an item of one version, which may know more signals than the other, or fewer."""
        values = tuple([self.signals.get(signal.name) for signal in vocabulary.signals])
        scoped = {name: said for name, said in self.by_market.items() if name in vocabulary.by_name}
        return Item(self.id, values, scoped, (), self.subject)


def records_of(history: HistoryBlock, rows: Sequence[int]) -> list[Record]:
    """Some rows of a block as records."""
    block, places = history.block, np.array(rows, np.intp)
    by_name = {name: values_at(column, places) for name, column in block.columns.items()}
    by_code = {
        name: {code: values_at(column, places) for code, column in columns.items()}
        for name, columns in block.by_market.items()
    }
    subjects = [block.subject] * len(rows) if isinstance(block.subject, str) else values_at(block.subject, places)
    as_of = [block.as_of] * len(rows) if isinstance(block.as_of, int) else block.as_of[places].tolist()
    strata, weights, views = history.stratum.codes[places].tolist(), history.weights[places].tolist(), _views(history)
    return [
        Record(
            id=found,
            as_of=as_of[at],
            subject=str(subjects[at]),
            stratum=history.stratum.names[strata[at]],
            weight=weights[at],
            views={market: count for market in views if (count := int(views[market][row])) != 0},
            signals=_known(by_name, at),
            by_market={name: said for name, codes in by_code.items() if (said := _known(codes, at))},
        )
        for at, (found, row) in enumerate(zip(_ids(block, places), rows, strict=True))
    ]


def values_at(column: Column, rows: NDArray[np.intp]) -> Sequence[MaybeValue]:
    """The values that a column holds in some rows; None is unknown."""
    found: Sequence[MaybeValue]
    match column:
        case Coded(codes, dictionary):
            found = [dictionary.values[code] for code in codes[rows].tolist()]
        case Numbers(numbers):
            # Only NaN differs from itself.
            found = [None if number != number else number for number in numbers[rows].tolist()]  # noqa: PLR0124
        case Flags(true):
            found = _holding(true, rows)
        case Sets(members):
            held = [[name if has else None for has in _holding(plane, rows)] for name, plane in members.items()]
            sets = zip(*held, strict=True) if held else [()] * rows.size
            found = [frozenset(name for name in names if name is not None) for names in sets]
    if column.known is None:
        return found
    return [value if known else None for value, known in zip(found, _holding(column.known, rows), strict=True)]


def _holding(plane: Plane, rows: NDArray[np.intp]) -> list[bool]:
    bits = plane[rows >> 6] >> (rows & 63).astype(np.uint64) & np.uint64(1)
    found: list[bool] = (bits != 0).tolist()
    return found


def _known(values: Mapping[str, Sequence[MaybeValue]], at: int) -> dict[str, Value]:
    return {name: value for name, found in values.items() if (value := found[at]) is not None}


def _ids(block: Block, rows: NDArray[np.intp]) -> list[str]:
    if block.ids is None:
        return [""] * rows.size
    return [found or "" for found in block.ids.at(rows)]


def _views(history: HistoryBlock) -> Mapping[str, NDArray[np.int64]]:
    """Views by market; where a history has none, unknown ones in its one market."""
    return history.views or dict.fromkeys(history.markets, np.full(history.rows, -1, np.int64))
