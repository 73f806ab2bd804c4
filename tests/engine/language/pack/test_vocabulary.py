"""Values come in as records write them, and whatever no signal can hold is a fault with a slug and plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.read_signals import is_unknown_word, read_given
from assay.engine.language.pack.vocabulary import Signal
from tests.makers import a_signal, values_of, vocabularies

SIGNALS = {
    "flag": a_signal("flag"),
    "choice": a_signal("choice", "choice"),
    "scale": a_signal("scale", "scale"),
    "set": a_signal("set", "set"),
    "number": a_signal("number", "number", minimum=0, maximum=100),
    "whole": a_signal("whole", "number", integer=True),
    "score": a_signal("score", "score"),
    "text": a_signal("text", "text"),
    "time": a_signal("time", "time"),
    "duration": a_signal("duration", "duration"),
}


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("flag", True, True),
        ("choice", "minor", "minor"),
        ("set", ["face_swap", "face_swap"], frozenset({"face_swap"})),
        ("set", [], frozenset()),
        ("number", 12, 12.0),
        ("number", 0, 0.0),
        ("number", 100.0, 100.0),
        ("whole", 3.0, 3),
        ("whole", -(2**53), -(2**53)),
        ("score", 1, 1.0),
        ("text", "", ""),
        ("time", "1970-01-01", 0),
        ("duration", "1.5s", 1_500_000),
    ],
)
def test_good_values_are_read(name: str, given: object, value: object) -> None:
    read = SIGNALS[name].read(given)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "slug"),
    [
        ("flag", "yes", "wrong-type"),
        ("flag", 1, "wrong-type"),
        ("choice", "minr", "unknown-value"),
        ("choice", ["minor"], "wrong-type"),
        ("scale", 2, "wrong-type"),
        ("set", "face_swap", "wrong-type"),
        ("set", ["face"], "unknown-value"),
        ("set", [1], "wrong-type"),
        ("set", ["face_swap"] * 1000, "wrong-type"),
        ("set", {"face_swap": True}, "wrong-type"),
        ("number", "12", "wrong-type"),
        ("number", True, "wrong-type"),
        ("number", -0.001, "out-of-range"),
        ("number", 100.5, "out-of-range"),
        ("number", float("nan"), "not-a-number"),
        ("number", float("inf"), "not-a-number"),
        ("whole", 1.5, "wrong-type"),
        ("whole", 2**53 + 1, "out-of-range"),
        ("whole", 10**400, "out-of-range"),
        ("score", 1.01, "out-of-range"),
        ("score", float("nan"), "not-a-number"),
        ("text", 3, "wrong-type"),
        ("text", "x" * 10_001, "out-of-range"),
        ("time", "yesterday", "wrong-type"),
        ("time", 1_700_000_000, "wrong-type"),
        ("duration", 36, "wrong-type"),
        ("duration", "36 hours", "wrong-type"),
    ],
)
def test_what_a_signal_cannot_hold_is_a_fault_that_names_it(name: str, given: object, slug: str) -> None:
    fault = SIGNALS[name].read(given)
    assert isinstance(fault, Fault)
    assert (fault.slug, fault.field) == (slug, name)
    assert fault.words[0].islower() or fault.words[0] == "`"
    assert len(fault.words) < 200


@given(st.sampled_from(sorted(SIGNALS)), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_value_of_a_record_is_read_or_refused(name: str, given: object) -> None:
    read = SIGNALS[name].read(given)
    assert isinstance(read, Fault | bool | int | float | str | frozenset)


@given(st.data())
def test_what_was_written_reads_back(data: DataObject) -> None:
    for signal in data.draw(vocabularies()).signals:
        value = data.draw(values_of(signal))
        assert signal.read(signal.write(value)) == value


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("flag", "yes", True),
        ("flag", "No", False),
        ("flag", "unknown", None),
        ("choice", " minor ", "minor"),
        ("set", "face_swap, inpainting", frozenset({"face_swap", "inpainting"})),
        ("set", "[face_swap]", frozenset({"face_swap"})),
        ("number", "12", 12.0),
        ("whole", "", None),
        ("score", "?", None),
        ("text", "hello ", "hello "),
        ("time", "2026-12-01", 1_796_083_200_000_000),
        ("duration", "2m", 120_000_000),
    ],
)
def test_what_a_person_types_is_read(name: str, words: str, value: object) -> None:
    assert read_given(SIGNALS[name], words) == value


@pytest.mark.parametrize("words", ["perhaps", "1"])
def test_a_flag_takes_no_other_words(words: str) -> None:
    fault = read_given(SIGNALS["flag"], words)
    assert isinstance(fault, Fault)
    assert fault.slug == "wrong-type"


def test_words_for_unknown() -> None:
    assert all(is_unknown_word(word) for word in ("", " ", "unknown", "UNKNOWN", "null", "?"))
    assert not is_unknown_word("none")


def test_a_near_value_is_offered() -> None:
    fault = SIGNALS["choice"].read("adlt")
    assert isinstance(fault, Fault)
    assert "did you mean `adult`?" in fault.words


def test_a_signals_values_keep_their_order() -> None:
    signal: Signal = SIGNALS["scale"]
    assert signal.value_names == ("none", "altered", "generated")
