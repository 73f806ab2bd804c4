"""The columns of a history: their names, their Arrow types, and what is wrong with a table's. It reads no row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.history.needs import Needs
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.columnar.table.arrow import ArrowReader

ID, DAY_COLUMN, HOUR, SUBJECT, CREATOR = "id", "day", "hour", "subject", "creator"
STRATUM, PROBABILITY, DONE, LABELS = "stratum", "probability", "done", "labels"
VIEWS = "views:"
# What begins so belongs to the record that a row was made from, and is left aside without a word.
OF_RECORD = "record:"
# These names are the layout's own; those of dimensions may be a signal's too, and are then its column.
RESERVED = (ID, DAY_COLUMN, HOUR, SUBJECT, CREATOR, STRATUM, PROBABILITY, DONE, LABELS)
REQUIRED = (ID, DAY_COLUMN)

HISTORY_KEY, DESIGN_KEY, SYNTH_KEY = b"assay.history", b"assay.design", b"assay.synth"
LAYOUT_VERSION = "1"
DESIGNS = ("census", "simple", "stratified", "poisson")
BETWEEN_MEASURES = "|"
# Every row of a history without strata.
ONE_STRATUM = "all"

WORD = pa.dictionary(pa.int32(), pa.string())
INSTANT = pa.timestamp("us", "UTC")
LABEL = pa.struct(
    [("of", pa.string()), ("value", pa.string()), ("by", pa.string()), ("at", INSTANT), ("final", pa.bool_())]
)
_OWN_TYPES = {
    ID: pa.string(),
    DAY_COLUMN: pa.date32(),
    HOUR: pa.int8(),
    SUBJECT: WORD,
    CREATOR: pa.string(),
    STRATUM: WORD,
    PROBABILITY: pa.float64(),
    DONE: WORD,
    LABELS: pa.list_(LABEL),
}
# What is unknown is the empty word or NaN where a type has such a value: a column that is never null is read four times
# as fast. A text may be empty, so that only null can say that it is unknown.
_SIGNAL_TYPES = {
    SignalType.FLAG: WORD,
    SignalType.CHOICE: WORD,
    SignalType.SCALE: WORD,
    SignalType.SET: WORD,
    SignalType.NUMBER: pa.float64(),
    SignalType.SCORE: pa.float64(),
    SignalType.TEXT: pa.string(),
    SignalType.TIME: INSTANT,
    SignalType.DURATION: pa.duration("us"),
}
_BY_MARKET_TYPES = {
    SignalType.FLAG: pa.bool_(),
    SignalType.CHOICE: pa.string(),
    SignalType.SCALE: pa.string(),
    SignalType.SET: pa.string(),
}
_NEVER_NULL = (ID, DAY_COLUMN, SUBJECT, CREATOR, STRATUM, PROBABILITY, DONE)


def views_column(market: str) -> str:
    """The column of a market's views."""
    return VIEWS + market


def market_of(column: str) -> str | None:
    """The market whose views a column holds, or None where it holds none."""
    return column.removeprefix(VIEWS) if column.startswith(VIEWS) else None


def signal_field(signal: Signal) -> Any:
    """The Arrow field in which a signal is written; where it is never null, the empty word or NaN is unknown."""
    kind = _SIGNAL_TYPES[signal.type]
    if signal.by_market:
        return pa.field(signal.name, pa.map_(pa.string(), _BY_MARKET_TYPES.get(signal.type, kind)))
    return pa.field(signal.name, kind, nullable=not (pa.types.is_dictionary(kind) or pa.types.is_floating(kind)))


def history_schema(
    vocabulary: Vocabulary, markets: Sequence[str], dimensions: Iterable[str], columns: Iterable[str]
) -> Any:
    """The schema in which a history is written.

    markets     those with a column of views, `*` for everywhere else; none at all: decided everywhere as one market
    dimensions  those written as columns of their own; one that is a signal too is written once
    columns     the optional columns of the layout that are written; `id` and `day` always are
    """
    wanted = {*REQUIRED, *columns}
    fields = [
        pa.field(name, kind, nullable=name not in _NEVER_NULL) for name, kind in _OWN_TYPES.items() if name in wanted
    ]
    fields += [pa.field(name, WORD, nullable=False) for name in dimensions if name not in vocabulary.by_name]
    fields += [pa.field(views_column(market), pa.int64()) for market in markets]
    fields += [signal_field(signal) for signal in vocabulary.signals]
    return pa.schema(fields, {HISTORY_KEY: LAYOUT_VERSION})


# ------------------------------------------------------------------- checking


def column_faults(schema: Any, needs: Needs) -> list[Fault]:
    """Why the rows of a table cannot be read at all."""
    names = list(schema.names)
    faults = [
        Fault("missing-column", f"there is no column `{name}`{_hint(did_you_mean(name, names))}", name)
        for name in REQUIRED
        if name not in names
    ]
    faults += [
        Fault("duplicate-column", f"the column `{name[:60]}` comes twice", name)
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    faults += [fault for signal in needs.declared for fault in _name_faults(signal)]
    if not any(fault.slug == "duplicate-column" for fault in faults):
        faults += [fault for name in names for fault in _type_faults(name, schema.field(name).type, needs)]
    return faults


def unknown_columns(names: Iterable[str], needs: Needs) -> list[str]:
    """The columns that nobody knows, which are left aside."""
    known = {*RESERVED, *needs.dimensions, *(signal.name for signal in needs.declared), *needs.vocabulary_names}
    return [name for name in names if name not in known and market_of(name) is None and not name.startswith(OF_RECORD)]


def _name_faults(signal: Signal) -> Iterable[Fault]:
    if signal.name in RESERVED:
        words = f"the signal `{signal.name}` has the name of a column of the layout, so that neither can be told"
        yield Fault("reserved-name", words, signal.name)


def _type_faults(name: str, kind: Any, needs: Needs) -> list[Fault]:
    market = market_of(name)
    if market is not None:
        return [*_market_faults(name, market, needs), *_misfit(name, kind, _is_whole, "whole numbers")]
    if name in _ALLOWED and (name in RESERVED or name not in needs.by_name):
        allowed, words = _ALLOWED[name]
        return _misfit(name, kind, allowed, words)
    return [fault for signal in needs.by_name.get(name, ()) for fault in signal_faults(signal, kind)]


def _market_faults(name: str, market: str, needs: Needs) -> list[Fault]:
    if market == ELSEWHERE or market in needs.markets:
        return []
    hint = did_you_mean(market.upper(), needs.markets)
    return [Fault("unknown-market", f"`{name[:60]}`: no market is named `{market[:40]}`{_hint(hint)}", name)]


def _misfit(name: str, kind: Any, allowed: Any, words: str) -> list[Fault]:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_null(plain) or allowed(plain):
        return []
    return [Fault("wrong-type", f"the column `{name}` holds {words}, and this is a column of {kind}", name)]


def signal_faults(signal: Signal, kind: Any) -> list[Fault]:
    """Why a column of some type cannot hold a signal in any row."""
    if pa.types.is_null(kind):
        return []
    if signal.by_market:
        if not pa.types.is_map(kind) or not _is_text(kind.key_type):
            words = f"the column `{signal.name}` has a value for each market: it is a map from text, not {kind}"
            return [Fault("wrong-type", words, signal.name)]
        kind = kind.item_type
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    numeric = signal.type in (SignalType.NUMBER, SignalType.SCORE)
    read = ArrowReader().column(signal, pa.array([], type=kind)) if not (numeric and _is_text(plain)) else None
    if read is not None and read.column is not None:
        return []
    words = f"the column `{signal.name}` of a {signal.type} cannot be read from a column of {kind}"
    if read is not None and pa.types.is_timestamp(plain):
        words = f"the column `{signal.name}` has times without a time zone, which are no instants; store them as UTC"
    return [Fault("wrong-type", words, signal.name)]


def _hint(words: str | None) -> str:
    return f"; {words}" if words else ""


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_whole(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind))


def _is_day(kind: Any) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def _is_labels(kind: Any) -> bool:
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or not pa.types.is_struct(kind.value_type):
        return False
    fields: Mapping[str, Any] = {field.name: field.type for field in kind.value_type}
    texts = all(_is_text(fields[name]) for name in ("of", "value") if name in fields)
    by, at, final = fields.get("by"), fields.get("at"), fields.get("final")
    return (
        texts
        and {"of", "value"} <= fields.keys()
        and (by is None or pa.types.is_null(by) or _is_text(by))
        and (at is None or pa.types.is_null(at) or (pa.types.is_timestamp(at) and at.tz is not None))
        and (final is None or bool(pa.types.is_null(final) or pa.types.is_boolean(final)))
    )


_ALLOWED = {
    ID: (_is_text, "text"),
    DAY_COLUMN: (_is_day, "dates"),
    HOUR: (_is_whole, "whole numbers"),
    SUBJECT: (_is_text, "text"),
    CREATOR: (_is_text, "text"),
    STRATUM: (_is_text, "text"),
    PROBABILITY: (_is_number, "numbers"),
    DONE: (_is_text, "text"),
    LABELS: (_is_labels, "lists of labels (of, value, by, at with a time zone, final)"),
    "language": (_is_text, "text"),
    "cohort": (_is_text, "text"),
    "surface": (_is_text, "text"),
}
