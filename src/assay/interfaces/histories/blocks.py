"""Blocks of a history as Arrow tables in the form in which histories are written: the inverse of reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.block import UNKNOWN, Group, HistoryBlock, Label
from assay.engine.backtest.history.layout import (
    BETWEEN_MEASURES,
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    ID,
    LABELS,
    PROBABILITY,
    STRATUM,
    SUBJECT,
    market_of,
)
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.columnar.planes import codes_of, unpack
from assay.engine.program.columnar.table.arrow import ArrowIds
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets

_NAMED = (CREATOR, STRATUM, DONE)


def table_of_block(block: HistoryBlock, schema: Any, vocabulary: Vocabulary) -> Any:
    """A block as a table of a schema."""
    arrays = [_array(block, field, vocabulary.by_name.get(field.name)) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(block: HistoryBlock, field: Any, signal: Signal | None) -> Any:
    market = market_of(field.name)
    if market is not None:
        views = block.views.get(market)
        missing = np.ones(block.rows, np.bool_) if views is None else views < 0
        return pa.array(np.zeros(block.rows, np.int64) if views is None else views, pa.int64(), mask=missing)
    if signal is None:
        return _own(block, field)
    if signal.by_market:
        return _maps(block.block.by_market.get(signal.name, {}), field.type, block.rows, signal)
    column = block.block.columns.get(signal.name)
    return nothing(field, block.rows) if column is None else array_of(column, field, signal, block.rows)


def _own(block: HistoryBlock, field: Any) -> Any:
    match field.name:
        case name if name == ID:
            ids = block.block.ids
            return ids.array.cast(pa.string()) if isinstance(ids, ArrowIds) else nothing(field, block.rows)
        case name if name == DAY_COLUMN:
            return pa.array((np.broadcast_to(block.block.as_of, block.rows) // DAY).astype(np.int32)).view(pa.date32())
        case name if name == HOUR:
            hours = np.full(block.rows, -1, np.int8) if block.hours is None else block.hours
            return pa.array(hours, pa.int8(), mask=hours < 0)
        case name if name == PROBABILITY:
            return pa.array(block.probability, pa.float64())
        case name if name == SUBJECT:
            subject = block.block.subject
            if isinstance(subject, str):
                return _words(np.zeros(block.rows, np.int64), [subject], field.type)
            return _words(subject.codes, [str(value) for value in subject.dictionary.values], field.type)
        case name if name == LABELS:
            return _labels(block.labels, block.rows, field.type)
        case name:
            own = {CREATOR: block.creators, STRATUM: block.stratum, DONE: block.done}
            found: Group | None = own[name] if name in _NAMED else block.groups.get(name)
            return nothing(field, block.rows) if found is None else _words(found.codes, found.names, field.type)


def nothing(field: Any, rows: int) -> Any:
    """A column of which nothing is known in any row."""
    if field.nullable:
        return pa.nulls(rows, field.type)
    if pa.types.is_floating(field.type):
        return pa.array(np.full(rows, np.nan), field.type)
    return _words(np.zeros(rows, np.int64), [UNKNOWN], field.type)


def array_of(column: Column, field: Any, signal: Signal, rows: int) -> Any:
    """A column of a signal in the form in which it is written."""
    known = np.ones(rows, np.bool_) if column.known is None else unpack(column.known, rows)
    match column:
        case Coded(codes, dictionary):
            return _coded(codes, dictionary.values, known, field, signal)
        case Numbers(numbers):
            return _numbers(numbers, known, field)
        case Flags(true):
            codes_ = np.where(known, unpack(true, rows), 2).astype(np.int64)
            return _coded(codes_, (False, True, None), known, field, signal)
        case Sets(members):
            found, sets = codes_of(list(members.values()), rows)
            names = list(members)
            values = [frozenset(name for place, name in enumerate(names) if bits >> place & 1) for bits in sets]
            return _coded(found, values, known, field, signal)


def _coded(
    codes: NDArray[Any], values: Sequence[MaybeValue], known: NDArray[np.bool_], field: Any, signal: Signal
) -> Any:
    told = np.array([value is not None for value in values], np.bool_)[codes] & known
    if pa.types.is_dictionary(field.type) or pa.types.is_string(field.type):
        words = [UNKNOWN if value is None else written(signal, value) for value in values]
        if field.nullable:
            places = pa.array(codes.astype(np.int32), mask=~told)
            return pa.DictionaryArray.from_arrays(places, pa.array(words, pa.string())).cast(field.type)
        return _words(np.where(told, codes, len(words)), [*words, UNKNOWN], field.type)
    plain = pa.array([None if value is None else value for value in values], _plain_type(field.type))
    taken = plain.take(pa.array(codes.astype(np.int64), mask=~told))
    if field.nullable:
        return taken.cast(field.type)
    return taken.cast(pa.float64()).fill_null(float("nan"))


def _plain_type(kind: Any) -> Any:
    return pa.int64() if pa.types.is_temporal(kind) else kind


def written(signal: Signal, value: MaybeValue) -> str:
    """A value of a signal of words as the text that stands for it."""
    if isinstance(value, frozenset):
        return BETWEEN_MEASURES.join(sorted(value)) or BETWEEN_MEASURES
    if signal.type is SignalType.FLAG:
        return "yes" if value else "no"
    return str(value)


def _numbers(numbers: NDArray[Any], known: NDArray[np.bool_], field: Any) -> Any:
    if pa.types.is_temporal(field.type):
        return pa.array(numbers, pa.int64(), mask=~known).view(field.type)
    values = np.where(known, numbers.astype(np.float64), np.nan)
    return pa.array(values, pa.float64(), mask=np.isnan(values)) if field.nullable else pa.array(values, pa.float64())


def _words(codes: NDArray[Any], words: Sequence[str], kind: Any) -> Any:
    found = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(words), pa.string()))
    if not pa.types.is_dictionary(kind):
        return found.dictionary_decode()
    # Words that no row has would be written with the others, and a word that comes twice is two codes.
    return found.dictionary_decode().dictionary_encode()


def _maps(by_market: Mapping[str, Column], kind: Any, rows: int, signal: Signal) -> Any:
    """Columns by market as one column of maps; a row of which no market is known is null."""
    field = pa.field(signal.name, kind.item_type)
    found: list[list[tuple[str, object]]] = [[] for _ in range(rows)]
    for market in sorted(by_market):
        values = array_of(by_market[market], field, signal, rows)
        for row in np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False)).tolist():
            found[row].append((market, values[row].as_py()))
    return pa.array([pairs or None for pairs in found], kind)


def _labels(labels: Sequence[Label], rows: int, kind: Any) -> Any:
    found: list[list[dict[str, object]] | None] = [None] * rows
    for label in labels:
        given: dict[str, object] = {
            "of": label.of,
            "value": label.value,
            "by": label.by,
            "at": label.at,
            "final": label.final,
        }
        kept = found[label.row]
        if kept is None:
            found[label.row] = [given]
        else:
            kept.append(given)
    return pa.array(found, kind)
