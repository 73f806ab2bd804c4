"""Everything that can be proved of a pack before it ships. It never counts as proved what was left undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assay.engine.analysis.proof.asking import settled_questions
from assay.engine.analysis.proof.claim import Settled, settle
from assay.engine.analysis.proof.compliance import invariant_claims, settled_duties, settled_scenarios
from assay.engine.analysis.proof.conflict import clash_claims
from assay.engine.analysis.proof.finding import Kind, Proof, Weight
from assay.engine.analysis.proof.gap import cure_claims, cure_nodes, gap_claims
from assay.engine.analysis.proof.redundancy import live_rules, shadowed_rules, undermined_rules
from assay.engine.analysis.situations.memory import Memory
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.stage import stage_of
from assay.engine.analysis.situations.world import World
from assay.engine.language.pack.pack import Pack
from assay.engine.program.core import Node
from assay.engine.program.smt.formula import Situation
from assay.engine.program.smt.solver import SECONDS

Reached = Callable[[int, int], None]
_ORDER = (Weight.ERROR, Weight.WARNING, Weight.NOTE)


def prove(
    pack: Pack,
    as_of: int,
    *,
    seconds: float = SECONDS,
    memory: Memory | None = None,
    reached: Reached | None = None,
    kinds: frozenset[Kind] | None = None,
) -> Proof:
    """All checks of a pack that has been checked, from an instant on, for all items, known in full or in part.

    as_of    microseconds since the epoch
    seconds  how long the solver may think about one claim
    memory   what was proved before, by content
    reached  told how many claims are settled, and about how many there are
    kinds    only these kinds of findings; None is all of them
    """
    world = World(pack, stage_of([pack], pack.vocabulary, as_of))
    search = Search(world.stage, [world], _promised_nodes(world), seconds=seconds, memory=memory)
    expected = _expected(world)
    found: list[Settled] = []
    for settled in _all_of_it(world, search, kinds):
        found.append(settled)
        if reached is not None:
            reached(len(found), max(expected, len(found)))
    findings = [one.finding for one in found if one.finding is not None]
    findings.sort(key=lambda finding: (_ORDER.index(finding.weight), finding.span, finding.kind, finding.subjects))
    return Proof(
        digest=pack.digest,
        as_of=as_of,
        findings=tuple(findings),
        checked=tuple(one.checked for one in found),
        texts=search.alphabet.texts,
        solved=search.solved,
        reused=search.reused,
        markets=tuple(market.name for market in world.stage.markets),
    )


def _all_of_it(world: World, search: Search, kinds: frozenset[Kind] | None) -> Iterator[Settled]:
    def wanted(*some: Kind) -> bool:
        return kinds is None or not kinds.isdisjoint(some)

    alive: dict[int, Situation] = {}
    if wanted(Kind.DEAD_RULE, Kind.SWALLOWED_RULE, Kind.SHADOWED_RULE):
        for place, settled in live_rules(world, search):
            if settled.situation is not None:
                alive[place] = settled.situation
            yield settled
    if wanted(Kind.UNDERMINED_RULE):
        yield from undermined_rules(world, search)
    if wanted(Kind.SHADOWED_RULE):
        yield from shadowed_rules(world, search, alive)
    for kind, claims in (
        (Kind.CLASHING_RULES, clash_claims),
        (Kind.GAP, gap_claims),
        (Kind.LABEL_CURES, cure_claims),
        (Kind.BROKEN_INVARIANT, lambda world: invariant_claims(world, search)),
    ):
        if wanted(kind):
            yield from (settle(claim, search) for claim in claims(world))
    if wanted(Kind.BROKEN_OBLIGATION, Kind.WOULD_BREAK, Kind.VACUOUS_OBLIGATION):
        yield from settled_duties(world, search)
    if wanted(Kind.FALLEN_SCENARIO):
        yield from settled_scenarios(world, search)
    if wanted(Kind.OPEN_FOREVER, Kind.PHANTOM_QUESTION):
        yield from settled_questions(world, search)


def _promised_nodes(world: World) -> list[Node]:
    """The conditions that claims hold beyond those of the rules."""
    pack = world.pack
    written = [found.when.expression for found in pack.exceptions]
    written += [invariant.holds for invariant in pack.measures.invariants]
    written += [harm.when.expression for harm in pack.harms.harms]
    for duty in pack.obligations:
        if duty.property is not None:
            written += [duty.property.when.expression, duty.property.requires.expression]
    cure = pack.measures.label_never_cures
    if cure is not None and cure.when is not None:
        written.append(cure.when.expression)
    return [*(world.lowered(expression) for expression in written), *cure_nodes(world)]


def _expected(world: World) -> int:
    pack = world.pack
    promises = len(pack.measures.invariants) + 2 * len(pack.obligations) + len(pack.harms.harms) + len(pack.protected)
    return 2 * len(world.rules) + promises + 2 * len(pack.vocabulary.signals)
