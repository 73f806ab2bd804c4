"""What to ask next: of the signals that are missing and matter, the one expected to settle most for what it costs.

Most open terms fail in the end, and one answer is enough to show it. So a signal scores, for every open term that
waits for it, the chance that its answer shows the failure if there is one; where a term waits for nothing else that is
1, since the answer settles it either way. The score over the cost puts the questions in order. It never asks anybody.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.analysis.exhaustion import always_one, never_true
from assay.engine.analysis.residual import Residuals
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.imposed import Imposed, union_table
from assay.engine.program.terms import Group

Cost: TypeAlias = Callable[[Signal], float]

# Seeing harm costs more than the seconds it takes: each step of exposure counts as much time again.
EXPOSURE_WEIGHT = 1.0
# Priors may leave no chance at all to an answer that comes all the same.
UNLIKELY = 1e-6
# Parts that are remembered of a rule.
_MOST_PARTS = 20_000
# All answers to a question together, less what adding up shares may lose.
WHOLE = 1.0 - 1e-9


def reviewer_cost(signal: Signal) -> float:
    """Seconds of a trained person, weighted by what the answer exposes them to."""
    return max(1.0, signal.seconds) * (1.0 + EXPOSURE_WEIGHT * signal.exposure)


def one_each(signal: Signal) -> float:
    """Every question costs the same; the order then has the fewest questions."""
    return 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one open rule adds to the questions.

    number  tells it from every other part of the same pack
    scores  by signal index: for how many of the rule's open terms its answer is expected to show a failure
    share   share of all answers, each counted alike, for which the rule holds, or more
    never   whether no answer makes the rule true
    always  whether every answer does
    single  the atoms that its one open term still waits for; None where it has several, or needs more than one
    shared  the atoms that every open term still waits for; none where it needs more than one of them

    Atoms are sets of bits, each by the number that the pack's questions give it.
    """

    number: int
    scores: tuple[tuple[int, float], ...]
    share: float
    never: bool
    always: bool
    single: int | None
    shared: int


class Questions:
    """Orders the questions of a compiled pack."""

    def __init__(self, residuals: Residuals, cost: Cost = reviewer_cost) -> None:
        self.residuals = residuals
        signals = residuals.vocabulary.signals
        # Nobody can answer for a calendar.
        self.worth = tuple(0.0 if signal.calendar is not None else 1.0 / cost(signal) for signal in signals)
        layout = residuals.scalar.layout
        terms = [sum(1 << bit for bit in layout.terms_of(rule)) for rule in range(layout.rules)]
        self._planes = tuple(found | found << layout.width for found in terms)
        self._both_planes, self._missing_at = (1 << layout.missing_at) - 1, layout.missing_at
        self._reads = tuple(residuals.signals_of_rules(1 << rule) for rule in range(layout.rules))
        # From a set of open rules to what tells them apart in what an item comes to: their terms, what is missing.
        pairs = list(zip(self._planes, self._reads, strict=True))
        self.waiting_of_rules = union_table(tuple(planes | reads << layout.missing_at for planes, reads in pairs))
        # Of an open rule of one term nothing is left to tell but what is missing.
        self._tells = tuple(
            (planes if len(layout.terms_of(rule)) > 1 else 0) | reads << layout.missing_at
            for rule, (planes, reads) in enumerate(pairs)
        )
        # The same of a set of them.
        self.tells_of = union_table(self._tells)
        self._parts: list[dict[int, Part]] = [{} for _ in range(layout.rules)]
        self._names = tuple(signal.name for signal in signals)
        atoms = dict.fromkeys(atom for term in layout.terms for atom in sorted(term or (), key=repr))
        self._numbers = {atom: number for number, atom in enumerate(atoms)}
        self._numbered = 0

    def part(self, rule: int, terms: int, missing: int) -> Part:
        """What an open rule adds.

        rule     by its place
        terms    both planes of all terms
        missing  the signals that are missing, as a set of bits by index
        """
        return self.part_of(rule, terms & self._both_planes | missing << self._missing_at)

    def part_of(self, rule: int, found: int) -> Part:
        """The same, from both planes with the signals that are missing above them, as the program gives them."""
        memo = self._parts[rule]
        key = found & self._tells[rule]
        part = memo.get(key)
        if part is None:
            if len(memo) >= _MOST_PARTS:
                memo.clear()
            part = memo[key] = self._part(rule, found & self._both_planes, found >> self._missing_at)
        return part

    def parts_of(self, rules: Sequence[int], found: int) -> list[Part]:
        """The same for several rules."""
        tells, known = self._tells, self._parts
        return [known[rule].get(found & tells[rule]) or self.part_of(rule, found) for rule in rules]

    def _part(self, rule: int, terms: int, missing: int) -> Part:
        residuals = self.residuals
        scores: dict[int, float] = {}
        share = 0.0
        for residual in residuals.open_terms(residuals.open_bits(rule, terms), missing):
            wait = residuals.wait(residual)
            share += wait.covered
            if wait.covered == 0.0:
                # No answer makes it hold, so it settles nothing that it is open.
                continue
            failing = 1.0 - wait.likely + UNLIKELY
            for place, chance in wait.signals:
                scores[place] = scores.get(place, 0.0) + (1.0 - chance + UNLIKELY) / failing
        never = never_true(residuals, rule, terms, missing)
        # Terms that together hold for less than all answers leave some for which the rule fails.
        always = share >= WHOLE and always_one(residuals, [rule], terms, missing)
        self._numbered += 1
        waiting = self._waiting_atoms(rule, terms, missing)
        single = waiting[0] if len(waiting) == 1 else None
        shared = functools.reduce(operator.and_, waiting) if waiting else 0
        return Part(self._numbered, tuple(scores.items()), share, never, always, single, shared)

    def _waiting_atoms(self, rule: int, terms: int, missing: int) -> tuple[int, ...]:
        """For each open term that some answer makes hold, the atoms it waits for; none for a rule of another build."""
        residuals, layout = self.residuals, self.residuals.scalar.layout
        if not isinstance(layout.structures.get(rule, Group(rule)), Group):
            return ()
        names = self._names
        waiting = residuals.open_terms(residuals.open_bits(rule, terms), missing)
        alive = [
            (bit, {names[place] for place in places})
            for bit, places in waiting
            if residuals.wait((bit, places)).covered
        ]
        return tuple(
            sum(1 << self._numbers[atom] for atom in layout.terms[bit] or () if not missed.isdisjoint(atom.signals))
            for bit, missed in alive
        )

    def mattering(self, imposed: Imposed, rules: Sequence[int], parts: Sequence[Part]) -> list[Part]:
        """The parts of open rules of which no other open rule leaves nothing to matter.

        Such a rule waits for less than the other does and imposes all that it imposes: true, it has imposed it
        already; false, it has failed for the other as well.
        """
        singles = {1 << rule: part.single for rule, part in zip(rules, parts, strict=True) if part.single is not None}
        covering, by_one = imposed.covering, sum(singles)
        return [
            part
            for rule, part in zip(rules, parts, strict=True)
            if not (
                part.shared and (others := covering[rule] & by_one) and _is_covered(1 << rule, part, others, singles)
            )
        ]

    def order(self, parts: Sequence[Part]) -> tuple[int, ...]:
        """The signals whose answer may change what is done, by index, the best to ask first."""
        scores = [0.0] * len(self.worth)
        for part in parts:
            for place, score in part.scores:
                scores[place] += score
        ranked = [
            (-score * worth, place)
            for place, (score, worth) in enumerate(zip(scores, self.worth, strict=True))
            if score and worth
        ]
        ranked.sort()
        return tuple([place for _, place in ranked])


def _is_covered(rule: int, part: Part, covering: int, singles: Mapping[int, int]) -> bool:
    """Whether one of some rules covers another; each rule is the bit that names it."""
    others = ~part.shared
    while covering:
        other = covering & -covering
        covering ^= other
        least = singles[other]
        # Of two that wait for the same, the later is the one too many.
        if not least & others and (least != part.single or other < rule):
            return True
    return False
