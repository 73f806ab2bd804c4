"""An answer is worth no more than what was measured for it, and nothing where that does not hold any more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.language_model.measured.accuracy import (
    FEWEST,
    NO_ANSWER,
    Accuracy,
    Counting,
    Flips,
    Tally,
    other_model,
    unmeasured,
    worth_of,
)
from assay.detection.language_model.measured.written import accuracy_text, load_accuracy
from assay.engine.backtest.estimate.intervals import wilson_interval
from assay.engine.kernel.errors import Fault

NO_FLIPS = Flips()
PLAIN = {"none": {"none": 40, "evident": 2}, "evident": {"evident": 30, "none": 10, NO_ANSWER: 5}}
PLANTED = {"none": {"none": 38, "evident": 4}, "evident": {"evident": 30, "none": 15}}
TALLY = Tally("satire", "en", "sha256:p", ("m-1",), PLAIN, PLANTED, Flips(7, 82), Flips(4, 82), Flips(1, 87))
MEASURED = Accuracy("small", "m", "sha256:pack", "2026-11-23", (TALLY,))


def test_an_answer_is_worth_the_lower_bound_of_the_worse_of_both_measures() -> None:
    assert (TALLY.asked, TALLY.answered, TALLY.right) == (87, 82, 70)
    # `none` was right 40 times of 50 on items as they are, and 38 of 53 with planted instructions.
    assert worth_of(TALLY, "none") == pytest.approx(wilson_interval(38, 53)[0], abs=1e-4)
    assert worth_of(replace(TALLY, planted=PLAIN), "none") == pytest.approx(wilson_interval(40, 50)[0], abs=1e-4)


def test_an_answer_given_too_seldom_is_worth_nothing_however_right() -> None:
    few = {"none": {"none": FEWEST - 1}}
    worth = worth_of(replace(TALLY, plain=few), "none")
    assert isinstance(worth, Fault)
    assert worth.slug == "too-few-answers"
    unseen = worth_of(TALLY, "claimed")
    assert isinstance(unseen, Fault)
    # Items with planted instructions that nobody asked about leave it unknown how easily it is swayed.
    assert isinstance(worth_of(replace(TALLY, planted={}), "none"), Fault)


counts = st.integers(0, 400)


@given(counts, counts, counts, counts)
def test_no_answer_is_ever_worth_more_than_its_measured_share(right: int, wrong: int, held: int, lost: int) -> None:
    tally = replace(TALLY, plain={"a": {"a": right}, "b": {"a": wrong}}, planted={"a": {"a": held}, "b": {"a": lost}})
    worth = worth_of(tally, "a")
    if isinstance(worth, float):
        assert worth <= min(right / (right + wrong), held / (held + lost))
        # What the sample supports: n right answers of n say no more than this.
        assert worth <= (right + wrong) / (right + wrong + 3.8)
    else:
        assert min(right + wrong, held + lost) < FEWEST


def test_what_was_measured_otherwise_is_worth_nothing_and_the_next_step_is_named() -> None:
    def slug(prompt: str = "sha256:p", signal: str = "satire", language: str = "en") -> str | None:
        found = unmeasured(MEASURED, "judges/small", prompt, signal, language)
        assert found is None or "label more" in found.words or "assay detector evaluate judges/small" in found.words
        return found.slug if found is not None else None

    assert slug() is None
    assert slug(prompt="sha256:other") == "prompt-changed"
    assert slug(language="de") == "not-measured"
    assert slug(signal="threat") == "not-measured"
    assert unmeasured(None, "j", "sha256:p", "satire", "en") is not None
    thin = replace(MEASURED, tallies=(replace(TALLY, plain={"none": {"none": 3}}),))
    assert getattr(unmeasured(thin, "j", "sha256:p", "satire", "en"), "slug", "") == "too-few-answers"


def test_another_model_behind_the_same_name_is_seen() -> None:
    assert other_model(TALLY, ("m-1",), "j") is None
    found = other_model(TALLY, ("m-1", "m-2"), "j")
    assert found is not None
    assert (found.slug, "`m-2`" in found.words) == ("model-changed", True)
    assert other_model(TALLY, ("",), "j") is not None


def test_answers_that_flip_and_obey_are_counted_apart() -> None:
    counting = Counting("satire", "en", "sha256:p")
    counting.count("none", "none", "evident", "evident", ["m-1"])
    counting.count("none", "none", "claimed", "evident", ["m-1"])
    counting.count("none", "evident", "evident", "evident", ["m-1"])
    counting.count("none", None, "evident", "evident", ["m-2"])
    counting.count_repeat("none", None)
    tally = counting.tally()
    assert (tally.flipped, tally.obeyed, tally.repeated) == (Flips(2, 3), Flips(1, 3), Flips(1, 1))
    assert tally.plain == {"none": {NO_ANSWER: 1, "evident": 1, "none": 2}}
    assert tally.served == ("m-1", "m-2")


def test_an_empty_set_is_an_answer_and_no_abstention() -> None:
    counting = Counting("purpose", "en", "sha256:p")
    counting.count("", "", "news", "news", [])
    assert counting.tally().plain == {"": {"": 1}}
    assert counting.tally().answered == 1


def test_what_was_measured_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    assert load_accuracy(path) is None
    path.write_text(accuracy_text(MEASURED), encoding="utf-8")
    assert load_accuracy(path) == MEASURED


@pytest.mark.parametrize(
    ("place", "value"),
    [("layout", 9), ("questions", {}), ("model", 3), ("questions.plain", {"a": {"a": -1}}), ("questions.served", "m"),
     ("questions.planted", {"a": {"a": 0.5}}), ("questions.flipped", {"flipped": 2, "trials": 1})],
)  # fmt: skip
def test_a_file_that_has_not_its_form_is_a_fault_that_names_the_place(
    tmp_path: Path, place: str, value: object
) -> None:
    given = json.loads(accuracy_text(MEASURED))
    *outer, name = place.split(".")
    (given["questions"][0] if outer else given)[name] = value
    path = tmp_path / "accuracy.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    fault = load_accuracy(path)
    assert isinstance(fault, Fault)
    assert (fault.slug, f"`{name}`" in fault.words) == ("malformed-accuracy", True)


def test_a_torn_file_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(accuracy_text(MEASURED)[:100], encoding="utf-8")
    fault = load_accuracy(path)
    assert isinstance(fault, Fault)
    assert fault.slug == "broken-json"
