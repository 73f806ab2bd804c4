"""Asks the solver whether a claim can be true. What it could not decide is said to be undecided, with the question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import z3

from assay.engine.program.smt.connect import implication, say
from assay.engine.program.smt.encode import Encoder
from assay.engine.program.smt.formula import Formula, Situation
from assay.engine.program.smt.reading import Reads, reads_together

SECONDS = 10.0
# Models whose texts or ids nobody could be given; after so many the question is left undecided.
MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Possible:
    """The claim is true of this situation."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class Impossible:
    """The claim is true of no situation: this is a proof."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """The solver gave up.

    why    in its own word, or what no text was found for
    query  the question in SMT-LIB 2, which any solver reads
    """

    why: str
    query: str


Answer: TypeAlias = Possible | Impossible | Undecided
IMPOSSIBLE = Impossible()


def ask(encoder: Encoder, claim: Formula, *, seconds: float = SECONDS) -> Answer:
    """Whether some situation makes a claim true.

    seconds  how long the solver may think
    """
    return Question(encoder, claim, seconds=seconds).answer()


class Question:
    """A claim to which conditions can be added one after another, each narrowing what the solver looks for."""

    def __init__(self, encoder: Encoder, claim: Formula, *, seconds: float = SECONDS) -> None:
        self.encoder = encoder
        self._reads = Reads()
        self.solver = z3.SolverFor("QF_FD")
        self.solver.set("timeout", max(1, int(seconds * 1000)))
        self._said: set[object] = set()
        self._left_out = False
        self.narrow(claim)

    def narrow(self, claim: Formula) -> None:
        """Look only where this is true as well."""
        reads = self.encoder.written.readings.of(claim)
        self._reads = reads_together((self._reads, reads))
        say(self.solver, [*self.encoder.axioms(reads, self._said), self.encoder.write(claim)])

    def blamed(self, parts: Sequence[Formula]) -> list[int] | None:
        """Which of some parts, by their places, are enough to leave no situation; None where all of them are not."""
        names = [z3.Bool(f"@part:{place}") for place in range(len(parts))]
        for name, part in zip(names, parts, strict=True):
            reads = self.encoder.written.readings.of(part)
            axioms = self.encoder.axioms(reads, self._said)
            say(self.solver, [*axioms, implication(name, self.encoder.write(part))])
        if self.solver.check(*names) != z3.unsat:
            return None
        core = {str(name) for name in self.solver.unsat_core()}
        return [place for place, name in enumerate(names) if str(name) in core]

    def answer(self) -> Answer:
        """The solver's answer."""
        for _ in range(MOST_TRIES):
            outcome = self.solver.check()
            if outcome == z3.unsat and not self._left_out:
                return IMPOSSIBLE
            if outcome == z3.unsat:
                break
            if outcome != z3.sat:
                return Undecided(self.solver.reason_unknown(), self.solver.to_smt2())
            model = self.solver.model()
            found = self.encoder.situation(model, self._reads)
            if found is not None:
                return Possible(found)
            # What no text or id was found for may still have one, so nothing is proved any more.
            self._left_out = True
            same = [each if z3.is_true(model[each]) else z3.Not(each) for each in _free(model)]
            self.solver.add(z3.Not(z3.And(same)))
        return Undecided("no text or id was found that does all of this", self.solver.to_smt2())


def _free(model: z3.ModelRef) -> Iterator[z3.BoolRef]:
    """The booleans of a model that speak of texts and rollouts."""
    for declared in model.decls():
        each = declared()
        name = declared.name()
        if name.startswith("@rollout") or "(" in name or "='" in name:
            yield each
