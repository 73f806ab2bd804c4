"""`assay decide` decides what can be decided, says what cannot, and counts both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.interfaces.records.test_media import bomb, picture
from tests.interfaces.running import STARTER, assay, decide, json_lines

GOOD = {"id": "good", "signals": {"ai_extent": "generated"}}
MIXED = "\n".join([json.dumps(GOOD), '{"id": "nan", "signals": {"detector.score": NaN}}', "{", '{"id": "last"}'])


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "uploads.jsonl"
    path.write_text(MIXED, encoding="utf-8")
    return path


def test_good_records_are_decided_and_bad_ones_are_listed_and_counted(mixed: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    run = decide(mixed, "--rejects", rejects)
    assert run.code == 1
    assert [record["item"] for record in run.lines] == ["good", "last"]
    assert [(each["line"], each["id"], each["slug"]) for each in json_lines(rejects)] == [
        (2, "nan", "not-a-number"),
        (3, None, "broken-json"),
    ]
    assert "2 decided; 2 rejected (1 broken-json, 1 not-a-number)" in run.err


def test_without_a_file_for_them_the_first_rejects_are_shown(mixed: Path) -> None:
    run = decide(mixed)
    assert f"{mixed}:2: not-a-number: `detector.score`:" in run.err
    assert f"{mixed}:3: broken-json: " in run.err


def test_a_thousand_rejects_fill_no_terminal() -> None:
    run = decide("-", given="{\n" * 1000)
    assert run.code == 1
    assert len(run.err.splitlines()) < 12
    assert "1,000 rejected (1,000 broken-json)" in run.err


@pytest.mark.parametrize("given", ["", "\n\n"])
def test_nothing_to_decide_is_said_and_is_no_fault(given: str) -> None:
    run = decide("-", given=given)
    assert (run.code, run.out) == (0, "")
    assert "nothing to decide" in run.err


def test_the_same_items_in_three_formats_give_the_same_records(tmp_path: Path) -> None:
    import pyarrow as pa

    lines = decide(
        "-", given='{"id": "a", "signals": {"ai_extent": "generated", "technique": ["voice_clone"]}}\n{"id": "b"}'
    )
    (tmp_path / "a.csv").write_text("id,ai_extent,technique\na,generated,voice_clone\nb,,\n", encoding="utf-8")
    columns = {"id": ["a", "b"], "ai_extent": ["generated", None], "technique": [["voice_clone"], None]}
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert lines.code == 0
    assert decide(tmp_path / "a.csv").out == decide(tmp_path / "a.parquet").out == lines.out


def test_a_table_of_decisions_keeps_unknown(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "decisions.parquet"
    assert decide(mixed, "--out", out).code == 1
    rows = parquet.read_table(out).to_pylist()
    assert [row["id"] for row in rows] == ["good", "last"]
    assert set(rows[1]["measures"].values()) == {"no", "unknown"}


def test_markets_can_be_named_by_code_group_and_class() -> None:
    given = json.dumps(GOOD)
    run = assay("decide", "-", "--pack", STARTER, "--markets", "BR, EEA", "--as-of", "2026-12-15", given=given)
    names = {name for outcome in run.lines[0]["outcomes"] for name in outcome["markets"]}
    assert names == {"BR", "EU", "rest"}


def test_the_instant_stands_in_every_record() -> None:
    (named,) = decide("-", given=json.dumps(GOOD)).lines
    assert named["as_of"] == "2026-12-15T00:00:00Z"
    (today,) = assay("decide", "-", "--pack", STARTER, "--no-reasons", given=json.dumps(GOOD)).lines
    assert today["as_of"] > "2026-01-01"
    assert "reasons" not in today


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.jsonl",), "there is no file or folder `nowhere.jsonl`"),
        (("-", "--as-of", "tomorrow"), "`tomorrow` is no date"),
        (("-", "--markets", "XX"), "no market is named `XX`"),
        (("-", "--markets", "US-CAL"), "did you mean `US-CA`?"),
        (("-", "--markets", ","), "no market is named"),
        (("-", "--out", "decisions.csv"), "must end in .jsonl or .parquet"),
        (("-", "--trust", "nowhere"), "there is no folder `nowhere`"),
        (("-", "--out", "same.jsonl", "--rejects", "same.jsonl"), "is read or written already"),
        (("-", "--out", "no/such/folder.jsonl"), "cannot be opened"),
    ],
)
def test_wrong_use_is_said_and_ends_with_2(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = assay("decide", *words, "--pack", STARTER, given="")
    assert run.code == 2
    assert said in run.err


def test_a_pack_that_is_not_there_or_not_sound_decides_nothing(tmp_path: Path) -> None:
    assert assay("decide", "-", "--pack", tmp_path / "none", given="").code == 2
    run = assay("decide", "-", "--pack", tmp_path, given=json.dumps(GOOD))
    assert (run.code, run.out) == (1, "")
    assert "missing-file" in run.err


def test_a_file_cannot_be_written_over_what_it_is_read_from(mixed: Path) -> None:
    assert decide(mixed, "--out", mixed).code == 2
    assert mixed.read_text(encoding="utf-8") == MIXED


def test_a_folder_of_media_is_scanned_resolved_and_decided(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", parameters="a city\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8")
    bomb(tmp_path / "bomb.png")
    (tmp_path / "empty.png").touch()
    run = decide(tmp_path)
    records = {record["item"]: record for record in run.lines}
    assert run.code == 1
    assert set(records) == {"a.png", "bomb.png"}
    resolved = records["a.png"]["resolved"]["ai_extent"]
    assert (resolved["value"], resolved["by"]) == ("generated", "mark")
    assert resolved["source"].startswith("metadata:")
    assert "1 rejected (1 empty-file); 1 fault beside decided records (1 too-many-pixels)" in run.err


def test_one_media_file_is_decided_by_its_name(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    assert [record["item"] for record in decide(tmp_path / "a.png").lines] == ["a.png"]


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program in a process of its own, as a person starts it."""
    command = [sys.executable, "-m", "assay.interfaces.cli.app", *map(str, words)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        yield process


def test_a_record_is_written_before_the_next_is_seen() -> None:
    with started("decide", "-", "--pack", STARTER, "--markets", "FR") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(GOOD).encode() + b"\n")
        process.stdin.flush()
        first = process.stdout.readline()
        assert json.loads(first)["item"] == "good"
        out, err = process.communicate(b"{\n")
    assert (process.returncode, out) == (1, b"")
    assert b"1 decided; 1 rejected" in err


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({"id": str(number)}) for number in range(300)), encoding="utf-8")
    with started("decide", path, "--pack", STARTER, "--markets", "FR") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
