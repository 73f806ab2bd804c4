"""What Kleene's tables leave open although every answer decides it alike. It never guesses: it looks.

Two things are found: rules that no answer makes true, and measures that every answer makes true by one rule or
another. An open term allows some answers to each signal that it waits for, so it is a box; a rule can never hold
when no choice of its terms has a box in common, and a measure always holds when the boxes of its terms fill the space.
Where a term compares two signals or looks into a text there is no box, and nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.analysis.residual import Residuals, Wait
from assay.engine.program.terms import Both, Group, Structure

Box: TypeAlias = dict[int, int]

# Boxes to look at; where there are more it stays unknown, which is always safe.
MOST_STEPS = 20_000


class _TooMany(Exception):
    """More boxes than are worth looking at."""


def never_true(residuals: Residuals, rule: int, terms: int, missing: int) -> bool:
    """Whether no answer makes an open rule true.

    rule     by its place
    terms    both planes of all terms
    missing  the signals that are missing, as a set of bits by index
    """
    waits = _waits(residuals, rule, terms, missing)
    if all(wait.covered == 0.0 for wait in waits):
        return True
    structure = residuals.scalar.layout.structures.get(rule)
    if not isinstance(structure, Both) or not all(wait.exact for wait in waits):
        # A box that is not empty has an answer in it, and one such term is enough.
        return False
    try:
        return next(_Search(residuals, terms, missing).boxes(structure, {}), None) is None
    except _TooMany:
        return False


def always_one(residuals: Residuals, rules: Iterable[int], terms: int, missing: int) -> bool:
    """Whether every answer makes at least one of some open rules true; arguments as in `never_true`."""
    structures = residuals.scalar.layout.structures
    boxes: list[Box] = []
    for rule in rules:
        if not isinstance(structures.get(rule, Group(rule)), Group):
            # Such a rule needs more than one of its terms, so its boxes prove nothing; it is left out.
            continue
        waits = _waits(residuals, rule, terms, missing)
        boxes += [dict(wait.allowed) for wait in waits if wait.covered and wait.exact]
    if _leave_room(residuals, boxes):
        return False
    try:
        return _Search(residuals, terms, missing).fill(boxes)
    except _TooMany:
        return False


def _leave_room(residuals: Residuals, boxes: list[Box]) -> bool:
    """Whether it is seen at once that boxes fill no space: each has a signal to itself of which some answer avoids it.

    Such boxes are left aside, one answer for all of them, and the others looked at again.
    """
    full = residuals.everything
    left = [[place for place, allowed in box.items() if allowed != full(place)] for box in boxes]
    while left:
        narrowed = Counter(place for places in left for place in places)
        kept = [places for places in left if all(narrowed[place] > 1 for place in places)]
        if len(kept) == len(left):
            return False
        left = kept
    return True


def _waits(residuals: Residuals, rule: int, terms: int, missing: int) -> list[Wait]:
    waiting = residuals.open_terms(residuals.open_bits(rule, terms), missing)
    return [residuals.wait(residual) for residual in waiting]


@dataclass(slots=True)
class _Search:
    residuals: Residuals
    terms: int
    missing: int
    steps: int = 0

    def boxes(self, structure: Structure, within: Box) -> Iterator[Box]:
        """The boxes in which a structure holds, inside another."""
        if isinstance(structure, Group):
            layout = self.residuals.scalar.layout
            for bit in range(structure.column, layout.width, layout.columns):
                yield from self._term_box(bit, within)
        elif isinstance(structure, Both):
            yield from self._all(structure.parts, within)
        else:
            for part in structure.parts:
                yield from self.boxes(part, within)

    def _all(self, parts: tuple[Structure, ...], within: Box) -> Iterator[Box]:
        if not parts:
            yield within
            return
        for box in self.boxes(parts[0], within):
            yield from self._all(parts[1:], box)

    def _term_box(self, bit: int, within: Box) -> Iterator[Box]:
        self._count()
        if self.terms >> self.residuals.scalar.layout.width + bit & 1:
            yield within
        elif self.terms >> bit & 1:
            wait = self.residuals.wait(self.residuals.open_terms(1 << bit, self.missing)[0])
            box = dict(within)
            for place, allowed in wait.allowed:
                box[place] = box.get(place, -1) & allowed
            if all(box.values()) and wait.covered:
                yield box

    def fill(self, boxes: list[Box]) -> bool:
        """Whether boxes fill the whole space: on some signal, each answer leaves boxes that fill the rest."""
        self._count()
        if not boxes:
            return False
        if any(not box for box in boxes):
            return True
        place = next(iter(boxes[0]))
        everything = self.residuals.everything(place)
        alike: set[tuple[int, ...]] = set()
        for answer in _each(everything):
            allowing = tuple(number for number, box in enumerate(boxes) if box.get(place, -1) & answer)
            if allowing in alike:
                continue
            alike.add(allowing)
            rest = [{key: one for key, one in boxes[number].items() if key != place} for number in allowing]
            if not self.fill(rest):
                return False
        return True

    def _count(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooMany


def _each(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest
