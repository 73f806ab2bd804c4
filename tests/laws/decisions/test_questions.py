"""Whoever answers what is asked, in the order in which it is asked, comes to a settled decision, and asks no more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.truth import UNKNOWN
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.pack import Pack
from tests.laws.decisions.small_packs import MARKET, Answered, decide, small_cases, small_packs
from tests.makers import SOME_DAY, packs, values_of


def answered(item: Item, pack: Pack, place: int, value: Value) -> Item:
    """The item with an answer to one question, for every market where the signal has one for each."""
    signal = pack.vocabulary.signals[place]
    if signal.by_market:
        return replace(item, by_market={**item.by_market, signal.name: {EVERYWHERE: value}})
    return replace(item, values=(*item.values[:place], value, *item.values[place + 1 :]))


def some_item(data: st.DataObject, pack: Pack) -> Item:
    """An item of which about half is known, nothing of it for single markets."""
    item = Item(data.draw(st.sampled_from(("item-1", "ü"))), (None,) * len(pack.vocabulary.signals))
    for place, signal in enumerate(pack.vocabulary.signals):
        if signal.calendar is None and data.draw(st.booleans()):
            item = answered(item, pack, place, data.draw(values_of(signal)))
    return item


def is_missing(item: Item, pack: Pack, place: int) -> bool:
    signal = pack.vocabulary.signals[place]
    return not item.by_market.get(signal.name) if signal.by_market else item.values[place] is None


def keeps_what_was_certain(before: Decision, after: Decision, market: str) -> bool:
    said = after.measures(market)
    return all(truth is UNKNOWN or said[measure] is truth for measure, truth in before.measures(market).items())


@given(st.data())
def test_answering_in_order_always_ends_in_a_settled_decision(data: st.DataObject) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    item = some_item(data, pack)
    signals = pack.vocabulary.signals
    known_by_calendar = all(signal.calendar is None for signal in signals)
    for _ in range(len(signals) + 1):
        outcome = decider.decide(item, SOME_DAY).outcome(MARKET)
        if outcome.settled or not outcome.questions:
            break
        first = outcome.questions[0]
        item = answered(item, pack, first, data.draw(values_of(signals[first])))
    outcome = decider.decide(item, SOME_DAY).outcome(MARKET)
    assert outcome.questions == ()
    assert outcome.settled or not known_by_calendar


@given(st.data())
def test_what_is_asked_is_missing_read_and_nothing_that_a_calendar_gives(data: st.DataObject) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    item = some_item(data, pack)
    for outcome in decider.decide(item, SOME_DAY).outcomes:
        assert len(set(outcome.questions)) == len(outcome.questions)
        read = decider.residuals.signals_of_rules(outcome.possible & ~outcome.true & ~outcome.never)
        for place in outcome.questions:
            assert is_missing(item, pack, place)
            assert pack.vocabulary.signals[place].calendar is None
            assert read >> place & 1
        assert not (outcome.settled and outcome.questions)


@given(st.data())
def test_an_answer_never_turns_what_was_certain(data: st.DataObject) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    item = some_item(data, pack)
    before = decider.decide(item, SOME_DAY)
    markets = [outcome.markets[0] for outcome in before.outcomes]
    for place, signal in enumerate(pack.vocabulary.signals):
        if is_missing(item, pack, place) and signal.calendar is None and data.draw(st.booleans()):
            item = answered(item, pack, place, data.draw(values_of(signal)))
            after = decider.decide(item, SOME_DAY)
            assert all(keeps_what_was_certain(before, after, market) for market in markets)
            before = after


@given(st.data())
def test_no_signal_that_can_turn_what_is_done_is_left_unasked(data: st.DataObject) -> None:
    pack = data.draw(small_packs())
    decider = Decider(pack)
    values: tuple[MaybeValue, ...] = data.draw(small_cases(pack))
    outcome = decide(decider, values).outcome(MARKET)
    missing = [place for place, value in enumerate(values) if value is None]
    every = Answered.of(decider, values)
    matter = {place for place in missing if every.turns(place)}
    assert matter <= set(outcome.questions)


@given(st.data())
def test_the_order_of_questions_does_not_depend_on_what_was_decided_before(data: st.DataObject) -> None:
    pack = data.draw(packs())
    items = [some_item(data, pack) for _ in range(4)]
    forth, back = Decider(pack), Decider(pack)
    first = [[found.questions for found in forth.decide(item, SOME_DAY).outcomes] for item in items]
    second = [[found.questions for found in back.decide(item, SOME_DAY).outcomes] for item in reversed(items)]
    assert first == second[::-1]
