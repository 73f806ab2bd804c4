"""Within one stretch of time a pack says the same of everything; only the instant in a record differs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import DAY, format_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Regime
from assay.engine.program.stretches import Stretches
from tests.laws.decisions.item_records import items
from tests.makers import SOME_DAY, packs

SPAN = 500 * DAY


def turns(pack: Pack) -> list[int]:
    """Instants near which something may turn."""
    rules = {at for rule in pack.rules for at in (rule.period.effective, rule.period.sunset, rule.grace_until)}
    windows = {at for window in pack.windows for at in (window.start, window.until, window.poll)}
    return sorted(at for at in rules | windows if at is not None)


def instants(pack: Pack) -> st.SearchStrategy[int]:
    near = [at + shift for at in (SOME_DAY, *turns(pack)) for shift in (-DAY, -1, 0, 1, DAY - 1, DAY)]
    return st.sampled_from(near) | st.integers(SOME_DAY - SPAN, SOME_DAY + SPAN)


def said(pack: Pack, as_of: int) -> object:
    """All that a pack says of an instant, worked out for it alone."""
    regime = Regime(Decider(pack).program, as_of)
    subjects = ("item", "account", "campaign")
    active = [regime.active(market, subject) for market in regime.program.classes for subject in subjects]
    return active, regime.imposed.then, regime.imposed.until, regime.calendar


@given(st.data())
def test_two_instants_of_a_stretch_say_the_same(data: st.DataObject) -> None:
    pack = data.draw(packs())
    as_of = data.draw(instants(pack))
    begin, end = Stretches(pack).around(as_of)
    assert begin <= as_of < end or (begin < end and as_of < end)
    other = data.draw(st.integers(min(begin, as_of), min(end, as_of + SPAN) - 1))
    assert said(pack, as_of) == said(pack, other) == said(pack, begin)


@given(st.data())
def test_records_of_a_stretch_differ_in_their_instant_only(data: st.DataObject) -> None:
    pack = data.draw(packs())
    as_of = data.draw(instants(pack))
    begin, end = Stretches(pack).around(as_of)
    other = data.draw(st.integers(min(begin, as_of), min(end, as_of + SPAN) - 1))
    # What an assertion's time comes to belongs to the item, not to the pack.
    item = replace(data.draw(items(pack)), assertions=())
    warm = Decider(pack)
    writer = RecordWriter(warm)
    first, second = (writer.write(warm.decide(item, at)) for at in (as_of, other))
    assert first.replace(text(as_of), text(other), 1) == second
    assert second == RecordWriter(cold := Decider(pack)).write(cold.decide(item, other))


@given(st.data())
def test_a_decider_that_goes_to_and_fro_in_time_says_what_a_new_one_says(data: st.DataObject) -> None:
    pack = data.draw(packs())
    warm = Decider(pack)
    item = data.draw(items(pack))
    for as_of in data.draw(st.lists(instants(pack), min_size=2, max_size=6)):
        cold = Decider(pack)
        assert RecordWriter(warm).write(warm.decide(item, as_of)) == RecordWriter(cold).write(cold.decide(item, as_of))


def text(as_of: int) -> bytes:
    return format_instant(as_of).encode()
