"""`assay scan` at length: lists, outputs, going on, a cache; and what is said where something is wrong."""

from __future__ import annotations

import inspect
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.detection import run
from assay.interfaces.cli.items import scan as command
from assay.interfaces.scans.kept import cache
from tests.interfaces.records.test_media import picture
from tests.interfaces.running import assay, json_lines

TRACE = "a city\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8"
ONLY = ("--scanner", "metadata", "--workers", "1")


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "uploads"
    folder.mkdir()
    picture(folder / "a.png", parameters=TRACE)
    picture(folder / "b.png")
    return folder


def test_the_limits_are_those_of_detection() -> None:
    assert (command.WORKERS, command.SECONDS, command.MEGABYTES) == (run.WORKERS, run.SECONDS, run.MEGABYTES)
    assert command.CACHE_MEGABYTES == cache.MEGABYTES
    defaults = inspect.signature(run.scan_files).parameters
    assert (defaults["workers"].default, defaults["seconds"].default) == (command.WORKERS, command.SECONDS)


def test_rows_go_where_they_are_asked_for_and_a_summary_is_printed(uploads: Path) -> None:
    done = assay("scan", uploads, "--out", "rows.jsonl", "--cache", "kept", *ONLY)
    assert done.code == 0
    assert done.out.splitlines()[-2:] == ["rows in rows.jsonl", "2 files: 1 with evidence"]
    again = assay("scan", "--list", "-", "--out", "rows", "--cache", "kept", "--json", *ONLY, given="uploads/a.png\n")
    summary = json.loads(again.out)
    assert (summary["files"], summary["from_cache"], summary["out"]) == (1, 1, "rows")
    (first, _) = json_lines(Path("rows.jsonl"))
    (row,) = pq.read_table("rows/part-00000.parquet").to_pylist()
    assert row["file"] == "uploads/a.png"
    assert row["sha256"] == first["sha256"]
    assert [each["kind"] for each in row["evidence"]] == [each["kind"] for each in first["evidence"]]


def test_many_files_are_counted_and_not_listed(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.interfaces.cli.items.scan_shown.MOST_SHOWN", 1)
    done = assay("scan", uploads, *ONLY)
    assert "a.png" not in done.out
    assert "1 generator_metadata" in done.out
    assert done.out.splitlines()[-2:] == [
        "Each file's row: with `--json`, or with `--out rows.jsonl`.",
        "2 files: 1 with evidence",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing is named to scan"),
        (("uploads", "--resume"), "`--resume` goes on with what `--out` names"),
        (("uploads", "--out", "rows.txt"), "end it with .jsonl or .parquet"),
        (("uploads", "--engine", "rey"), "no engine is named `rey`; did you mean `ray`?"),
        (("uploads", "--root", "nowhere"), "there is no folder `nowhere`"),
        (("uploads", "--workers", "0"), "scanning needs a worker"),
        (("uploads", "--cache", "uploads/a.png"), "there can be no cache in `uploads/a.png`"),
        (("uploads", "--list", "nowhere"), "`nowhere` cannot be used: no such file or directory"),
        (("uploads", "--banks", "nowhere"), "nowhere"),
        (("uploads", "--detectors", "nowhere"), "nowhere"),
        (("none.csv",), "`none.csv` cannot be used: no such file or directory"),
    ],
)
def test_wrong_use_says_the_next_step(uploads: Path, words: tuple[str, ...], said: str) -> None:
    done = assay("scan", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_without_ray_the_command_that_installs_it_is_named(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.interfaces.scans.engines.find_spec", lambda name: None)
    done = assay("scan", uploads, "--engine", "ray")
    assert (done.code, done.err) == (2, "assay: `ray` is not installed; run: python -m pip install 'assay[scale]'\n")


def test_a_scan_that_is_killed_goes_on_to_the_same_bytes(uploads: Path) -> None:
    for number in range(400):
        picture(uploads / f"{number:03}.png", Comment=str(number))
    words = ["scan", "uploads", "--out", "rows.jsonl", "--resume", "--json", *ONLY]
    code = "from assay.interfaces.cli.app import main; main()"
    running = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.DEVNULL)
    index = Path(".rows.jsonl.scan/rows.index")
    ends = time.monotonic() + 30
    while not (index.exists() and index.stat().st_size) and running.poll() is None and time.monotonic() < ends:
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL, "it was killed before its end"
    refused = assay("scan", "uploads", "--out", "rows.jsonl", *ONLY, "--seconds", "9", "--resume")
    assert (refused.code, "`seconds` was 20 and is 9" in refused.err) == (2, True)
    summary = json.loads(assay(*words).out)
    assert summary["kept_from_before"] > 0
    assert summary["files"] == 402
    assert assay("scan", "uploads", "--out", "whole.jsonl", *ONLY).code == 0
    assert Path("rows.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
