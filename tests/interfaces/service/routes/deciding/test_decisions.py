"""One item over HTTP: the record, the short form, and everything that can be wrong with a request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.item import Item, read_item, write_item
from assay.engine.decision.record import replay
from assay.engine.kernel.instants import SECOND
from assay.interfaces.service.routes.deciding.minimal import MinimalWriter, shortened
from tests.interfaces.service.fakes import AS_OF, JSON, MADE, NOW, bench, loaded, small_pack
from tests.makers import signals_for

DECIDE = "/v1/decisions"
MINIMAL = {"prefer": "return=minimal"}


def test_the_answer_is_the_record_that_is_kept_byte_for_byte() -> None:
    service = bench()
    answer = service.ask("POST", DECIDE, json=dict(MADE))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["assay-bundle"] == small_pack().digest
    assert service.keeper.records == [answer.content]
    assert service.keeper.entries[0].item == "upload-1"
    assert service.meter.answers == [("decide", 200)]


def test_the_record_is_what_the_library_writes() -> None:
    bundle = loaded()
    item = read_item(MADE, bundle.decider.vocabulary, bundle.pack.markets)
    assert not isinstance(item, list)
    expected = bundle.writer.write(bundle.decider.decide(item, NOW - NOW % SECOND))
    answer = bench().ask("POST", DECIDE, json=dict(MADE))
    assert answer.content == expected == replay(answer.content, bundle.decider)


def test_a_request_that_names_no_instant_is_decided_by_the_clock_cut_to_the_second() -> None:
    assert bench().ask("POST", DECIDE, json=dict(MADE)).json()["as_of"] == AS_OF


def test_a_request_says_itself_in_which_markets_and_when() -> None:
    own = {**MADE, "markets": ["DE"], "as_of": "2026-12-01"}
    record = bench().ask("POST", DECIDE, json=own).json()
    assert record["as_of"] == "2026-12-01T00:00:00Z"
    assert len(record["outcomes"]) == 1
    assert "markets" not in record["input"]


def test_the_short_form_says_the_same_and_the_whole_record_is_kept() -> None:
    service = bench()
    answer = service.ask("POST", DECIDE, json=dict(MADE), headers=MINIMAL)
    assert answer.headers["preference-applied"] == "return=minimal"
    (record,) = service.keeper.records
    assert answer.content == shortened(record)
    assert answer.json()["outcomes"][0]["questions"] == ["consent"]
    assert set(answer.json()) == {"as_of", "bundle", "item", "outcomes"}


@given(st.data())
def test_the_short_form_of_a_decision_is_that_of_its_record(data: st.DataObject) -> None:
    bundle, writer = loaded(), MinimalWriter()
    for as_of in (NOW, NOW + SECOND, NOW):
        signals = data.draw(signals_for(bundle.decider.vocabulary))
        values = tuple(signals.get(signal.name) for signal in bundle.decider.vocabulary.signals)
        item = Item(data.draw(st.text(min_size=1, max_size=9)), values)
        decision = bundle.decider.decide(item, as_of)
        record = bundle.writer.write(decision)
        assert writer.write(decision) == shortened(record)
        assert writer.write(decision) == shortened(record), "what is remembered says the same"


@pytest.mark.parametrize(
    ("prefer", "short"),
    [
        ("return=minimal", True),
        ('respond-async, return="minimal"; foo=bar', True),
        ("RETURN = minimal", True),
        ("return=minimal-ish", False),
        ("return=representation", False),
        ("x-return=minimal", False),
    ],
)
def test_a_preference_is_read_as_its_standard_has_it(prefer: str, short: bool) -> None:
    answer = bench().ask("POST", DECIDE, json=dict(MADE), headers={"prefer": prefer})
    assert ("preference-applied" in answer.headers) is short
    assert ("reasons" not in answer.json()) is short


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "broken-json"),
        (b'{"id": "a"', "broken-json"),
        (b'{"id": "a", "id": "b"}', "duplicate-key"),
        (b"[" * 50 + b"]" * 50, "too-deep"),
        (b'{"id": "\xff"}', "invalid-utf-8"),
        (b'{"id": "a"}{"id": "b"}', "broken-json"),
    ],
)
def test_a_body_that_is_no_json_is_a_bad_request(body: bytes, fault: str) -> None:
    service = bench()
    answer = service.ask("POST", DECIDE, content=body, headers=JSON)
    assert_problem(answer, 400, "broken-json", fault)
    assert service.meter.rejects == [fault]
    assert not service.keeper.entries


@pytest.mark.parametrize(
    ("change", "fault", "field"),
    [
        ({"signals": {"ai_extnt": "generated"}}, "unknown-signal", "ai_extnt"),
        ({"signals": {"nudity": "yes"}}, "wrong-type", "nudity"),
        ({"markets": ["Atlantis"]}, "unknown-market", "markets"),
        ({"markets": []}, "wrong-type", "markets"),
        ({"as_of": "tomorrow"}, "bad-instant", "as_of"),
        ({"id": ""}, "bad-id", "id"),
        ({"extra": 1}, "unknown-field", "extra"),
    ],
)
def test_an_item_that_cannot_be_decided_is_told_why(change: dict[str, Any], fault: str, field: str) -> None:
    answer = bench().ask("POST", DECIDE, json={**MADE, **change})
    assert_problem(answer, 422, "invalid-item", fault)
    assert answer.json()["faults"][0]["field"] == field


def test_all_that_is_wrong_is_said_at_once() -> None:
    answer = bench().ask("POST", DECIDE, json={"id": 1, "signals": {"a": 1, "b": 2}})
    assert len(answer.json()["faults"]) == 3


def test_a_decision_whose_record_cannot_be_kept_is_not_answered() -> None:
    service = bench()
    service.keeper.broken = True
    answer = service.ask("POST", DECIDE, json=dict(MADE))
    assert_problem(answer, 503, "records-not-kept")
    assert int(answer.headers["retry-after"]) > 0
    assert "outcomes" not in answer.text
    assert "device" not in answer.text, "the store's own words are for operators"


def assert_problem(answer: Any, status: int, slug: str, fault: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert (problem["slug"], problem["status"], problem["type"]) == (slug, status, f"urn:assay:problem:{slug}")
    if fault is not None:
        assert fault in [each["slug"] for each in problem["faults"]]


def test_an_item_written_by_the_library_is_read_back() -> None:
    bundle = loaded()
    item = read_item(MADE, bundle.decider.vocabulary, bundle.pack.markets)
    assert not isinstance(item, list)
    assert bench().ask("POST", DECIDE, json=write_item(item, bundle.decider.vocabulary)).json()["input"] == dict(MADE)
