"""A record batch of a history as a block, its rows checked all at once. It drops no row without naming it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history import own
from assay.engine.backtest.history.block import ELSEWHERE, Group, HistoryBlock
from assay.engine.backtest.history.labels import LabelReader
from assay.engine.backtest.history.layout import (
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    ID,
    LABELS,
    ONE_STRATUM,
    PROBABILITY,
    STRATUM,
    SUBJECT,
    views_column,
)
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.own import Wrong
from assay.engine.backtest.history.refusals import Origin, Refusals
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.arrow import ArrowIds, ArrowReader, Read
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.columnar.table.columns import Column


class BlockReader:
    """Reads the batches of one history, one after another; words that come again are the same objects again.

    markets  those with a column of views, in the order of the columns
    """

    def __init__(self, needs: Needs, markets: Sequence[str]) -> None:
        self._needs, self._markets = needs, tuple(markets)
        most = max([len(found) for found in needs.signals], default=1)
        # What a reader keeps goes by the signal's name, and each version may declare it otherwise.
        self._arrow = tuple([ArrowReader() for _ in range(max(most, 1))])
        self._labels = LabelReader(needs.labelled, needs.measures)

    def read(self, batch: Any, origin: Origin, refusals: Refusals, found: Sequence[Wrong] = ()) -> HistoryBlock | None:
        """The rows of a batch that nothing is wrong with, or None where there are none.

        found  what is known already to be wrong with some of them
        """
        if not batch.num_rows:
            return None
        attempt = _Attempt(self._needs, self._markets, self._arrow, batch)
        wrong = [*found, *attempt.wrong]
        places = np.arange(batch.num_rows)
        if wrong or attempt.aside is not None:
            kept = _count(wrong, attempt.aside, batch.num_rows, origin, refusals)
            if not kept.any():
                return None
            places = np.flatnonzero(kept)
            attempt = _Attempt(self._needs, self._markets, self._arrow, batch.filter(pa.array(kept)))
        block, dropped = attempt.block(self._labels, origin.first_row)
        for one in (*attempt.left, *dropped):
            refusals.add_rows(*_back(one, places, batch.num_rows), origin)
        return block


def _back(one: Wrong, places: NDArray[np.intp], rows: int) -> tuple[Wrong, NDArray[np.bool_]]:
    """Rows that were found once others had been left out, as the rows they were before."""
    flags = np.zeros(rows, np.bool_)
    flags[places[one.rows]] = True

    def says(row: int) -> str:
        return one.words(int(np.searchsorted(places, row)))

    return Wrong(one.slug, one.column, flags, says), flags


def _count(
    wrong: Sequence[Wrong], aside: NDArray[np.bool_] | None, rows: int, origin: Origin, refusals: Refusals
) -> NDArray[np.bool_]:
    """Name what is wrong, and say which rows are left."""
    kept = np.ones(rows, np.bool_)
    if aside is not None:
        kept &= ~aside
        refusals.aside += int(aside.sum())
    inside = kept.copy()
    for one in wrong:
        here = one.rows & inside
        refusals.add_rows(one, here, origin)
        kept &= ~here
    refusals.rows += int(np.count_nonzero(inside & ~kept))
    return kept


class _Attempt:
    """One batch, read: what it holds and what is wrong with it."""

    def __init__(self, needs: Needs, markets: tuple[str, ...], arrow: tuple[ArrowReader, ...], batch: Any) -> None:
        self._needs, self._batch, self._arrow = needs, batch, arrow
        self._names = frozenset(batch.schema.names)
        self.wrong: list[Wrong] = []
        self.left: list[Wrong] = []
        self.aside: NDArray[np.bool_] | None = None
        self._days = self._read_days()
        self._probability = self._checked(PROBABILITY, own.probabilities)
        self._hours = self._checked(HOUR, own.hours)
        self._subject = self._checked(SUBJECT, own.subjects)
        self._views = {market: self._read_views(market) for market in markets}
        self._columns: dict[str, Column] = {}
        self._by_market: dict[str, Mapping[str, Column]] = {}
        for declared in needs.signals:
            self._read_signal(declared, self.wrong)
        for signal in needs.shown:
            found: list[Wrong] = []
            self._read_signal((signal,), found)
            self.left += [_left_unknown(one) for one in found]

    def block(self, labels: LabelReader, first_row: int) -> tuple[HistoryBlock, list[Wrong]]:
        """The block, once nothing is wrong with it, and the rows of which a label is left out."""
        needs, rows = self._needs, self._batch.num_rows
        as_of = self._days.astype(np.int64) * DAY
        one_day = int(as_of[0]) if (as_of == as_of[0]).all() else None
        ids = ArrowIds(self._column(ID)) if needs.ids and ID in self._names else None
        wants_labels = needs.labels and LABELS in self._names
        stratum = self._group(STRATUM)
        probability = self._probability
        groups = {name: self._group(name) for name in needs.dimensions} if needs.groups else {}
        found, dropped = labels.read(self._column(LABELS), rows) if wants_labels else ((), [])
        block = HistoryBlock(
            Block(
                rows,
                self._columns,
                as_of if one_day is None else one_day,
                self._by_market,
                "item" if self._subject is None else self._subject,
                ids,
            ),
            Group(np.zeros(rows, np.int64), (ONE_STRATUM,)) if stratum is None else stratum,
            np.ones(rows) if probability is None else probability,
            self._views,
            {name: group for name, group in groups.items() if group is not None},
            self._group(CREATOR) if needs.creators else None,
            self._hours,
            self._group(DONE) if needs.done else None,
            found,
            first_row,
        )
        return block, dropped

    def _column(self, name: str) -> Any:
        return self._batch.column(self._batch.schema.get_field_index(name))

    def _group(self, name: str) -> Group | None:
        return own.group(self._column(name)) if name in self._names else None

    def _checked(self, name: str, read: own.Reader) -> Any:
        if name not in self._names:
            return None
        found, wrong = read(self._column(name))
        self.wrong += wrong
        return found

    def _read_days(self) -> NDArray[np.int32]:
        days, wrong = own.days(self._column(DAY_COLUMN))
        self.wrong += wrong
        outside = (days < self._needs.since) | (days > self._needs.until)
        for one in wrong:
            outside &= ~one.rows
        if outside.any():
            self.aside = outside
        return days

    def _read_views(self, market: str) -> NDArray[np.int64]:
        name = views_column(market)
        if name not in self._names:
            return np.full(self._batch.num_rows, -1, np.int64)
        views, wrong = own.views(self._column(name), name)
        self.wrong += wrong
        return views

    def _read_signal(self, declared: Sequence[Signal], wrong: list[Wrong]) -> None:
        name = declared[-1].name
        if name not in self._names:
            return
        array = self._column(name)
        refused: dict[str, list[tuple[Read, Signal, Any]]] = {}
        for signal, arrow in zip(declared, self._arrow, strict=False):
            if signal.by_market:
                found = arrow.by_market(signal, array) if not pa.types.is_null(array.type) else {}
                wrong += _unknown_markets(signal, array, found, self._needs.markets)
                self._by_market[name] = {market: _column_of(read) for market, read in found.items()}
                reads = list(found.values())
            else:
                reads = [arrow.column(signal, array)]
                self._columns[name] = _column_of(reads[0])
            for read in reads:
                if read.refused is not None and read.refused.any():
                    refused.setdefault(read.faults[0].slug, []).append((read, signal, array))
        for slug, parts in refused.items():
            wrong.append(_wrong_values(slug, name, parts, self._batch.num_rows))


def _left_unknown(one: Wrong) -> Wrong:
    def says(row: int) -> str:
        return f"{one.words(row)}; left unknown, since no rule reads it"

    return Wrong("left-unknown", one.column, one.rows, says)


def _column_of(read: Read) -> Column:
    if read.column is None:
        # The types of columns are checked before a row is read.
        raise TypeError(f"this column cannot be read: {read.faults[0].words}")
    return read.column


def _wrong_values(slug: str, name: str, parts: Sequence[tuple[Read, Signal, Any]], rows: int) -> Wrong:
    planes = [read.refused for read, _, _ in parts if read.refused is not None]
    flags = unpack(np.bitwise_or.reduce(planes), rows)

    def words(row: int) -> str:
        for read, signal, array in parts:
            if read.refused is not None and unpack(read.refused, rows)[row]:
                return _words_of(signal, array, row, read)
        return parts[0][0].faults[0].words

    return Wrong(slug, name, flags, words)


def _words_of(signal: Signal, array: Any, row: int, read: Read) -> str:
    """Why the value in a row is refused; what was read names the values of the whole dictionary, in no row's order."""
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if signal.by_market or pa.types.is_nested(kind):
        return read.faults[0].words
    again = ArrowReader().column(signal, pa.array([array[row].as_py()], type=kind))
    return again.faults[0].words if again.faults else read.faults[0].words


def _unknown_markets(signal: Signal, array: Any, found: Mapping[str, Read], markets: frozenset[str]) -> list[Wrong]:
    wrong = []
    for market in found:
        if market != ELSEWHERE and market not in markets:
            keys = [[] if row is None else [key for key, _ in row] for row in array.to_pylist()]
            flags = np.array([market in row for row in keys], np.bool_)
            wrong.append(Wrong("unknown-market", signal.name, flags, f"no market is named `{market[:40]}`"))
    return wrong
