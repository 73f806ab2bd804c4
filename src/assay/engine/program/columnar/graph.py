"""Conditions of one or several packs as one graph, in which equal parts stand once. It never evaluates them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import CalendarSource, Signal
from assay.engine.program.core import All, Any, Atom, Between, InRollout, Node, Ordered, Test

# `x < c` is the opposite of `x >= c`, so that both need one comparison.
_OPPOSITES = {"<": ">=", "<=": ">", "!=": "=="}


class Scope(IntEnum):
    """What else than an item's own columns a part reads: nothing, its columns for a market, the calendar."""

    ITEM = 0
    MARKET = 1
    CALENDAR = 2


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a pack's calendar says of a signal. Two packs share it where it says the same of the same signal."""

    source: CalendarSource
    integer: bool
    values: tuple[str, ...]
    windows: tuple[Window, ...]
    signal: Signal = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A signal as a pack reads it; the same name may be read from another calendar by another pack."""

    signal: str
    by_market: bool
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A test on the signals it reads."""

    test: Test
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """What is true where a leaf is false."""

    leaf: int


@dataclass(frozen=True, slots=True)
class Joined:
    """All of some parts, or any of them."""

    every: bool
    parts: tuple[int, ...]


Step: TypeAlias = Leaf | Opposite | Joined


class Graph:
    """Steps, each after those that it needs.

    scopes  by step, what else it reads than an item's own columns
    tests   by signal, the steps that test it alone; of signals that have one value for all markets
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.scopes: list[Scope] = []
        self.tests: dict[str, list[tuple[int, Test]]] = {}
        self._places: dict[Step, int] = {}

    def add(self, node: Node, pack: Pack) -> int:
        """The place of a condition's step; a step that is there already is used again."""
        match node:
            case Atom(test, negated):
                return self._atom(test, pack, negated=negated)
            case All(parts):
                return self._join(parts, pack, every=True)
            case Any(parts):
                return self._join(parts, pack, every=False)

    def _atom(self, test: Test, pack: Pack, *, negated: bool) -> int:
        assert not isinstance(test, InRollout)  # noqa: S101 (taken off a rule before)
        match test:
            case Ordered(signal, operator, constant) if operator in _OPPOSITES:
                test, negated = Ordered(signal, _OPPOSITES[operator], constant), not negated
            case Between(signal, operator, other) if operator in _OPPOSITES:
                test, negated = Between(signal, _OPPOSITES[operator], other), not negated
            case _:
                pass
        names = (test.signal, test.other) if isinstance(test, Between) else (test.signal,)
        readings = tuple([reading_of(name, pack) for name in names])
        scope = max([_scope_of(reading) for reading in readings])
        leaf = self._place(Leaf(test, readings), scope)
        return self._place(Opposite(leaf), scope) if negated else leaf

    def _join(self, parts: tuple[Node, ...], pack: Pack, *, every: bool) -> int:
        places = sorted({self.add(part, pack) for part in parts})
        if len(places) == 1:
            return places[0]
        scope = max([self.scopes[place] for place in places], default=Scope.ITEM)
        return self._place(Joined(every, tuple(places)), scope)

    def _place(self, step: Step, scope: Scope) -> int:
        place = self._places.setdefault(step, len(self.steps))
        if place == len(self.steps):
            self.steps.append(step)
            self.scopes.append(scope)
            if isinstance(step, Leaf) and len(step.readings) == 1 and scope is Scope.ITEM:
                self.tests.setdefault(step.readings[0].signal, []).append((place, step.test))
        return place


def reading_of(name: str, pack: Pack) -> Reading:
    """How a pack reads a signal."""
    signal = pack.vocabulary.by_name[name]
    if not signal.by_market:
        return Reading(name, by_market=False)
    source = signal.calendar
    if source is None:
        return Reading(name, by_market=True)
    windows = tuple([window for window in pack.windows if window.kind == source.kind])
    return Reading(name, by_market=True, calendar=Calendar(source, signal.integer, signal.value_names, windows, signal))


def _scope_of(reading: Reading) -> Scope:
    if reading.calendar is not None:
        return Scope.CALENDAR
    return Scope.MARKET if reading.by_market else Scope.ITEM
