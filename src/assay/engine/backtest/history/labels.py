"""What people found, as labels that are checked one by one. A wrong label is dropped and named; its row stays."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.engine.backtest.history.block import Label
from assay.engine.backtest.history.layout import LABEL
from assay.engine.backtest.history.own import Wrong
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.unicode import quotable
from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType

_TRUTHS = {"yes": True, "no": False}
_BETWEEN_MEMBERS = "|"
_MOST_KEPT = 4096
_NOT_FINAL = pa.scalar(value=False)


class LabelReader:
    """Reads columns of labels by what they may be about."""

    def __init__(self, signals: Mapping[str, Signal], measures: frozenset[str]) -> None:
        self._signals, self._measures = signals, measures
        self._known: dict[tuple[str | None, str | None], Fault | None] = {}

    def read(self, column: Any, size: int) -> tuple[tuple[Label, ...], list[Wrong]]:
        """The labels of a batch of some rows, and the rows of which one is left out."""
        if pa.types.is_null(column.type):
            return (), []
        flat = pc.list_flatten(column)
        if not len(flat):
            return (), []
        rows = pc.list_parent_indices(column)
        of, value = (_field(flat, name).dictionary_encode(null_encoding="encode") for name in ("of", "value"))
        faults, wrong = self._faults(of, value)
        if wrong.any():
            kept = pa.array(~wrong)
            dropped = _dropped(rows.to_numpy(), faults, wrong, size)
            rows, of, value, flat = (each.filter(kept) for each in (rows, of, value, flat))
        else:
            dropped = []
        by, final = _field(flat, "by").fill_null(""), _field(flat, "final").fill_null(_NOT_FINAL)
        fields = (rows, of.dictionary_decode(), value.dictionary_decode(), by, _instants(_field(flat, "at")), final)
        return tuple(itertools.starmap(Label, zip(*(each.to_pylist() for each in fields), strict=True))), dropped

    def _faults(self, of: Any, value: Any) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
        """What is wrong with each label, and where something is; looked at once for each pair that there is."""
        names, values = of.dictionary.to_pylist(), value.dictionary.to_pylist()
        pairs = of.indices.to_numpy().astype(np.int64) * len(values) + value.indices.to_numpy()
        which, places = np.unique(pairs, return_inverse=True)
        found = np.array(
            [self._fault(names[pair // len(values)], values[pair % len(values)]) for pair in which.tolist()]
        )
        return found[places], np.array([fault is not None for fault in found], np.bool_)[places]

    def _fault(self, of: str | None, value: str | None) -> Fault | None:
        key = (of, value)
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = label_fault(of, value, self._signals, self._measures)
        return self._known[key]


def _dropped(rows: NDArray[np.int64], faults: NDArray[np.object_], wrong: NDArray[np.bool_], size: int) -> list[Wrong]:
    by_slug: dict[str, dict[int, str]] = {}
    for place in np.flatnonzero(wrong).tolist():
        fault = faults[place]
        by_slug.setdefault(fault.slug, {}).setdefault(int(rows[place]), fault.words)
    return [_of_rows(slug, words, size) for slug, words in by_slug.items()]


def _of_rows(slug: str, words: Mapping[int, str], size: int) -> Wrong:
    flags = np.zeros(size, np.bool_)
    flags[list(words)] = True

    def says(row: int) -> str:
        return f"{words[row]}; the label is left out, the row stays"

    return Wrong(slug, "labels", flags, says)


def label_fault(
    of: str | None, value: str | None, signals: Mapping[str, Signal], measures: frozenset[str]
) -> Fault | None:
    """Why a label says nothing, or None where it does."""
    if of is None or value is None:
        return Fault("unknown-label", "a label has no `of` or no `value`")
    if of in signals:
        read = read_text(signals[of], value)
        return Fault("bad-label", f"a label of `{of}`: {read.words}") if isinstance(read, Fault) else None
    if of in measures:
        words = f"a label of the measure `{of}` is `yes` or `no`, not `{quotable(value[:40])}`"
        return None if value in _TRUTHS else Fault("bad-label", words)
    hint = did_you_mean(of, [*signals, *measures])
    words = f"no signal or measure is named `{quotable(of[:60])}`" + (f"; {hint}" if hint else "")
    return Fault("unknown-label", words)


def read_text(signal: Signal, text: str) -> Value | Fault:
    """The value that a text stands for: `yes`, `altered`, `a|b` for a set, digits for a number."""
    match signal.type:
        case SignalType.FLAG:
            return signal.read(_TRUTHS.get(text, text))
        case SignalType.SET:
            return signal.read([member for member in text.split(_BETWEEN_MEMBERS) if member])
        case SignalType.NUMBER | SignalType.SCORE:
            return signal.read(_number(text))
        case _:
            return signal.read(text)


def _number(text: str) -> object:
    if len(text) > 40:
        return text[:40]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _field(flat: Any, name: str) -> Any:
    """A field of the labels, of the type that it has in the layout."""
    kind = LABEL.field(name).type
    if name not in [field.name for field in flat.type]:
        return pa.nulls(len(flat), kind)
    values = pc.struct_field(flat, name)
    return values if values.type == kind or pa.types.is_timestamp(values.type) else values.cast(kind)


def _instants(values: Any) -> Any:
    return values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.int64())
