"""`assay ask` asks what matters, takes only answers, and ends with the decision in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.cli.items.ask import read_answer
from tests.interfaces.records.vocabulary import VOCABULARY
from tests.interfaces.running import SOME_DAY, STARTER, Run, assay


def ask(*answers: str, words: tuple[str | Path, ...] = ()) -> Run:
    typed = "".join(f"{answer}\n" for answer in answers)
    return assay("ask", STARTER, "--as-of", SOME_DAY, *words, given=typed)


def questions(run: Run) -> int:
    return sum(line.startswith("> ") for line in run.out.splitlines())


def test_cannot_tell_is_never_asked_again_and_ends_unsettled() -> None:
    run = ask(*["u"] * 80)
    assert run.code == 0
    asked = [line for line in run.out.splitlines() if line.strip() and line == line.lstrip() and line.endswith("?")]
    assert len(asked) == len(set(asked))
    assert "Not settled" in run.out
    assert "what nobody could tell may still change it" in run.out


def test_a_question_says_why_it_is_asked_and_how_many_are_to_come() -> None:
    run = ask("q")
    assert "expected until settled." in run.out
    assert "Asked because it may settle " in run.out
    assert "one number, or u" in run.out


def test_answers_that_are_none_are_asked_for_again() -> None:
    run = ask("0", "99", "seven", "", "q")
    assert run.out.count("type a number from 1 to") == 4


def test_an_answer_can_be_taken_back() -> None:
    once = ask("b", "1", "b", "q")
    assert "there is nothing to take back" in once.out
    assert "taken back: " in once.out
    assert "there were questions left" in once.out


def test_the_end_of_input_ends_the_talk() -> None:
    run = ask("1")
    assert run.code == 0
    assert "there were questions left" in run.out


def test_a_settled_item_is_asked_nothing_and_its_decision_is_said(tmp_path: Path) -> None:
    given = {"person.age": "minor", "intimacy": "nude", "person.kind": "none"}
    record = {"id": "case-1", "signals": given, "assertions": []}
    path = tmp_path / "item.json"
    path.write_text(json.dumps(record, indent=2), encoding="utf-8")
    run = ask(*["1"] * 40, words=("--item", path, "--market", "FR"))
    assert run.code == 0
    assert "Deciding case-1 in EU." in run.out
    assert "Now certain: removed" in run.out
    assert "removed: it is removed" in run.out
    assert "minors/sexualised: " in run.out


def test_what_is_typed_decides_as_the_same_record_does() -> None:
    run = ask(*["1"] * 60)
    assert questions(run) > 3
    assert "Settled in rest after " in run.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "broken-json"),
        ('{"id": "a", "signals": {"intimacy": "nud"}}', "unknown-value: `intimacy`"),
        ('{"signals": {}}', "bad-id"),
    ],
)
def test_an_item_that_cannot_be_read_is_said(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "item.json"
    path.write_text(text, encoding="utf-8")
    run = ask(words=("--item", path))
    assert run.code == 1
    assert said in run.err


def test_an_item_or_market_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert ask(words=("--item", tmp_path / "none.json")).code == 2
    assert ask(words=("--market", "EEA")).code == 2


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("disclosed", "1", True),
        ("disclosed", "2", False),
        ("age", "2", "minor"),
        ("technique", "1 2", ["face_swap", "voice_clone"]),
        ("technique", "2,2", ["voice_clone"]),
        ("technique", "0", []),
        ("followers", "12", 12),
        ("detector", "0.5", 0.5),
        ("caption", "hello", "hello"),
        ("caption", '"u"', "u"),
        ("uploaded", "2026-11-22", "2026-11-22T00:00:00Z"),
        ("runs_for", "36h", "36h"),
    ],
)
def test_an_answer_is_read_by_the_type_of_its_signal(name: str, typed: str, value: object) -> None:
    assert read_answer(VOCABULARY.by_name[name], typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("disclosed", "yes"),
        ("age", "3"),
        ("age", "-1"),
        ("technique", "3"),
        ("technique", "0 1"),
        ("technique", ""),
        ("followers", "many"),
        ("followers", "-1"),
        ("detector", "2"),
        ("detector", "nan"),
        ("caption", ""),
        ("uploaded", "yesterday"),
        ("runs_for", "long"),
    ],
)
def test_what_is_no_answer_is_refused(name: str, typed: str) -> None:
    assert isinstance(read_answer(VOCABULARY.by_name[name], typed), Fault)


@given(st.sampled_from(VOCABULARY.signals), st.text(max_size=30))
def test_nothing_that_is_typed_can_stop_it(signal: object, typed: str) -> None:
    answer = read_answer(signal, typed)  # type: ignore[arg-type]
    if not isinstance(answer, Fault):
        assert not isinstance(VOCABULARY.by_name[signal.name].read(answer), Fault)  # type: ignore[attr-defined]


def test_every_type_of_signal_can_be_asked_about() -> None:
    assert {signal.type for signal in VOCABULARY.signals} == set(SignalType)
