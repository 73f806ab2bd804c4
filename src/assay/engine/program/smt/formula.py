"""What can be claimed of a situation: conditions that hold, markets, times, signals that are known. It never searches.

A claim is written once and read twice: the solver looks for a situation in which it is true, and `holds_in` says of a
given situation whether it is. So no answer of the solver has to be believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth, truth_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import All, Atom, Between, InRollout, Node


class Plane(Enum):
    """Which of Kleene's three values a condition must have: true; or anything but false."""

    TRUE = "true"
    POSSIBLE = "possible"


class Axis(Enum):
    """What a situation has besides signals; each has finitely many places, by number."""

    MARKET = "market"
    EPOCH = "epoch"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, eq=False)
class Holds:
    """A condition is true, or may be, at one point of a situation."""

    node: Node
    plane: Plane
    point: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A signal is known at a point."""

    signal: str
    point: int = 0


@dataclass(frozen=True, slots=True)
class Within:
    """The situation lies in one of some places of an axis."""

    axis: Axis
    places: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The part is not so."""

    part: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """Every part is so; without parts, true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """Some part is so; without parts, false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """At least so many of the parts are so."""

    number: int
    parts: tuple[Formula, ...]


Formula: TypeAlias = Holds | Known | Within | Not | Every | Some | AtLeast
ALWAYS: Formula = Every(())
NEVER: Formula = Some(())


@dataclass(frozen=True, slots=True)
class Situation:
    """An item, or two that differ in some signals, in one market at one time.

    points   for each item the signals that are known; a missing name is unknown
    places   the place on each axis
    item     the id of the items, which a rollout hashes
    """

    points: tuple[Mapping[str, MaybeValue], ...]
    places: Mapping[Axis, int] = field(default_factory=dict)
    item: str = "witness"


def every(parts: Iterable[Formula]) -> Formula:
    """All parts together, as simple as it is."""
    kept = tuple(part for part in parts if not (isinstance(part, Every) and not part.parts))
    if any(isinstance(part, Some) and not part.parts for part in kept):
        return NEVER
    return kept[0] if len(kept) == 1 else Every(kept)


def some(parts: Iterable[Formula]) -> Formula:
    """Any of the parts, as simple as it is."""
    kept = tuple(part for part in parts if not (isinstance(part, Some) and not part.parts))
    if any(isinstance(part, Every) and not part.parts for part in kept):
        return ALWAYS
    return kept[0] if len(kept) == 1 else Some(kept)


def true(node: Node, point: int = 0) -> Formula:
    """The condition is certainly true."""
    return Holds(node, Plane.TRUE, point)


def possible(node: Node, point: int = 0) -> Formula:
    """The condition is true or unknown."""
    return Holds(node, Plane.POSSIBLE, point)


def holds_in(formula: Formula, situation: Situation) -> bool:
    """Whether a claim is true of a situation."""
    match formula:
        case Holds(node, plane, point):
            truth = truth_in(node, situation.points[point], situation.item)
            return truth is YES or (plane is Plane.POSSIBLE and truth is UNKNOWN)
        case Known(signal, point):
            return situation.points[point].get(signal) is not None
        case Within(axis, places):
            return situation.places.get(axis, 0) in places
        case Not(part):
            return not holds_in(part, situation)
        case Every(parts):
            for part in parts:  # noqa: SIM110 (a generator would cost as much again)
                if not holds_in(part, situation):
                    return False
            return True
        case Some(parts):
            for part in parts:  # noqa: SIM110 (the same)
                if holds_in(part, situation):
                    return True
            return False
        case AtLeast(number, parts):
            return sum(holds_in(part, situation) for part in parts) >= number


def truth_in(node: Node, signals: Mapping[str, MaybeValue], item: str | None) -> Truth:
    """What a lowered condition says where some signals are known, by Kleene's tables."""
    if isinstance(node, Atom):
        return _atom(node, signals, item)
    # Written out, since claims are looked at a million times.
    deciding, result = (NO, YES) if isinstance(node, All) else (YES, NO)
    for part in node.parts:
        truth = truth_in(part, signals, item)
        if truth is deciding:
            return deciding
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def _atom(atom: Atom, signals: Mapping[str, MaybeValue], item: str | None) -> Truth:
    test = atom.test
    if isinstance(test, InRollout):
        return UNKNOWN if item is None else truth_of(test.holds_for(item) != atom.negated)
    value = signals.get(test.signal)
    if value is None:
        return UNKNOWN
    if isinstance(test, Between):
        other = signals.get(test.other)
        return UNKNOWN if other is None else truth_of(test.holds_for(value, other) != atom.negated)
    return YES if test.holds(value) != atom.negated else NO


def leaves_of(formula: Formula) -> Iterator[Holds | Known | Within]:
    """Every leaf of a claim; one that stands there several times may come once."""
    # Claims share their parts, so each part is looked into once.
    seen: set[Formula] = set()
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        match part:
            case Holds() | Known() | Within():
                yield part
            case Not(inner):
                waiting.append(inner)
            case Every(parts) | Some(parts) | AtLeast(_, parts):
                waiting.extend(reversed(parts))
