"""Rules that only seem open: every answer decides them alike. It says how they are decided, and changes no claim else.

While a rule is open its `until_known` is imposed. When an item is decided, exhaustion closes a rule that Kleene's
tables leave open although every answer makes it true, or none does; so a witness must not rest on its being open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.engine.analysis.situations.memory import read_by
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import FALSE, TRUE, All, Among, Any, Atom, Between, InRollout, Members, Node, atoms_of
from assay.engine.program.smt.encode import Encoder
from assay.engine.program.smt.formula import (
    ALWAYS,
    NEVER,
    AtLeast,
    Every,
    Formula,
    Holds,
    Known,
    Not,
    Plane,
    Situation,
    Some,
    every,
    holds_in,
    leaves_of,
    some,
    true,
    truth_in,
)
from assay.engine.program.smt.solver import Possible, Undecided, ask


class LeftOpen(Exception):
    """The solver could not say whether a rule is really open; carries its answer."""

    def __init__(self, answer: Undecided) -> None:
        super().__init__(answer.why)
        self.answer = answer


class Closing:
    """Finds the conditions of a claim that only seem open in a situation.

    nodes  the conditions of rules with `until_known`
    """

    def __init__(self, nodes: Iterable[Node], encoder: Encoder, *, seconds: float) -> None:
        self._nodes, self.encoder, self.seconds = frozenset(nodes), encoder, seconds
        self._spoken: dict[Formula, tuple[tuple[Node, int], ...]] = {}
        self._known: dict[tuple[object, ...], Truth] = {}

    def holds(self, claim: Formula, situation: Situation) -> bool:
        """Whether a claim is true of a situation, with what only seems open decided as every answer decides it.

        raises  LeftOpen
        """
        for node, point, truth in self.seeming(claim, situation):
            claim = decided_so(claim, node, point, truth)
        return holds_in(claim, situation)

    def seeming(self, claim: Formula, situation: Situation) -> list[tuple[Node, int, Truth]]:
        """The conditions that seem open, each with its point and what every answer makes of it."""
        found: list[tuple[Node, int, Truth]] = []
        reads = self.encoder.written.readings.of(claim).signals
        if all(situation.points[point].get(name) is not None for name, point in reads):
            return found
        for node, point in self._spoken_of(claim):
            left = residual(node, situation.points[point], situation.item)
            if left not in (TRUE, FALSE):
                truth = self.truth(left, situation.points[point])
                if truth is not UNKNOWN:
                    found.append((node, point, truth))
        return found

    def instead(self, claim: Formula, situation: Situation) -> list[Formula]:
        """What must be so besides a claim, for situations like this one: that it is true with the rule closed."""
        return [
            some(
                (
                    Not(
                        every(self._as_it_is(name, situation.points[point].get(name), point) for name in read_by(node))
                    ),
                    decided_so(claim, node, point, truth),
                )
            )
            for node, point, truth in self.seeming(claim, situation)
        ]

    def _spoken_of(self, claim: Formula) -> tuple[tuple[Node, int], ...]:
        if claim not in self._spoken:
            leaves = {(leaf.node, leaf.point): None for leaf in leaves_of(claim) if isinstance(leaf, Holds)}
            self._spoken[claim] = tuple(pair for pair in leaves if pair[0] in self._nodes)
        return self._spoken[claim]

    def truth(self, left: Node, signals: Mapping[str, MaybeValue]) -> Truth:
        """What answers to all that is unknown make of a condition: one truth, or now this and now that.

        left    what is left of the condition where the known signals are known (see `residual`)
        raises  LeftOpen
        """
        read = sorted(read_by(left))
        key = (left, tuple(signals.get(name) for name in read))
        if key not in self._known:
            self._known[key] = UNKNOWN if self._is_read_once(left) else self._asked(left, read, signals)
        return self._known[key]

    def _asked(self, left: Node, read: list[str], signals: Mapping[str, MaybeValue]) -> Truth:
        given = [self._as_it_is(name, signals[name], 0) for name in read if signals.get(name) is not None]
        complete = every((*given, *(Known(name) for name in read)))
        can = [self._can(every((complete, side))) for side in (true(left), Not(true(left)))]
        return UNKNOWN if all(can) else YES if can[0] else NO

    def _is_read_once(self, left: Node) -> bool:
        """Whether each signal stands in one atom only, which can be true and can be false: then so can the whole."""
        atoms = list(atoms_of(left))
        read = [name for atom in atoms for name in atom.signals]
        return len(read) == len(set(read)) and all(map(self._goes_both_ways, atoms))

    def _goes_both_ways(self, atom: Atom) -> bool:
        if isinstance(atom.test, Between | InRollout):
            return False
        domain = self.encoder.alphabet.domain(atom.test.signal)
        if domain is None:
            return isinstance(atom.test, Members)
        return len({atom.passes(value) for value in domain.values}) == 2

    def _can(self, claim: Formula) -> bool:
        answer = ask(self.encoder, claim, seconds=self.seconds)
        if isinstance(answer, Undecided):
            raise LeftOpen(answer)
        return isinstance(answer, Possible)

    def _as_it_is(self, name: str, value: MaybeValue, point: int) -> Formula:
        """That a signal has just this value, as far as conditions tell."""
        alphabet = self.encoder.alphabet
        if value is None:
            return Not(Known(name, point))
        if isinstance(value, frozenset):
            inside = alphabet.members(name)
            tests = [Atom(Members(name, "any", frozenset((one,))), negated=one not in value) for one in inside]
        elif name in alphabet.texts:
            tests = [Atom(atom.test, negated=not atom.passes(value)) for atom in alphabet.single(name)]
        else:
            tests = [Atom(Among(name, frozenset((value,))))]
        return every((Known(name, point), *(Holds(test, Plane.TRUE, point) for test in tests)))


def residual(node: Node, signals: Mapping[str, MaybeValue], item: str | None) -> Node:
    """What is left of a condition where some signals are known; TRUE or FALSE where Kleene's tables decide it."""
    if isinstance(node, Atom):
        truth = truth_in(node, signals, item)
        return node if truth is UNKNOWN else TRUE if truth is YES else FALSE
    neutral, deciding = (TRUE, FALSE) if isinstance(node, All) else (FALSE, TRUE)
    parts: list[Node] = []
    for part in node.parts:
        left = residual(part, signals, item)
        if left == deciding:
            return deciding
        if left != neutral:
            parts.append(left)
    if not parts:
        return neutral
    if len(parts) == 1:
        return parts[0]
    return All(tuple(parts)) if isinstance(node, All) else Any(tuple(parts))


def rolled_out(node: Node) -> Node:
    """A condition for an item that is among those of every rollout to a share above none."""
    if isinstance(node, Atom):
        if not isinstance(node.test, InRollout):
            return node
        return TRUE if (node.test.share > 0) != node.negated else FALSE
    parts = tuple(map(rolled_out, node.parts))
    return All(parts) if isinstance(node, All) else Any(parts)


def decided_so(claim: Formula, node: Node, point: int, truth: Truth) -> Formula:
    """A claim in which a condition has one truth, whatever its tables say."""
    memo: dict[Formula, Formula] = {}

    def replaced(formula: Formula) -> Formula:
        if formula not in memo:
            memo[formula] = _replaced(formula)
        return memo[formula]

    def _replaced(formula: Formula) -> Formula:
        match formula:
            case Holds() if formula.node == node and formula.point == point:
                return ALWAYS if truth is YES else NEVER
            case Not(part):
                return Not(replaced(part))
            case Every(parts):
                return every(map(replaced, parts))
            case Some(parts):
                return some(map(replaced, parts))
            case AtLeast(number, parts):
                return AtLeast(number, tuple(map(replaced, parts)))
            case _:
                return formula

    return replaced(claim)
