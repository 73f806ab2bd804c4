"""An item is decided market by market: what is alike is decided once, what differs is told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import CalendarSource
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("kind", "choice"),
    a_signal("order", "choice", ("none", "valid"), scope="market"),
    a_signal("days", "number", scope="market", integer=True),
    a_signal("limit", "number", integer=True),
)


def item_of(pack: Pack, record: Mapping[str, object]) -> Item:
    item = read_item({"id": "upload-1", **record}, pack.vocabulary, pack.markets)
    assert isinstance(item, Item), item
    return item


def decided(pack: Pack, signals: Mapping[str, object], *markets: str, subject: str = "item") -> Decision:
    item = item_of(pack, {"signals": signals, "subject": subject})
    return Decider(pack).decide(item, SOME_DAY, markets or None)


def shown(decision: Decision) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {outcome.markets: decision.applied(outcome.markets[0]) for outcome in decision.outcomes}


# --------------------------------------------------------------------- markets


PACK = a_pack(
    a_rule("p/eu", "disclosed", then=["label:ai"], markets=["EU"]),
    a_rule("p/us", 'kind == "minor"', then=["removed"], markets=["US"]),
    a_rule("p/ordered", 'order == "valid"', then=["blocked"]),
    a_rule("p/soon", "days < 7", then=["not_recommended"], until_known=["adults_only"]),
    vocabulary=VOCABULARY,
)
QUIET = {"order": {"*": "none"}, "days": {"*": 30}}


def test_markets_that_are_decided_alike_share_an_outcome() -> None:
    assert shown(decided(PACK, {"disclosed": False, "kind": "adult", **QUIET})) == {
        ("EU", "US+US-CA+US-TX", "rest"): ()
    }
    assert shown(decided(PACK, {"disclosed": True, "kind": "minor", **QUIET})) == {
        ("EU",): ("label:ai",),
        ("US+US-CA+US-TX",): ("removed",),
        ("rest",): (),
    }


def test_an_outcome_is_found_by_class_and_by_code() -> None:
    decision = decided(PACK, {"disclosed": True, "kind": "minor", **QUIET})
    assert decision.outcome("FR") is decision.outcome("EU")
    assert decision.outcome("US-CA") is decision.outcome("US") is decision.outcome("US+US-CA+US-TX")
    assert decision.truth("removed", "US") is YES
    assert decision.truth("removed", "FR") is NO
    with pytest.raises(KeyError):
        decision.outcome("XX")


def test_a_market_that_the_item_tells_apart_has_an_outcome_of_its_own() -> None:
    signals = {"disclosed": True, "kind": "adult", "order": {"DE": "valid", "*": "none"}, "days": {"*": 30}}
    decision = decided(PACK, signals)
    assert shown(decision) == {("DE",): ("blocked", "label:ai"), ("EU",): ("label:ai",), ("US+US-CA+US-TX", "rest"): ()}
    assert decision.truth("blocked", "FR") is NO


def test_a_market_that_is_not_named_is_unknown_unless_every_market_is() -> None:
    known = {"disclosed": False, "kind": "adult", "days": {"*": 30}}
    assert decided(PACK, {**known, "order": {"DE": "none"}}).truth("blocked", "FR") is UNKNOWN
    assert decided(PACK, {**known, "order": {"DE": "none", "*": "valid"}}).truth("blocked", "FR") is YES
    assert decided(PACK, {**known, "order": {"DE": "none", "*": "valid"}}).truth("blocked", "DE") is NO


def test_a_class_of_which_every_market_is_named_leaves_no_rest() -> None:
    order = {"US": "valid", "US-CA": "none", "US-TX": "valid", "*": "none"}
    decision = decided(PACK, {"disclosed": False, "kind": "adult", "order": order, "days": {"*": 30}})
    assert shown(decision) == {("EU", "US-CA", "rest"): (), ("US", "US-TX"): ("blocked",)}


def test_a_market_scoped_signal_can_be_compared_with_one_of_the_item() -> None:
    pack = a_pack(a_rule("p/r", "days < limit", then=["blocked"]), vocabulary=VOCABULARY)
    decider = Decider(pack)
    for limit, expected in ((5, NO), (6, YES), (5, NO), (None, UNKNOWN)):
        item = item_of(pack, {"signals": {"days": {"BR": 5, "*": 9}, "limit": limit}})
        decision = decider.decide(item, SOME_DAY)
        assert decision.truth("blocked", "BR") is expected
        assert decision.truth("blocked", "FR") is (NO if limit is not None else UNKNOWN)


def test_only_the_markets_asked_for_are_decided() -> None:
    signals = {"disclosed": True, "kind": "minor", **QUIET}
    assert shown(decided(PACK, signals, "FR")) == {("EU",): ("label:ai",)}
    assert shown(decided(PACK, signals, "EU", "US-TX")) == {("EU",): ("label:ai",), ("US+US-CA+US-TX",): ("removed",)}
    assert shown(decided(PACK, signals, "rest")) == {("rest",): ()}
    with pytest.raises(KeyError):
        decided(PACK, signals, "FR").outcome("US")


def test_rules_on_an_account_say_nothing_of_an_item() -> None:
    pack = a_pack(a_rule("p/r", "disclosed", subject="account", then=["account_restricted"]))
    assert decided(pack, {"disclosed": True}).truth("account_restricted", "FR") is NO
    assert decided(pack, {"disclosed": True}, subject="account").truth("account_restricted", "FR") is YES


# -------------------------------------------------------------------- calendar


WINDOW = Window(
    "w", "election", frozenset({"BR"}), "blackout", SOME_DAY, SOME_DAY + DAY, None, "s", "verified", Span("c", 1, 1)
)
PHASE = replace(
    a_signal("election.phase", "choice", ("none", "campaign", "blackout"), scope="market"),
    calendar=CalendarSource("election", "phase", "none"),
)
DAYS_TO = replace(
    a_signal("election.days_to", "number", scope="market", integer=True), calendar=CalendarSource("election", "days_to")
)
ELECTION = a_pack(
    a_rule("p/r", 'election.phase == "blackout" && disclosed', then=["blocked"]),
    a_rule("p/s", "election.days_to < 7 && disclosed", then=["label:ai"]),
    vocabulary=a_vocabulary(a_signal(), PHASE, DAYS_TO),
    windows=[WINDOW],
)


def test_the_calendar_answers_where_the_item_does_not() -> None:
    assert decided(ELECTION, {"disclosed": True}).truth("blocked", "BR") is YES
    assert decided(ELECTION, {"disclosed": True}).truth("blocked", "FR") is NO
    given = {"disclosed": True, "election.phase": {"FR": "blackout", "BR": "none"}}
    assert decided(ELECTION, given).truth("blocked", "FR") is YES
    assert decided(ELECTION, given).truth("blocked", "BR") is NO
    assert decided(ELECTION, given).truth("blocked", "DE") is NO


def test_nobody_is_asked_what_only_the_calendar_knows() -> None:
    decision = decided(ELECTION, {"disclosed": True})
    assert not decision.outcome("FR").settled
    assert decision.truth("label:ai", "FR") is UNKNOWN
    assert decision.outcome("FR").questions == ()
    assert [ELECTION.vocabulary.signals[place].name for place in decided(ELECTION, {}).outcome("BR").questions] == [
        "disclosed"
    ]


# ----------------------------------------------------------------- exhaustion


def test_a_measure_that_every_answer_imposes_is_certain_and_says_so() -> None:
    pack = a_pack(a_rule("p/r", 'kind == "minor"'), a_rule("p/s", 'kind != "minor"'), vocabulary=VOCABULARY)
    decision = decided(pack, {})
    outcome = decision.outcome("FR")
    assert outcome.settled
    assert decision.decider.measure_ids(outcome.always) == ("removed",)
    assert decision.truth("removed", "FR") is YES
    assert decision.applied("FR") == ("removed",)
    assert outcome.questions == ()
    assert outcome.true == 0
    assert outcome.possible == 0b11


def test_a_rule_that_no_answer_makes_true_imposes_nothing_not_even_until_known() -> None:
    rule = a_rule(when='kind in ["adult", "minor"] && !(kind in ["adult", "minor"])', until_known=["not_recommended"])
    decision = decided(a_pack(rule, vocabulary=VOCABULARY), {})
    outcome = decision.outcome("FR")
    assert outcome.settled
    assert decision.decider.rule_refs(outcome.never) == ("likeness/intimate",)
    assert decision.truth("removed", "FR") is NO
    assert decision.applied("FR") == ()


# ------------------------------------------------------------------- memories


def test_a_rule_that_every_answer_makes_true_is_no_longer_waited_for() -> None:
    pack = a_pack(
        a_rule("p/surely", "disclosed || !disclosed", then=["label:ai"], until_known=["removed"]),
        vocabulary=VOCABULARY,
    )
    decision = decided(pack, {})
    (outcome,) = decision.outcomes
    assert decision.applied("FR") == ("label:ai",)
    assert outcome.settled and outcome.questions == ()


def test_it_is_no_longer_waited_for_even_where_another_rule_imposes_the_same() -> None:
    pack = a_pack(
        a_rule("p/surely", "disclosed || !disclosed", then=["label:ai"], until_known=["removed"]),
        a_rule("p/known", 'kind == "adult"', then=["label:ai"]),
        vocabulary=VOCABULARY,
    )
    decision = decided(pack, {"kind": "adult"})
    assert decision.applied("FR") == ("label:ai",)
    assert decision.outcomes[0].settled


def test_many_instants_and_markets_do_not_disturb_each_other() -> None:
    decider = Decider(ELECTION)
    item = item_of(ELECTION, {"signals": {"disclosed": True}})
    for number in [*range(-70, 80), 0, -1]:
        truth = decider.decide(item, SOME_DAY + number * DAY // 40).truth("blocked", "BR")
        assert truth is (YES if 0 <= number < 40 else NO)


def test_a_decision_says_the_truth_of_every_measure() -> None:
    decision = decided(PACK, {"disclosed": True})
    assert set(decision.measures("FR")) == set(PACK.measures.by_id)
    assert decision.measures("FR")["label:ai"] is YES
    assert decision.measures("FR")["blocked"] is UNKNOWN
    assert decision.measures("FR")["copies_removed"] is NO
    assert decision.applied("FR") == ("adults_only", "label:ai")
