"""What is asked next: what settles most for what it costs, and never what cannot matter."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from assay.engine.analysis.questions import one_each, reviewer_cost
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import CalendarSource, Signal
from tests.engine.analysis.opened import of_rules, opened
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

LETTERS = [a_signal(letter) for letter in "abcdef"]
VOCABULARY = a_vocabulary(*LETTERS, a_signal("kind", "choice"))


def with_cost(name: str, seconds: float = 10.0, exposure: int = 0, **others: object) -> Signal:
    return replace(a_signal(name), seconds=seconds, exposure=exposure, **others)  # type: ignore[arg-type]


# ------------------------------------------------------------ what may matter


def test_what_is_known_or_unread_is_not_asked() -> None:
    assert of_rules(VOCABULARY, "a && b", a=True).asked() == ["b"]
    assert of_rules(VOCABULARY, "a && b", a=False).asked() == []
    assert of_rules(VOCABULARY, "a || b", a=True).asked() == []


def test_what_only_a_lost_term_reads_is_not_asked() -> None:
    assert of_rules(VOCABULARY, "a && b || c && d", a=False).asked() == ["c", "d"]
    assert of_rules(VOCABULARY, "a || a && b").asked() == ["a"]


def test_a_rule_whose_measures_are_certain_already_asks_nothing() -> None:
    found = of_rules(VOCABULARY, "a", "b && c", a=True)
    assert found.asked() == []
    assert of_rules(VOCABULARY, "a", "b && c", a=False).asked() == ["b", "c"]


def test_a_rule_below_what_is_certain_on_its_ladder_asks_nothing() -> None:
    removed = a_rule("p/r", "a", then=["removed"])
    lower = a_rule("p/s", "b", then=["not_recommended"], until_known=["blocked"])
    pack = a_pack(removed, lower, vocabulary=VOCABULARY)
    assert opened(pack, {"a": True}).asked() == []
    assert opened(pack, {"a": False}).asked() == ["b"]
    pack = a_pack(removed, replace(lower, then=(*lower.then, *a_rule(then=["label:ai"]).then)), vocabulary=VOCABULARY)
    assert opened(pack, {"a": True}).asked() == ["b"]


def test_a_rule_that_can_never_hold_asks_nothing() -> None:
    assert of_rules(VOCABULARY, "a && !a && b").asked() == []
    assert of_rules(VOCABULARY, "a && !a && b || c").asked() == ["c"]


def test_nobody_is_asked_for_what_a_calendar_gives() -> None:
    calendar = replace(
        a_signal("election.days_to", "number", scope="market", integer=True),
        calendar=CalendarSource("election", "days_to"),
    )
    found = of_rules(a_vocabulary(*LETTERS, calendar), "a && election.days_to < 7")
    assert found.asked() == ["a"]
    assert of_rules(a_vocabulary(*LETTERS, calendar), "election.days_to < 7").asked() == []


def test_texts_and_comparisons_are_asked_for_like_anything_else() -> None:
    vocabulary = a_vocabulary(a_signal("caption", "text"), a_signal("width", "number"), a_signal("height", "number"))
    found = of_rules(vocabulary, 'caption.contains("x") && width < height')
    assert sorted(found.asked()) == ["caption", "height", "width"]
    assert of_rules(vocabulary, 'caption.contains("x") && width < height', caption="x", width=1.0).asked() == ["height"]


# ------------------------------------------------------------------- what first


def test_a_rule_that_another_open_rule_leaves_nothing_of_asks_nothing() -> None:
    pack = a_pack(
        a_rule("p/narrow", "a && b", then=["not_recommended"]),
        a_rule("p/wide", "a", then=["removed"]),
        vocabulary=VOCABULARY,
    )
    assert opened(pack).asked() == ["a"]


def test_a_rule_that_imposes_something_else_as_well_still_asks() -> None:
    pack = a_pack(
        a_rule("p/narrow", "a && b", then=["not_recommended", "label:ai"]),
        a_rule("p/wide", "a", then=["removed"]),
        vocabulary=VOCABULARY,
    )
    assert set(opened(pack).asked()) == {"a", "b"}


def test_of_two_alike_the_one_declared_first_is_asked_first() -> None:
    assert of_rules(VOCABULARY, "b && a").asked() == ["a", "b"]
    assert of_rules(VOCABULARY, "a && b").asked() == ["a", "b"]


def test_the_quicker_question_comes_first() -> None:
    vocabulary = a_vocabulary(with_cost("a", 20), with_cost("b", 10), with_cost("c", 30))
    assert of_rules(vocabulary, "a && b && c").asked() == ["b", "a", "c"]


def test_seeing_harm_counts_as_time() -> None:
    vocabulary = a_vocabulary(with_cost("a", 10, exposure=4), with_cost("b", 40, exposure=0))
    assert of_rules(vocabulary, "a && b").asked() == ["b", "a"]
    vocabulary = a_vocabulary(with_cost("a", 10, exposure=2), with_cost("b", 40, exposure=0))
    assert of_rules(vocabulary, "a && b").asked() == ["a", "b"]


def test_the_cost_is_the_callers_choice() -> None:
    dear, cheap = with_cost("a", 100, exposure=4), with_cost("b", 1)
    pack = a_pack(a_rule("p/r", "a && b"), vocabulary=a_vocabulary(dear, cheap))
    assert opened(pack).asked() == ["b", "a"]
    assert opened(pack, cost=one_each).asked() == ["a", "b"]
    assert reviewer_cost(dear) == 500
    assert reviewer_cost(with_cost("c", 0)) == 1


def test_the_answer_that_likelier_shows_a_failure_is_asked_for_first() -> None:
    rare = with_cost("b", prior={"yes": 1, "no": 99})
    common = with_cost("a", prior={"yes": 99, "no": 1})
    assert of_rules(a_vocabulary(common, rare), "a && b").asked() == ["b", "a"]
    assert of_rules(a_vocabulary(common, rare), "!a && !b").asked() == ["a", "b"]


def test_what_more_rules_wait_for_is_asked_first() -> None:
    assert of_rules(VOCABULARY, "a && d", "b && d", "c && d").asked()[0] == "d"
    assert of_rules(VOCABULARY, "a && b || c && b || d && b").asked()[0] == "b"


def test_an_answer_that_priors_rule_out_can_still_be_asked_for() -> None:
    certain = with_cost("a", prior={"yes": 1, "no": 0})
    assert of_rules(a_vocabulary(certain), "a").asked() == ["a"]
    assert of_rules(a_vocabulary(certain), "!a").asked() == ["a"]


# ------------------------------------------------------------------ the same


def test_the_order_does_not_depend_on_what_was_asked_before() -> None:
    conditions = ("a && b || c && d", 'b && kind == "adult"', "e || f && a")
    known: list[dict[str, MaybeValue]] = [{}, {"a": True}, {"a": False, "c": True}, {"b": True, "f": True}]
    known.append({"kind": "adult", "e": False})
    pack = a_pack(*(a_rule(f"p/r{n}", text) for n, text in enumerate(conditions)), vocabulary=VOCABULARY)
    fresh = [opened(pack, values).asked() for values in known]
    for order in list(permutations(range(len(known))))[::17]:
        one = opened(pack)
        for place in order:
            values = tuple(known[place].get(signal.name) for signal in VOCABULARY.signals)
            again = replace(one, values=values, state=one.scene.state(values, "item-1"))
            assert again.asked() == fresh[place]


@pytest.mark.parametrize("condition", ["a && b", "(a || b) && (c || d) && (e || f) && (a || c)"])
def test_a_part_is_remembered_by_what_is_left_of_its_rule(condition: str) -> None:
    found = of_rules(VOCABULARY, condition)
    part = found.questions.part(0, found.state.terms, found.missing)
    assert found.questions.part(0, found.state.terms, found.missing) is part
    assert part.share > 0
    assert not part.never
    other = of_rules(VOCABULARY, condition, a=True)
    assert found.questions.part(0, other.state.terms, other.missing) is not part
