"""What is remembered of verdicts changes none of them, however little of it is kept."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine.decision import record, verdicts
from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.language.pack.classes import REST
from tests.laws.decisions.item_records import items
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary, packs

FEW = a_pack(
    a_rule("p/first", "a && b", then=["removed"]),
    a_rule("p/second", "a && !b", then=["label:ai"]),
    vocabulary=a_vocabulary(a_signal("a"), a_signal("b")),
)


def an_item(*, a: bool | None, b: bool | None) -> Item:
    return Item("item-1", (a, b))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_forgetting_changes_no_record(monkeypatch: pytest.MonkeyPatch, data: st.DataObject) -> None:
    pack = data.draw(packs())
    some = [data.draw(items(pack)) for _ in range(6)]
    with monkeypatch.context() as patched:
        patched.setattr(verdicts, "_MOST_REMEMBERED", data.draw(st.integers(1, 4)))
        patched.setattr(record, "_LARGEST_MEMO", 1)
        forgetful = Decider(pack)
        writer = RecordWriter(forgetful)
        for item in [*some, *some]:
            fresh = Decider(pack)
            expected = RecordWriter(fresh).write(fresh.decide(item, SOME_DAY))
            assert writer.write(forgetful.decide(item, SOME_DAY)) == expected


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "_MOST_REMEMBERED", 4)
    decider = Decider(FEW)
    known = decider._at(SOME_DAY)[1]
    for a in (True, False, None):
        for b in (True, False, None):
            decider.decide(an_item(a=a, b=b), SOME_DAY)
            assert len(known._known) <= 5
            assert len(known._answers) <= 5


def test_the_same_verdict_is_the_same_object() -> None:
    decider = Decider(FEW)
    first, second = (decider.decide(an_item(a=True, b=None), SOME_DAY).outcome(REST) for _ in range(2))
    assert first.verdict is second.verdict
    assert [decider.vocabulary.signals[place].name for place in first.questions] == ["b"]
