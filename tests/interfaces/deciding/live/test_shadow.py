"""A shadow bundle's differences are counted as two deciders one by one would tell them, and nobody else feels it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.deciding.live.making import make_loaded
from assay.interfaces.deciding.live.shadow import MOST_DIFFERENCES, OTHERS, Difference, Shadow
from assay.interfaces.packs.texts import Texts
from tests.interfaces import small
from tests.interfaces.packs.signing import NOW
from tests.makers import cases, packs

Change = Mapping[str, tuple[str, str]]
NARROWER: Change = {small.POLICY: ("then: [label:ai]\n", "markets: [EU]\nthen: [label:ai]\n")}
RENAMED: Change = {
    "signals.yaml": ("  disclosed:\n", "  said_so:\n"),
    "obligations.yaml": ("!disclosed", "!said_so"),
    "scenarios.yaml": ("disclosed:", "said_so:"),
    small.POLICY: ("disclosed", "said_so"),
}


def loaded(*changes: Change) -> Loaded:
    files = dict(small.FILES)
    for change in changes:
        for name, (old, new) in change.items():
            assert old in files[name]
            files[name] = files[name].replace(old, new)
    found = make_loaded(Texts("small", "", files), signer=None, sequence=None)
    assert isinstance(found, Loaded), found
    return found


@pytest.fixture(scope="module")
def before() -> Loaded:
    return loaded()


def decide(shadow: Shadow, lineup: Lineup, record: object) -> Decided:
    found = Desk((shadow,)).decide(record, lineup, Asked(NOW))
    assert isinstance(found, Decided), found
    return found


MADE = {"id": "a", "signals": {"ai_extent": "generated", "disclosed": False}}


def test_a_difference_is_told_by_rule_measure_and_market_class(before: Loaded) -> None:
    shadow, lineup = Shadow(), Lineup(before, shadow=loaded(NARROWER), shadow_share=1.0)
    for name in ("a", "b"):
        decide(shadow, lineup, {**MADE, "id": name})
    counts = shadow.counts()
    assert (counts.items, counts.differing, counts.failures) == (2, 2, {})
    # The pack that decides tells no markets apart; the one in the shadow labels in the EU alone.
    assert set(counts.differences) == {
        Difference("measure", "label:ai", "rest", "yes", "no", 2),
        Difference("rule", "likeness/label", "rest", "yes", "no", 2),
    }
    assert counts.seconds > 0


def test_the_same_bundle_differs_nowhere(before: Loaded) -> None:
    shadow = Shadow()
    decide(shadow, Lineup(before, shadow=loaded(), shadow_share=1.0), MADE)
    assert (shadow.counts().items, shadow.counts().differing, shadow.counts().differences) == (1, 0, ())


def test_the_shadow_changes_no_record(before: Loaded) -> None:
    alone = decide(Shadow(), Lineup(before), MADE)
    beside = decide(Shadow(), Lineup(before, shadow=loaded(NARROWER), shadow_share=1.0), MADE)
    assert alone.entry.record == beside.entry.record


def test_only_the_sampled_share_is_looked_at_and_always_the_same(before: Loaded) -> None:
    lineup = Lineup(before, shadow=loaded(NARROWER), shadow_share=0.3)
    first, second = Shadow(), Shadow()
    for number in range(400):
        for shadow in (first, second):
            decide(shadow, lineup, {**MADE, "id": f"item {number}"})
    assert 80 < first.counts().items < 160
    assert first.counts().items == second.counts().items


def test_a_signal_that_the_shadow_does_not_know_is_counted_and_left_out(before: Loaded) -> None:
    shadow, lineup = Shadow(), Lineup(before, shadow=loaded(RENAMED), shadow_share=1.0)
    decide(shadow, lineup, MADE)
    counts = shadow.counts()
    assert counts.failures == {"unknown-signal": 1}
    assert Difference("measure", "label:ai", "rest", "yes", "unknown", 1) in counts.differences


def test_a_value_that_the_shadow_does_not_know_costs_its_own_item(before: Loaded) -> None:
    fewer = {
        "signals.yaml": ("generated: {phrase: AI made it}", "made: {phrase: AI made it}"),
        "obligations.yaml": ('"generated"', '"made"'),
        "scenarios.yaml": ("ai_extent: generated", "ai_extent: made"),
        small.POLICY: ("ai_extent: generated", "ai_extent: made"),
    }
    shadow, lineup = Shadow(), Lineup(before, shadow=loaded(fewer), shadow_share=1.0)
    decide(shadow, lineup, MADE)
    decide(shadow, lineup, {"id": "b", "signals": {"ai_extent": "altered"}})
    assert shadow.counts().failures == {"unknown-value": 1}
    assert shadow.counts().items == 2


def test_an_exception_in_the_shadow_is_counted_and_felt_by_nobody(
    before: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = loaded(NARROWER)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of the shadow's own")

    monkeypatch.setattr(beside.decider, "decide", broken)
    shadow = Shadow()
    found = decide(shadow, Lineup(before, shadow=beside, shadow_share=1.0), MADE)
    assert found.decision.applied("BR")
    assert shadow.counts().failures == {"shadow-failed-ZeroDivisionError": 1}


def test_a_bundle_that_differs_everywhere_does_not_fill_the_memory(before: Loaded) -> None:
    from assay.interfaces.deciding.live.beside import Said

    shadow = Shadow()
    for number in range(MOST_DIFFERENCES + 50):
        shadow._now.add(Said((), (("rule", f"a/{number}", "rest", "yes", "no"),)), 0.0)
    found = shadow.counts().differences
    assert len(found) == MOST_DIFFERENCES + 1
    assert found[0] == Difference("rule", OTHERS, OTHERS, "yes", "no", 50)


def test_another_shadow_bundle_begins_anew_and_the_metrics_never_go_back(before: Loaded) -> None:
    shadow = Shadow()
    decide(shadow, Lineup(before, shadow=loaded(NARROWER), shadow_share=1.0), MADE)
    decide(shadow, Lineup(before, shadow=loaded(), shadow_share=1.0), MADE)
    assert (shadow.counts().items, shadow.counts().differences) == (1, ())
    samples = {(name, labels): value for name, labels, value in shadow.samples()}
    assert samples["assay_shadow_items", ()] == 2
    assert samples["assay_shadow_differences", ("rule", "likeness/label", "rest", "yes", "no")] == 1


def one_by_one(one: Loaded, other: Loaded, item: Item, as_of: int) -> Counter[tuple[str, str, str, str]]:
    """The differences of measures, market by market and measure by measure, by the plainest way there is."""
    first, second = one.decider.decide(item, as_of), other.decider.decide(item, as_of)
    apart = {code for said in item.by_market.values() for code in said}
    found = set()
    for market in one.decider.program.classes:
        for code in market.codes:
            was, would = first.measures(code), second.measures(code)
            for name in was:
                if was[name] is not would[name]:
                    label = code if code in apart else market.name
                    found.add((name, label, was[name].value, would[name].value))
    return Counter(found)


@st.composite
def _two_packs(draw: st.DrawFn) -> tuple[Pack, Pack]:
    """A pack, and the same with some rules left out and others in some markets only."""
    pack = draw(packs())
    policies = []
    for policy in pack.policies:
        rules = [rule for rule in policy.rules if draw(st.integers(0, 3))]
        named = (Named("EU", rules[0].span),) if rules else ()
        rules = [replace(rule, markets=named) if draw(st.integers(0, 3)) == 0 else rule for rule in rules]
        policies.append(replace(policy, rules=tuple(rules)))
    return pack, replace(pack, policies=tuple(policies))


def _ready(pack: Pack) -> Loaded:
    decider = Decider(pack)
    return Loaded(pack, decider, RecordWriter(decider))


@given(data=st.data())
def test_what_is_counted_is_what_two_deciders_say_one_by_one(data: st.DataObject) -> None:
    pack, other = data.draw(_two_packs())
    case = data.draw(cases(pack))
    values = tuple(None if signal.by_market else case.signals.get(signal.name) for signal in pack.vocabulary.signals)
    by_market = {
        signal.name: {case.market: given}
        for signal in pack.vocabulary.signals
        if signal.by_market and signal.calendar is None and (given := case.signals.get(signal.name)) is not None
    }
    item = Item(case.item or "an item", values, by_market, (), case.subject)
    one, two = _ready(pack), _ready(other)
    shadow = Shadow()
    shadow.seen(one.decider.decide(item, case.as_of), one, Lineup(one, shadow=two, shadow_share=1.0))
    assert shadow.counts().failures == {}
    told = Counter(
        {(d.name, d.market, d.before, d.after): d.items for d in shadow.counts().differences if d.kind == "measure"}
    )
    assert told == one_by_one(one, two, item, case.as_of)
