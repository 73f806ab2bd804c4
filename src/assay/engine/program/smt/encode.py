"""Claims in the solver's words, and its models as situations. It never asks the solver anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import z3

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import All, Atom, Between, InRollout, Node
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.connect import conjunction, disjunction, implication, is_true, negation
from assay.engine.program.smt.formula import (
    AtLeast,
    Axis,
    Every,
    Formula,
    Holds,
    Known,
    Not,
    Plane,
    Situation,
    Some,
    Within,
)
from assay.engine.program.smt.letters import Letter, Line, Pick, Several, Writing, letter_of
from assay.engine.program.smt.reading import Readings, Reads

# Ids that are tried until one lies in the wanted rollouts: so many times as should take, and never more than these.
PATIENCE, MOST_IDS = 30, 1_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """What encoders of one alphabet have written, and share whatever is apart."""

    letters: dict[tuple[str, int], Letter] = field(default_factory=dict)
    known: dict[tuple[str, int], z3.BoolRef] = field(default_factory=dict)
    axioms: dict[tuple[str, int] | Axis, list[z3.BoolRef]] = field(default_factory=dict)
    between: dict[tuple[object, ...], z3.BoolRef] = field(default_factory=dict)
    rollouts: dict[tuple[str, float], z3.BoolRef] = field(default_factory=dict)
    planes: dict[tuple[Node, Plane], z3.BoolRef] = field(default_factory=dict)
    formulas: dict[Formula, z3.BoolRef] = field(default_factory=dict)
    readings: Readings = field(default_factory=Readings)

    def for_complete_items(self) -> Written:
        """What of it can be shared with an encoder of complete items."""
        return Written(
            letters=self.letters,
            axioms=self.axioms,
            between=self.between,
            rollouts=self.rollouts,
            readings=self.readings,
        )


class Encoder:
    """Writes claims over one alphabet for the solver.

    sizes    how many places each axis has
    apart    signals that the second item of a situation may have otherwise than the first; all others they share
    written  what was written before over the same alphabet
    complete whether it speaks of items only of which every signal is known, which takes half the words
    """

    def __init__(
        self,
        alphabet: Alphabet,
        sizes: Mapping[Axis, int],
        apart: frozenset[str] = frozenset(),
        written: Written | None = None,
        *,
        complete: bool = False,
    ) -> None:
        self.alphabet, self.apart, self.complete = alphabet, apart, complete
        self.written = Written() if written is None else written
        self.axes = {axis: Pick.of(f"@{axis.value}", range(size)) for axis, size in sizes.items()}
        # What is written of the first item is the same whatever is apart; of the second it is not.
        self._planes: tuple[dict[tuple[Node, Plane], z3.BoolRef], ...] = (self.written.planes, {})
        self._formulas: tuple[dict[Formula, z3.BoolRef], ...] = (self.written.formulas, {})

    # ------------------------------------------------------------------ claims

    def write(self, formula: Formula) -> z3.BoolRef:
        """A claim as the solver reads it."""
        memo = self._formulas[0 if self.written.readings.of(formula).points == 1 else 1]
        found = memo.get(formula)
        if found is None:
            found = memo[formula] = self._write(formula)
        return found

    def _write(self, formula: Formula) -> z3.BoolRef:
        match formula:
            case Holds(node, plane, point):
                return self.plane(node, plane, self._point(node, point))
            case Known(signal, point):
                return self.known(signal, self._own(signal, point))
            case Within(axis, places):
                return self.axes[axis].among(places)
            case Not(part):
                return negation(self.write(part))
            case Every(parts):
                return conjunction([self.write(part) for part in parts])
            case Some(parts):
                return disjunction([self.write(part) for part in parts])
            case AtLeast(number, parts):
                return z3.PbGe([(self.write(part), 1) for part in parts], number)

    def plane(self, node: Node, plane: Plane, point: int = 0) -> z3.BoolRef:
        """A condition in one of its planes."""
        # Of a complete item what is possible is true.
        memo, key = self._planes[point], (node, Plane.TRUE if self.complete else plane)
        found = memo.get(key)
        if found is None:
            if isinstance(node, Atom):
                found = self._atom(node, plane, point)
            else:
                parts = [self.plane(part, plane, self._point(part, point)) for part in node.parts]
                found = conjunction(parts) if isinstance(node, All) else disjunction(parts)
            memo[key] = found
        return found

    def _atom(self, atom: Atom, plane: Plane, point: int) -> z3.BoolRef:
        test = self._test(Atom(atom.test), point)
        if atom.negated:
            test = negation(test)
        if self.complete:
            return test
        known = [self.known(name, self._own(name, point)) for name in atom.signals]
        if plane is Plane.TRUE:
            return conjunction([*known, test])
        return disjunction([*map(negation, known), test])

    def _test(self, atom: Atom, point: int) -> z3.BoolRef:
        test = atom.test
        if isinstance(test, InRollout):
            return self._rollout(test.rule, test.share)
        if isinstance(test, Between):
            return self._comparison(test, point)
        letter = self.letter(test.signal, self._own(test.signal, point))
        if isinstance(letter, Several):
            return letter.test(test)  # type: ignore[arg-type]  # the checker puts no other test on a set
        if isinstance(letter, Writing):
            return letter.test(atom)
        return letter.among(place for place, value in enumerate(letter.values) if test.holds(value))

    def _comparison(self, test: Between, point: int) -> z3.BoolRef:
        one, other = (self._own(name, point) for name in (test.signal, test.other))
        left, right = self.letter(test.signal, one), self.letter(test.other, other)
        if not isinstance(left, Line | Pick) or not isinstance(right, Line | Pick):
            key = (test, one, other)
            return self.written.between.setdefault(
                key, z3.Bool(f"{test.signal}@{one}{test.operator}{test.other}@{other}")
            )
        ways = []
        for place, value in enumerate(left.values):
            passing = [number for number, against in enumerate(right.values) if test.holds_for(value, against)]
            ways.append(conjunction([left.among([place]), right.among(passing)]))
        return disjunction(ways)

    # ----------------------------------------------------------------- signals

    def _own(self, signal: str, point: int) -> int:
        """The point that a signal's booleans belong to: signals that are not apart are the same at every point."""
        return point if signal in self.apart else 0

    def _point(self, node: Node, point: int) -> int:
        """The same for a condition: one that reads nothing that is apart is written once."""
        return point if point and self._reads_apart(node) else 0

    def _reads_apart(self, node: Node) -> bool:
        if isinstance(node, Atom):
            return any(name in self.apart for name in node.signals)
        return any(self._reads_apart(part) for part in node.parts)

    def letter(self, signal: str, point: int = 0) -> Letter:
        """The booleans of a signal at a point."""
        found = self.written.letters.get((signal, point))
        if found is None:
            found = self.written.letters[signal, point] = letter_of(self.alphabet, signal, f"{signal}@{point}")
        return found

    def _axioms_of(self, key: tuple[str, int] | Axis) -> list[z3.BoolRef]:
        if key not in self.written.axioms:
            self.written.axioms[key] = self.axes[key].axioms() if isinstance(key, Axis) else self.letter(*key).axioms()
        return self.written.axioms[key]

    def known(self, signal: str, point: int = 0) -> z3.BoolRef:
        """That a signal is known at a point."""
        found = self.written.known.get((signal, point))
        if found is None:
            made = z3.BoolVal(val=True) if self.complete else z3.Bool(f"{signal}@{point}?")
            found = self.written.known[signal, point] = made
        return found

    def axioms(self, reads: Reads, said: set[object]) -> list[z3.BoolRef]:
        """What is so of every situation, as far as a claim looks at it.

        said  what was said before and need not be said again; it grows
        """
        found: list[z3.BoolRef] = []
        keys: list[Axis | tuple[str, int]] = [axis for axis in self.axes if axis in reads.axes]
        keys += ((name, self._own(name, point)) for name, point in sorted(reads.signals))
        for key in keys:
            if key not in said:
                said.add(key)
                found += self._axioms_of(key)
        for rule in sorted({rule for rule, _ in reads.rollouts}):
            if ("rollout", rule) not in said:
                said.add(("rollout", rule))
                shares = self.alphabet.rollouts[rule]
                found += [
                    implication(self._rollout(rule, one), self._rollout(rule, two)) for one, two in pairwise(shares)
                ]
                found += [negation(self._rollout(rule, share)) for share in shares if share <= 0]
        return found

    def _rollout(self, rule: str, share: float) -> z3.BoolRef:
        return self.written.rollouts.setdefault((rule, share), z3.Bool(f"@rollout:{rule}<{share!r}"))

    # ------------------------------------------------------------------ models

    def situation(self, model: z3.ModelRef, reads: Reads) -> Situation | None:
        """What a model says, as an item that can be had; None where a text or an id for it was not found.

        reads  what the claim looks at; of all else a model says nothing
        """

        def says(each: z3.BoolRef) -> bool:
            return is_true(model, each)

        signals: list[dict[str, MaybeValue]] = [{} for _ in range(reads.points)]
        for name, own in sorted({(name, self._own(name, point)) for name, point in reads.signals}):
            if not says(self.known(name, own)):
                continue
            value = self.letter(name, own).value(says)
            if value is None:
                return None
            for point in range(reads.points):
                if self._own(name, point) == own:
                    signals[point][name] = value
        places = {axis: int(str(self.axes[axis].value(says))) for axis in self.axes if axis in reads.axes}
        item = self._item({key: says(self._rollout(*key)) for key in sorted(reads.rollouts)})
        return None if item is None else Situation(tuple(signals), places, item)

    def _item(self, wanted: Mapping[tuple[str, float], bool]) -> str | None:
        """An id that lies in the rollouts that it is to lie in, and in no other."""
        likely = math.prod(share if said else 1 - share for (_, share), said in wanted.items())
        tries = min(MOST_IDS, int(PATIENCE / likely) + 1) if likely > 0 else 0
        for number in range(tries):
            name = f"witness-{number}" if number else "witness"
            if all((share_of(name, rule) < share) == said for (rule, share), said in wanted.items()):
                return name
        return None
