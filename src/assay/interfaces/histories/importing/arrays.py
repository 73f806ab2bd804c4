"""Rows as Arrow tables in the form in which a history is written. It checks nothing: rows are checked when read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from assay.engine.backtest.history.layout import BETWEEN_MEASURES, ID, SUBJECT, market_of
from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.interfaces.histories.importing.rows import Row


def table_of(rows: Sequence[Row], schema: Any, vocabulary: Vocabulary) -> Any:
    """Rows as a table of a schema."""
    arrays = [pa.array(_values(rows, field, vocabulary), type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _values(rows: Sequence[Row], field: Any, vocabulary: Vocabulary) -> list[object]:
    name = field.name
    market = market_of(name)
    if market is not None:
        return [row.views.get(market) for row in rows]
    signal = vocabulary.by_name.get(name)
    if signal is None:
        return _own(rows, name)
    written, place = writer_of(signal), vocabulary.index[name]
    if signal.by_market:
        return [_by_market(row, signal, written) for row in rows]
    unknown = unknown_of(field)
    values = [row.item.values[place] for row in rows]
    return [unknown if value is None else written(value) for value in values]


def _own(rows: Sequence[Row], name: str) -> list[object]:
    if name == ID:
        return [row.item.id for row in rows]
    if name == SUBJECT:
        return [row.item.subject for row in rows]
    return [row.own[name] or None if name == "labels" else row.own[name] for row in rows]


def _by_market(row: Row, signal: Signal, written: Callable[[Value], object]) -> list[tuple[str, object]] | None:
    given = row.item.by_market.get(signal.name)
    return [(market, written(value)) for market, value in sorted(given.items())] if given else None


def unknown_of(field: Any) -> object:
    """What stands for unknown in a column: null, and where it is never null the empty word or NaN."""
    if field.nullable:
        return None
    return float("nan") if pa.types.is_floating(field.type) else ""


def writer_of(signal: Signal) -> Callable[[Value], object]:
    """How a value of a signal is written."""
    match signal.type:
        case SignalType.FLAG:
            return (lambda value: value) if signal.by_market else (lambda value: "yes" if value else "no")
        case SignalType.SET:
            return written_set
        case SignalType.NUMBER | SignalType.SCORE:
            return float  # type: ignore[return-value]
        case _:
            return lambda value: value


def written_set(value: object) -> str:
    """A set as its values with `|` between them; `|` alone is the empty one."""
    return BETWEEN_MEASURES.join(sorted(value)) or BETWEEN_MEASURES if isinstance(value, frozenset) else ""
