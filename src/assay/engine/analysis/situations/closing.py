"""Rules that only seem open: every answer decides them alike. It says how they are decided, and changes no claim else.

While a rule is open its `until_known` is imposed. When an item is decided, exhaustion closes a rule that Kleene's
tables leave open although every answer makes it true, or none does; so a witness must not rest on its being open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.analysis.situations.memory import read_by
from assay.engine.analysis.situations.remainder import residual
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import FALSE, TRUE, Among, Atom, Between, InRollout, Members, Node, atoms_of
from assay.engine.program.smt.alphabet import Alphabet
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
)
from assay.engine.program.smt.solver import Possible, Undecided, ask


@dataclass(frozen=True, slots=True)
class Reason:
    """What is enough to decide a condition, whatever all else is: known signals, and on which side of rollouts."""

    facts: tuple[tuple[str, MaybeValue], ...]
    rollouts: tuple[Atom, ...]


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
        self._asked_for = frozenset(atom for atoms in encoder.alphabet.atoms.values() for atom in atoms)
        self._is_spoken: dict[Holds, bool] = {}
        self._spoken: dict[Formula, tuple[Holds, ...]] = {}
        self._known: dict[tuple[object, ...], Truth] = {}
        self._reasons: dict[tuple[Node, int], dict[Reason, Truth]] = {}

    def closes(self, node: Node) -> bool:
        """Whether a condition is closed where every answer decides it alike."""
        return node in self._nodes

    def holds(self, claim: Formula, situation: Situation) -> bool:
        """Whether a claim is true of a situation, with what only seems open decided as every answer decides it.

        raises  LeftOpen
        """
        seeming = self._seeming_in(claim, situation)
        decided = {leaf: ALWAYS if truth is YES else NEVER for leaf, truth in seeming.items()}
        return holds_in(replaced(claim, decided), situation)

    def _seeming_in(self, claim: Formula, situation: Situation) -> dict[Holds, Truth]:
        reads = self.encoder.written.readings.of(claim).signals
        if all(situation.points[point].get(name) is not None for name, point in reads):
            return {}
        return self.seeming(self.spoken_of(claim), situation)

    def seeming(self, leaves: Iterable[Holds], situation: Situation) -> dict[Holds, Truth]:
        """Those parts of a claim whose conditions seem open, each with what every answer makes of it.

        raises  LeftOpen
        """
        found = {}
        for leaf in leaves:
            signals = situation.points[leaf.point]
            left = residual(leaf.node, signals, situation.item)
            truth = UNKNOWN if left in (TRUE, FALSE) else self.truth(left, signals)
            if truth is not UNKNOWN:
                found[leaf] = truth
        return found

    def instead(self, claim: Formula, situation: Situation) -> Formula | None:
        """What must be so besides a claim: that it is true with everything closed that seems open in a situation.

        What was found out in other situations is said too. None where nothing seems open.
        raises  LeftOpen
        """
        seeming = self._seeming_in(claim, situation)
        for leaf, truth in seeming.items():
            self._reasons.setdefault((leaf.node, leaf.point), {})[self._reason(leaf, truth, situation)] = truth
        closed = {leaf: self._closed(leaf) for leaf in self.spoken_of(claim)}
        return replaced(claim, closed) if seeming else None

    def _closed(self, leaf: Holds) -> Formula:
        """That a condition holds, where it is known in which situations it only seems open."""
        reasons = self._reasons.get((leaf.node, leaf.point), {})
        made: dict[Truth, list[Formula]] = {YES: [], NO: []}
        alphabet = self.encoder.alphabet
        for reason, truth in reasons.items():
            known = (_as_it_is(name, value, leaf.point, alphabet) for name, value in reason.facts)
            made[truth].append(every((*known, *(Holds(atom, Plane.TRUE, leaf.point) for atom in reason.rollouts))))
        return some((every((leaf, *map(Not, made[NO]))), *made[YES])) if reasons else leaf

    def _reason(self, leaf: Holds, truth: Truth, situation: Situation) -> Reason:
        """As little as decides a condition that seems open: the fewer facts, the more situations it speaks of."""
        node, signals = leaf.node, situation.points[leaf.point]
        facts = {name: signals[name] for name in sorted(read_by(node)) if signals.get(name) is not None}
        item = None if self._in_the_end(node, facts, None) is truth else situation.item
        for name in list(facts):
            fewer = {other: value for other, value in facts.items() if other != name}
            if self._in_the_end(node, fewer, item) is truth:
                facts = fewer
        tests = [] if item is None else [atom.test for atom in atoms_of(node) if isinstance(atom.test, InRollout)]
        return Reason(
            tuple(facts.items()), tuple(Atom(test, negated=not test.holds_for(situation.item)) for test in tests)
        )

    def _in_the_end(self, node: Node, signals: Mapping[str, MaybeValue], item: str | None) -> Truth:
        """What answers to all that is unknown make of a condition; where no item is given, for any."""
        left = residual(node, signals, item)
        return YES if left == TRUE else NO if left == FALSE else self.truth(left, signals)

    def spoken_of(self, claim: Formula) -> tuple[Holds, ...]:
        """The parts of a claim that are about rules with `until_known`."""
        if claim not in self._spoken:
            self._spoken[claim] = tuple(
                leaf for leaf in leaves_of(claim) if isinstance(leaf, Holds) and self._speaks(leaf)
            )
        return self._spoken[claim]

    def _speaks(self, leaf: Holds) -> bool:
        """Whether a part is about a rule with `until_known`; claims share their parts, so it is found out once."""
        found = self._is_spoken.get(leaf)
        if found is None:
            found = self._is_spoken[leaf] = leaf.node in self._nodes
        return found

    def truth(self, left: Node, signals: Mapping[str, MaybeValue]) -> Truth:
        """What answers to all that is unknown make of a condition: one truth, or now this and now that.

        left    what is left of the condition where the known signals are known (see `residual`)
        raises  LeftOpen
        """
        read = sorted(read_by(left))
        key = (left, tuple(signals.get(name) for name in read))
        if key not in self._known:
            encoder = self._encoder_for(left)
            is_read_once = _is_read_once(left, encoder.alphabet)
            self._known[key] = UNKNOWN if is_read_once else self._asked(left, read, signals, encoder)
        return self._known[key]

    def _encoder_for(self, left: Node) -> Encoder:
        """An encoder that tells apart what is asked for, also numbers of an item that no condition names."""
        if all(isinstance(atom.test, InRollout) or Atom(atom.test) in self._asked_for for atom in atoms_of(left)):
            return self.encoder
        return Encoder(Alphabet.of(self.encoder.alphabet.vocabulary, (left,)), {})

    def _asked(self, left: Node, read: list[str], signals: Mapping[str, MaybeValue], encoder: Encoder) -> Truth:
        alphabet = encoder.alphabet
        given = [_as_it_is(name, signals[name], 0, alphabet) for name in read if signals.get(name) is not None]
        complete = every((*given, *(Known(name) for name in read)))
        can = [self._can(every((complete, side)), encoder) for side in (true(left), Not(true(left)))]
        return UNKNOWN if all(can) else YES if can[0] else NO

    def _can(self, claim: Formula, encoder: Encoder) -> bool:
        answer = ask(encoder, claim, seconds=self.seconds)
        if isinstance(answer, Undecided):
            raise LeftOpen(answer)
        return isinstance(answer, Possible)


def _is_read_once(left: Node, alphabet: Alphabet) -> bool:
    """Whether each signal stands in one atom only, which can be true and can be false: then so can the whole."""
    atoms = list(atoms_of(left))
    read = [name for atom in atoms for name in atom.signals]
    return len(read) == len(set(read)) and all(_goes_both_ways(atom, alphabet) for atom in atoms)


def _goes_both_ways(atom: Atom, alphabet: Alphabet) -> bool:
    if isinstance(atom.test, Between | InRollout):
        return False
    domain = alphabet.domain(atom.test.signal)
    if domain is None:
        return isinstance(atom.test, Members)
    return len({atom.passes(value) for value in domain.values}) == 2


def _as_it_is(name: str, value: MaybeValue, point: int, alphabet: Alphabet) -> Formula:
    """That a signal has just this value, as far as conditions tell."""
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


def replaced(claim: Formula, instead: Mapping[Holds, Formula]) -> Formula:
    """A claim with others in the place of some of its parts; what has none of them in it stays the same object."""
    memo: dict[Formula, Formula] = {}

    def of(formula: Formula) -> Formula:
        if formula not in memo:
            memo[formula] = made(formula)
        return memo[formula]

    def made(formula: Formula) -> Formula:
        match formula:
            case Holds():
                return instead.get(formula, formula)
            case Not(part):
                return formula if of(part) is part else Not(of(part))
            case Every(parts) | Some(parts) | AtLeast(_, parts):
                new = tuple(map(of, parts))
                if all(one is other for one, other in zip(new, parts, strict=True)):
                    return formula
                if isinstance(formula, AtLeast):
                    return AtLeast(formula.number, new)
                return every(new) if isinstance(formula, Every) else some(new)
            case _:
                return formula

    return of(claim) if instead else claim
