"""From the truth of rules to what is done: grace, sunset, ladders, what is imposed until an answer is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.policy import Period, Rule
from assay.engine.language.pack.vocabulary import CalendarSource
from assay.engine.program.imposed import Regime, Standing, union_table
from assay.engine.program.lower import lower_pack
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

START = parse_instant("2026-12-01") or 0


def regime(*rules: Rule, as_of: int = SOME_DAY) -> Regime:
    return Regime(lower_pack(a_pack(*rules)), as_of)


def standing(at: Regime, *truths: Truth, always: int = 0) -> Standing:
    """What rules come to, from the truth of each in turn."""
    true = sum(1 << place for place, truth in enumerate(truths) if truth is YES)
    possible = sum(1 << place for place, truth in enumerate(truths) if truth is not NO)
    return at.standing(true, possible, always)


def ids(at: Regime, bits: int) -> set[str]:
    return {measure.id for place, measure in enumerate(at.program.pack.measures.all) if bits >> place & 1}


def bit(at: Regime, measure: str) -> int:
    return 1 << at.program.pack.measures.index[measure]


# ------------------------------------------------------------------------ time


def test_grace_spares_people_strikes_and_nothing_else() -> None:
    rule = a_rule(then=["removed", "strike:severe", "label:ai"], grace_until=START + 30 * DAY)
    during, after = regime(rule, as_of=START + 30 * DAY - 1), regime(rule, as_of=START + 30 * DAY)
    assert ids(during, standing(during, YES).true) == {"removed", "label:ai"}
    assert ids(after, standing(after, YES).true) == {"removed", "label:ai", "strike:severe"}


def test_grace_spares_people_strikes_that_would_be_imposed_until_known() -> None:
    rule = a_rule(then=["removed"], until_known=["strike:minor", "not_recommended"], grace_until=START + DAY)
    during, after = regime(rule, as_of=START), regime(rule, as_of=START + DAY)
    assert ids(during, standing(during, UNKNOWN).applied) == {"not_recommended"}
    assert ids(after, standing(after, UNKNOWN).applied) == {"not_recommended", "strike:minor"}


def test_grace_of_one_policy_does_not_spare_from_another() -> None:
    spared = a_rule("one/r", then=["strike:severe"], grace_until=START + DAY)
    other = a_rule("two/r", then=["strike:severe"])
    at = regime(spared, other, as_of=START)
    assert ids(at, standing(at, YES, NO).true) == set()
    assert ids(at, standing(at, NO, YES).true) == {"strike:severe"}


@pytest.mark.parametrize(
    ("as_of", "holds"),
    [(START - 1, False), (START, True), (START + 10 * DAY - 1, True), (START + 10 * DAY, False)],
)
def test_a_rule_holds_from_its_first_instant_and_not_at_its_sunset(as_of: int, holds: bool) -> None:
    at = regime(a_rule(period=Period(START, START + 10 * DAY)), as_of=as_of)
    assert [bool(at.active(market, "item")) for market in at.program.classes] == [holds]


def test_a_rule_without_dates_always_holds() -> None:
    at = regime(a_rule(), as_of=-(10**15))
    assert at.active(at.program.classes[0], "item") == 1


def test_a_rule_holds_in_its_markets_and_for_its_subject_alone() -> None:
    at = regime(a_rule("p/r", markets=["EU"]), a_rule("p/s", subject="account"), a_rule("p/t", markets=["not:EU"]))
    active = {market.name: (at.active(market, "item"), at.active(market, "account")) for market in at.program.classes}
    assert active == {"EU": (0b001, 0b010), "rest": (0b100, 0b010)}


# --------------------------------------------------------------------- ladders


def test_of_a_ladder_the_strongest_certain_step_is_applied() -> None:
    at = regime(a_rule("p/r", then=["not_recommended"]), a_rule("p/s", then=["removed", "label:ai"]))
    found = standing(at, YES, YES)
    assert ids(at, found.true) == {"not_recommended", "removed", "label:ai"}
    assert ids(at, found.applied) == {"removed", "label:ai"}


def test_two_ladders_do_not_stand_in_each_others_way() -> None:
    at = regime(a_rule(then=["not_recommended", "blocked", "adults_only"]))
    assert ids(at, standing(at, YES).applied) == {"blocked", "adults_only"}


def test_an_unknown_step_below_a_certain_one_unsettles_nothing() -> None:
    at = regime(a_rule("p/r", then=["not_recommended"]), a_rule("p/s", then=["blocked"]))
    found = standing(at, UNKNOWN, YES)
    assert found.unsettled == 0
    assert ids(at, found.possible) == {"not_recommended", "blocked"}
    assert ids(at, found.true) == {"blocked"}


def test_an_unknown_step_above_a_certain_one_unsettles() -> None:
    at = regime(a_rule("p/r", then=["removed"]), a_rule("p/s", then=["blocked"]))
    found = standing(at, UNKNOWN, YES)
    assert ids(at, found.unsettled) == {"removed"}
    assert ids(at, found.applied) == {"blocked"}


def test_what_is_certain_by_another_rule_is_not_unsettled() -> None:
    at = regime(a_rule("p/r", then=["label:ai"]), a_rule("p/s", then=["label:ai"]))
    assert standing(at, UNKNOWN, YES).unsettled == 0
    assert ids(at, standing(at, UNKNOWN, NO).unsettled) == {"label:ai"}


# ------------------------------------------------------------------ until known


def test_until_known_is_applied_while_a_rule_is_open_and_ends_either_way() -> None:
    at = regime(a_rule(then=["removed"], until_known=["not_recommended"]))
    assert ids(at, standing(at, UNKNOWN).applied) == {"not_recommended"}
    assert ids(at, standing(at, UNKNOWN).true) == set()
    assert ids(at, standing(at, UNKNOWN).possible) == {"removed"}
    assert ids(at, standing(at, UNKNOWN).unsettled) == {"not_recommended", "removed"}
    assert ids(at, standing(at, YES).applied) == {"removed"}
    assert ids(at, standing(at, NO).applied) == set()


def test_until_known_joins_the_ladder() -> None:
    at = regime(
        a_rule("p/r", then=["removed"], until_known=["blocked"]), a_rule("p/s", then=["not_recommended", "label:ai"])
    )
    assert ids(at, standing(at, UNKNOWN, YES).applied) == {"blocked", "label:ai"}
    at = regime(a_rule("p/r", then=["label:ai"], until_known=["not_recommended"]), a_rule("p/s", then=["removed"]))
    found = standing(at, UNKNOWN, YES)
    assert ids(at, found.applied) == {"removed"}
    assert ids(at, found.unsettled) == {"label:ai"}


def test_a_measure_that_every_answer_imposes_counts_as_certain() -> None:
    at = regime(a_rule("p/r", then=["blocked"]), a_rule("p/s", then=["not_recommended"]))
    found = standing(at, UNKNOWN, UNKNOWN, always=bit(at, "blocked"))
    assert ids(at, found.true) == ids(at, found.applied) == {"blocked"}
    assert found.unsettled == 0


def test_standings_are_the_same_when_asked_again() -> None:
    at = regime(a_rule("p/r", then=["removed"], until_known=["blocked"]), a_rule("p/s", then=["label:ai"]))
    asked = [(YES, NO), (UNKNOWN, NO), (UNKNOWN, UNKNOWN), (NO, YES)]
    first = [standing(at, *truths) for truths in asked]
    assert [standing(at, *truths) for truths in reversed(asked)] == first[::-1]


# -------------------------------------------------------------------- the rest


@pytest.mark.parametrize("rules", [0, 1, 11, 12, 25])
def test_a_union_over_pieces_is_the_union(rules: int) -> None:
    has = tuple((number * 0x9E37 + 1) & 0xFFFF for number in range(rules))
    union = union_table(has)
    for chosen in (0, (1 << rules) - 1, *(1 << place for place in range(rules)), 0x155555 & (1 << rules) - 1):
        expected = 0
        for place, one in enumerate(has):
            expected |= one if chosen >> place & 1 else 0
        assert union(chosen) == expected


def test_the_calendar_is_asked_for_each_market_class() -> None:
    phase = a_signal("election.phase", "choice", ("none", "campaign", "blackout"), scope="market")
    vocabulary = a_vocabulary(replace(phase, calendar=CalendarSource("election", "phase", "none")))
    reached = frozenset({"BR"})
    window = Window("w", "election", reached, "blackout", START, START + DAY, None, "s", "verified", Span("c", 1, 1))
    pack = a_pack(a_rule(when='election.phase == "blackout"'), vocabulary=vocabulary, windows=[window])
    program = lower_pack(pack)
    assert Regime(program, START).calendar == {"election.phase": {"BR": "blackout", "rest": "none"}}
    assert Regime(program, START + DAY).calendar == {"election.phase": {"BR": "none", "rest": "none"}}
