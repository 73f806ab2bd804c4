"""What decision records say of their items as columns of a history, without knowing the pack. It never guesses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from assay.engine.backtest.history.layout import BETWEEN_MEASURES, RESERVED
from assay.engine.decision.record import SCHEMA
from assay.engine.kernel.instants import DAY, SECOND, parse_instant
from assay.engine.language.pack.classes import REST
from assay.interfaces.stores.segments.reading import StoredRecord

FLAG, NUMBER, TEXT, SET = "flag", "number", "text", "set"
NUMBERS_BY_MARKET, WORDS_BY_MARKET = "numbers by market", "words by market"
_WORDS = {FLAG, TEXT, SET}


class _Outcome(msgspec.Struct):
    applied: list[str]
    markets: list[str]


class _Record(msgspec.Struct):
    """What history needs of a decision record; the rest of it is passed over."""

    schema: str
    as_of: str
    bundle: str
    item: str
    subject: str
    signals: dict[str, Any]
    outcomes: list[_Outcome]


_read = msgspec.json.Decoder(_Record).decode


class Columns:
    """Rows as they come, by column.

    ids      None where a record is no decision record: it is kept, and is no history
    items    as the store was told
    signals  by name: the values of the rows that have one, by row
    left     by signal: values that fit into no column beside the others, which stand in the record alone
    """

    def __init__(self) -> None:
        self.ids: list[str | None] = []
        self.items: list[str] = []
        self.as_of: list[int] = []
        self.subject: list[str] = []
        self.done: list[str] = []
        self.bundle: list[str | None] = []
        self.kept: list[int] = []
        self.key: list[str | None] = []
        self.signals: dict[str, dict[int, Any]] = {}
        self.left: Counter[str] = Counter()

    def add(self, found: StoredRecord) -> None:
        """One record more."""
        row = len(self.ids)
        self.kept.append(found.kept)
        self.items.append(_sound(found.item))
        self.key.append(_sound(found.key) or None)
        try:
            record = _read(found.record)
            as_of = parse_instant(record.as_of)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            record, as_of = None, None
        if record is None or as_of is None or record.schema != SCHEMA:
            self._add_stranger(found)
            return
        self.ids.append(record.item)
        self.as_of.append(as_of)
        self.subject.append(record.subject)
        self.done.append(_done(record.outcomes))
        self.bundle.append(record.bundle)
        for name, value in record.signals.items():
            # What the layout itself calls so would be read as its own.
            if name in RESERVED or ":" in name:
                self.left[name] += 1
            elif value is not None:
                self.signals.setdefault(name, {})[row] = value

    def _add_stranger(self, found: StoredRecord) -> None:
        self.ids.append(None)
        self.as_of.append(found.kept)
        self.subject.append("item")
        self.done.append("")
        self.bundle.append(None)

    @property
    def days(self) -> list[int]:
        """The days as of which the rows were decided, since the epoch."""
        return [instant // DAY for instant in self.as_of]

    @property
    def hours(self) -> list[int]:
        """The hours of their days."""
        return [instant % DAY // (3600 * SECOND) for instant in self.as_of]

    def signal(self, name: str) -> tuple[str, dict[int, Any]]:
        """A signal's kind, and its values by row in the form of that kind.

        Two bundles may say different things under one name. Words stand beside words as text; otherwise the last
        record tells what the column is, and what does not fit is left to the records themselves.
        """
        given = self.signals[name]
        kinds = {row: _kind(value) for row, value in given.items()}
        several = set(kinds.values())
        kind = next(iter(several)) if len(several) == 1 else TEXT
        if several - _WORDS and len(several) > 1:
            kind = kinds[max(kinds)]
            fits = _WORDS if kind in _WORDS else {kind}
            self.left[name] += sum(each not in fits for each in kinds.values())
            given = {row: value for row, value in given.items() if kinds[row] in fits}
            kind = TEXT if kind in _WORDS else kind
        return kind, {row: _FORMS[kind](value) for row, value in given.items()}


def _sound(text: str) -> str:
    """A text that every reader of Parquet takes: half a character of UTF-16 becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        numbers = all(_kind(each) == NUMBER for each in value.values())
        return NUMBERS_BY_MARKET if numbers and value else WORDS_BY_MARKET
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, int | float):
        return NUMBER
    return SET if isinstance(value, list) else TEXT


def as_text(value: object) -> str:
    """A value in the words that a history has for it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return BETWEEN_MEASURES.join(sorted(map(str, value))) or BETWEEN_MEASURES
    return str(value)


def _done(outcomes: list[_Outcome]) -> str:
    """What was done in the markets that no rule tells apart; nothing is known of it where these were not decided."""
    for outcome in outcomes:
        if REST in outcome.markets:
            return BETWEEN_MEASURES.join(outcome.applied) or BETWEEN_MEASURES
    return ""


def _each(write: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda by_market: {market: write(value) for market, value in by_market.items()}


_FORMS: Mapping[str, Callable[[Any], object]] = {
    FLAG: as_text,
    SET: as_text,
    TEXT: as_text,
    NUMBER: float,
    NUMBERS_BY_MARKET: _each(float),
    WORDS_BY_MARKET: _each(as_text),
}
