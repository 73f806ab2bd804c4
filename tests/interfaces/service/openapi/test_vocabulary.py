"""A pack's schemas say of an item what its reader says, and of a decision what its writer writes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import read_item, write_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import format_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.service.openapi.vocabulary import schemas_of, signal_schema
from tests.interfaces.service.fakes import bench, small_pack, starter
from tests.makers import SOME_DAY, a_pack, packs, signals_for, vocabularies

JUNK = st.sampled_from(
    (
        True,
        0,
        1,
        -1,
        0.5,
        2,
        7.0,
        1e15,
        "",
        "yes",
        "generated",
        "36h",
        "1h1h",
        "-5m",
        "2026-11-22",
        "x" * 60,
        "x" * 10_001,
    )
) | st.sampled_from(([], ["generated"], ["a", "a"], [1], {}, {"BR": True}, {"*": None}, {"XX": 1}))


def validator(schema: Any) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@given(st.data())
def test_every_item_that_is_read_fits_the_schema(data: st.DataObject) -> None:
    pack = a_pack(vocabulary=data.draw(vocabularies()))
    signals = data.draw(signals_for(pack.vocabulary))
    written = {name: pack.vocabulary.by_name[name].write(value) for name, value in signals.items()}
    item = read_item({"id": "a", "signals": written}, pack.vocabulary, pack.markets)
    if not isinstance(item, list):
        validator(schemas_of(pack)["item"]).validate(write_item(item, pack.vocabulary))


@given(st.data())
def test_a_value_fits_the_schema_just_when_it_is_read(data: st.DataObject) -> None:
    pack = a_pack(vocabulary=data.draw(vocabularies()))
    signal = data.draw(st.sampled_from(pack.vocabulary.signals))
    given_value = data.draw(JUNK)
    item = read_item({"id": "a", "signals": {signal.name: given_value}}, pack.vocabulary, pack.markets)
    fits = validator(signal_schema(signal, pack)).is_valid(given_value)
    if can_differ(signal, given_value):
        # What a pattern cannot say, such as how long a month is: the schema lets it pass, and the reader refuses.
        assert fits or isinstance(item, list)
    else:
        assert fits is not isinstance(item, list), (signal, given_value, item)


def can_differ(signal: Signal, value: Any) -> bool:
    return signal.type in (SignalType.TIME, SignalType.DURATION) and isinstance(value, str | dict)


@given(st.data())
def test_every_decision_fits_the_schema_of_its_pack(data: st.DataObject) -> None:
    pack: Pack = data.draw(packs())
    signals = data.draw(signals_for(pack.vocabulary))
    written = {name: pack.vocabulary.by_name[name].write(value) for name, value in signals.items()}
    item = read_item({"id": "a", "signals": written}, pack.vocabulary, pack.markets)
    if isinstance(item, list):
        return
    decider = Decider(pack)
    record = RecordWriter(decider, reasons=data.draw(st.booleans())).write(decider.decide(item, SOME_DAY))
    validator(schemas_of(pack)["decision"]).validate(json.loads(record))


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        ({"id": "a"}, True),
        ({"id": "a", "signals": None, "assertions": None}, True),
        ({"id": "a", "signals": {"ai_extent": None}}, True),
        ({"id": "a", "markets": ["BR"], "as_of": format_instant(SOME_DAY)}, True),
        ({"id": "a", "markets": []}, False),
        ({"id": "a", "signals": {"ai_extnt": "generated"}}, False),
        ({"id": "a", "signals": {"ai_extent": "wholly"}}, False),
        ({"id": "", "signals": {}}, False),
        ({"id": "a", "extra": 1}, False),
        ({"id": "a", "assertions": [{"signal": "nudity", "value": True, "by": "reviewer", "source": "bo"}]}, True),
        ({"id": "a", "assertions": [{"signal": "nudity", "value": 3, "by": "reviewer"}]}, False),
        ({"id": "a", "assertions": [{"signal": "nudity", "value": True, "by": "nobody"}]}, False),
    ],
)
def test_the_schema_and_the_service_agree_on_whole_requests(content: dict[str, Any], fits: bool) -> None:
    service = bench()
    schema = service.ask("GET", "/v1/schema").json()["item"]
    assert validator(schema).is_valid(content) is fits
    assert (service.ask("POST", "/v1/decisions", json=content).status_code == 200) is fits


def test_a_schema_is_tagged_by_its_bundle_and_not_sent_twice() -> None:
    service = bench()
    first = service.ask("GET", "/v1/schema")
    tag = first.headers["etag"]
    assert tag == f'"{small_pack().digest}"'
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = service.ask("GET", "/v1/schema", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert service.ask("GET", "/v1/schema", headers={"if-none-match": '"other"'}).content == first.content


def test_a_schema_knows_the_vocabulary_of_the_bundle_in_use() -> None:
    schema = bench().ask("GET", "/v1/schema").json()
    assert schema["bundle"] == small_pack().digest
    assert schema["item"]["properties"]["signals"]["properties"]["ai_extent"]["anyOf"][0]["enum"] == [
        "none",
        "altered",
        "generated",
    ]
    questions = schema["decision"]["$defs"]["outcome"]["properties"]["questions"]["items"]["enum"]
    assert questions == ["ai_extent", "consent", "nudity", "disclosed"]


@pytest.mark.slow
def test_the_starter_packs_schemas_are_sound_and_hold_its_decisions() -> None:
    pack = starter()
    schemas, decider = schemas_of(pack), Decider(pack)
    item = read_item({"id": "a", "signals": {"ai_extent": "generated"}}, pack.vocabulary, pack.markets)
    assert not isinstance(item, list)
    record = json.loads(RecordWriter(decider).write(decider.decide(item, SOME_DAY)))
    validator(schemas["decision"]).validate(record)
    validator(schemas["item"]).validate(record["input"])
