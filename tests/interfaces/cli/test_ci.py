"""`assay ci` sums a change up for a pull request, and fails where a check, an example or a proof does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.interfaces import small
from tests.interfaces.running import Run, assay


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small.write(Path("old"))


def ci(pack: Path, *words: str, base: str = "old") -> Run:
    return assay("ci", pack, "--base", base, "--as-of", small.DAY, "--no-cache", *words)


def signs(run: Run) -> dict[str, str]:
    """The sign in the table beside each step."""
    rows = re.findall(r"^\| (.) \| (\w+)[^|]* \|", run.out, flags=re.MULTILINE)
    return {name: sign for sign, name in rows}


def test_a_change_of_words_is_all_right() -> None:
    run = ci(small.write(Path("new"), small.REWORDED))
    assert run.code == 0
    assert run.out.startswith("## ✔ A small pack 1.0.0\n")
    assert signs(run) == {"Check": "✔", "Test": "✔", "Prove": "✔", "Compare": "✔"}
    assert "Only words changed: no decision differs: proved." in run.out
    assert "- `likeness/intimate` reworded" in run.out


def test_a_change_of_decisions_is_shown_and_fails_only_where_asked_to() -> None:
    changed = {small.POLICY: ("&& !disclosed\nthen: [label:ai]", "&& !disclosed && nudity\nthen: [label:ai]")}
    pack = small.write(Path("new"), changed, {"obligations.yaml": ("&& !disclosed", "&& !disclosed && nudity")})
    text = (pack / small.POLICY).read_text(encoding="utf-8")
    mended = text.replace("{ai_extent: generated, disclosed: no}", "{ai_extent: generated, nudity: yes, disclosed: no}")
    (pack / small.POLICY).write_text(mended, encoding="utf-8")
    run = ci(pack)
    assert run.code == 0, run.out
    assert signs(run)["Compare"] == "–"
    assert "<details><summary><b>label:ai</b> yes → no, narrowed everywhere</summary>" in run.out
    assert "for example in BR on 2026-11-22: `ai_extent = altered, nudity = no, disclosed = no`" in run.out
    strict = ci(pack, "--strict")
    assert strict.code == 1
    assert signs(strict)["Compare"] == "✘"


def test_a_proof_or_an_example_that_fails_fails_the_run() -> None:
    run = ci(small.write(Path("new"), small.NARROWED))
    assert run.code == 1
    assert run.out.startswith("## ✘ ")
    assert signs(run) == {"Check": "✔", "Test": "✘", "Prove": "✘", "Compare": "–"}
    assert "**gap** `new/harms.yaml:3:3`" in run.out
    assert "**failing-example** `new/policies/likeness.md:24:10`" in run.out


def test_a_pack_that_is_not_sound_is_checked_only() -> None:
    run = ci(small.write(Path("new"), small.UNSOUND))
    assert run.code == 1
    assert signs(run) == {"Check": "✘", "Test": "–", "Prove": "–", "Compare": "–"}
    assert "**unknown-signal** `new/policies/likeness.md:17:9`: no signal is named `consnt`." in run.out


def test_a_base_that_cannot_be_compared_keeps_nobody_from_mending_it() -> None:
    small.write(Path("unsound"), small.UNSOUND)
    run = ci(Path("old"), base="unsound")
    assert run.code == 0
    assert "not compared" in run.out


def test_a_base_that_is_not_there_is_wrong_use() -> None:
    assert ci(Path("old"), base="nowhere").code == 2


def test_the_summary_goes_to_a_file_and_a_few_lines_to_the_terminal() -> None:
    run = ci(small.write(Path("new"), small.REWORDED), "--output", "deep/summary.md")
    assert Path("deep/summary.md").read_text(encoding="utf-8").startswith("## ✔")
    assert run.out.splitlines()[0] == "Check: 1 policy, 2 rules: 0 errors"
    assert run.out.splitlines()[-1] == "the summary is in deep/summary.md"
