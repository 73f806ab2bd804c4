"""An item record is read whole or refused with every fault in it: slug, words, field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import inf, nan

import pytest

from assay.engine.decision.assertion import Assertion
from assay.engine.decision.item import LONGEST_ID, MOST_ASSERTIONS, Item, read_item, write_item
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND, parse_instant
from assay.engine.kernel.values import MaybeValue
from tests.makers import MARKETS, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("kind", "choice"),
    a_signal("extent", "scale"),
    a_signal("technique", "set"),
    a_signal("copies", "number", integer=True, minimum=0),
    a_signal("width", "number", minimum=-5, maximum=5),
    a_signal("doubt", "score"),
    a_signal("caption", "text"),
    a_signal("at", "time"),
    a_signal("length", "duration"),
    a_signal("days", "number", scope="market", integer=True),
    a_signal("order", "choice", ("none", "valid"), scope="market"),
)
SURROGATE = "\ud800"


def read(record: object) -> Item:
    item = read_item(record, VOCABULARY, MARKETS)
    assert isinstance(item, Item), item
    return item


def faults(record: object) -> list[Fault]:
    found = read_item(record, VOCABULARY, MARKETS)
    assert isinstance(found, list), found
    return found


def slugs(record: object) -> list[tuple[str, str | None]]:
    return [(fault.slug, fault.field) for fault in faults(record)]


def given(**signals: object) -> dict[str, object]:
    return {"id": "upload-1", "signals": signals}


def said(**fields: object) -> dict[str, object]:
    assertion = {"signal": "kind", "value": "adult", "by": "reviewer", "source": "reviewer:17"} | fields
    return {"id": "upload-1", "assertions": [assertion]}


# ------------------------------------------------------------------ the record


@pytest.mark.parametrize("record", [None, 3, "upload-1", ["upload-1"], True])
def test_what_is_no_object_is_no_record(record: object) -> None:
    assert faults(record) == [Fault("not-a-record", "a record is a JSON object")]


@pytest.mark.parametrize("name", [None, 7, "", "x" * (LONGEST_ID + 1), ["a"], f"a{SURROGATE}"])
def test_an_id_is_text_of_bounded_length_that_can_be_written(name: object) -> None:
    assert slugs({"id": name, "signals": {}}) == [("bad-id", "id")]


def test_an_absent_id_is_a_fault() -> None:
    assert slugs({"signals": {}}) == [("bad-id", "id")]


@pytest.mark.parametrize("name", ["a", "x" * LONGEST_ID, "ü 日本 𝔸", " ", 'a"b\\'])
def test_any_other_text_is_an_id(name: str) -> None:
    assert read({"id": name}).id == name


def test_every_fault_of_a_record_is_named_at_once() -> None:
    record = {
        "id": "",
        "subject": "planet",
        "colour": "red",
        "signals": {"kind": "aduld", "nonsense": 1, "copies": -1},
        "assertions": [{"signal": "extent", "value": "most", "by": "nobody"}],
    }
    assert sorted(slug for slug, _ in slugs(record)) == [
        "bad-id",
        "bad-subject",
        "out-of-range",
        "unknown-asserter",
        "unknown-field",
        "unknown-signal",
        "unknown-value",
        "unknown-value",
    ]


@pytest.mark.parametrize("subject", [7, ["item"], "planet", "Item", SURROGATE])
def test_a_subject_is_an_item_an_account_or_a_campaign(subject: object) -> None:
    assert slugs({"id": "a", "subject": subject}) == [("bad-subject", "subject")]


@pytest.mark.parametrize("signals", [3, "kind", [["kind", "adult"]], True])
def test_signals_are_an_object(signals: object) -> None:
    assert slugs({"id": "a", "signals": signals}) == [("wrong-type", "signals")]


def test_absent_null_and_unknown_are_one_thing() -> None:
    nothing = read({"id": "upload-1"})
    assert nothing.values == (None,) * len(VOCABULARY.signals)
    assert nothing == read({"id": "upload-1", "signals": None, "assertions": None, "subject": None})
    assert nothing == read(given()) == read(given(**dict.fromkeys(VOCABULARY.index)))
    assert nothing == read(said(value=None))
    assert write_item(nothing, VOCABULARY) == {"id": "upload-1", "signals": {}}


# ------------------------------------------------------------- values by type


@pytest.mark.parametrize(
    ("name", "value", "slug"),
    [
        ("nonsense", 1, "unknown-signal"),
        ("nonsense", None, "unknown-signal"),
        (SURROGATE, 1, "unknown-signal"),
        ("disclosed", 1, "wrong-type"),
        ("disclosed", "yes", "wrong-type"),
        ("disclosed", [], "wrong-type"),
        ("kind", "aduld", "unknown-value"),
        ("kind", SURROGATE, "unknown-value"),
        ("kind", "", "unknown-value"),
        ("kind", True, "wrong-type"),
        ("kind", ["adult"], "wrong-type"),
        ("kind", {"adult": 1}, "wrong-type"),
        ("extent", 2, "wrong-type"),
        ("extent", "adult", "unknown-value"),
        ("technique", "face_swap", "wrong-type"),
        ("technique", ["face_swap", "adult"], "unknown-value"),
        ("technique", ["face_swap", None], "wrong-type"),
        ("technique", [["face_swap"]], "wrong-type"),
        ("technique", ["face_swap"] * 1000, "wrong-type"),
        ("technique", {"face_swap": True}, "wrong-type"),
        ("copies", True, "wrong-type"),
        ("copies", "3", "wrong-type"),
        ("copies", 2.5, "wrong-type"),
        ("copies", -1, "out-of-range"),
        ("copies", 2**53 + 1, "out-of-range"),
        ("copies", 10**400, "out-of-range"),
        ("copies", nan, "not-a-number"),
        ("copies", inf, "not-a-number"),
        ("width", False, "wrong-type"),
        ("width", 5.000001, "out-of-range"),
        ("width", -inf, "not-a-number"),
        ("width", 10**400, "out-of-range"),
        ("doubt", 1.0000001, "out-of-range"),
        ("doubt", -0.01, "out-of-range"),
        ("doubt", nan, "not-a-number"),
        ("caption", 3, "wrong-type"),
        ("caption", "x" * 10_001, "out-of-range"),
        ("caption", f"fine{SURROGATE}", "wrong-type"),
        ("at", 1_700_000_000, "wrong-type"),
        ("at", "yesterday", "wrong-type"),
        ("at", "2026-02-30", "wrong-type"),
        ("at", "0001-01-01T00:00:00+23:59", "wrong-type"),
        ("length", 36, "wrong-type"),
        ("length", "36 hours", "wrong-type"),
        ("length", "9999999999h", "wrong-type"),
        ("days", 30, "wrong-type"),
        ("days", {"KR": "30"}, "wrong-type"),
        ("days", {"Korea": 30}, "unknown-market"),
        ("days", {"EU": 30}, "unknown-market"),
        ("days", {7: 30}, "unknown-market"),
        ("days", {"KR": True}, "wrong-type"),
        ("order", {"KR": "invalid"}, "unknown-value"),
    ],
)
def test_a_value_that_its_signal_cannot_take_is_named(name: str, value: object, slug: str) -> None:
    (fault,) = faults(given(**{name: value}))
    assert fault.slug == slug
    assert fault.field == (name if name != SURROGATE else "?")
    assert fault.words
    assert "\n" not in fault.words
    assert len(fault.words) < 200
    assert json.loads(json.dumps(fault.words, ensure_ascii=False).encode()) == fault.words


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("disclosed", False, False),
        ("kind", "nobody", "nobody"),
        ("extent", "generated", "generated"),
        ("technique", [], frozenset()),
        ("technique", ["face_swap", "face_swap"], frozenset({"face_swap"})),
        ("copies", 2**53, 2**53),
        ("copies", 3.0, 3),
        ("width", 3, 3.0),
        ("width", -0.0, 0.0),
        ("doubt", 0, 0.0),
        ("doubt", 1.0, 1.0),
        ("caption", "", ""),
        ("caption", "x" * 10_000, "x" * 10_000),
        ("caption", "𝔸\u0000\u2028", "𝔸\u0000\u2028"),
        ("at", "1970-01-01", 0),
        ("at", "1970-01-01T01:00:00+01:00", 0),
        ("at", "1969-12-31T23:59:59.5Z", -SECOND // 2),
        ("length", "1m30s", 90 * SECOND),
        ("length", "-1s", -SECOND),
    ],
)
def test_a_value_is_read_as_the_vocabulary_types_it(name: str, value: object, read_as: MaybeValue) -> None:
    found = read(given(**{name: value})).values[VOCABULARY.index[name]]
    # `repr` too, since Python holds True == 1 == 1.0 and -0.0 == 0.0, and records tell them apart.
    assert (found, repr(found)) == (read_as, repr(read_as))


@pytest.mark.parametrize("name", VOCABULARY.index)
def test_a_number_too_long_to_write_out_is_a_fault_like_any_other(name: str) -> None:
    assert [fault.field for fault in faults(given(**{name: 10**6000}))] == [name]


def test_a_misspelt_value_is_answered_with_the_nearest() -> None:
    (fault,) = faults(given(kind="aduld"))
    assert fault == Fault("unknown-value", "`aduld` is not one of its values; did you mean `adult`?", "kind")


# ----------------------------------------------------------------- by markets


def test_a_market_scoped_signal_has_a_value_for_each_market_and_one_for_the_rest() -> None:
    item = read(given(days={"KR": 30, "US-CA": 2, "*": 7, "BR": None}, order={"*": "valid"}))
    assert item.by_market == {"days": {"KR": 30, "US-CA": 2, "*": 7}, "order": {"*": "valid"}}
    assert item.values == (None,) * len(VOCABULARY.signals)
    written = write_item(item, VOCABULARY)
    assert written["signals"] == {"days": {"KR": 30, "US-CA": 2, "*": 7}, "order": {"*": "valid"}}


def test_a_bad_market_does_not_hide_a_bad_value_beside_it() -> None:
    assert sorted(slugs(given(days={"Korea": 1, "KR": 1.5}))) == [("unknown-market", "days"), ("wrong-type", "days")]


# ----------------------------------------------------------------- assertions


@pytest.mark.parametrize("assertions", ["kind", 3, {"signal": "kind"}, True])
def test_assertions_are_a_list(assertions: object) -> None:
    assert slugs({"id": "a", "assertions": assertions}) == [("wrong-type", "assertions")]


@pytest.mark.parametrize("assertion", [None, 3, "kind", ["kind"]])
def test_an_assertion_is_an_object(assertion: object) -> None:
    assert slugs({"id": "a", "assertions": [assertion]}) == [("wrong-type", "assertions")]


def test_more_assertions_than_anybody_makes_are_refused() -> None:
    one = said()["assertions"]
    assert isinstance(one, list)
    assert len(read({"id": "a", "assertions": one * MOST_ASSERTIONS}).assertions) == MOST_ASSERTIONS
    assert slugs({"id": "a", "assertions": one * (MOST_ASSERTIONS + 1)}) == [("wrong-type", "assertions")]


@pytest.mark.parametrize(
    ("fields", "slug", "field"),
    [
        ({"signal": "knd"}, "unknown-signal", "assertions"),
        ({"signal": ["kind"]}, "unknown-signal", "assertions"),
        ({"signal": None}, "unknown-signal", "assertions"),
        ({"signal": "days", "value": 3}, "wrong-type", "days"),
        ({"value": "aduld"}, "unknown-value", "kind"),
        ({"value": 1}, "wrong-type", "kind"),
        ({"by": "passer_by"}, "unknown-asserter", "kind"),
        ({"by": None}, "unknown-asserter", "kind"),
        ({"by": ["reviewer"]}, "unknown-asserter", "kind"),
        ({"source": 17}, "wrong-type", "kind"),
        ({"source": "x" * (LONGEST_ID + 1)}, "wrong-type", "kind"),
        ({"source": SURROGATE}, "wrong-type", "kind"),
        ({"confidence": 1.1}, "out-of-range", "kind"),
        ({"confidence": -0.1}, "out-of-range", "kind"),
        ({"confidence": nan}, "out-of-range", "kind"),
        ({"confidence": 10**400}, "out-of-range", "kind"),
        ({"confidence": "0.9"}, "out-of-range", "kind"),
        ({"confidence": True}, "out-of-range", "kind"),
        ({"at": "yesterday"}, "wrong-type", "kind"),
        ({"at": 1_700_000_000}, "wrong-type", "kind"),
        ({"evidence": "sha256:0"}, "wrong-type", "kind"),
        ({"evidence": ""}, "wrong-type", "kind"),
        ({"evidence": 0}, "wrong-type", "kind"),
        ({"evidence": [1]}, "wrong-type", "kind"),
        ({"evidence": [SURROGATE]}, "wrong-type", "kind"),
        ({"evidence": {"sha256:0": 1}}, "wrong-type", "kind"),
        ({"colour": "red"}, "unknown-field", "assertions"),
        ({SURROGATE: "red"}, "unknown-field", "assertions"),
    ],
)
def test_what_is_wrong_with_an_assertion_is_named(fields: Mapping[str, object], slug: str, field: str) -> None:
    (fault,) = faults(said(**fields))
    assert (fault.slug, fault.field) == (slug, field)
    assert fault.words.encode()


def test_whoever_may_not_assert_is_told_who_may() -> None:
    (fault,) = faults(said(by="passer_by"))
    assert fault.words.startswith("`passer_by` may not assert it: ")
    assert "reviewer, " in fault.words


def test_an_assertion_carries_its_circumstances() -> None:
    record = said(confidence=1, at="2026-11-20T10:00:00Z", evidence=["sha256:0", "ü"], source="")
    (assertion,) = read(record).assertions
    moment = parse_instant("2026-11-20T10:00:00Z")
    assert assertion == Assertion("kind", "adult", "reviewer", "", 1.0, moment, ("sha256:0", "ü"))
    assert write_item(read(record), VOCABULARY)["assertions"] == [
        {
            "signal": "kind",
            "value": "adult",
            "by": "reviewer",
            "source": "",
            "confidence": 1.0,
            "at": "2026-11-20T10:00:00Z",
            "evidence": ["sha256:0", "ü"],
        }
    ]


# --------------------------------------------------------------- from Python


def test_an_item_can_be_made_of_python_values() -> None:
    signals = {"technique": {"face_swap"}, "kind": "adult"}
    item = Item.from_signals(signals, VOCABULARY, id="upload-1", subject="account")
    assert isinstance(item, Item)
    assert item.subject == "account"
    assert item.values[VOCABULARY.index["technique"]] == frozenset({"face_swap"})
    assert write_item(item, VOCABULARY)["subject"] == "account"


def test_what_is_wrong_with_python_values_comes_back_as_faults() -> None:
    found = Item.from_signals({"kind": b"adult", "width": 1 + 2j}, VOCABULARY, id="")
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == ["wrong-type", "wrong-type", "bad-id"]
