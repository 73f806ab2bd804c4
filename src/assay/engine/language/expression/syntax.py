"""The nodes of a condition. They compare by what they say, never by where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
# Written `receiver.method(arguments)`; every other function is written `function(arguments)`.
METHODS = ("atLeast", "atMost", "contains", "startsWith", "endsWith")
FUNCTIONS = ("size", "sets.contains", "sets.intersects", "timestamp", "duration")


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: true or false, a whole number, a decimal number, or text."""

    value: bool | int | float | str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __eq__(self, other: object) -> bool:
        # Python holds True == 1 == 1.0; three constants of three types are three constants.
        return (
            isinstance(other, Literal)
            and type(self.value) is type(other.value)
            and repr(self.value) == repr(other.value)
        )

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """Constants in brackets."""

    items: tuple[Literal, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A signal, by its full name."""

    path: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`!operand`"""

    operand: Expression
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`a && b && …`, two operands or more."""

    operands: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`a || b || …`, two operands or more."""

    operands: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sides and one of `COMPARISONS` between them."""

    operator: str
    left: Expression
    right: Expression
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`signal in ["a", "b"]` or `"a" in set_signal`."""

    element: Expression
    container: Expression
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One of `FUNCTIONS`, or one of `METHODS` with its receiver as the first argument."""

    function: str
    arguments: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Expression: TypeAlias = Literal | ListLiteral | Name | Not | And | Or | Compare | In | Call


def children(expression: Expression) -> tuple[Expression, ...]:
    """The parts a node is made of, in order."""
    match expression:
        case Not(operand):
            return (operand,)
        case And(operands) | Or(operands):
            return operands
        case Compare(_, left, right) | In(left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case ListLiteral(items):
            return items
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """A node and all below it."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def signals_of(expression: Expression) -> frozenset[str]:
    """The names of every signal in a condition."""
    return frozenset(node.path for node in walk(expression) if isinstance(node, Name))
