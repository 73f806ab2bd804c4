"""One decision record, key by key, and what `replay` refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import SCHEMA, RecordWriter, replay
from assay.engine.kernel.instants import parse_instant
from tests.makers import SOME_DAY, a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("kind", "choice"),
    a_signal("extent", "scale"),
    a_signal("satire"),
    a_signal("caption", "text"),
    a_signal("order", "choice", ("none", "valid"), scope="market"),
)
RULES = (
    a_rule("p/label", 'extent.atLeast("altered") && !disclosed', then=["label:ai"]),
    a_rule("p/minor", 'kind == "minor"', then=["removed", "strike:severe"], until_known=["not_recommended"]),
    a_rule("p/ordered", 'order == "valid"', then=["blocked"], markets=["EU"]),
)
PACK = a_pack(a_policy("p", RULES, (an_exception("p/satire", "satire", ("label",)),)), vocabulary=VOCABULARY)
DECIDER = Decider(PACK)
GIVEN: dict[str, Any] = {
    "id": "über-1",
    "signals": {"extent": "generated", "satire": False, "order": {"DE": "valid", "*": "none"}, "caption": "日\u2028本"},
    "assertions": [
        {"signal": "kind", "value": "minor", "by": "reviewer", "source": "bo"},
        {"signal": "kind", "value": "adult", "by": "reviewer", "source": "ada", "confidence": 0.5},
        {"signal": "disclosed", "value": False, "by": "uploader", "source": "form", "evidence": ["sha256:0"]},
    ],
}


def written(record: object = GIVEN, *, reasons: bool = True, markets: tuple[str, ...] | None = None) -> bytes:
    item = read_item(record, PACK.vocabulary, PACK.markets)
    assert isinstance(item, Item), item
    return RecordWriter(DECIDER, reasons=reasons).write(DECIDER.decide(item, SOME_DAY, markets))


def expected_outcomes() -> list[dict[str, object]]:
    measures = dict.fromkeys(PACK.measures.by_id, "no")
    measures |= {"label:ai": "yes", "removed": "unknown", "strike:severe": "unknown"}
    common = {"by_exhaustion": {}, "possible": ["p/minor"], "questions": ["kind"], "settled": False}
    age = {"at_least": "any_age", "at_most": "any_age", "applied": "any_age"}
    visible = {"at_least": "visible", "at_most": "removed", "applied": "not_recommended"}
    blocked = {"at_least": "blocked", "at_most": "removed", "applied": "blocked"}
    germany = {
        "applied": ["blocked", "label:ai"],
        "fired": ["p/label", "p/ordered"],
        "ladders": {"visibility": blocked, "age": age},
        "markets": ["DE"],
        "measures": measures | {"blocked": "yes"},
        **common,
    }
    elsewhere = {
        "applied": ["not_recommended", "label:ai"],
        "fired": ["p/label"],
        "ladders": {"visibility": visible, "age": age},
        "markets": ["EU", "rest"],
        "measures": measures,
        **common,
    }
    return [germany, elsewhere]


def test_a_record_says_what_was_decided_of_what_and_why() -> None:
    ada = {"value": "adult", "by": "reviewer", "source": "ada", "confidence": 0.5}
    found = json.loads(written())
    reasons = found.pop("reasons")
    assert found == {
        "as_of": "2026-12-15T00:00:00Z",
        "bundle": PACK.digest,
        "calendar": {},
        "conflicts": {"kind": [ada, {"value": "minor", "by": "reviewer", "source": "bo"}]},
        "input": GIVEN,
        "item": "über-1",
        "outcomes": expected_outcomes(),
        "resolved": {"disclosed": {"value": False, "by": "uploader", "source": "form", "evidence": ["sha256:0"]}},
        "schema": SCHEMA,
        "signals": {**GIVEN["signals"], "disclosed": False},
        "subject": "item",
    }
    assert set(reasons) == {"p/label", "p/minor", "p/ordered"}
    assert all(isinstance(text, str) and text for text in reasons.values())
    assert "; it does not hold when " in reasons["p/label"]


def test_without_reasons_a_record_differs_by_them_alone() -> None:
    found = json.loads(written())
    del found["reasons"]
    assert json.loads(written(reasons=False)) == found


def test_the_reasons_are_those_of_rules_that_hold_or_may() -> None:
    known = {"id": "a", "signals": {"kind": "adult", "extent": "none", "disclosed": True, "order": {"*": "none"}}}
    assert json.loads(written(known))["reasons"] == {}
    assert set(json.loads(written({**known, "signals": {**known["signals"], "kind": "minor"}}))["reasons"]) == {  # type: ignore[dict-item]
        "p/minor"
    }


def test_what_is_settled_by_exhaustion_is_said_with_its_truth() -> None:
    always = a_pack(a_rule("p/r", 'kind == "minor"'), a_rule("p/s", 'kind != "minor"'), vocabulary=VOCABULARY)
    never = a_pack(a_rule("p/r", "disclosed && !disclosed", then=["label:ai"]), vocabulary=VOCABULARY)
    for pack, expected in ((always, {"removed": "yes"}), (never, {"label:ai": "no"})):
        decider = Decider(pack)
        item = Item("a", (None,) * len(VOCABULARY.signals))
        (outcome,) = json.loads(RecordWriter(decider).write(decider.decide(item, SOME_DAY)))["outcomes"]
        assert outcome["by_exhaustion"] == expected
        assert outcome["settled"] is True
        assert {name: outcome["measures"][name] for name in expected} == expected
        assert outcome["fired"] == []


def test_every_measure_is_listed_also_where_nothing_is_known() -> None:
    for outcome in json.loads(written({"id": "a"}))["outcomes"]:
        assert set(outcome["measures"]) == set(PACK.measures.by_id)
        assert outcome["measures"]["removed"] == "unknown"


@pytest.mark.parametrize("markets", [None, ("EU",), ("rest",), ("EU", "rest")])
@pytest.mark.parametrize("reasons", [True, False])
def test_replay_gives_the_same_bytes(markets: tuple[str, ...] | None, reasons: bool) -> None:
    record = written(reasons=reasons, markets=markets)
    assert replay(record, Decider(PACK)) == record


def test_an_earlier_instant_is_replayed_as_it_was() -> None:
    item = read_item(GIVEN, PACK.vocabulary, PACK.markets)
    assert isinstance(item, Item)
    for text in ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59.000001Z", "9999-12-31T23:59:59.999999Z"):
        record = RecordWriter(DECIDER).write(DECIDER.decide(item, parse_instant(text) or 0))
        assert json.loads(record)["as_of"] == text
        assert replay(record, Decider(PACK)) == record


def retold(change: Callable[[dict[str, Any]], object]) -> bytes:
    record = json.loads(written())
    change(record)
    return json.dumps(record).encode()


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema": "assay.decision/0"}',
        retold(lambda record: record.update(schema="assay.decision/2")),
        retold(lambda record: record.pop("bundle")),
        retold(lambda record: record.update(bundle="sha256:0")),
        retold(lambda record: record.update(as_of="yesterday")),
        retold(lambda record: record.update(as_of=0)),
        retold(lambda record: record.pop("as_of")),
        retold(lambda record: record.pop("input")),
        retold(lambda record: record.update(input=[])),
        retold(lambda record: record["input"].update(id="")),
        retold(lambda record: record["input"]["signals"].update(kind="aduld")),
        retold(lambda record: record["input"]["signals"].update(caption="\ud800")),
        retold(lambda record: record.pop("outcomes")),
        retold(lambda record: record.update(outcomes={})),
        retold(lambda record: record.update(outcomes=[1])),
        retold(lambda record: record.update(outcomes=[{}])),
        retold(lambda record: record.update(outcomes=[{"markets": "rest"}])),
        retold(lambda record: record.update(outcomes=[{"markets": [["rest"]]}])),
    ],
)
def test_what_is_no_honest_record_of_this_bundle_is_refused_in_words(record: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(this|it|its) [^\n]+$"):
        replay(record, DECIDER)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(item="another"),
        lambda record: record["input"].update(id="another"),
        lambda record: record["input"]["signals"].update(satire=True),
        lambda record: record["input"].pop("assertions"),
        lambda record: record["signals"].update(kind="adult"),
        lambda record: record["outcomes"][0].update(settled=True),
        lambda record: record["outcomes"][0]["measures"].update(removed="no"),
        lambda record: record["outcomes"][1]["applied"].remove("not_recommended"),
        lambda record: record["outcomes"].pop(),
        lambda record: record["outcomes"][1]["markets"].append("XX"),
        lambda record: record["conflicts"].clear(),
        lambda record: record["resolved"]["disclosed"].update(by="reviewer"),
        lambda record: record["reasons"].pop("p/label"),
        lambda record: record.update(subject="account"),
        lambda record: record.update(calendar={"election.phase": {"BR": "none"}}),
        lambda record: record.update(note="added"),
    ],
)
def test_a_record_that_was_tampered_with_does_not_come_out_again(change: Callable[[dict[str, Any]], object]) -> None:
    before = retold(lambda record: None)
    tampered = retold(change)
    assert tampered != before
    assert json.loads(replay(tampered, DECIDER)) != json.loads(tampered)


def test_another_pack_refuses_the_record() -> None:
    other = a_pack(*RULES, vocabulary=VOCABULARY)
    changed = replace(other, files={"policies/p.md": "---\n"})
    with pytest.raises(ValueError, match="this pack is sha256:"):
        replay(written(), Decider(changed))


def test_reasons_that_come_again_are_one_piece_and_the_same_object() -> None:
    many = a_pack(*(a_rule(f"p/r{number}", "disclosed") for number in range(40)), vocabulary=VOCABULARY)
    decider = Decider(many)
    writer, item = RecordWriter(decider), Item("item-1", (None,) * len(VOCABULARY.signals))
    decision = decider.decide(item, SOME_DAY)
    first, second, third, fourth = (writer.parts(decision) for _ in range(4))
    assert b"".join(first) == b"".join(second) == b"".join(third) == b"".join(fourth)
    assert all(one is other for one, other in zip(third[1::2], fourth[1::2], strict=True))
    assert len(third) < len(second) == len(first)
    assert third[-2].count(b'"p/r') == 40
