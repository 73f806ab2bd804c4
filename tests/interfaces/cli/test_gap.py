"""`assay gap` says what can happen to items like these, and plainly when nothing does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interfaces import small
from tests.interfaces.running import Run, assay


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return small.write(Path("pack"))


def gap(pack: Path, condition: str, *words: str) -> Run:
    return assay("gap", pack, condition, "--as-of", small.DAY, *words)


def test_that_nothing_may_happen_is_said_first(pack: Path) -> None:
    run = gap(pack, 'nudity && consent == "documented"')
    assert run.code == 0
    assert run.out.splitlines()[0] == "Nothing may happen to such an item: 2 outcomes, and no other."
    assert "1. nothing happens" in run.out
    assert "2. label:ai" in run.out


def test_that_something_always_happens_is_a_proof(pack: Path) -> None:
    run = gap(pack, 'nudity && consent == "absent" && ai_extent.atLeast("altered")')
    assert run.out.splitlines()[0] == "Something happens to every such item: 2 outcomes, and no other."
    assert "always     removed" in run.out


def test_what_can_not_be_is_said_to_be_not(pack: Path) -> None:
    run = gap(pack, "nudity && !nudity")
    assert (run.code, run.out.splitlines()[0]) == (0, "There is no such item.")


def test_more_outcomes_than_asked_for_are_announced(pack: Path) -> None:
    run = gap(pack, "nudity", "--most", "1")
    assert "1 outcome at least" in run.out
    assert "raise `--most`" in run.out


def test_json_has_each_outcome_with_an_item_and_its_command(pack: Path) -> None:
    found = json.loads(gap(pack, "!nudity", "--market", "EU", "--json").out)
    assert found["complete"]
    assert found["nothing_happens"]
    assert [one["measures"] for one in found["outcomes"]] == [[], ["label:ai"]]
    assert found["never"] == ["not_recommended", "removed"]
    assert {one["market"] for one in found["outcomes"]} <= {"DE", "FR"}
    assert "assay decide - --pack pack" in found["outcomes"][1]["witness"]["reproduce"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("nudty", "did you mean `nudity`?"),
        ('consent == "claimed"', "`consent` has no value `claimed`"),
        ("nudity = true", "equality is written `==`"),
        ("nudity &&", "condition:1:10: syntax"),
        ("", "syntax"),
    ],
)
def test_a_condition_with_a_fault_is_shown_with_its_place(condition: str, words: str, pack: Path) -> None:
    run = gap(pack, condition)
    assert (run.code, run.out) == (1, "")
    assert words in run.err


def test_a_market_that_is_not_there_is_wrong_use(pack: Path) -> None:
    run = gap(pack, "nudity", "--market", "EUU")
    assert run.code == 2
    assert "no market is named `EUU`" in run.err
