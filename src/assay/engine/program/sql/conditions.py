"""Conditions as SQL that is true, false or NULL exactly where they are true, false or unknown. It knows no rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import expressions as exp

from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.core import (
    All,
    Among,
    Any,
    Atom,
    Between,
    InRollout,
    Members,
    Node,
    Ordered,
    Size,
    Test,
    TextTest,
)
from assay.engine.program.sql import dialects
from assay.engine.program.sql.logic import (
    OPPOSITE,
    Sql,
    both,
    bracketed,
    compare,
    constant,
    decimal,
    either,
    is_missing,
    no,
    text,
    where_known,
    whole,
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """How conditions are written for one query.

    read      a signal's value, each time as a new tree
    is_open   whether a set is unknown, never NULL
    rollout   whether the item is in a rule's share
    """

    dialect: str
    vocabulary: Vocabulary
    read: Callable[[str], Sql]
    is_open: Callable[[str], Sql]
    rollout: Callable[[InRollout], Sql]

    def write(self, node: Node) -> Sql:
        """A condition."""
        match node:
            case Atom(test, negated):
                return self._atom(test, negated)
            case All(parts):
                return both(self.write(part) for part in parts)
            case Any(parts):
                return either(self.write(part) for part in parts)

    def _atom(self, test: Test, negated: bool) -> Sql:
        match test:
            case Among(signal, values):
                return self._among(signal, values, negated)
            case Ordered(signal, operator, bound):
                value = _number(bound, self.vocabulary.by_name[signal])
                return compare(OPPOSITE[operator] if negated else operator, self.read(signal), value)
            case Between(signal, operator, other):
                return compare(OPPOSITE[operator] if negated else operator, self.read(signal), self.read(other))
            case Size(signal, operator, bound):
                return self._size(signal, OPPOSITE[operator] if negated else operator, bound)
            case Members(signal, mode, values):
                return self._members(signal, mode, sorted(values), negated)
            case TextTest(signal, function, part):
                found = dialects.text_test(self.read(signal), function, part, self.dialect)
                return no(found) if negated else found
            case InRollout():
                return no(self.rollout(test)) if negated else self.rollout(test)

    def _among(self, signal: str, values: frozenset[Value], negated: bool) -> Sql:
        declared = self.vocabulary.by_name[signal]
        if declared.type is SignalType.FLAG:
            return self._flag(signal, values, negated)
        constants = [_constant(value, declared) for value in sorted(values, key=repr)]
        if not constants:
            return where_known([is_missing(self.read(signal))], constant(holds=negated))
        if len(constants) == 1:
            return compare("!=" if negated else "==", self.read(signal), constants[0])
        found = dialects.among(self.read(signal), constants, self.dialect)
        return no(found) if negated else found

    def _flag(self, signal: str, values: frozenset[Value], negated: bool) -> Sql:
        if len(values) == 1:
            return self.read(signal) if (True in values) != negated else no(self.read(signal))
        # Both values or none: one answer wherever the flag is known.
        return where_known([is_missing(self.read(signal))], constant(holds=bool(values) != negated))

    def _members(self, signal: str, mode: str, values: list[str], negated: bool) -> Sql:
        found = [dialects.has_member(self.read(signal), value, self.dialect) for value in values]
        joined = both(found) if mode == "all" else either(found)
        return where_known([self.is_open(signal)], no(joined) if negated else joined)

    def _size(self, signal: str, operator: str, bound: int | float) -> Sql:
        declared = self.vocabulary.by_name[signal]
        if declared.type is SignalType.TEXT:
            return compare(operator, dialects.characters(self.read(signal)), _plain(bound))
        # Counted value by value, since lists may hold one twice, and engines count what is in a list in many ways.
        counted: Sql = whole(0)
        for place, value in enumerate(declared.value_names):
            member = dialects.has_member(self.read(signal), value, self.dialect)
            one = _case_one(member)
            counted = one if place == 0 else _plus(counted, one)
        return where_known([self.is_open(signal)], compare(operator, bracketed(counted), _plain(bound)))


def _case_one(condition: Sql) -> Sql:
    return exp.Case().when(condition, whole(1), copy=False).else_(whole(0), copy=False)


def _plus(left: Sql, right: Sql) -> Sql:
    return exp.Add(this=left, expression=right)


def _constant(value: Value, signal: Signal) -> Sql:
    return text(value) if isinstance(value, str) else _number(value, signal)


def _number(value: Value, signal: Signal) -> Sql:
    """A number that a signal is compared with, of the type of its column."""
    assert isinstance(value, int | float)  # noqa: S101 (the checker saw to it)
    if signal.type in (SignalType.NUMBER, SignalType.SCORE) and not signal.integer:
        return decimal(value)
    return _plain(value)


def _plain(value: int | float) -> Sql:
    """A whole number as such, also one that is written with a point."""
    return whole(int(value)) if value == int(value) else decimal(value)
