"""The scalar back end and the decision are held to the reference meaning, for any pack and any signals missing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.kernel.truth import NO, UNKNOWN, YES, from_planes
from assay.engine.kernel.values import Value
from assay.engine.language.meaning import Case, Outcome, pack_meaning
from assay.engine.language.pack.pack import Pack
from tests.makers import cases, packs


def _item_of(case: Case, pack: Pack) -> Item:
    """The item that a case describes; market-scoped values are given for the case's market alone."""
    values = tuple(None if signal.by_market else case.signals.get(signal.name) for signal in pack.vocabulary.signals)
    by_market: dict[str, dict[str, Value]] = {}
    for signal in pack.vocabulary.signals:
        value = case.signals.get(signal.name)
        if signal.by_market and signal.calendar is None and value is not None:
            by_market[signal.name] = {case.market: value}
    return Item(case.item or "an item", values, by_market, (), case.subject)


def _meaning(case: Case, pack: Pack) -> Outcome:
    return pack_meaning(pack, Case(case.signals, case.market, case.as_of, case.item or "an item", case.subject))


@given(st.data())
def test_rules_and_measures_are_what_the_meaning_says(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    decision = Decider(pack).decide(_item_of(case, pack), case.as_of)
    outcome = decision.outcome(case.market)
    meant = _meaning(case, pack)
    for place, rule in enumerate(pack.rules):
        assert from_planes(outcome.true >> place & 1, outcome.possible >> place & 1) is meant.rules[rule.ref], rule.ref
    for measure, truth in meant.measures.items():
        found = decision.truth(measure, case.market)
        # By exhaustion a decision may know more than Kleene's tables do, and never anything else.
        assert found is truth or (truth is UNKNOWN and (outcome.always or outcome.never)), measure


@given(st.data())
def test_what_is_applied_follows_from_the_meaning(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    decision = Decider(pack).decide(_item_of(case, pack), case.as_of)
    outcome = decision.outcome(case.market)
    if outcome.always or outcome.never:
        return
    meant = _meaning(case, pack)
    done = {measure for measure, truth in meant.measures.items() if truth is YES or meant.open_measures[measure] is YES}
    open_still = {
        measure
        for measure, truth in meant.measures.items()
        if truth is UNKNOWN or (truth is NO and meant.open_measures[measure] is YES)
    }
    for ladder in pack.measures.ladders:
        steps = [step.id for step in ladder.steps]
        strongest = max((steps.index(step) for step in steps if step in done), default=-1)
        done -= set(steps[: max(strongest, 0)])
        certain = max((steps.index(step) for step in steps if meant.measures[step] is YES), default=-1)
        open_still -= set(steps[: max(certain, 0)])
    assert set(decision.applied(case.market)) == done
    assert outcome.settled == (not open_still)


@given(st.data())
def test_exhaustion_says_only_what_every_answer_says(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack, missing=0.5))
    decider = Decider(pack)
    item = _item_of(case, pack)
    outcome = decider.decide(item, case.as_of).outcome(case.market)
    answered = data.draw(cases(pack, missing=0.0))
    together = {**answered.signals, **{name: value for name, value in case.signals.items() if value is not None}}
    calendar = {signal.name for signal in pack.vocabulary.signals if signal.calendar is not None}
    known = {name: value for name, value in together.items() if name not in calendar or name in case.signals}
    known |= {name: case.signals.get(name) for name in calendar}
    full = _meaning(Case(known, case.market, case.as_of, item.id, case.subject), pack)
    # A signal that the calendar does not know stays unknown here, whatever people answer.
    for measure in decider.measure_ids(outcome.always):
        assert full.measures[measure] is not NO
    for rule in decider.rule_refs(outcome.never):
        assert full.rules[rule] is not YES


@given(st.data())
def test_markets_of_a_class_are_decided_alike(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    classes = Decider(pack).program.classes
    assert sorted(code for found in classes for code in found.codes) == sorted(pack.markets.codes)
    own = next(found for found in classes if case.market in found.codes)
    other = data.draw(st.sampled_from(sorted(own.codes)))
    scoped = {signal.name for signal in pack.vocabulary.signals if signal.by_market}
    signals = {name: value for name, value in case.signals.items() if name not in scoped}
    one = pack_meaning(pack, Case(signals, case.market, case.as_of, case.item, case.subject))
    two = pack_meaning(pack, Case(signals, other, case.as_of, case.item, case.subject))
    assert one == two
