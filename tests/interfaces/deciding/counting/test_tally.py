"""What is counted is what was decided, to the last one, whichever threads and bundles decided it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.interfaces.deciding.counting.decided import decided_samples
from assay.interfaces.deciding.counting.tally import CHUNK, Tally
from assay.interfaces.deciding.lineup import Lineup, Loaded
from tests.interfaces.deciding.small_service import LABELLED, LEFT, OPEN, REMOVED, Service, loaded, small_bundle
from tests.makers import SOME_DAY, cases, packs

Counts = dict[tuple[str, tuple[str, ...]], float]


def counted(tally: Tally) -> Counts:
    tally.settle()
    return {(name, labels): value for name, labels, value in decided_samples(tally) if name != "assay_bundle_items"}


def by_hand(decisions: list[Decision]) -> Counts:
    """The same counts from the decisions themselves, one by one."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter({("assay_items", ()): len(decisions)})
    for decision in decisions:
        pack, decider = decision.decider.pack, decision.decider
        names = {code: one.name for one in decider.program.classes for code in one.codes}
        ladder = next(iter(pack.measures.ladders), None)
        everywhere: set[str] = set()
        for outcome in decision.outcomes:
            applied = decider.measure_ids(outcome.standing.applied)
            everywhere.update(applied)
            still = outcome.possible & ~outcome.true & ~outcome.never
            steps = [step.id for step in ladder.steps if step.id in applied] if ladder else []
            lane = steps[0] if steps else ladder.base.id if ladder else "all"
            for market in outcome.markets:
                name = market if any(market == one.name for one in decider.program.classes) else names[market]
                found["assay_decisions", (name, lane)] += 1
                found["assay_decisions_open", (name,)] += not outcome.settled
                found.update({("assay_measures_applied", (name, measure)): 1 for measure in applied})
                found.update({("assay_rules_true", (name, rule)): 1 for rule in decider.rule_refs(outcome.true)})
                found.update({("assay_rules_open", (name, rule)): 1 for rule in decider.rule_refs(still)})
        found.update({("assay_measure_items", (measure,)): 1 for measure in everywhere})
    return dict(found)


def some(counts: Counts) -> Counts:
    """Without what never happened, which one way of counting may name and the other not."""
    return {key: value for key, value in counts.items() if value}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_tables_say_what_the_decisions_say(data: st.DataObject) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    bundle = Loaded(pack, decider, RecordWriter(decider))
    tally, decisions = Tally(), []
    for place in range(data.draw(st.integers(1, 6))):
        case = data.draw(cases(pack))
        values = tuple(None if one.by_market else case.signals.get(one.name) for one in pack.vocabulary.signals)
        decision = decider.decide(Item(f"item-{place}", values, {}, (), case.subject), SOME_DAY)
        decisions.append(decision)
        tally.seen(decision, bundle, Lineup(bundle))
    assert some(counted(tally)) == some(by_hand(decisions))


def test_a_market_that_an_item_tells_apart_counts_with_its_class() -> None:
    service = Service()
    decision = service.decide(REMOVED)
    first, *others = decision.outcomes
    apart = replace(decision, outcomes=(replace(first, markets=("DE",)), replace(first, markets=("rest",)), *others))
    tally = Tally()
    tally.seen(apart, small_bundle(), Lineup(small_bundle()))
    assert some(counted(tally)) == some(by_hand([apart]))


def test_many_chunks_count_like_one_by_one() -> None:
    service = Service()
    decisions = [service.decide(signals) for signals in (REMOVED, LEFT, LABELLED, OPEN) * CHUNK]
    assert some(counted(service.tally)) == some(by_hand(decisions))


def test_a_chunk_of_one_kind_counts_to_the_last() -> None:
    service = Service()
    decisions = [service.decide(REMOVED) for _ in range(3 * CHUNK)]
    assert some(counted(service.tally)) == some(by_hand(decisions))


def test_four_threads_lose_nothing() -> None:
    service, bundle = Service(), small_bundle()
    decision, lineup = service.decide(REMOVED), Lineup(small_bundle())
    tally = Tally()

    def work() -> None:
        for place in range(3_000):
            tally.seen(decision, bundle, lineup)
            if not place % 500:
                tally.settle()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(tally)["assay_items", ()] == 12_000


def test_no_count_goes_back_when_bundles_come_and_go() -> None:
    service, tally = Service(), Tally()
    decision = service.decide(REMOVED)
    before: Counts = {}
    for _ in range(12):
        # The same texts made ready again are another bundle to the tally, with the same names.
        bundle = loaded()
        tally.seen(decision, bundle, Lineup(bundle))
        for _ in range(4):
            now = counted(tally)
            assert all(now[key] >= value for key, value in before.items())
            before = now
    assert before["assay_items", ()] == 12
    assert len(tally.books()) < 12
    assert tally.by_bundle() == {small_bundle().digest: 12}
