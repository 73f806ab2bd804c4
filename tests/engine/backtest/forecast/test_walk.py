from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.walk import NO_WALK, Walker
from assay.engine.backtest.sampling.record import Record
from assay.engine.decision.decide import Decider
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SignalType
from tests.engine.backtest.blocks import measures_with_clocks
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

HARMFUL = replace(a_signal("harmful"), seconds=20.0, exposure=3, prior={"yes": 1.0, "no": 3.0})
VOCABULARY = a_vocabulary(HARMFUL, replace(a_signal("disclosed"), seconds=5.0), a_signal("caption", SignalType.TEXT))


def a_record(name: str = "i1", views: dict[str, int] | None = None, **signals: MaybeValue) -> Record:
    known = {key: value for key, value in signals.items() if value is not None}
    return Record(name, SOME_DAY, "item", "all", 1.0, views or {"DE": 1}, known, {})


def walker(pack: Pack, assumptions: Assumptions | None = None) -> Walker:
    return Walker(Decider(pack), assumptions or Assumptions())


def one_rule(when: str, severity: str = "S4", markets: tuple[str, ...] = ()) -> Pack:
    rule = a_rule("p/a", when, then=("removed",), severity=severity, markets=markets)
    return a_pack(rule, vocabulary=VOCABULARY, measures=measures_with_clocks())


def test_an_item_on_which_nothing_is_open_costs_nothing() -> None:
    assert walker(one_rule("harmful")).walk(a_record(harmful=False)) == NO_WALK


def test_one_open_signal_is_one_question_and_its_seconds() -> None:
    found = walker(one_rule("harmful")).walk(a_record())
    assert (found.questions, found.seconds, found.weighted) == (1, 20.0, 60.0)


def test_a_reviewer_stops_when_an_answer_settles_it() -> None:
    walking = walker(one_rule("harmful && disclosed"))
    found = [walking.walk(a_record(f"i{number}")) for number in range(200)]
    assert {one.questions for one in found} == {1, 2}


def test_time_that_is_given_stands_for_that_of_the_vocabulary() -> None:
    found = walker(one_rule("harmful"), Assumptions(seconds={"harmful": 7.0})).walk(a_record())
    assert (found.seconds, found.weighted) == (7.0, 21.0)


def test_an_item_is_severe_where_a_severe_rule_holds_in_the_end() -> None:
    severe = Counter(walker(one_rule("harmful")).walk(a_record(f"i{number}")).severe for number in range(400))
    assert 60 < severe[True] < 140
    mild = walker(one_rule("harmful", "S2"))
    assert not any(mild.walk(a_record(f"i{number}")).severe for number in range(50))


def test_answers_follow_the_priors_and_are_always_the_same() -> None:
    walking = walker(one_rule("harmful"))
    answers = [walking.answer(f"i{number}", 0) for number in range(2000)]
    assert answers == [walker(one_rule("harmful")).answer(f"i{number}", 0) for number in range(2000)]
    assert 0.21 < sum(answer is True for answer in answers) / 2000 < 0.29


def test_nobody_can_answer_for_a_text_so_the_walk_ends_with_it_open() -> None:
    found = walker(one_rule('caption.contains("AI")')).walk(a_record())
    assert (found.questions, found.capped, found.severe) == (1, False, True)


def test_an_item_is_handed_on_after_the_most_questions() -> None:
    found = walker(one_rule("harmful || disclosed"), Assumptions(most_questions=1))
    walks = [found.walk(a_record(f"i{number}")) for number in range(50)]
    assert any(walk.capped for walk in walks)
    assert max(walk.questions for walk in walks) == 1


def test_questions_of_several_markets_are_asked_once() -> None:
    pack = a_pack(
        a_rule("p/a", "harmful", then=("removed",), markets=("DE",)),
        a_rule("p/b", "harmful && disclosed", then=("removed",), markets=("US",)),
        vocabulary=VOCABULARY,
        measures=measures_with_clocks(),
    )
    walking = walker(pack)
    for number in range(30):
        found = walking.walk(a_record(f"i{number}", {"DE": 1, "US": 1, "*": 1}))
        assert found.questions <= 2


@given(st.integers(0, 10_000))
def test_a_walk_never_asks_a_market_that_the_item_did_not_reach(number: int) -> None:
    walking = walker(one_rule("harmful", markets=("US",)))
    assert walking.walk(a_record(f"i{number}", {"DE": 1})) == NO_WALK
