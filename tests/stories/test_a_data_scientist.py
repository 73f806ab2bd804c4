"""A data scientist decides a table with bad rows, mends what was rejected, and reads the answer as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.interfaces.running import decide, json_lines

pytestmark = pytest.mark.story

HEADER = ["id", "ai_extent", "realism", "technique", "detector.score", "creator_disclosed"]
ROWS = [
    ["up-1", "generated", "realistic", "", "0.91", "none"],
    ["up-2", "", "", "", "", ""],
    ["up-3", "generted", "realistic", "", "", ""],
    ["up-4", "altered", "realistic", "face_swap|voice_clone", "nan", ""],
    ["up-1", "none", "", "", "", ""],
    ["up-5", "none", "unreal", "|", "0.02", "none"],
]


def test_from_a_table_to_a_table(tmp_path: Path) -> None:
    table = tmp_path / "uploads.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *ROWS])
    out, rejects = tmp_path / "decisions.parquet", tmp_path / "rejects.jsonl"

    # Bad rows cost themselves; the others are decided.
    run = decide(table, "--out", out, "--rejects", rejects)
    assert run.code == 1
    assert "3 decided; 3 rejected" in run.err
    assert [(each["line"], each["id"], each["slug"], each["field"]) for each in json_lines(rejects)] == [
        (4, "up-3", "unknown-value", "ai_extent"),
        (5, "up-4", "not-a-number", "detector.score"),
        (6, "up-1", "duplicate-id", "id"),
    ]
    rows = {row["id"]: row for row in parquet.read_table(out).to_pylist()}
    assert set(rows) == {"up-1", "up-2", "up-5"}

    # Of the item of which nothing is known nothing is certain, and everything that matters is asked for.
    nothing = rows["up-2"]
    assert "yes" not in nothing["measures"].values()
    assert "unknown" in nothing["measures"].values()
    assert not nothing["settled"]
    assert "ai_extent" in nothing["questions"]

    # The rejected rows, mended, are decided on their own.
    mended = [["up-3", "generated", *ROWS[2][2:]], [*ROWS[3][:4], "", ""]]
    with table.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *mended])
    again = decide(table)
    assert again.code == 0
    assert [record["item"] for record in again.lines] == ["up-3", "up-4"]
    assert again.lines[1]["signals"]["technique"] == ["face_swap", "voice_clone"]
