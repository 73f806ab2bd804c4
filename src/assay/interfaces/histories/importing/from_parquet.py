"""Parquet tables on their way into a history, a batch at a time, by the checks that reading makes. It mends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.layout import (
    CREATOR,
    DAY_COLUMN,
    HOUR,
    ID,
    PROBABILITY,
    STRATUM,
    column_faults,
    market_of,
    unknown_columns,
)
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.own import Wrong
from assay.engine.backtest.history.read import BlockReader
from assay.engine.backtest.history.refusals import Origin, Refusals
from assay.engine.backtest.rehearsal import ROW_STAYS
from assay.engine.kernel.errors import Fault
from assay.interfaces.histories.blocks import table_of_block
from assay.interfaces.histories.files import History, Piece, batches_of, open_parquet
from assay.interfaces.histories.ids import AGAIN, ID_WORDS, unsound
from assay.interfaces.histories.importing.incoming import Asked, NotReadable, Reached, ordered
from assay.interfaces.histories.reading import read_batch
from assay.interfaces.records.reading import SHOWN_ID, Place, Reject
from assay.interfaces.records.rejects import Rejects
from assay.interfaces.records.seen import SeenIds

_PER_HOUR = {"s": 3600, "ms": 3_600_000, "us": 3_600_000_000, "ns": 3_600_000_000_000}


class _Noting(Refusals):
    """Refusals of which each row is written down as a reject.

    batch  the one that is being read
    """

    def __init__(self, rejects: Rejects, batch: Any = None) -> None:
        super().__init__()
        self.rejects, self.batch = rejects, batch
        self.waiting: list[Reject] = []

    def fresh(self) -> _Noting:
        return _Noting(self.rejects, self.batch)

    def add_rows(self, wrong: Wrong, rows: NDArray[np.bool_], origin: Origin) -> None:
        for row in np.flatnonzero(rows).tolist():
            fault = Fault(wrong.slug, wrong.words(row), wrong.column)
            place = Place("row", origin.first_row + row + 1, origin.name)
            self.waiting.append(Reject(place, self._id(row), (fault,), decided=wrong.slug in ROW_STAYS))

    def merge(self, other: Refusals) -> None:
        super().merge(other)
        for reject in sorted(other.waiting, key=lambda each: each.place.number) if isinstance(other, _Noting) else ():
            self.rejects.add(reject)

    def unreadable(self, place: Place, rows: int, fault: Fault) -> None:
        """Name rows that nobody can read."""
        self.rejects.add(Reject(place, None, (Fault(fault.slug, f"{rows:,} rows from here on: {fault.words}"),)))

    def _id(self, row: int) -> str | None:
        try:
            given = self.batch.column(self.batch.schema.get_field_index(ID))[row].as_py()
        except UnicodeDecodeError:
            return None
        return None if given is None else str(given)[:SHOWN_ID]


class Tables:
    """The files of a source as rows."""

    def __init__(self, history: History, asked: Asked, needs: Needs, rejects: Rejects) -> None:
        self._history, self._asked, self._needs, self._rejects = history, asked, needs, rejects
        names = [asked.called.get(name, name) for name in history.columns]
        schemas = [_called(schema, asked.called) for schema in history.schemas]
        faults = {(fault.slug, fault.words): fault for schema in schemas for fault in column_faults(schema, needs)}
        if faults:
            raise NotReadable(faults.values())
        self.given = 0
        self.aside = Counter(dict.fromkeys(unknown_columns(names, needs), history.rows))
        self.markets = ordered([*asked.views, *(market for market in map(market_of, names) if market is not None)])
        sampled = PROBABILITY in names
        told = "census" if not sampled else "stratified" if STRATUM in names else "simple"
        self.design = history.design if history.says_design else told

    def tables(self, schema: Any, reached: Reached | None = None) -> Iterator[Any]:
        """The rows as tables of a schema, a block at a time."""
        reader = BlockReader(self._needs, self.markets)
        noting = _Noting(self._rejects)
        seen = SeenIds()
        for file, first_row, batch in self._batches(noting):
            noting.batch = batch
            wrong = _wrong_ids(batch, seen)
            origin = Origin(file, self._history.named(file), first_row)
            block = read_batch(reader, batch, origin, noting, wrong)
            self.given += batch.num_rows
            if block is not None:
                yield table_of_block(block, schema, self._asked.pack.vocabulary)
            if reached is not None:
                reached(self.given, self._history.rows)

    def _batches(self, noting: _Noting) -> Iterator[tuple[int, int, Any]]:
        history, called = self._history, self._asked.called
        for file, path in enumerate(history.files):
            names = [name for name in history.schemas[file].names if called.get(name, name) not in self.aside]
            with open_parquet(path) as opened:
                for piece in history.pieces:
                    if piece.file == file:
                        yield from self._of_piece(opened, piece, names, noting)

    def _of_piece(
        self, opened: Any, piece: Piece, names: Sequence[str], noting: _Noting
    ) -> Iterator[tuple[int, int, Any]]:
        done = 0
        for batch in batches_of(lambda: opened, piece, names):
            if isinstance(batch, Fault):
                self.given += piece.rows - done
                place = Place("row", piece.first_row + done + 1, self._history.named(piece.file))
                noting.unreadable(place, piece.rows - done, batch)
                return
            yield piece.file, piece.first_row + done, _with_hours(_renamed(batch, self._asked.called))
            done += batch.num_rows


def _called(schema: Any, called: Mapping[str, str]) -> Any:
    """The schema under the layout's names; numbers that name items or people count as text."""
    fields = []
    for each in schema:
        name = called.get(each.name, each.name)
        is_number = name in (ID, CREATOR) and pa.types.is_integer(each.type)
        fields.append(pa.field(name, pa.string() if is_number else each.type))
    return pa.schema(fields)


def _renamed(batch: Any, called: Mapping[str, str]) -> Any:
    schema = _called(batch.schema, called)
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _with_hours(batch: Any) -> Any:
    """The batch with a column of hours, where its days are instants and it has none."""
    names = batch.schema.names
    day = batch.column(names.index(DAY_COLUMN))
    if HOUR in names or not pa.types.is_timestamp(day.type):
        return batch
    unit = _PER_HOUR[day.type.unit]
    known = day.is_valid().to_numpy(zero_copy_only=False)
    counts = day.view(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    hours = pa.array((counts // unit % 24).astype(np.int8), mask=~known)
    return pa.RecordBatch.from_arrays([*batch.columns, hours], names=[*names, HOUR])


def _wrong_ids(batch: Any, seen: SeenIds) -> list[Wrong]:
    ids = batch.column(batch.schema.get_field_index(ID))
    ids = ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids
    by_reason, sound = unsound(ids)
    found = [Wrong(slug, ID, rows, ID_WORDS[slug]) for slug, rows in by_reason.items()]
    places = np.arange(len(ids)) if sound is None else np.flatnonzero(sound)
    again = [not seen.add(text) for text in ids.take(pa.array(places)).to_pylist()]
    if any(again):
        rows = np.zeros(len(ids), np.bool_)
        rows[places[np.array(again, np.bool_)]] = True
        found.append(Wrong(AGAIN, ID, rows, ID_WORDS[AGAIN]))
    return found
