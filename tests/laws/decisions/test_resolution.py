"""However assertions arrive, they come to the same; what is weaker never overturns; an item reads back as it is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.assertion import Assertion
from assay.engine.decision.item import Item, read_item, write_item
from assay.engine.decision.resolve import resolve
from assay.engine.kernel.digest import canonical_json
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, Vocabulary
from tests.laws.decisions.item_records import items, records
from tests.makers import SOME_DAY, packs, values_of


def rank(assertion: Assertion, vocabulary: Vocabulary) -> int:
    return vocabulary.by_name[assertion.signal].precedence.index(assertion.by)


@st.composite
def demanding(draw: st.DrawFn) -> Pack:
    """A pack whose signals ask for some confidence and have an order of precedence of their own."""
    pack = draw(packs(most_rules=2))

    def changed(signal: Signal) -> Signal:
        order = tuple(draw(st.permutations(signal.precedence[:3]))) + signal.precedence[3:]
        return replace(signal, precedence=order, confidence_at_least=draw(st.sampled_from((0.0, 0.5, 0.8))))

    signals = tuple(changed(signal) for signal in pack.vocabulary.signals)
    return replace(pack, vocabulary=Vocabulary(signals))


@given(st.data())
def test_the_order_of_assertions_does_not_matter(data: st.DataObject) -> None:
    pack = data.draw(demanding())
    item = data.draw(items(pack))
    shuffled = replace(item, assertions=tuple(data.draw(st.permutations(item.assertions))))
    assert resolve(shuffled, pack.vocabulary, SOME_DAY) == resolve(item, pack.vocabulary, SOME_DAY)


@given(st.data())
def test_saying_it_again_changes_no_value(data: st.DataObject) -> None:
    pack = data.draw(demanding())
    item = data.draw(items(pack))
    twice = replace(item, assertions=(*item.assertions, *item.assertions))
    assert resolve(twice, pack.vocabulary, SOME_DAY) == resolve(item, pack.vocabulary, SOME_DAY)


@given(st.data())
def test_a_weaker_assertion_never_changes_what_is_resolved(data: st.DataObject) -> None:
    pack = data.draw(demanding())
    item = data.draw(items(pack))
    before = resolve(item, pack.vocabulary, SOME_DAY)
    decided = {*before.prevailed, *before.conflicts}
    weaker = []
    for name in sorted(decided):
        signal = pack.vocabulary.by_name[name]
        counted = [*before.conflicts.get(name, ()), *([before.prevailed[name]] if name in before.prevailed else [])]
        strongest = min(rank(assertion, pack.vocabulary) for assertion in counted)
        for by in signal.precedence[strongest + 1 :]:
            value = data.draw(values_of(signal))
            weaker.append(Assertion(name, value, by, data.draw(st.sampled_from(("zoe", "ada"))), 1.0, SOME_DAY))
    after = resolve(replace(item, assertions=(*weaker, *item.assertions)), pack.vocabulary, SOME_DAY)
    assert after == before


@given(st.data())
def test_what_does_not_count_changes_nothing(data: st.DataObject) -> None:
    pack = data.draw(demanding())
    item = data.draw(items(pack))
    before = resolve(item, pack.vocabulary, SOME_DAY)
    idle = []
    for signal in pack.vocabulary.signals:
        if not signal.by_market:
            value = data.draw(values_of(signal))
            idle.append(Assertion(signal.name, value, signal.precedence[0], "late", None, SOME_DAY + 1))
            idle.append(Assertion(signal.name, value, "passer_by", "zoe"))
            if signal.confidence_at_least:
                idle.append(Assertion(signal.name, value, signal.precedence[0], "unsure", 0.1, SOME_DAY))
    after = resolve(replace(item, assertions=(*idle, *item.assertions)), pack.vocabulary, SOME_DAY)
    assert after == before


@given(st.data())
def test_a_resolved_value_is_one_that_somebody_gave_and_a_conflict_leaves_none(data: st.DataObject) -> None:
    pack = data.draw(demanding())
    item = data.draw(items(pack))
    found = resolve(item, pack.vocabulary, SOME_DAY)
    for place, signal in enumerate(pack.vocabulary.signals):
        said = {assertion.value for assertion in item.assertions if assertion.signal == signal.name}
        if item.values[place] is not None:
            assert found.values[place] == item.values[place]
            assert signal.name not in {*found.prevailed, *found.conflicts}
        elif signal.name in found.conflicts:
            assert found.values[place] is None
            assert len({assertion.value for assertion in found.conflicts[signal.name]}) > 1
        else:
            assert found.values[place] is None or found.values[place] in said


@given(st.data())
def test_writing_and_reading_an_item_are_inverse(data: st.DataObject) -> None:
    pack = data.draw(packs(most_rules=2))
    item = data.draw(items(pack))
    written = write_item(item, pack.vocabulary)
    again = read_item(written, pack.vocabulary, pack.markets)
    assert isinstance(again, Item)
    # A market-scoped signal with no market in it says nothing, and is not written.
    said = {name: given for name, given in item.by_market.items() if given}
    assert again == replace(item, by_market=said)
    assert canonical_json(write_item(again, pack.vocabulary)) == canonical_json(written)


@given(st.data())
def test_null_and_absent_read_alike(data: st.DataObject) -> None:
    pack = data.draw(packs(most_rules=2))
    record = data.draw(records(pack))
    signals = record.get("signals")
    known = {k: v for k, v in signals.items() if v is not None} if isinstance(signals, dict) else {}
    bare = {key: value for key, value in record.items() if value is not None} | {"signals": known}
    read = read_item(record, pack.vocabulary, pack.markets)
    assert isinstance(read, Item)
    assert read == read_item(bare, pack.vocabulary, pack.markets)
