"""Made-up uploads as Arrow tables in the layout of a history. It writes no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.block import DIMENSIONS
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
    history_schema,
    signal_field,
    views_column,
)
from assay.engine.language.pack.vocabulary import SignalType, Vocabulary
from assay.interfaces.histories.synth.deciding import EPOCH_DAY, told_apart
from assay.interfaces.histories.synth.judging import word_of
from assay.interfaces.histories.synth.plan import Plan, SignalPlan
from assay.interfaces.histories.synth.population import Uploads
from assay.interfaces.histories.synth.sampling import Taken

_ID_DIGITS, _CREATOR_DIGITS = 10, 8
_WORDS = (SignalType.FLAG, SignalType.CHOICE, SignalType.SCALE, SignalType.SET)
_WITH_NULLS = (SignalType.TIME, SignalType.DURATION)
_COLUMNS = (HOUR, CREATOR, STRATUM, PROBABILITY, DONE, LABELS)


def schema_of(plan: Plan) -> Any:
    """The columns of a plan's history. Views and hours are always known here, and say so."""
    vocabulary = Vocabulary(tuple([each.signal for each in plan.signals]))
    schema = history_schema(vocabulary, plan.audience.markets, DIMENSIONS, _COLUMNS)
    known = {HOUR, *map(views_column, plan.audience.markets)}
    return pa.schema([one.with_nullable(nullable=False) if one.name in known else one for one in schema])


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Turns uploads into tables; words that come in every table are made once."""

    plan: Plan
    schema: Any
    _words: dict[str, Any] = field(default_factory=dict)

    def table(
        self,
        uploads: Uploads,
        codes: Mapping[str, NDArray[Any]],
        taken: Taken,
        strata: Sequence[str],
        done: Any = None,
        labels: Any = None,
    ) -> Any:
        """A table of some uploads; without `done` and `labels`, these are unknown."""
        days = (uploads.slot // 24 + (self.plan.recipe.first_day.toordinal() - EPOCH_DAY)).astype(np.int32)
        columns = {
            ID: ids_of(uploads.places),
            DAY_COLUMN: pa.array(days).cast(pa.date32()),
            HOUR: pa.array((uploads.slot % 24).astype(np.int8)),
            "language": self._coded("of the upload: language", uploads.language, self.plan.audience.languages),
            "cohort": self._coded("of the upload: cohort", uploads.cohort + 1, self.plan.cohorts),
            "surface": self._coded("of the upload: surface", uploads.surface, self.plan.surfaces),
            CREATOR: _numbered("creator-", uploads.creator.astype(np.int64), _CREATOR_DIGITS),
            STRATUM: self._coded("of the upload: stratum", taken.strata, tuple(strata)),
            PROBABILITY: pa.array(taken.probability),
            DONE: self._coded("of the upload: done", np.zeros(uploads.rows, np.int32), ("",)) if done is None else done,
            LABELS: pa.nulls(uploads.rows, self.schema.field(LABELS).type) if labels is None else labels,
        }
        columns |= {views_column(market): pa.array(views) for market, views in uploads.views.items()}
        columns |= {each.name: self._signal(each, codes[each.name], uploads) for each in self.plan.signals}
        return pa.Table.from_arrays([columns[name] for name in self.schema.names], schema=self.schema)

    def _signal(self, each: SignalPlan, codes: NDArray[Any], uploads: Uploads) -> Any:
        if each.signal.by_market:
            return self._by_market(each, codes, uploads)
        if each.signal.type in _WORDS:
            return self._coded(each.name, codes, tuple([_written(value) for value in each.menu.values]))
        if each.signal.type is SignalType.TEXT:
            return self._texts(each).take(pa.array(codes))
        assert each.numbers is not None  # noqa: S101 (whatever is no word has numbers)
        if each.signal.type in _WITH_NULLS:
            return pa.array(each.numbers.take(codes), mask=codes == 0).cast(signal_field(each.signal).type)
        numbers = each.numbers.astype(np.float64)
        numbers[0] = np.nan
        return pa.array(numbers.take(codes))

    def _coded(self, name: str, codes: NDArray[Any], words: Sequence[str]) -> Any:
        found = self._words.get(name)
        if found is None:
            found = self._words[name] = pa.array(list(words), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), found)

    def _texts(self, each: SignalPlan) -> Any:
        found = self._words.get(each.name)
        if found is None:
            values = [None if value is None else word_of(value) for value in each.menu.values]
            found = self._words[each.name] = pa.array(values, pa.string())
        return found

    def _by_market(self, each: SignalPlan, codes: NDArray[Any], uploads: Uploads) -> Any:
        """A map for each upload: what holds everywhere, and in its home market something else where that is so."""
        home, everywhere = told_apart(each, codes)
        place = self.plan.audience.markets.index
        # At home elsewhere is everywhere, of which something is said already.
        home = np.where(uploads.home == place("*"), 0, home)
        entries = np.stack((everywhere, home), axis=1)
        keys = np.stack((np.full(uploads.rows, place("*")), uploads.home), axis=1)
        told = entries > 0
        offsets = np.zeros(uploads.rows + 1, np.int32)
        np.cumsum(told.sum(axis=1), out=offsets[1:])
        unknown = np.append(codes == 0, False)
        kind = signal_field(each.signal).type
        if each.numbers is None:
            values = [None, *[_written(value) for value in each.menu.values[1:]]]
            items = pa.array(values, pa.string()).take(pa.array(entries[told]))
            items = items if pa.types.is_string(kind.item_type) else pa.array(entries[told] == 1)
        else:
            items = pa.array(each.numbers.take(entries[told])).cast(kind.item_type)
        names = pa.array(list(self.plan.audience.markets)).take(pa.array(keys[told]))
        return pa.MapArray.from_arrays(pa.array(offsets, mask=unknown), names, items, type=kind)


def _written(value: object) -> str:
    """A value as a column of words has it; the empty word is unknown."""
    if value is None:
        return ""
    if isinstance(value, frozenset):
        # The empty set is a bar alone, since nothing at all is unknown.
        return BETWEEN_MEASURES.join(sorted(value)) or BETWEEN_MEASURES
    return word_of(value)


def ids_of(places: NDArray[np.int64]) -> Any:
    """Ids of uploads by their places."""
    return _numbered("upload-", places, _ID_DIGITS)


def _numbered(word: str, numbers: NDArray[np.int64], digits: int) -> Any:
    """A word and a number with all its leading zeros, as text a row."""
    width = len(word) + digits
    letters = np.empty((numbers.size, width), np.uint8)
    letters[:, : len(word)] = np.frombuffer(word.encode(), np.uint8)
    left = numbers.copy()
    for place in range(width - 1, len(word) - 1, -1):
        left, digit = np.divmod(left, 10)
        letters[:, place] = digit + ord("0")
    offsets = np.arange(numbers.size + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(numbers.size, pa.py_buffer(offsets), pa.py_buffer(letters))
