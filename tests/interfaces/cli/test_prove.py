"""`assay prove` shows what keeps a pack from being released, and how to see it for oneself."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from assay.interfaces.cli.proving.prove import prove_pack
from assay.interfaces.packs import load_pack
from tests.interfaces import small
from tests.interfaces.running import Run, assay


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs are named as a person would name them, and nothing is kept outside of the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")


def prove(pack: Path | str, *words: str | Path) -> Run:
    return assay("prove", pack, "--as-of", small.DAY, *words)


def as_json(pack: Path | str, *words: str | Path) -> Any:
    return json.loads(prove(pack, "--json", *words).out)


def test_a_clean_pack_ends_with_0_and_one_line_that_sums_up() -> None:
    run = prove(small.write(Path("pack")))
    assert run.code == 0
    last = "1 policy, 2 rules: 16 claims proved, 0 errors, 0 warnings, 1 note, 0 undecided (from 2026-11-22 on, "
    assert run.out.splitlines()[-1].startswith(last)


def test_a_finding_has_place_slug_words_and_the_line_with_a_caret() -> None:
    run = prove(small.write(Path("pack"), small.DEAD))
    assert run.code == 1
    lines = run.out.splitlines()
    at = next(number for number, line in enumerate(lines) if ": dead-rule: " in line)
    assert lines[at].startswith("pack/policies/likeness.md:39:5: dead-rule: `likeness/label` can never hold")
    assert lines[at + 1 : at + 3] == ["   39 | id: label", lines[at + 2]]
    assert lines[at + 2].startswith("      |     ^^^^^ ")


def test_errors_stand_before_warnings_and_notes() -> None:
    slugs = [finding["severity"] for finding in as_json(small.write(Path("pack"), small.DEAD))["findings"]]
    assert slugs == ["error", "error", "warning", "note"]


def test_a_witness_is_decided_by_the_command_below_it() -> None:
    run = prove(small.write(Path("pack"), small.NARROWED), "--only", "gap")
    (line,) = [line.strip() for line in run.out.splitlines() if line.strip().startswith("$ ")]
    said, command = line.removeprefix("$ ").split(" | ")
    echo, item = shlex.split(said)
    program, *words = shlex.split(command)
    assert (echo, program) == ("echo", "assay")
    decided = assay(*words, given=item)
    assert decided.code == 0, decided.err
    (record,) = decided.lines
    assert record["outcomes"][0]["measures"]["removed"] == "no"
    assert record["input"]["signals"]["consent"] == "absent"


def test_json_has_all_that_is_shown_and_all_that_was_proved() -> None:
    proof = as_json(small.write(Path("pack"), small.NARROWED))
    (gap,) = [finding for finding in proof["findings"] if finding["slug"] == "gap"]
    assert (gap["path"], gap["line"], gap["severity"]) == ("pack/harms.yaml", 3, "error")
    (witness,) = gap["witnesses"]
    assert witness["item"]["signals"]["nudity"] is True
    assert witness["reproduce"].endswith(f"--as-of {small.DAY}")
    assert proof["sound"] is False
    assert proof["counts"]["errors"] == 1
    assert proof["counts"]["claims"] == len(proof["checked"])
    assert {"proved", "refuted", "not-formal"} == {claim["outcome"] for claim in proof["checked"]}
    (reported,) = [claim for claim in proof["checked"] if claim["outcome"] == "not-formal"]
    assert reported["reason"] == "it is about a year and not about one decision"


def test_only_some_kinds_can_be_asked_for() -> None:
    pack = small.write(Path("pack"), small.DEAD)
    slugs = {
        finding["slug"] for finding in as_json(pack, "--only", "dead-rule,gap", "--only", "shadowed-rule")["findings"]
    }
    assert slugs == {"dead-rule"}
    wrong = prove(pack, "--only", "ded-rule")
    assert wrong.code == 2
    assert "did you mean `dead-rule`?" in wrong.err


def test_what_was_proved_is_not_proved_again() -> None:
    pack = small.write(Path("pack"))
    first, second = as_json(pack)["counts"], as_json(pack)["counts"]
    assert (first["reused"], second["solved"]) == (0, 0)
    assert first["proved"] == second["proved"]
    assert as_json(pack, "--no-cache")["counts"]["reused"] == 0
    assert as_json(pack, "--cache", "elsewhere")["counts"]["reused"] == 0
    assert as_json(pack, "--cache", "elsewhere")["counts"]["solved"] == 0


def test_a_pack_that_is_not_sound_is_not_proved() -> None:
    run = prove(small.write(Path("pack"), small.UNSOUND))
    assert (run.code, run.out) == (1, "")
    assert "unknown-signal" in run.err


@pytest.mark.parametrize("words", [["--timeout", "0"], ["--timeout", "nan"], ["--as-of", "soon"]])
def test_options_that_make_no_sense_are_wrong_use(words: list[str]) -> None:
    assert assay("prove", small.write(Path("pack")), *words).code == 2


def test_a_report_goes_where_it_is_told_to() -> None:
    pack = small.write(Path("pack"))
    run = prove(pack, "--html", "deep/report.html")
    assert "the report is in deep/report.html" in run.out
    assert Path("deep/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    refused = prove(pack, "--html", "pack/pack.yaml/report.html")
    assert refused.code == 2
    assert "cannot be written" in refused.err


def test_progress_is_told_claim_by_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(
        "assay.interfaces.cli.terminal.Waiting.reached", lambda self, done, total=None: told.append(done)
    )
    proof = prove_pack(load_pack(small.write(Path("pack"))), 0, seconds=10, memory=None)
    assert told == list(range(1, len(proof.checked) + 1))
