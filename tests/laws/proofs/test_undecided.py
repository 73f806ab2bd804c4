"""A solver that gives up has proved nothing, and the question it gave up is kept for another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import z3
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.analysis.proof.finding import Kind, Proof
from assay.engine.analysis.proof.prove import prove
from assay.engine.analysis.situations.memory import Forgetful
from assay.engine.language.pack.pack import Pack
from assay.engine.program.smt.encode import Encoder, Written
from assay.engine.program.smt.formula import Every, Formula
from assay.engine.program.smt.reading import Reads
from assay.engine.program.smt.solver import Impossible, Possible, Question
from tests.laws.proofs.small.packs import AS_OF, small_packs
from tests.laws.proofs.small.shown import shown


class Hesitant(z3.Solver):  # type: ignore[misc]  # z3 publishes no types
    """A solver that answers some questions and gives up others."""

    gives_up: Iterator[bool] = iter(())

    def check(self, *assumptions: z3.BoolRef) -> z3.CheckSatResult:
        found = super().check(*assumptions)
        return z3.unknown if next(Hesitant.gives_up, False) else found

    def reason_unknown(self) -> str:
        return "timeout"


@contextmanager
def hesitating(chances: list[bool]) -> Iterator[None]:
    """While it lasts, solvers give up at the questions that `chances` names by their place, over and over."""
    usual = z3.SolverFor

    def endless() -> Iterator[bool]:
        while chances:
            yield from chances

    Hesitant.gives_up = endless()
    z3.SolverFor = lambda logic: Hesitant()
    try:
        yield
    finally:
        z3.SolverFor = usual


def outcomes(proof: Proof) -> dict[tuple[str, tuple[str, ...]], str]:
    """What became of each claim."""
    return {(one.check.value, one.subjects): one.outcome for one in proof.checked}


@given(small_packs(promises=True, most_rules=3), st.lists(st.booleans(), min_size=1, max_size=7))
def test_what_the_solver_gives_up_is_never_called_proved(pack: Pack, chances: list[bool]) -> None:
    plain = prove(pack, AS_OF)
    memory = Forgetful()
    with hesitating(chances):
        doubting = prove(pack, AS_OF, memory=memory)
    truth = {(found.kind, found.subjects) for found in plain.findings}
    for finding in doubting.findings:
        if finding.kind is Kind.UNDECIDED:
            assert finding.query, shown(pack)
        else:
            assert (finding.kind, finding.subjects) in truth, f"{finding}\n{shown(pack)}"
    known = outcomes(plain)
    for claim, outcome in outcomes(doubting).items():
        assert outcome in ("undecided", known.get(claim, outcome)), f"{claim} {outcome}\n{shown(pack)}"
    if not any(chances):
        assert outcomes(doubting) == known
    # What was left undecided is not remembered as settled either.
    after = prove(pack, AS_OF, memory=memory)
    assert {(one.kind, one.subjects) for one in after.findings} == truth, shown(pack)


@given(small_packs(promises=True, most_rules=2))
def test_where_the_solver_gives_up_everything_nothing_is_sound(pack: Pack) -> None:
    with hesitating([True]):
        proof = prove(pack, AS_OF)
    assert not proof.sound
    # Where a pack has no exception that a rule may read, nothing undermines it and nobody has to be asked.
    unasked = (Kind.FALLEN_SCENARIO, Kind.OPEN_FOREVER, Kind.UNDERMINED_RULE)
    assert all(one.outcome != "proved" or one.reason or one.check in unasked for one in proof.checked), shown(pack)


@given(small_packs(most_rules=3))
def test_a_question_that_was_kept_has_the_same_answer_in_another_solver(pack: Pack) -> None:
    asked: list[tuple[str, type[object]]] = []
    usual = Question.answer

    def overheard(question: Question) -> object:
        answer = usual(question)
        asked.append((question.solver.to_smt2(), type(answer)))
        return answer

    Question.answer = overheard  # type: ignore[assignment, method-assign]  # put back below
    try:
        prove(pack, AS_OF, kinds=frozenset((Kind.DEAD_RULE, Kind.SWALLOWED_RULE, Kind.CLASHING_RULES)))
    finally:
        Question.answer = usual  # type: ignore[method-assign]
    for query, answer in asked:
        other = z3.Solver()
        other.from_string(query)
        assert other.check() == {Possible: z3.sat, Impossible: z3.unsat}[answer]


def test_no_time_at_all_is_no_proof() -> None:
    pigeons = hard_question()
    answer = pigeons.answer()
    assert not isinstance(answer, Impossible | Possible)
    assert answer.why and "(check-sat)" in answer.query
    again = z3.Solver()
    again.from_string(answer.query)
    assert len(again.assertions()) > 100


def hard_question() -> Question:
    """Ten pigeons in nine holes, which takes this solver far longer than it is given."""

    class Pigeons(Encoder):
        def __init__(self) -> None:
            self.written = Written()

        def write(self, formula: Formula) -> z3.BoolRef:
            sits = [[z3.Bool(f"p{one}h{hole}") for hole in range(11)] for one in range(12)]
            apart = [z3.Not(z3.And(a[h], b[h])) for h in range(11) for a in sits for b in sits if a is not b]
            return z3.And([*map(z3.Or, sits), *apart])

        def axioms(self, reads: Reads, said: set[object]) -> list[z3.BoolRef]:
            return []

    return Question(Pigeons(), Every(()), seconds=0.05)
