"""An example that names no market and no day is decided where and when nothing else gets in its way."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.examples import case_of, example_market, rule_of
from assay.engine.language.pack.classes import REST, market_classes
from assay.engine.language.pack.policy import Example, Period, Rule
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary, named
from tests.makers_conditions import DURATIONS

EXAMPLE = Example("p", "a case", named("r")[0], {"disclosed": True}, None, None, None, (), Span("p.md", 1, 1))


def test_an_example_names_its_rule() -> None:
    rule = a_rule("p/r")
    assert rule_of(EXAMPLE, a_pack(rule)) == rule
    assert rule_of(replace(EXAMPLE, rule=named("x")[0]), a_pack(rule)) is None
    assert rule_of(replace(EXAMPLE, rule=None), a_pack(rule)) is None


def test_without_a_market_it_is_one_that_no_rule_tells_apart() -> None:
    pack = a_pack(a_rule("p/r", markets=("EU",)))
    (rest,) = [found for found in market_classes(pack) if found.name == REST]
    assert example_market(EXAMPLE, pack) in rest.codes


def test_a_group_stands_for_one_of_its_members() -> None:
    pack = a_pack(a_rule("p/r", markets=("EU",)))
    assert example_market(replace(EXAMPLE, market=named("EU")[0]), pack) == "DE"


def test_without_a_day_it_is_after_every_grace_has_ended() -> None:
    early, late = a_rule("p/r", period=Period(SOME_DAY)), a_rule("p/s", period=Period(SOME_DAY + 90 * DAY))
    spared = replace(early, grace_until=SOME_DAY + 120 * DAY)
    assert case_of(EXAMPLE, a_pack(early, late)).as_of == SOME_DAY + 91 * DAY
    assert case_of(EXAMPLE, a_pack(spared, late)).as_of == SOME_DAY + 121 * DAY


def test_a_rule_that_has_ended_by_then_is_tried_while_it_held() -> None:
    ended: Rule = a_rule("p/r", period=Period(SOME_DAY, SOME_DAY + 10 * DAY))
    later = a_rule("p/s", period=Period(SOME_DAY + 90 * DAY))
    assert SOME_DAY <= case_of(EXAMPLE, a_pack(ended, later)).as_of < SOME_DAY + 10 * DAY


def test_a_rollout_includes_the_example_of_its_rule() -> None:
    rule = a_rule("p/r", rollout=0.01)
    case = case_of(EXAMPLE, a_pack(rule))
    assert case.item is not None
    assert share_of(case.item, "p/r") < 0.01
    assert case_of(EXAMPLE, a_pack(a_rule("p/r"))).item is None


def test_the_subject_is_that_of_the_rule() -> None:
    vocabulary = a_vocabulary(a_signal("disclosed", subject="account"))
    pack = a_pack(a_rule("p/r", subject="account"), vocabulary=vocabulary)
    assert case_of(EXAMPLE, pack).subject == "account"


def test_what_an_example_gives_is_what_is_known() -> None:
    given = {"length": DURATIONS[1]}
    assert case_of(replace(EXAMPLE, given=given), a_pack(a_rule("p/r"))).signals == given
