"""The steps of a graph on one block, as pairs of planes, exactly by Kleene's tables. It never looks at a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from assay.engine.program.columnar.atoms.between import compare
from assay.engine.program.columnar.atoms.instants import Instants
from assay.engine.program.columnar.atoms.leaves import Answers, Leaves
from assay.engine.program.columnar.bundles import Place
from assay.engine.program.columnar.graph import Graph, Joined, Leaf, Opposite, Reading, Scope
from assay.engine.program.columnar.planes import Pair, Plane
from assay.engine.program.columnar.table.block import EVERYWHERE, Block
from assay.engine.program.columnar.table.columns import Column
from assay.engine.program.core import Between, Test

_Key: TypeAlias = tuple[int, tuple[str | None, ...]]


class Conditions:
    """A graph's steps on one block; each is worked out once, when it is first asked for."""

    def __init__(self, graph: Graph, block: Block, answers: Answers) -> None:
        self._graph, self._block = graph, block
        self.leaves = Leaves(block.rows, answers)
        self.instants = Instants(block.as_of, block.rows)
        self._everywhere: list[Pair | None] = [None] * len(graph.steps)
        self._pairs: dict[_Key, Pair] = {}

    def pair(self, step: int, place: Place) -> Pair:
        """Where a step is certain, and where it may be. The array is shared: nobody may write to it."""
        everywhere = self._everywhere[step]
        if everywhere is not None:
            return everywhere
        scope = self._graph.scopes[step]
        if scope is Scope.ITEM:
            found = self._work_out(step, place)
            self._everywhere[step] = found
            return found
        key = (step, place.seen(scope))
        kept = self._pairs.get(key)
        if kept is None:
            kept = self._pairs[key] = self._work_out(step, place)
        return kept

    def _work_out(self, step: int, place: Place) -> Pair:
        match self._graph.steps[step]:
            case Leaf(Between(_, operator), readings):
                columns = [self._columns(reading, place) for reading in readings]
                true, known = compare(self.leaves, operator, *columns)
                return _pair(true, ~known)
            case Leaf(test, (reading,)) if reading.by_market:
                return self._layered(test, self._columns(reading, place))
            case Leaf(_, readings):
                return self._work_out_tests(readings[0].signal)[step]
            case Opposite(leaf):
                # What may be false is what is not certain, and the reverse.
                return ~self.pair(leaf, place)[::-1]
            case Joined(every, parts):
                join = np.bitwise_and if every else np.bitwise_or
                if not parts:
                    return np.stack([self.leaves.everything if every else self.leaves.nothing] * 2)
                found = join(self.pair(parts[0], place), self.pair(parts[1], place))
                for part in parts[2:]:
                    join(found, self.pair(part, place), out=found)
                return found

    def _work_out_tests(self, signal: str) -> dict[int, Pair]:
        """Every test on a signal, by step: one after the other, while its column lies in the processor's cache."""
        column, leaves = self._block.columns.get(signal), self.leaves
        if column is None:
            unknown = _pair(leaves.nothing, leaves.everything)
            found = {step: unknown for step, _ in self._graph.tests[signal]}
        else:
            found = {
                step: _pair(leaves.holds(column, test), leaves.unknown(column))
                for step, test in self._graph.tests[signal]
            }
        for step, pair in found.items():
            self._everywhere[step] = pair
        return found

    def _layered(self, test: Test, columns: Sequence[Column]) -> Pair:
        """A test on a signal that several columns give: what is said of the market itself goes before the others."""
        true, unknown = self.leaves.nothing, self.leaves.everything
        for column in columns:
            true = true | self.leaves.holds(column, test) & unknown
            unknown = unknown & self.leaves.unknown(column)
        return _pair(true, unknown)

    def _columns(self, reading: Reading, place: Place) -> list[Column]:
        """The columns that give a signal's value, of which the first that knows it counts."""
        if not reading.by_market:
            column = self._block.columns.get(reading.signal)
            return [] if column is None else [column]
        given = self._block.by_market.get(reading.signal, {})
        found = [given[code] for code in (place.code, EVERYWHERE) if code is not None and code in given]
        if reading.calendar is not None:
            found.append(self.instants.said_by(reading.calendar, place.market.example))
        return found


def _pair(true: Plane, unknown: Plane) -> Pair:
    found = np.empty((2, true.size), np.uint64)
    found[0] = true
    np.bitwise_or(true, unknown, out=found[1])
    return found
