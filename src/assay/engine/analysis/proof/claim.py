"""One thing to be proved: a claim that must be true of no situation, and what is said if it is true of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.engine.analysis.proof.finding import WEIGHTS, Checked, Finding, Kind, Weight
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.span import Span
from assay.engine.program.smt.formula import Formula, Situation
from assay.engine.program.smt.solver import Impossible, Undecided


@dataclass(frozen=True, slots=True)
class Claim:
    """That a pack has not got some defect.

    kind       the defect
    subjects   what it would be about
    title      what is so when there is no such defect
    violation  what a situation has to be like to show the defect
    words      what to say of a situation that shows it; it is called only then
    hint       the next step
    apart      signals that the second of two items may have otherwise
    weight     how much it matters; None is what its kind usually does
    """

    kind: Kind
    subjects: tuple[str, ...]
    title: str
    span: Span
    violation: Formula
    words: Callable[[Situation], str]
    shows: Callable[[Situation], tuple[str, ...]]
    hint: str = ""
    apart: frozenset[str] = frozenset()
    markets: tuple[str, ...] = ()
    weight: Weight | None = None

    @property
    def name(self) -> str:
        """How its witness is remembered."""
        return f"{self.kind.value}:{':'.join(self.subjects)}"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claim: what was checked and, where it was not proved, the finding."""

    checked: Checked
    finding: Finding | None = None
    situation: Situation | None = None


def settle(claim: Claim, search: Search, hints: tuple[Situation, ...] = ()) -> Settled:
    """Prove a claim, or find what shows that it is not so."""
    answer = search.find(claim.violation, claim.name, apart=claim.apart, hints=hints)
    if isinstance(answer, Impossible):
        return Settled(Checked(claim.kind, claim.subjects, claim.title, "proved"))
    if isinstance(answer, Undecided):
        return undecided(claim.kind, claim.subjects, claim.title, claim.span, answer)
    situation = answer.situation
    finding = Finding(
        kind=claim.kind,
        subjects=claim.subjects,
        words=claim.words(situation),
        span=claim.span,
        hint=claim.hint,
        witnesses=witnesses(claim.shows(situation), situation, search),
        markets=claim.markets,
        weight=weight_of(claim.kind) if claim.weight is None else claim.weight,
    )
    return Settled(Checked(claim.kind, claim.subjects, claim.title, "refuted"), finding, situation)


def witnesses(shows: tuple[str, ...], situation: Situation, search: Search) -> tuple[Witness, ...]:
    """The items of a situation, each with what it shows."""
    return tuple(search.witness(situation, point, words) for point, words in enumerate(shows))


def undecided(kind: Kind, subjects: tuple[str, ...], title: str, span: Span, answer: Undecided) -> Settled:
    """What is said where the solver gave up: it is neither proved nor refuted."""
    finding = Finding(
        kind=Kind.UNDECIDED,
        subjects=(kind.value, *subjects),
        words=f"the solver gave up on this: {title} ({answer.why})",
        span=span,
        hint="give the solver more time with `--timeout`, or simplify the conditions",
        weight=weight_of(Kind.UNDECIDED),
        query=answer.query,
    )
    return Settled(Checked(kind, subjects, title, "undecided"), finding)


def always(words: str) -> Callable[[Situation], str]:
    """The same words, whatever the situation."""
    return lambda _: words


def weight_of(kind: Kind) -> Weight:
    """How much a kind of finding usually matters."""
    return WEIGHTS.get(kind, Weight.ERROR)
