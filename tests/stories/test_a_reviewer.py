"""A reviewer is asked what matters, corrects an answer, and the record of the answers decides the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interfaces.running import SOME_DAY, STARTER, assay

pytestmark = pytest.mark.story

KNOWN = {
    "ai_extent": "generated",
    "realism": "realistic",
    "intimacy": "sexual_act",
    "person.age": "adult",
    "modality": "image",
    "surface": "feed",
}


def test_a_case_is_asked_to_its_end(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"id": "case-7", "signals": KNOWN}), encoding="utf-8")
    start = ("ask", STARTER, "--item", case, "--market", "FR", "--as-of", SOME_DAY)

    # The first question says why it is asked; what is known already is not asked again.
    first = assay(*start, given="q\n")
    assert first.code == 0
    assert "Asked because it may settle " in first.out
    assert "How intimate is what is visible" not in first.out

    # An answer is taken back and given again; from then on every question is answered or passed over.
    run = assay(*start, given="1\nb\n" + "2\n" * 10 + "u\n" * 60)
    assert run.code == 0
    assert run.out.count("taken back: ") == 1
    assert "What is done now:" in run.out or "Nothing is done." in run.out

    # Passing over everything leaves unknown what is unknown: the same as deciding the record as it is.
    passed = assay(*start, given="u\n" * 80)
    (record,) = assay(
        "decide", "-", "--pack", STARTER, "--as-of", SOME_DAY, "--markets", "FR", given=case.read_text(encoding="utf-8")
    ).lines
    (outcome,) = record["outcomes"]
    said = passed.out[passed.out.index("Not settled") :]
    assert not outcome["settled"]
    assert all(f"  {measure}: " in said for measure in outcome["applied"])
    assert all(f"  {rule}: " in said for rule in outcome["fired"])


def test_the_tree_begins_with_the_question_that_is_asked_first() -> None:
    tree = json.loads(assay("tree", STARTER, "minors", "--as-of", SOME_DAY, "--json").out)
    assert tree["steps"][0]["signal"] == "person.age"
    assert tree["expected_questions"] < 3
