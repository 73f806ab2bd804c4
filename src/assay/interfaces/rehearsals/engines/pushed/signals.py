"""Signals of a history as SQL: the value of a column, and where it is none of its signal's. It reads no rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.rehearsals.engines.pushed.phrases import Phrases

_LONGEST = 2**53
_PER_MICROSECOND = {"s": 1_000_000, "ms": 1000, "us": 1}


class NotPushed(Exception):
    """A column has a form that SQL is not given; the words say which."""


@dataclass(frozen=True, slots=True)
class SignalColumn:
    """One column of a history, as one version of a pack reads it.

    kind  its Arrow type; None where the history has no such column
    """

    phrases: Phrases
    signal: Signal
    kind: Any | None

    @property
    def column(self) -> str:
        """The column's name in quotes."""
        return self.phrases.name(self.signal.name)

    def value(self, source: str, market: str) -> str:
        """The signal's value; NULL where it is unknown.

        source  what the column is read from
        market  of market-scoped signals: the code of the row's market
        """
        if self.kind is None or pa.types.is_null(self.kind):
            return f"CAST(NULL AS {self._type})"
        column = f"{source}.{self.column}"
        if not self.signal.by_market:
            return self._value(column, _plain(self.kind))
        item = _plain(self.kind.item_type)
        own, every = (self._value(self.phrases.at(column, key), item) for key in (market, f"'{ELSEWHERE}'"))
        return f"COALESCE({own}, {every})"

    def known(self, source: str) -> str:
        """Whether a row says anything of the signal, for any market."""
        if self.kind is None or pa.types.is_null(self.kind):
            return "FALSE"
        column = f"{source}.{self.column}"
        if not self.signal.by_market:
            return f"{self._value(column, _plain(self.kind))} IS NOT NULL"
        one = self._value("one", _plain(self.kind.item_type))
        return f"{self.phrases.count(self.phrases.values(column), f'{one} IS NOT NULL')} > 0"

    def wrong(self, source: str, markets: frozenset[str]) -> list[str]:
        """What makes a row's value none of the signal's; each is true or false, or NULL for unknown."""
        if self.kind is None or pa.types.is_null(self.kind):
            return []
        column = f"{source}.{self.column}"
        if not self.signal.by_market:
            return self._wrong(column, _plain(self.kind))
        known = [*sorted(markets), ELSEWHERE]
        if self.signal.type is SignalType.SET:
            raise NotPushed(f"`{self.signal.name}` is a set for each market")
        tests = [f"COALESCE({test}, FALSE)" for test in self._wrong("one", _plain(self.kind.item_type))]
        found = [f"{self.phrases.strangers(self.phrases.keys(column), known)} > 0"]
        return found + [f"{self.phrases.count(self.phrases.values(column), test)} > 0" for test in tests]

    # ---------------------------------------------------------------- values

    @property
    def _type(self) -> str:
        match self.signal.type:
            case SignalType.FLAG:
                return "BOOLEAN"
            case SignalType.SET:
                return self.phrases.list_type
            case SignalType.TIME | SignalType.DURATION:
                return "BIGINT"
            case SignalType.NUMBER | SignalType.SCORE:
                return self.phrases.number_type(integer=self.signal.integer)
            case _:
                return self.phrases.text_type

    def _value(self, column: str, kind: Any) -> str:
        types, signal = pa.types, self.signal
        is_text = types.is_string(kind) or types.is_large_string(kind)
        match signal.type:
            case SignalType.FLAG if types.is_boolean(kind):
                return column
            case SignalType.FLAG if is_text:
                return f"CASE {column} WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END"
            case SignalType.CHOICE | SignalType.SCALE if is_text:
                return f"NULLIF({column}, '')"
            case SignalType.TEXT if is_text:
                return column
            case SignalType.SET if is_text:
                return f"CASE WHEN {column} <> '' THEN {self.phrases.words(column)} END"
            case SignalType.SET if types.is_list(kind) or types.is_large_list(kind):
                return column
            case SignalType.NUMBER | SignalType.SCORE if _is_number(kind):
                known = (
                    f"CASE WHEN NOT {self.phrases.is_nan(column)} THEN {column} END"
                    if types.is_floating(kind)
                    else column
                )
                # What is cast is checked; but an engine may cast before it looks which rows are wanted.
                return f"TRY_CAST({known} AS {self._type})"
            case SignalType.TIME if types.is_timestamp(kind) and kind.unit in _PER_MICROSECOND:
                return self.phrases.instants(column)
            case SignalType.TIME if types.is_date32(kind):
                return f"({self.phrases.days(column)} * {DAY})"
            case SignalType.DURATION if types.is_duration(kind) and kind.unit in _PER_MICROSECOND:
                return f"(CAST({column} AS BIGINT) * {_PER_MICROSECOND[kind.unit]})"
            case _:
                raise NotPushed(f"`{signal.name}` is a {signal.type} in a column of {kind}")

    # ---------------------------------------------------------- wrong values

    def _wrong(self, column: str, kind: Any) -> list[str]:
        types, signal = pa.types, self.signal
        is_text = types.is_string(kind) or types.is_large_string(kind)
        match signal.type:
            case SignalType.FLAG if is_text:
                return [f"{column} NOT IN ('yes', 'no', '')"]
            case SignalType.CHOICE | SignalType.SCALE:
                return [f"{column} NOT IN {self.phrases.listed([*signal.value_names, ''])}"]
            case SignalType.SET:
                members = f"CASE WHEN {column} <> '' THEN {self.phrases.words(column)} END" if is_text else column
                known = [*signal.value_names, *([""] if is_text else [])]
                return [f"{self.phrases.strangers(members, known)} > 0"]
            case SignalType.TEXT:
                return [f"length({column}) > {signal.longest}"]
            case SignalType.NUMBER | SignalType.SCORE:
                return [self._out_of_bounds(column, is_float=types.is_floating(kind))]
            case _:
                return []

    def _out_of_bounds(self, column: str, *, is_float: bool) -> str:
        signal = self.signal
        score = signal.type is SignalType.SCORE
        low = 0.0 if score else -_LONGEST if signal.minimum is None else signal.minimum
        high = 1.0 if score else _LONGEST if signal.maximum is None else signal.maximum
        outside = f"{column} < CAST('{low!r}' AS DOUBLE) OR {column} > CAST('{high!r}' AS DOUBLE)"
        if signal.integer and is_float:
            outside += f" OR {column} <> floor({column})"
        return f"(NOT {self.phrases.is_nan(column)} AND ({outside}))" if is_float else f"({outside})"


def _plain(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
