"""What is known never turns what was settled; and a pack reads back from its texts as it is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from assay.engine.kernel.truth import NO, UNKNOWN, Truth, any_of
from assay.engine.language.checker import check_pack
from assay.engine.language.meaning import Case, imposes, meaning_of, pack_meaning
from assay.engine.language.pack.classes import market_classes
from assay.engine.language.pack.pack import Pack
from tests.makers import cases, conditions, packs, signals_for, values_of, vocabularies
from tests.makers_text import files_of, quoted


def settled(before: Truth, after: Truth) -> bool:
    """Whether what was known stays as it was."""
    return before in (UNKNOWN, after)


def learn(data: DataObject, pack: Pack, case: Case) -> Case:
    """The case with some of its missing signals known, and perhaps the item's id."""
    added = data.draw(signals_for(pack.vocabulary, missing=0.5))
    kept = {name: value for name, value in case.signals.items() if value is not None}
    calendar = {signal.name for signal in pack.vocabulary.signals if signal.calendar is not None}
    new = {name: value for name, value in added.items() if name not in calendar}
    return replace(case, signals={**new, **kept}, item=case.item or data.draw(st.sampled_from((None, "item-7"))))


@given(st.data())
def test_one_more_known_value_never_turns_a_settled_measure(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack, missing=0.5))
    before, after = pack_meaning(pack, case), pack_meaning(pack, learn(data, pack, case))
    assert all(settled(truth, after.rules[rule]) for rule, truth in before.rules.items())
    assert all(settled(truth, after.measures[measure]) for measure, truth in before.measures.items())


@given(st.data())
def test_where_everything_is_known_nothing_is_unknown(data: DataObject) -> None:
    pack = data.draw(packs())
    case = replace(data.draw(cases(pack, missing=0)), item="item-1")
    unread = [signal.name for signal in pack.vocabulary.signals if case.signals.get(signal.name) is None]
    outcome = pack_meaning(pack, case)
    assert unread or UNKNOWN not in {*outcome.rules.values(), *outcome.measures.values()}


@given(st.data())
def test_an_unknown_condition_can_still_become_known(data: DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    condition = data.draw(conditions(vocabulary))
    some = data.draw(signals_for(vocabulary, missing=0.5))
    every = {signal.name: data.draw(values_of(signal)) for signal in vocabulary.signals} | some
    assert settled(meaning_of(condition, some, vocabulary), meaning_of(condition, every, vocabulary))
    assert meaning_of(condition, every, vocabulary) is not UNKNOWN


@given(st.data())
def test_a_missing_signal_and_one_that_is_none_are_the_same(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack, missing=0.5))
    filled = {signal.name: case.signals.get(signal.name) for signal in pack.vocabulary.signals}
    assert pack_meaning(pack, case) == pack_meaning(pack, replace(case, signals=filled))


@given(st.data())
def test_neither_the_order_of_policies_nor_that_of_rules_matters(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    turned = tuple(replace(policy, rules=policy.rules[::-1]) for policy in pack.policies[::-1])
    assert pack_meaning(pack, case) == pack_meaning(replace(pack, policies=turned), case)


@given(st.data())
def test_a_measure_is_what_its_rules_say_together(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    outcome = pack_meaning(pack, case)
    for measure in pack.measures.all:
        imposing = [r for r in pack.rules if measure.id in [named.name for named in r.then]]
        truths = [outcome.rules[r.ref] for r in imposing if imposes(r, measure.after_grace, case.as_of)]
        assert outcome.measures[measure.id] is any_of(truths)
        assert outcome.open_measures[measure.id] is not UNKNOWN


@given(st.data())
def test_markets_of_one_class_are_decided_alike(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    found = data.draw(st.sampled_from(market_classes(pack)))
    markets = data.draw(st.lists(st.sampled_from(sorted(found.codes)), min_size=2, max_size=4))
    assert len({repr(pack_meaning(pack, replace(case, market=market))) for market in markets}) == 1


@given(packs())
def test_every_market_is_in_exactly_one_class(pack: Pack) -> None:
    classes = market_classes(pack)
    assert sum(len(found.codes) for found in classes) == len(pack.markets.codes)
    assert frozenset().union(*(found.codes for found in classes)) == pack.markets.codes
    assert len({found.name for found in classes}) == len(classes)


@given(packs(), st.sampled_from(("single", "double")))
def test_a_pack_reads_back_from_its_texts(pack: Pack, style: str) -> None:
    checked = check_pack(files_of(pack) if style == "single" else files_of(pack, quoted), examples=False)
    assert not [p for p in checked.errors if p.slug not in ("missing-example", "unused-exception")]
    read = checked.pack
    assert read.vocabulary == pack.vocabulary
    assert (read.measures, read.markets, read.windows) == (pack.measures, pack.markets, pack.windows)
    assert [policy.rules for policy in read.policies] == [policy.rules for policy in pack.policies]
    assert read.exceptions == pack.exceptions


@given(st.data())
def test_outside_its_subject_a_rule_says_no(data: DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    outcome = pack_meaning(pack, case)
    assert all(outcome.rules[rule.ref] is NO for rule in pack.rules if rule.subject != case.subject)
