from __future__ import annotations

import pytest

from assay.engine.backtest.sampling.cases import cases
from assay.engine.backtest.sampling.sampler import Move, Sampler
from assay.engine.decision.decide import Decider
from tests.engine.backtest.blocks import Row, both, seen_of
from tests.engine.backtest.sampling.test_sampler import MEASURES, NEW, OLD, VOCABULARY, columnar
from tests.makers import a_pack, a_rule


@pytest.fixture(scope="module")
def deciders() -> tuple[Decider, Decider]:
    return Decider(OLD), Decider(NEW)


def sampled(*rows: Row) -> Sampler:
    sampler = Sampler()
    sampler.add(seen_of(rows, columnar()))
    return sampler


def test_a_case_says_what_is_known_what_both_versions_do_and_why(deciders: tuple[Decider, Decider]) -> None:
    (case,) = cases(sampled(Row("a", {"harmful": True, "disclosed": True}, probability=0.25)), *deciders)
    assert (case.id, case.day, case.market, case.views, case.stands_for) == ("a", "2026-11-02", "DE", 10, 4.0)
    assert case.old.applied == ("removed",)
    assert case.new.applied == ("label:ai", "strike:minor")
    assert case.facts == {"disclosed": "“disclosed” applies", "harmful": "“harmful” applies"}
    assert case.because_old == ("a (p/a) holds: “harmful” applies.",)
    assert case.because_new == ("b (p/b) holds: “harmful” applies and “disclosed” applies.",)
    assert case.unknown == ()


def test_a_case_with_something_open_names_the_question_that_matters(deciders: tuple[Decider, Decider]) -> None:
    (case,) = cases(sampled(Row("a", {"harmful": True})), *deciders)
    assert case.new.applied == ()
    assert "removed" in case.new.open
    assert case.unknown == ("disclosed?",)
    assert case.because_new[0].startswith("a (p/a) may hold: ")


def test_cases_of_one_move_stand_for_all_its_items_together(deciders: tuple[Decider, Decider]) -> None:
    rows = [Row(f"i{number}", {"harmful": True, "disclosed": True}, probability=0.5) for number in range(30)]
    found = cases(sampled(*rows), *deciders, wanted=6)
    assert len(found) == 6
    assert sum(case.stands_for for case in found) == pytest.approx(60.0)


def test_an_item_that_changes_in_several_markets_is_shown_once(deciders: tuple[Decider, Decider]) -> None:
    sampler = sampled(Row("a", {"harmful": True, "disclosed": True}, views={"DE": 1, "US": 2, "*": 5}))
    assert {pool.market for pool in sampler.pools if isinstance(pool, Move)} == {"DE", "US", "*"}
    assert len(cases(sampler, *deciders)) == 1


def test_where_nothing_changes_there_is_no_case(deciders: tuple[Decider, Decider]) -> None:
    assert cases(sampled(Row("a", {"harmful": False})), *deciders) == ()
    assert cases(sampled(), *deciders) == ()


def test_the_rule_that_makes_the_difference_comes_first_however_mild_it_is() -> None:
    always = [a_rule(f"p/s{number}", "harmful", then=("strike:severe",), severity="S4") for number in range(8)]
    mild = a_rule("p/mild", "harmful", then=("removed",), severity="S0")
    old, new = (a_pack(*rules, vocabulary=VOCABULARY, measures=MEASURES) for rules in ((*always, mild), always))
    sampler = Sampler()
    sampler.add(seen_of([Row("a", {"harmful": True})], both(old, new)))
    (case,) = cases(sampler, Decider(old), Decider(new))
    assert case.because_old[0].startswith("mild (p/mild) holds")
    assert len(case.because_old) == len(case.because_new) == 5
