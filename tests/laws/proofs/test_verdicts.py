"""Every verdict of the prover is what trying every item gives."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given

from assay.engine.analysis.proof.finding import Kind
from assay.engine.analysis.proof.prove import prove
from assay.engine.language.pack.pack import Pack
from tests.laws.proofs.by_trying import (
    Found,
    broken_duties,
    broken_invariants,
    clashing,
    cured,
    dead_and_swallowed,
    fallen,
    gaps,
    shadowed,
    undermined,
    useless_and_unanswerable,
)
from tests.laws.proofs.small.packs import AS_OF, small_packs
from tests.laws.proofs.small.shown import shown
from tests.laws.proofs.trying import Tried

DUTIES = (Kind.BROKEN_OBLIGATION, Kind.WOULD_BREAK, Kind.VACUOUS_OBLIGATION)


def agrees(pack: Pack, kinds: tuple[Kind, ...], *by_trying: Callable[[Tried], Found]) -> None:
    """Where some rule only seems open, what both readings of it give is found, and nothing that neither gives."""
    proof = prove(pack, AS_OF, kinds=frozenset(kinds))
    proved = {(found.kind.value, *found.subjects) for found in proof.findings}
    tried = Tried(pack)
    plainly = set[tuple[str, ...]]().union(*(each(tried) for each in by_trying))
    if not tried.seem_open(pack.rules):
        assert proved == plainly, shown(pack)
        return
    closing = Tried(pack, closing=True)
    closed = set[tuple[str, ...]]().union(*(each(closing) for each in by_trying))
    assert plainly & closed <= proved <= plainly | closed, shown(pack)


@given(small_packs())
def test_rules_that_never_hold_are_those_that_hold_of_no_item(pack: Pack) -> None:
    agrees(pack, (Kind.DEAD_RULE, Kind.SWALLOWED_RULE, Kind.UNDERMINED_RULE), dead_and_swallowed, undermined)


@given(small_packs())
def test_rules_that_add_nothing_and_pairs_that_clash(pack: Pack) -> None:
    kinds = (Kind.DEAD_RULE, Kind.SWALLOWED_RULE, Kind.SHADOWED_RULE, Kind.CLASHING_RULES)
    agrees(pack, kinds, dead_and_swallowed, shadowed, clashing)


@given(small_packs(most_rules=3, promises=True))
def test_promises_that_some_item_breaks(pack: Pack) -> None:
    kinds = (Kind.GAP, Kind.LABEL_CURES, Kind.BROKEN_INVARIANT, Kind.FALLEN_SCENARIO, *DUTIES)
    agrees(pack, kinds, gaps, cured, broken_invariants, broken_duties, fallen)


@given(small_packs())
def test_questions_that_matter_and_who_may_answer_them(pack: Pack) -> None:
    agrees(pack, (Kind.PHANTOM_QUESTION, Kind.OPEN_FOREVER), useless_and_unanswerable)


@given(small_packs(kinds=("text", "text", "flag"), features=("markets",), most_rules=4))
def test_texts_are_left_undecided_rather_than_judged_wrongly(pack: Pack) -> None:
    proof = prove(pack, AS_OF)
    tried = Tried(pack)
    every = (dead_and_swallowed, undermined, shadowed, clashing, useless_and_unanswerable)
    truth = set[tuple[str, ...]]().union(*(each(tried) for each in every))
    proved = {(found.kind.value, *found.subjects) for found in proof.findings}
    doubts = {found.subjects[1:] for found in proof.findings if found.kind is Kind.UNDECIDED}
    wrong = {found for found in proved ^ truth if found[0] != Kind.UNDECIDED.value and found[1:] not in doubts}
    assert not wrong or tried.seem_open(pack.rules), f"{wrong}\n{shown(pack)}"
