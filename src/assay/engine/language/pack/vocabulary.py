"""Signals and their types: what a fact may be, who may assert it, how it reads aloud. It never resolves assertions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import nearest
from assay.engine.kernel.instants import format_duration, format_instant, parse_duration, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.kernel.unicode import is_unicode, quotable
from assay.engine.kernel.values import Value


class SignalType(StrEnum):
    """The nine types of a signal."""

    FLAG = "flag"
    CHOICE = "choice"
    SCALE = "scale"
    SET = "set"
    NUMBER = "number"
    SCORE = "score"
    TEXT = "text"
    TIME = "time"
    DURATION = "duration"


WITH_VALUES = frozenset({SignalType.CHOICE, SignalType.SCALE, SignalType.SET})
ORDERED = frozenset({SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION})
SUBJECTS = ("item", "account", "campaign")
# What promises call the measures of a decision and its market; no signal may have these names.
MEASURES_WORD, MARKET_WORD = "measures", "market"


@dataclass(frozen=True, slots=True)
class SignalValue:
    """One value of a choice, scale or set, and the clauses that say it."""

    name: str
    phrase: str
    negated: str | None = None
    at_least: str | None = None
    at_most: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """Where a market-scoped signal takes its value from: windows of a kind, their phase or the days to their poll."""

    kind: str
    gives: str
    otherwise: str | None = None


@dataclass(frozen=True)
class Signal:
    """A typed fact on an item, an account or a campaign, as the pack declares it."""

    name: str
    type: SignalType
    title: str
    question: str
    help: str = ""
    values: tuple[SignalValue, ...] = ()
    phrase: str = ""
    phrase_no: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    longest: int = 10_000
    model: str = ""
    subject: str = "item"
    scope: str = "item"
    asserted_by: tuple[str, ...] = ()
    precedence: tuple[str, ...] = ()
    seconds: float = 10.0
    exposure: int = 0
    prior: Mapping[str, float] = field(default_factory=dict)
    confidence_at_least: float = 0.0
    calendar: CalendarSource | None = None
    span: Span = field(default=Span("", 1, 1), compare=False)

    @cached_property
    def value_names(self) -> tuple[str, ...]:
        """The names of its values, for a scale in order."""
        return tuple(value.name for value in self.values)

    @cached_property
    def by_name(self) -> Mapping[str, SignalValue]:
        """Its values by their names."""
        return {value.name: value for value in self.values}

    @property
    def by_market(self) -> bool:
        """Whether it has a value for each market."""
        return self.scope == "market"

    def read(self, given: object) -> Value | Fault:
        """The value that a record's JSON value stands for, or why it is none. None is not for this function."""
        reader = _READERS[self.type]
        value = reader(self, given)
        if isinstance(value, Fault):
            return Fault(value.slug, value.words, self.name)
        return value

    def write(self, value: Value) -> object:
        """The JSON form of a value; `read` of it gives the value again."""
        if isinstance(value, frozenset):
            return sorted(value)
        if self.type is SignalType.TIME and isinstance(value, int):
            return format_instant(value)
        if self.type is SignalType.DURATION and isinstance(value, int):
            return format_duration(value)
        return value


@dataclass(frozen=True)
class Vocabulary:
    """All signals of a pack, in the order declared."""

    signals: tuple[Signal, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Signal]:
        """The signals by their names."""
        return {signal.name: signal for signal in self.signals}

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of each signal in an item's values."""
        return {signal.name: place for place, signal in enumerate(self.signals)}


def _wrong_type(wanted: str, given: object) -> Fault:
    return Fault("wrong-type", f"expected {wanted}, not {_describe(given)}")


def _describe(given: object) -> str:
    if isinstance(given, bool):
        return f"`{str(given).lower()}`"
    if isinstance(given, list | tuple | frozenset):
        return "a list"
    if isinstance(given, dict):
        return "an object"
    if isinstance(given, int) and abs(given) > 2**53:
        # Python refuses to write out a number of thousands of digits, which nobody would read either.
        return "a whole number beyond 2^53"
    return f"`{quotable(str(given)[:60])}`"


def _read_flag(signal: Signal, given: object) -> Value | Fault:
    return given if isinstance(given, bool) else _wrong_type("true or false", given)


def _read_choice(signal: Signal, given: object) -> Value | Fault:
    if not isinstance(given, str):
        return _wrong_type("one of its values", given)
    if given not in signal.by_name:
        near = nearest(given, signal.value_names)
        more = f"; did you mean `{near}`?" if near else ""
        return Fault("unknown-value", f"`{quotable(given[:60])}` is not one of its values{more}")
    return given


def _read_set(signal: Signal, given: object) -> Value | Fault:
    if not isinstance(given, list | tuple | frozenset | set):
        return _wrong_type("a list of its values", given)
    if len(given) > 10 * len(signal.values) + 10:
        return Fault("wrong-type", "the list is far longer than the values there are")
    for member in given:
        fault = _read_choice(signal, member)
        if isinstance(fault, Fault):
            return fault
    return frozenset(given)


def _read_number(signal: Signal, given: object) -> Value | Fault:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return _wrong_type("a number", given)
    if isinstance(given, float):
        if not math.isfinite(given):
            return Fault("not-a-number", "this is not a number that can be compared; leave it out when it is unknown")
        if signal.integer:
            if not given.is_integer():
                return _wrong_type("a whole number", given)
            given = int(given)
    # Beyond 2^53 a double no longer holds every whole number, and back ends would begin to differ.
    if abs(given) > 2**53:
        return Fault("out-of-range", "the number is beyond 2^53")
    low = 0.0 if signal.type is SignalType.SCORE else signal.minimum
    high = 1.0 if signal.type is SignalType.SCORE else signal.maximum
    if (low is not None and given < low) or (high is not None and given > high):
        bounds = f"{'' if low is None else f'at least {low:g}'}{' and ' if None not in (low, high) else ''}"
        return Fault(
            "out-of-range", f"{_describe(given)} must be {bounds}{'' if high is None else f'at most {high:g}'}"
        )
    # Added to 0.0, since a negative zero is written in another way than the zero it equals.
    return given if signal.integer else float(given) + 0.0


def _read_text(signal: Signal, given: object) -> Value | Fault:
    if not isinstance(given, str):
        return _wrong_type("text", given)
    if len(given) > signal.longest:
        return Fault("out-of-range", f"the text is longer than {signal.longest} characters")
    if not is_unicode(given):
        return Fault("wrong-type", "the text holds half of a surrogate pair, which no record can hold")
    return given


def _read_time(signal: Signal, given: object) -> Value | Fault:
    instant = parse_instant(given) if isinstance(given, str) else None
    return _wrong_type("a time such as `2026-11-22T10:00:00Z`", given) if instant is None else instant


def _read_duration(signal: Signal, given: object) -> Value | Fault:
    length = parse_duration(given) if isinstance(given, str) else None
    return _wrong_type("a duration such as `36h`", given) if length is None else length


_READERS = {
    SignalType.FLAG: _read_flag,
    SignalType.CHOICE: _read_choice,
    SignalType.SCALE: _read_choice,
    SignalType.SET: _read_set,
    SignalType.NUMBER: _read_number,
    SignalType.SCORE: _read_number,
    SignalType.TEXT: _read_text,
    SignalType.TIME: _read_time,
    SignalType.DURATION: _read_duration,
}
