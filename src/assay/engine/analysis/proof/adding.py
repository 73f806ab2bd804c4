"""Items to which a rule adds something, looked for by changing one signal after another. A guess, and never a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assay.engine.analysis.situations.filling import Filling
from assay.engine.analysis.situations.memory import read_by
from assay.engine.analysis.situations.remainder import residual
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.truth import YES
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.program.core import FALSE, TRUE, Node
from assay.engine.program.smt.formula import Situation, holds_in, truth_in

# Signals that are changed for one rule before the question is left to the solver, and how many rest after a change.
MOST_CHANGES, RESTING = 30, 3


class Adding:
    """Guesses items on which one rule imposes what no other does.

    filling  gives signals the values that make few rules hold
    """

    def __init__(self, world: World, filling: Filling) -> None:
        self._world, self._filling = world, filling
        self._names = sorted({name for lowered in world.rules for name in read_by(lowered.condition)})

    def guess(self, place: int, situation: Situation) -> Situation:
        """An item on which the rule holds as it does in a situation, and others perhaps do not.

        What makes the rule hold is left as it is, and every other signal may be given another value.
        """
        given = {name: value for name, value in situation.points[0].items() if value is not None}
        filled = self._filling.filled(situation, (name for name in self._names if name not in given))
        for measure in self._world.rules[place].then:
            others = (self._world.rules[other].condition for other in self._imposing(measure, filled) if other != place)
            left = [residual(node, given, filled.item) for node in others]
            if TRUE not in left:
                changes = _Changes([node for node in left if node != FALSE], self._filling, filled.item)
                found = changes.silenced(dict(filled.points[0]))
                if found is not None:
                    return Situation((found,), filled.places, filled.item)
        return filled

    def _imposing(self, measure: int, situation: Situation) -> list[int]:
        """The rules that would impose a measure, or a stronger step, in the market and at the time of a situation."""
        world = self._world
        return sorted(
            {
                rule
                for step in world.stronger(measure)
                for rule in world.by_measure[step]
                if holds_in(world.active(rule), situation) and holds_in(world.imposing(rule, step), situation)
            }
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """One signal with another value, and the conditions that hold then."""

    name: str
    value: Value
    holding: frozenset[int]


class _Changes:
    """Looks for an item for which none of some conditions holds."""

    def __init__(self, nodes: list[Node], filling: Filling, item: str) -> None:
        self._nodes, self._filling, self._item = nodes, filling, item
        self._reading: dict[str, frozenset[int]] = {}
        for name, number in ((name, number) for number, node in enumerate(nodes) for name in read_by(node)):
            self._reading[name] = self._reading.get(name, frozenset()) | {number}

    def silenced(self, signals: dict[str, MaybeValue]) -> Mapping[str, MaybeValue] | None:
        """The item, changed until no condition holds; None where that was not reached."""
        holding = self._holding(range(len(self._nodes)), signals)
        resting: list[str] = []
        for _ in range(MOST_CHANGES):
            if not holding:
                return signals
            # What was just changed rests for a while, or two rules could be set against each other for ever.
            chosen = min(
                self._changes(min(holding), holding, signals, resting[-RESTING:]),
                key=lambda change: len(change.holding),
                default=None,
            )
            if chosen is None:
                return None
            signals[chosen.name], holding = chosen.value, chosen.holding
            resting.append(chosen.name)
        return None

    def _changes(
        self, number: int, holding: frozenset[int], signals: Mapping[str, MaybeValue], resting: list[str]
    ) -> Iterator[_Change]:
        """Every change of one signal after which a condition no longer holds."""
        for name in sorted(read_by(self._nodes[number])):
            for value in self._filling.values(name) if name not in resting else ():
                tried = {**signals, name: value}
                if truth_in(self._nodes[number], tried, self._item) is not YES:
                    reading = self._reading[name]
                    yield _Change(name, value, holding - reading | self._holding(reading, tried))

    def _holding(self, numbers: Iterable[int], signals: Mapping[str, MaybeValue]) -> frozenset[int]:
        return frozenset(number for number in numbers if truth_in(self._nodes[number], signals, self._item) is YES)
