"""Conditions of the core as plain CEL: membership, comparisons and text functions that every CEL has. It knows no rule.

Kleene's logic is CEL's own: a variable that nobody bound makes an error of what reads it, and `&&` and `||` drop the
error where the other side decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.instants import format_duration, format_instant
from assay.engine.kernel.values import Value
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.cel.names import rollout_name, variable_name
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

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Conditions:
    """How conditions are written over the variables of a vocabulary."""

    vocabulary: Vocabulary

    def write(self, node: Node) -> Expression:
        """A condition."""
        match node:
            case Atom(test, negated):
                return self._atom(test, negated)
            case All(parts):
                return both([self.write(part) for part in parts])
            case Any(parts):
                return either([self.write(part) for part in parts])

    def _atom(self, test: Test, negated: bool) -> Expression:
        match test:
            case Among(signal, values):
                return self._among(self.vocabulary.by_name[signal], sorted(values, key=repr), negated)
            case Ordered(signal, operator, bound):
                return self._compare(self.vocabulary.by_name[signal], operator, bound, negated)
            case Between(signal, operator, other):
                return _comparison(operator, *self._alike(signal, other), negated)
            case Size(signal, operator, bound):
                return _counted(operator, Call("size", (_name(signal),)), bound, negated)
            case Members(signal, mode, values):
                return self._members(signal, mode, sorted(values), negated)
            case TextTest(signal, function, part):
                found = Call(function, (_name(signal), Literal(part)))
                return Not(found) if negated else found
            case InRollout(rule, share):
                return _comparison("<", Name(rollout_name(rule)), Literal(float(share)), negated)

    def _among(self, signal: Signal, values: list[Value], negated: bool) -> Expression:
        if signal.type is SignalType.FLAG:
            return _flag(signal.name, values, negated)
        if not values:
            return _where_known(signal.name, holds=negated)
        if len(values) == 1:
            return self._compare(signal, "==", values[0], negated)
        constants = [_constant(value, signal) for value in values]
        literals = [constant for constant in constants if isinstance(constant, Literal)]
        if len(literals) == len(constants):
            listed = In(_name(signal.name), ListLiteral(tuple(literals)))
            return Not(listed) if negated else listed
        parts = [self._compare(signal, "==", value, negated) for value in values]
        return both(parts) if negated else either(parts)

    def _compare(self, signal: Signal, operator: str, value: Value, negated: bool) -> Expression:
        if signal.integer and isinstance(value, float):
            return _counted(operator, _name(signal.name), value, negated)
        return _comparison(operator, _name(signal.name), _constant(value, signal), negated)

    def _alike(self, signal: str, other: str) -> tuple[Expression, Expression]:
        """Two signals as CEL compares them: it keeps whole and decimal numbers apart."""
        left, right = self.vocabulary.by_name[signal], self.vocabulary.by_name[other]
        mixed = left.integer != right.integer
        first, second = (
            _double(_name(one.name)) if mixed and one.integer else _name(one.name) for one in (left, right)
        )
        return first, second

    def _members(self, signal: str, mode: str, values: list[str], negated: bool) -> Expression:
        if not values:
            return _where_known(signal, holds=(mode == "all") != negated)
        parts: list[Expression] = [In(Literal(value), _name(signal)) for value in values]
        if negated:
            parts = [Not(part) for part in parts]
        return both(parts) if (mode == "all") != negated else either(parts)


def both(parts: list[Expression]) -> Expression:
    """All of the parts; without parts, true."""
    flat = [inner for part in parts for inner in (part.operands if isinstance(part, And) else (part,))]
    if not flat:
        return Literal(value=True)
    return And(tuple(flat)) if len(flat) > 1 else flat[0]


def either(parts: list[Expression]) -> Expression:
    """One of the parts; without parts, false."""
    flat = [inner for part in parts for inner in (part.operands if isinstance(part, Or) else (part,))]
    if not flat:
        return Literal(value=False)
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def instant(microseconds: int) -> Expression:
    """A point in time."""
    return Call("timestamp", (Literal(format_instant(microseconds)),))


def _name(signal: str) -> Name:
    return Name(variable_name(signal))


def _double(inner: Expression) -> Expression:
    return Call("double", (inner,))


def _comparison(operator: str, left: Expression, right: Expression, negated: bool) -> Expression:
    return Compare(_OPPOSITE[operator] if negated else operator, left, right)


def _counted(operator: str, whole: Expression, bound: int | float, negated: bool) -> Expression:
    """A whole number compared with a constant, which may have been written with a point."""
    if bound == int(bound):
        return _comparison(operator, whole, Literal(int(bound)), negated)
    return _comparison(operator, _double(whole), Literal(float(bound)), negated)


def _flag(signal: str, values: list[Value], negated: bool) -> Expression:
    if len(values) != 1:
        # Both values or none: one answer wherever the flag is known.
        return _where_known(signal, holds=bool(values) != negated)
    return _name(signal) if (True in values) != negated else Not(_name(signal))


def _where_known(signal: str, *, holds: bool) -> Expression:
    """One answer for every value, which an unbound variable still makes unknown."""
    return Compare("==" if holds else "!=", _name(signal), _name(signal))


def _constant(value: Value, signal: Signal) -> Expression:
    """A value that a signal is compared with, of the type of its variable."""
    match signal.type:
        case SignalType.TIME:
            return instant(_whole(value))
        case SignalType.DURATION:
            return Call("duration", (Literal(format_duration(_whole(value))),))
        case SignalType.NUMBER if signal.integer:
            return Literal(_whole(value))
        case SignalType.NUMBER | SignalType.SCORE:
            assert isinstance(value, int | float)  # noqa: S101 (the checker saw to it)
            return Literal(float(value))
        case _:
            return Literal(str(value))


def _whole(value: Value) -> int:
    assert isinstance(value, int | float)  # noqa: S101 (the checker saw to it)
    return int(value)
