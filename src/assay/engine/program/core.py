"""What conditions become: atoms over single signals, joined by all and any. There is no negation but inside an atom.

Pushing negation down to the atoms is exact in Kleene's logic, since De Morgan's laws hold in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.values import MaybeValue, Value


@dataclass(frozen=True, slots=True)
class Among:
    """The signal has one of some values; also equality of texts and numbers with constants."""

    signal: str
    values: frozenset[Value]

    def holds(self, value: Value) -> bool:
        """Whether a known value passes."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Ordered:
    """The signal compared with a constant by `<`, `<=`, `>` or `>=`."""

    signal: str
    operator: str
    constant: int | float

    def holds(self, value: Value) -> bool:
        """Whether a known value passes."""
        return _ORDERS[self.operator](value, self.constant)


@dataclass(frozen=True, slots=True)
class Members:
    """The set signal shares a value with some (`any`), or has all of them (`all`)."""

    signal: str
    mode: str
    values: frozenset[str]

    def holds(self, value: Value) -> bool:
        """Whether a known value passes."""
        if not isinstance(value, frozenset):
            return False
        return self.values <= value if self.mode == "all" else bool(self.values & value)


@dataclass(frozen=True, slots=True)
class Size:
    """How many values a set has, or characters a text, compared with a constant."""

    signal: str
    operator: str
    constant: int | float

    def holds(self, value: Value) -> bool:
        """Whether a known value passes."""
        return isinstance(value, frozenset | str) and _ORDERS[self.operator](len(value), self.constant)


@dataclass(frozen=True, slots=True)
class TextTest:
    """The text contains a part, or begins or ends with it."""

    signal: str
    function: str
    part: str

    def holds(self, value: Value) -> bool:
        """Whether a known value passes."""
        return isinstance(value, str) and _TEXTS[self.function](value, self.part)


@dataclass(frozen=True, slots=True)
class Between:
    """Two signals of one type compared with each other."""

    signal: str
    operator: str
    other: str

    def holds_for(self, value: Value, other: Value) -> bool:
        """Whether two known values pass."""
        return _ORDERS[self.operator](value, other)


@dataclass(frozen=True, slots=True)
class InRollout:
    """The item is among the share that a rule holds for, by a stable hash of its id."""

    rule: str
    share: float

    def holds_for(self, item: str) -> bool:
        """Whether an item is."""
        return share_of(item, self.rule) < self.share


Test: TypeAlias = Among | Ordered | Members | Size | TextTest | Between | InRollout


@dataclass(frozen=True, slots=True)
class Atom:
    """A test, or its opposite. Unknown while a signal of the test is missing."""

    test: Test
    negated: bool = False

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals it reads; none for a rollout, which reads the item's id."""
        match self.test:
            case Between(signal, _, other):
                return (signal, other)
            case InRollout():
                return ()
            case _:
                return (self.test.signal,)

    def passes(self, value: Value) -> bool:
        """Whether a known value of its one signal passes."""
        assert not isinstance(self.test, Between | InRollout)  # noqa: S101 (a caller's fault, never an item's)
        return self.test.holds(value) != self.negated


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts, true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds; without parts, false."""

    parts: tuple[Node, ...]


Node: TypeAlias = Atom | All | Any
TRUE = All(())
FALSE = Any(())


def atoms_of(node: Node) -> Iterator[Atom]:
    """Every atom of a node, in order."""
    if isinstance(node, Atom):
        yield node
    else:
        for part in node.parts:
            yield from atoms_of(part)


def opposite(node: Node) -> Node:
    """Its negation, pushed down to the atoms."""
    match node:
        case Atom(test, negated):
            return Atom(test, not negated)
        case All(parts):
            return Any(tuple(opposite(part) for part in parts))
        case Any(parts):
            return All(tuple(opposite(part) for part in parts))


_ORDERS: dict[str, Callable[[MaybeValue, MaybeValue], bool]] = {
    "<": lambda left, right: left < right,  # type: ignore[operator]
    "<=": lambda left, right: left <= right,  # type: ignore[operator]
    ">": lambda left, right: left > right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
