"""`assay scan`, `replay` and `demo`, and what holds for every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.interfaces.cli.app import app
from assay.interfaces.packs import starter_folder
from tests.conftest import ROOT
from tests.interfaces.records.test_media import bomb, picture
from tests.interfaces.running import STARTER, assay, decide, json_lines

HEAVY = {
    "PIL",
    "av",
    "c2pa",
    "cryptography",
    "jinja2",
    "msgspec",
    "numpy",
    "pebble",
    "pyarrow",
    "rich.progress",
    "yaml",
}


# ---------------------------------------------------------------------- scan


def test_a_scan_shows_evidence_integrity_and_what_follows(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", parameters="a city\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8")
    picture(tmp_path / "b.png")
    run = assay("scan", tmp_path)
    assert run.code == 0
    assert "ai_extent = generated (mark)" in " ".join(run.out.split())
    assert "unsigned" in run.out
    assert run.out.splitlines()[-1] == "2 files: 1 with evidence"


def test_a_scan_as_json_is_one_object_a_file(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", parameters="a city\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8")
    bomb(tmp_path / "bomb.png")
    run = assay("scan", "--json", tmp_path / "a.png", tmp_path / "bomb.png", tmp_path / "none.png")
    assert run.code == 1
    first, second, third = run.lines
    assert {one["signal"]: one["value"] for one in first["assertions"]}["ai_extent"] == "generated"
    assert first["container"] == "png"
    assert [fault["slug"] for fault in second["faults"]] == ["too-many-pixels"]
    assert [fault["slug"] for fault in third["faults"]] == ["unreadable-file"]


def test_faults_are_counted(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    run = assay("scan", tmp_path)
    assert run.code == 1
    assert run.out.splitlines()[-1] == "1 file: 0 with evidence, 1 with faults"


def test_a_file_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    picture(tmp_path / "a\x1b[31mred.png")
    assert "\x1b" not in assay("scan", tmp_path).out


# -------------------------------------------------------------------- replay


@pytest.fixture
def records(tmp_path: Path) -> Path:
    given = '{"id": "a", "signals": {"legal_order": {"FR": "none", "*": "valid"}}}\n{"id": "b", "subject": "account"}\n'
    given += (
        '{"id": "c", "assertions": [{"signal": "ai_extent", "value": "generated", "by": "reviewer", "source": "r"}]}\n'
    )
    path = tmp_path / "decisions.jsonl"
    assert decide("-", "--out", path, given=given).code == 0
    return path


def test_the_same_bytes_come_out_again(records: Path) -> None:
    run = assay("replay", records, "--pack", STARTER)
    assert (run.code, run.out) == (0, "3 records: 3 the same, 0 not\n")
    assert assay("replay", "-", "--pack", STARTER, given=records.read_bytes()).out == run.out


def test_a_record_that_was_changed_is_shown_field_by_field(records: Path) -> None:
    changed = json_lines(records)
    changed[0]["outcomes"][0]["settled"] = "maybe"
    changed[0]["extra"] = 1
    records.write_text("\n".join(json.dumps(record) for record in changed), encoding="utf-8")
    run = assay("replay", records, "--pack", STARTER)
    assert run.code == 1
    assert f'{records}:1: differs: outcomes[0].settled: the record has "maybe", and now it is ' in run.out
    assert f"{records}:1: differs: extra: the record has 1, and now it is nothing" in run.out
    assert f"{records}:2: differs: only in how it is written" in run.out


def test_another_bundle_is_named(records: Path, tmp_path: Path) -> None:
    text = records.read_text(encoding="utf-8").replace('"bundle":"sha256:', '"bundle":"sha256:0')
    records.write_text(text, encoding="utf-8")
    run = assay("replay", records, "--pack", STARTER)
    assert run.code == 1
    assert "not-replayed: it was decided with bundle" in run.out


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'{"schema": "assay.decision/1"}',
        b'{"schema": "assay.decision/1", "outcomes": [7]}',
        b'{"schema": "assay.decision/1", "outcomes": [{"markets": [[]]}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_record_is_said(line: bytes) -> None:
    run = assay("replay", "-", "--pack", STARTER, given=line)
    assert run.code == 1
    assert run.out.splitlines()[-1] == "1 record: 0 the same, 1 not"


def test_records_that_are_not_there_are_wrong_use(tmp_path: Path) -> None:
    assert assay("replay", tmp_path / "none.jsonl", "--pack", STARTER).code == 2


# ---------------------------------------------------------------------- demo


@pytest.mark.slow
def test_the_demo_decides_every_file_it_makes_and_reports_it(tmp_path: Path) -> None:
    run = assay("demo", "--folder", tmp_path / "demo")
    assert run.code == 0
    decided = json_lines(tmp_path / "demo" / "decisions.jsonl")
    made = [path for path in (tmp_path / "demo" / "media").iterdir() if not path.name.endswith(".declared.json")]
    assert len(decided) == len(made) >= 40
    assert {record["item"] for record in decided} == {path.name for path in made}
    assert all(path.name in run.out.replace("\n", "") for path in made)
    assert (tmp_path / "demo" / "report.html").stat().st_size > 100_000
    assert assay("replay", tmp_path / "demo" / "decisions.jsonl", "--pack", STARTER).code == 0


def test_the_starter_pack_is_found_beside_a_folder_and_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "packs" / "starter").mkdir(parents=True)
    (tmp_path / "packs" / "starter" / "pack.yaml").touch()
    assert starter_folder(tmp_path) == tmp_path / "packs" / "starter"
    assert starter_folder(tmp_path / "elsewhere") == STARTER


# ----------------------------------------------------------------- every command


def test_asking_for_help_loads_nothing_heavy() -> None:
    names = "; ".join(
        [
            "import sys, assay.interfaces.cli.app",
            f"print(sorted({HEAVY!r} & set(sys.modules)))",
        ]
    )
    run = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


def test_every_command_has_its_help() -> None:
    for command in app.registered_commands:
        run = assay(str(command.name), "--help")
        assert run.code == 0
        assert run.out.startswith("Usage: ")


def test_a_fault_of_ours_ends_with_3_and_no_traceback_unless_it_is_asked_for() -> None:
    code = (
        "import assay.interfaces.cli.app as cli\n"
        "def broken(*words): raise RuntimeError('a fault')\n"
        "cli.app = broken\n"
        "cli.main()\n"
    )
    for asked in ("", "1"):
        environment = {**os.environ, "ASSAY_TRACEBACK": asked}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
        assert run.returncode == 3
        assert "a fault" in run.stderr
        assert ("Traceback" in run.stderr) is bool(asked)
