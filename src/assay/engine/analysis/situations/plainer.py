"""A situation with as little in it as a claim needs, since people will read it. It never makes a claim false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from assay.engine.analysis.situations.closing import Closing, LeftOpen
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.smt.formula import Every, Formula, Holds, Situation, holds_in

Point: TypeAlias = Mapping[str, MaybeValue]


class Plainer:
    """Leaves out of one situation, in which a claim is true, what the claim does without.

    A claim is mostly many parts that must all be so; where one signal changes, only parts that read it are looked at.
    """

    def __init__(self, claim: Formula, situation: Situation, closing: Closing) -> None:
        self._claim, self._situation, self._closing = claim, situation, closing
        readings = closing.encoder.written.readings
        self._reading: dict[str, list[Formula]] = {}
        for part in _parts_of(claim):
            for name in readings.of(part).names:
                self._reading.setdefault(name, []).append(part)
        self._waiting: dict[str, list[Holds]] = {}
        for leaf in closing.spoken_of(claim):
            for name in readings.of(leaf).names:
                self._waiting.setdefault(name, []).append(leaf)
        self._is_calm = self._stays_calm(closing.spoken_of(claim), situation)

    def plain(self, vocabulary: Vocabulary, apart: frozenset[str]) -> Situation:
        """The situation with as few known signals as it takes, in the vocabulary's order; `apart` stay as they are."""
        for signal in reversed(vocabulary.signals):
            name = signal.name
            known = any(name in point for point in self._situation.points)
            if known and name not in apart and not self._leave_out(name):
                self._leave_out_members(name)
        found, order = self._situation, vocabulary.index
        points = tuple(dict(sorted(point.items(), key=lambda pair: order[pair[0]])) for point in found.points)
        return Situation(points, found.places, found.item)

    def _leave_out(self, name: str) -> bool:
        """Make a signal unknown, and say whether that could be."""
        return self._change(name, lambda point: {key: one for key, one in point.items() if key != name})

    def _leave_out_members(self, name: str) -> None:
        """Make a set as small as it can be."""
        value = self._situation.points[0].get(name)
        for member in sorted(value) if isinstance(value, frozenset) else ():
            self._change(name, partial(_without, name, member))

    def _change(self, name: str, change: Callable[[Point], Point]) -> bool:
        was = self._situation
        tried = Situation(tuple(map(change, was.points)), was.places, was.item)
        if all(holds_in(part, tried) for part in self._reading.get(name, ())) and self._is_open_as_said(name, tried):
            self._situation = tried
            return True
        return False

    def _is_open_as_said(self, name: str, tried: Situation) -> bool:
        """Whether the claim is true with everything closed that only seems open, after one signal has changed."""
        if self._is_calm and self._stays_calm(self._waiting.get(name, ()), tried):
            return True
        try:
            return self._closing.holds(self._claim, tried)
        except LeftOpen:
            return False

    def _stays_calm(self, leaves: Iterable[Holds], situation: Situation) -> bool:
        """Whether none of some parts only seems open."""
        try:
            return not self._closing.seeming(leaves, situation)
        except LeftOpen:
            return False


def _without(name: str, member: str, point: Point) -> Point:
    value = point.get(name)
    return {**point, name: value - {member}} if isinstance(value, frozenset) else point


def _parts_of(claim: Formula) -> list[Formula]:
    """The parts that must all be so."""
    return [one for part in claim.parts for one in _parts_of(part)] if isinstance(claim, Every) else [claim]
