"""What is known of an item, in the words of the vocabulary. It never says more than the record does."""

from __future__ import annotations

from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.language.phrases import (
    duration_words,
    enumerate_words,
    flag_clause,
    instant_words,
    number_words,
    quoted,
    value_clause,
)

_LONGEST = 200


def fact_of(signal: Signal, value: Value) -> str:
    """A signal's value as a clause or a phrase."""
    match value:
        case bool():
            return flag_clause(signal, value)
        case frozenset():
            return _set_words(signal, value)
        case str() if signal.type is SignalType.TEXT:
            return quoted(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…")
        case str():
            return value_clause(signal, signal.by_name[value])
        case int() if signal.type is SignalType.TIME:
            return instant_words(value)
        case int() if signal.type is SignalType.DURATION:
            return duration_words(value)
        case _:
            return number_words(value) + (f" {signal.unit}" if signal.unit else "")


def _set_words(signal: Signal, members: frozenset[str]) -> str:
    named = [value_clause(signal, value) for value in signal.values if value.name in members]
    return enumerate_words(named, "and") if named else "none of its values"
