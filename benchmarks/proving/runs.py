"""Runs of the prover by CPU time, check by check, and the same question asked naively. It judges no figure."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import process_time
from typing import TypeVar

import z3

from assay.engine.analysis.difference.change import Difference
from assay.engine.analysis.difference.compare import compare
from assay.engine.analysis.proof.finding import Finding, Kind, Proof
from assay.engine.analysis.proof.prove import prove
from assay.engine.analysis.situations.memory import Forgetful, Memory
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.stage import stage_of
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.program.smt.encode import Encoder
from assay.engine.program.smt.solver import SECONDS
from benchmarks.proving.policies import Written, read

AS_OF = parse_instant("2026-12-15") or 0
# Checks as people speak of them; a name for each kind of finding.
CHECKS = {
    Kind.DEAD_RULE: "dead and swallowed rules",
    Kind.SWALLOWED_RULE: "dead and swallowed rules",
    Kind.UNDERMINED_RULE: "undermined rules",
    Kind.SHADOWED_RULE: "shadowed rules",
    Kind.CLASHING_RULES: "clashing rules",
    Kind.GAP: "gaps",
    Kind.LABEL_CURES: "labels that cure",
    Kind.BROKEN_INVARIANT: "invariants",
    Kind.BROKEN_OBLIGATION: "obligations",
    Kind.WOULD_BREAK: "obligations",
    Kind.VACUOUS_OBLIGATION: "obligations",
    Kind.FALLEN_SCENARIO: "protected scenarios",
    Kind.PHANTOM_QUESTION: "questions",
    Kind.OPEN_FOREVER: "questions",
}
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Line:
    """One check: how many claims, how many of them went to the solver, CPU seconds."""

    check: str
    claims: int
    solved: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the prover. `begun` is what it took before the first check."""

    lines: tuple[Line, ...]
    begun: float
    seconds: float
    proof: Proof


class _Watch:
    """Notes the time and what was asked of the solver whenever a claim is settled."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._asked: set[str] = set()
        self.stamps: list[tuple[float, int]] = []

    def get(self, key: str) -> str | None:
        found = self._memory.get(key)
        # A proof that is not known from before is what the prover looks for last before it asks the solver.
        if found is None and key.startswith("proof:"):
            self._asked.add(key)
        return found

    def put(self, key: str, value: str) -> None:
        self._memory.put(key, value)

    def reached(self, number: int, expected: int) -> None:
        self.stamps.append((process_time(), len(self._asked)))


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What some work gives, and the CPU seconds it took."""
    gc.collect()
    start = process_time()
    result = work()
    return result, process_time() - start


def run(pack: Pack, *, kinds: frozenset[Kind] | None = None, memory: Memory | None = None) -> Run:
    """Prove a pack, with the figures of each check."""
    watch = _Watch(Forgetful() if memory is None else memory)
    gc.collect()
    start = process_time()
    proof = prove(pack, AS_OF, kinds=kinds, memory=watch, reached=watch.reached)
    seconds = process_time() - start
    lines: dict[str, Line] = {}
    before, asked = start, 0
    for checked, (stamp, solved) in zip(proof.checked, watch.stamps, strict=True):
        name = CHECKS[checked.check]
        line = lines.get(name, Line(name, 0, 0, 0.0))
        lines[name] = Line(name, line.claims + 1, line.solved + solved - asked, line.seconds + stamp - before)
        before, asked = stamp, solved
    return Run(tuple(lines.values()), seconds - sum(line.seconds for line in lines.values()), seconds, proof)


def difference(old: Pack, new: Pack) -> tuple[Difference, float]:
    """Two versions compared, and the CPU seconds it took."""
    return timed(lambda: compare(old, new, AS_OF))


@dataclass(frozen=True, slots=True)
class Again:
    """The prover run once more after one rule was edited, with what it remembered."""

    reading: float
    run: Run


def again(before: Written, after: Written, memory: Memory) -> Again:
    """What it takes to read an edited pack and to prove what depends on the edit."""
    run(read(before.files), memory=memory)
    pack, reading = timed(lambda: read(after.files))
    return Again(reading, run(pack, memory=memory))


def dead_alone(pack: Pack) -> tuple[set[str], float]:
    """Rules that can never hold, each asked of a solver that holds this rule only; with the CPU seconds it took."""
    proof, seconds = timed(lambda: prove(pack, AS_OF, kinds=frozenset((Kind.DEAD_RULE,))))
    return _dead(proof.findings), seconds


def dead_together(pack: Pack) -> tuple[set[str], float]:
    """The same, asked naively: one solver holds every rule, and is asked for one after the other."""

    def ask_all() -> set[str]:
        world = World(pack, stage_of([pack], pack.vocabulary, AS_OF))
        encoder = Encoder(Search(world.stage, [world], (), seconds=SECONDS).alphabet, world.stage.sizes, frozenset())
        solver = z3.SolverFor("QF_FD")
        said: set[object] = set()
        names = [z3.Bool(f"rule {place}") for place in range(len(world.rules))]
        for place, name in enumerate(names):
            claim = world.true(place)
            written = encoder.write(claim)
            solver.add(*encoder.axioms(encoder.written.readings.of(claim), said))
            solver.add(name == written)
        return {
            world.rules[place].rule.ref
            for place, name in enumerate(names)
            if not world.is_over(place) and solver.check(name) == z3.unsat
        }

    return timed(ask_all)


def _dead(findings: Iterable[Finding]) -> set[str]:
    wanted = (Kind.DEAD_RULE, Kind.SWALLOWED_RULE)
    return {found.subjects[0] for found in findings if found.kind in wanted}
