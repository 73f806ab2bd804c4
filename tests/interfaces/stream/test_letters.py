"""Dead letters keep a message's bytes and say why; what comes back from a broker is read with care."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.letters import dead_letter, header_text, read_letter, without_content
from tests.interfaces.stream.fakes import arrived

WORDS = st.text(max_size=400)
FAULTS = st.lists(
    st.builds(Fault, st.sampled_from(("broken-json", "wrong-type")), WORDS, st.none() | WORDS), max_size=30
)


@given(content=st.none() | st.binary(max_size=200), faults=FAULTS, delivered=st.integers(1, 10**6))
def test_what_is_read_back_is_what_was_set_aside(content: bytes | None, faults: list[Fault], delivered: int) -> None:
    outgoing = dead_letter(arrived(7, content, delivered=delivered, routing=b"k"), faults)
    letter = read_letter("3", outgoing.headers, outgoing.content, outgoing.routing)
    assert (letter.place, letter.source, letter.subject) == ("3", "memory:ITEMS:7", "items")
    assert (letter.content, letter.routing, letter.delivered) == (content, b"k", delivered)
    kept = [Fault(one.slug, one.words[:300], one.field) for one in faults[:20]]
    assert list(letter.faults) == kept or (not kept and letter.faults[0].slug == "not-ours")
    assert not letter.left_out


@given(WORDS)
def test_no_header_holds_what_ends_a_line_or_is_no_ascii(text: str) -> None:
    headers = dead_letter(arrived(1, b""), [Fault("slug", text, text)]).headers
    for value in (*headers.values(), header_text(text)):
        assert value.isascii()
        assert value.isprintable()


def test_a_letter_without_its_bytes_says_so() -> None:
    letter = without_content(dead_letter(arrived(1, b"bytes"), [Fault("line-too-long", "it is too long")]))
    found = read_letter("1", letter.headers, letter.content)
    assert (found.left_out, found.content) == (True, None)
    assert found.faults == (Fault("line-too-long", "it is too long"),)


@pytest.mark.parametrize("text", ["", "{", "[]", "[1, 2]", "null", "[" * 100_000, '{"slug": "x"}'])
def test_what_somebody_else_put_there_is_no_letter_of_ours(text: str) -> None:
    letter = read_letter("1", {"Assay-Faults": text, "Assay-Delivered": "-1"}, b"x")
    assert [fault.slug for fault in letter.faults] == ["not-ours"]
    assert letter.delivered == 0


def test_a_forged_number_of_deliveries_costs_nothing() -> None:
    headers = {"Assay-Delivered": "9" * 5_000, "Assay-Faults": json.dumps([{"slug": "a", "reason": "b"}])}
    letter = read_letter("1", headers, b"")
    assert (letter.delivered, letter.faults) == (0, (Fault("a", "b", None),))
