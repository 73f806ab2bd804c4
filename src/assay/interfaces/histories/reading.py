"""Reads a history piece by piece, each in blocks. It holds no more than one block, whatever the history's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.history.layout import (
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    ID,
    LABELS,
    PROBABILITY,
    STRATUM,
    SUBJECT,
    unknown_columns,
    views_column,
)
from assay.engine.backtest.history.needs import FIRST_DAY, LAST_DAY, Needs
from assay.engine.backtest.history.own import Wrong
from assay.engine.backtest.history.read import BlockReader
from assay.engine.backtest.history.refusals import Origin, Refusals
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.histories.files import History, Piece, batches_of, files_faults, open_parquet, unreadable
from assay.interfaces.histories.ids import ID_WORDS, wrong_ids

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a history is read for some needs.

    ids      by piece and reason: the rows of the piece whose id is no id, or came before
    unread   columns that nobody knows
    """

    history: History
    needs: Needs
    ids: Mapping[int, Mapping[str, NDArray[np.int64]]]
    unread: tuple[str, ...]
    _opened: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> tuple[object, ...]:
        # Open files stay in the process that opened them.
        return self.history, self.needs, self.ids, self.unread

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(("history", "needs", "ids", "unread", "_opened"), (*state, {}), strict=True):
            object.__setattr__(self, name, value)

    def opened(self, path: str) -> Any:
        """A file of the history, open; the last one stays open for its other pieces."""
        found = self._opened.get(path)
        if found is None:
            for other in self._opened.values():
                other.close()
            self._opened.clear()
            schema = self.history.schemas[self.history.files.index(path)]
            found = self._opened[path] = _open_words(path, schema, self.needs)
        return found


def prepare(
    history: History, needs: Needs, *, reached: Callable[[int], None] | None = None, unique: bool = True
) -> Reading | list[Fault]:
    """How to read a history, once its columns are known to serve.

    reached  told how many ids have been looked at
    unique   whether to look for ids that are none, or that come again
    """
    faults = files_faults(history, needs)
    if faults:
        return faults
    ids = wrong_ids(history, reached) if unique else {}
    if isinstance(ids, Fault):
        return [ids]
    return Reading(history, needs, ids, tuple(unknown_columns(history.columns, needs)))


def notes_of(reading: Reading) -> Refusals:
    """What is left aside as a whole: columns that nobody knows."""
    found = Refusals()
    for name in reading.unread:
        found.note("unknown-column", f"no signal and nothing of the layout is called `{name[:60]}`", column=name)
    return found


def read_piece(reading: Reading, piece: Piece, refusals: Refusals) -> Iterator[HistoryBlock]:
    """The blocks of a piece, in order; what is refused of it is named."""
    history = reading.history
    if _is_outside(reading, piece):
        refusals.aside += piece.rows
        return
    reader = BlockReader(reading.needs, history.markets)
    wrong = reading.ids.get(piece.number, {})
    done = 0
    path, columns = history.files[piece.file], _columns(reading, piece.file)
    for batch in batches_of(lambda: reading.opened(path), piece, columns):
        origin = Origin(piece.file, history.named(piece.file), piece.first_row + done)
        if isinstance(batch, Fault):
            left = piece.rows - done
            refusals.rows += left
            refusals.add(batch.slug, batch.words, column="", rows=left, origin=origin, first=0)
            return
        block = read_batch(reader, batch, origin, refusals, _in_batch(wrong, done, batch.num_rows))
        done += batch.num_rows
        if block is not None:
            yield block


def read_batch(
    reader: BlockReader, batch: Any, origin: Origin, refusals: Refusals, given: Sequence[Wrong]
) -> HistoryBlock | None:
    """One batch as a block, or None where nothing of it is left; text that is none costs its rows and not the batch."""
    found = refusals.fresh()
    try:
        block = reader.read(batch, origin, found, given)
    except UnicodeDecodeError:
        batch, undecodable = decodable(batch)
        found = refusals.fresh()
        block = reader.read(batch, origin, found, [*given, *undecodable])
    refusals.merge(found)
    return block


def decodable(batch: Any) -> tuple[Any, list[Wrong]]:
    """The batch with nulls in the place of texts that are not UTF-8, and where they are; slow, and seldom needed."""
    import pyarrow as pa

    columns, wrong = [], []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        bad = np.array([not _is_text(value) for value in plain], np.bool_)
        if bad.any():
            plain = plain.take(pa.array(np.arange(len(plain)), mask=bad))
            wrong.append(Wrong("invalid-utf-8", name, bad, "the text is not UTF-8"))
        columns.append(plain)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names), wrong


def _is_text(value: Any) -> bool:
    try:
        value.as_py()
    except UnicodeDecodeError:
        return False
    return True


def _columns(reading: Reading, file: int) -> list[str]:
    needs, history = reading.needs, reading.history
    wanted = {DAY_COLUMN, HOUR, SUBJECT, STRATUM, PROBABILITY, *map(views_column, history.markets)}
    wanted |= {signal.name for signal in needs.declared}
    wanted |= {ID} if needs.ids else set()
    wanted |= {CREATOR} if needs.creators else set()
    wanted |= set(needs.dimensions) if needs.groups else set()
    wanted |= {LABELS} if needs.labels else set()
    wanted |= {DONE} if needs.done else set()
    return [name for name in history.schemas[file].names if name in wanted]


def _open_words(path: str, schema: Any, needs: Needs) -> Any:
    """A file whose words come as codes; captions and ids, which hardly ever come again, do not."""
    from pyarrow import types

    plain = {ID, *(signal.name for signal in needs.declared if signal.type is SignalType.TEXT)}
    words = [each.name for each in schema if types.is_string(each.type) and each.name not in plain]
    return open_parquet(path, words)


def _in_batch(wrong: Mapping[str, NDArray[np.int64]], first: int, rows: int) -> list[Wrong]:
    """The rows of a batch whose ids are wrong, from places in the piece."""
    found = []
    for slug, places in wrong.items():
        here = places[np.searchsorted(places, first) : np.searchsorted(places, first + rows)] - first
        if here.size:
            flags = np.zeros(rows, np.bool_)
            flags[here] = True
            found.append(Wrong(slug, ID, flags, ID_WORDS[slug]))
    return found


def _is_outside(reading: Reading, piece: Piece) -> bool:
    """Whether the file's index says that no row of a piece is of the period asked for."""
    needs = reading.needs
    if needs.since == FIRST_DAY and needs.until == LAST_DAY:
        return False
    try:
        group = reading.opened(reading.history.files[piece.file]).metadata.row_group(piece.group)
        said = group.column(group_column(group, DAY_COLUMN)).statistics
    except unreadable():
        return False
    if said is None or not said.has_min_max or said.null_count or not isinstance(said.max, date):
        return False
    # An instant is a date too; its day is looked at row by row.
    if isinstance(said.max, datetime):
        return False
    return bool((said.max - _EPOCH).days < needs.since or (said.min - _EPOCH).days > needs.until)


def group_column(group: Any, name: str) -> int:
    """The place of a column in a row group."""
    return next(place for place in range(group.num_columns) if group.column(place).path_in_schema == name)
