"""What an event may hold: nothing in which a name, an address or a sentence could stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.ledger.events import (
    KINDS,
    Digest,
    NotAnEvent,
    UnknownEvent,
    content_of,
    event,
    read_event,
    sentence,
)
from assay.governance.office.references import Reference
from tests.governance.ledger.making import ThingMoved


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@event("tests.all-kinds", words="did {number} {colour} things to {subject} for {thing} at {moment}")
@dataclass(frozen=True, slots=True)
class AllKinds:
    flag: bool
    number: int
    colour: Colour
    way: Literal["over-land", "over-sea"]
    digest: Digest
    thing: Reference
    moment: datetime
    maybe: int | None = None
    things: tuple[Reference, ...] = ()
    colours: frozenset[Colour] = frozenset()


references = st.builds(
    Reference, st.sampled_from(["person", "market"]), st.from_regex(r"[A-Za-z0-9]{1,9}", fullmatch=True)
)
digests = st.binary(min_size=32, max_size=32).map(lambda found: Digest(f"sha256:{found.hex()}"))
happenings = st.builds(
    AllKinds,
    flag=st.booleans(),
    number=st.integers(-(2**53) + 1, 2**53 - 1),
    colour=st.sampled_from(Colour),
    way=st.sampled_from(["over-land", "over-sea"]),
    digest=digests,
    thing=references,
    moment=st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    maybe=st.none() | st.integers(0, 9),
    things=st.lists(references, max_size=3).map(tuple),
    colours=st.frozensets(st.sampled_from(Colour)),
)


@given(happenings)
def test_whatever_is_written_is_read_again(happened: AllKinds) -> None:
    assert read_event("tests.all-kinds", json.loads(content_of(happened))) == happened


@pytest.mark.parametrize(
    "kind", [str, bytes, float, object, dict[str, int], list[int], tuple[str, ...], tuple[int, str], str | None]
)
def test_a_field_that_could_hold_text_is_refused_when_it_is_declared(kind: Any) -> None:
    made: type[Any] = dataclass(frozen=True)(type("Loose", (), {"__annotations__": {"field": kind}}))
    with pytest.raises(NotAnEvent, match="could hold free text"):
        event("tests.loose", words="x")(made)
    assert "tests.loose" not in KINDS


def test_words_of_a_literal_are_words_and_no_sentences() -> None:
    made: type[Any] = dataclass(frozen=True)(type("Loose", (), {"__annotations__": {"field": Literal["a sentence"]}}))
    with pytest.raises(NotAnEvent):
        event("tests.loose", words="x")(made)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", True), ("number", 2**53), ("number", "ada@example.org"), ("flag", 1), ("colour", "red"),
        ("way", "by Ada"), ("thing", "person:1"), ("moment", datetime(2026, 1, 1)), ("digest", "sha256:0"),  # noqa: DTZ001
        ("things", [Reference("person", "1")]),
    ],
)  # fmt: skip
def test_a_value_that_its_type_does_not_allow_is_not_written_and_not_told(field: str, value: Any) -> None:
    right: dict[str, Any] = {
        "flag": True, "number": 1, "colour": Colour.RED, "way": "over-sea", "digest": Digest("sha256:" + "0" * 64),
        "thing": Reference("person", "1"), "moment": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    with pytest.raises(NotAnEvent, match=field) as raised:
        content_of(AllKinds(**{**right, field: value}))
    assert "ada@" not in str(raised.value)


@pytest.mark.parametrize("content", [{"count": 1, "more": 2}, {"count": "1"}, {"count": True}, {}, {"other": 1}])
def test_an_event_of_another_version_stays_readable(content: dict[str, object]) -> None:
    found = read_event("tests.thing-counted", content)
    assert found == UnknownEvent("tests.thing-counted", content)
    assert sentence("tests.thing-counted", content, "thing:a") == "recorded “thing counted” on thing:a"
    assert sentence("gone.was-there", content, "thing:a") == "recorded “was there” on thing:a"


def test_an_event_is_said_in_words_with_the_names_that_are_given() -> None:
    content = json.loads(content_of(ThingMoved(Reference("shelf", "left"))))
    assert sentence("tests.thing-moved", content, "thing:a") == "moved thing:a to shelf:left"
    assert sentence("tests.thing-moved", content, "thing:a", lambda found: found.key.upper()) == "moved A to LEFT"


@pytest.mark.parametrize("words", ["did {nothing}", "did {count.__class__}", "did {count!r}", "did {0}"])
def test_words_name_fields_that_there_are_and_nothing_more(words: str) -> None:
    made: type[Any] = dataclass(frozen=True)(type("Odd", (), {"__annotations__": {"count": int}}))
    with pytest.raises(NotAnEvent):
        event("tests.odd", words=words)(made)


def test_only_a_frozen_dataclass_of_a_kind_that_nobody_has_is_an_event() -> None:
    with pytest.raises(NotAnEvent, match="frozen"):
        event("tests.soft", words="x")(dataclass(type("Soft", (), {"__annotations__": {}})))
    frozen = dataclass(frozen=True)
    with pytest.raises(NotAnEvent, match="two kinds"):
        event("tests.all-kinds", words="x")(frozen(type("Other", (), {"__annotations__": {}})))
    with pytest.raises(NotAnEvent, match="no kind"):
        event("Tests", words="x")(frozen(type("Other", (), {"__annotations__": {}})))
    with pytest.raises(NotAnEvent, match="not declared"):
        content_of(object())
