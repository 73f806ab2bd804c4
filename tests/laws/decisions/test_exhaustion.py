"""What is claimed by exhaustion is what every way to answer gives, tried one by one; and on small packs all of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case, pack_meaning
from tests.laws.decisions.small_packs import (
    MARKET,
    Answered,
    by_name,
    completions,
    decide,
    keeps_structures,
    small_cases,
    small_packs,
)
from tests.makers import SOME_DAY


def drawn(data: st.DataObject) -> tuple[Decider, tuple[MaybeValue, ...]]:
    pack = data.draw(small_packs())
    return Decider(pack), data.draw(small_cases(pack))


def truths(decider: Decider, values: tuple[MaybeValue, ...]) -> tuple[dict[str, set[Truth]], dict[str, set[Truth]]]:
    """For every way to answer: what the reference meaning says of measures, and of rules."""
    meant = [
        pack_meaning(decider.pack, Case(by_name(decider.pack, full), MARKET, SOME_DAY, "item-1"))
        for full in completions(decider.pack, values)
    ]
    measures = {measure.id: {one.measures[measure.id] for one in meant} for measure in decider.pack.measures.all}
    rules = {rule.ref: {one.rules[rule.ref] for one in meant} for rule in decider.pack.rules}
    return measures, rules


@given(st.data())
def test_what_is_certain_is_what_every_answer_says(data: st.DataObject) -> None:
    decider, values = drawn(data)
    decision = decide(decider, values)
    outcome = decision.outcome(MARKET)
    measures, rules = truths(decider, values)
    for measure, found in decision.measures(MARKET).items():
        assert found is UNKNOWN or measures[measure] == {found}, measure
    for rule in decider.rule_refs(outcome.never):
        assert rules[rule] == {NO}, rule
    for measure in decider.measure_ids(outcome.always):
        assert measures[measure] == {YES}, measure


@given(st.data())
def test_what_is_settled_is_done_whatever_anybody_answers(data: st.DataObject) -> None:
    decider, values = drawn(data)
    decision = decide(decider, values)
    if decision.outcome(MARKET).settled:
        assert set(Answered.of(decider, values).done.values()) == {frozenset(decision.applied(MARKET))}


@given(st.data())
def test_where_every_value_can_be_listed_nothing_that_all_answers_share_is_left_open(data: st.DataObject) -> None:
    pack = data.draw(small_packs(comparisons=False))
    decider = Decider(pack)
    values = data.draw(small_cases(pack))
    if keeps_structures(decider):
        return
    decision = decide(decider, values)
    standing = decision.outcome(MARKET).standing
    measures, _ = truths(decider, values)
    for measure in decider.measure_ids(standing.unsettled & standing.possible):
        assert measures[measure] == {YES, NO}, measure
