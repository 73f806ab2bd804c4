"""The finished rows in every form: the same rows, and only when they are all there."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.interfaces.scans.given.sources import Given
from assay.interfaces.scans.kept import outputs
from assay.interfaces.scans.scanning import Done, scan_into
from tests.interfaces.scans.making import CONDITIONS, Engine, files, nobody


def scanned(folder: Path, out: Path) -> None:
    assert isinstance(scan_into(out, Given((folder,)), Engine(), CONDITIONS, nobody), Done)


def as_row(line: bytes) -> dict[str, object]:
    row: dict[str, object] = json.loads(line)
    return row | {"id": row.get("id")}


def from_parquet(path: Path) -> list[dict[str, object]]:
    rows = pq.read_table(path).to_pylist(maps_as_pydicts="strict")
    return [row | {"judgement": json.loads(row["judgement"])} for row in rows]


def test_parquet_and_its_parts_hold_the_rows_of_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "PART_ROWS", 4)
    files(tmp_path / "files", 10)
    for name in ("rows.jsonl", "rows.parquet", "rows"):
        scanned(tmp_path / "files", tmp_path / name)
    rows = [as_row(line) for line in (tmp_path / "rows.jsonl").read_bytes().splitlines()]
    assert from_parquet(tmp_path / "rows.parquet") == rows
    parts = sorted((tmp_path / "rows").iterdir())
    assert [path.name for path in parts] == [f"part-{number:05}.parquet" for number in range(3)]
    assert [row for path in parts for row in from_parquet(path)] == rows


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet", "rows"])
def test_a_scan_of_nothing_has_an_output_without_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / "files").mkdir()
    scanned(tmp_path / "files", tmp_path / name)
    if name == "rows.jsonl":
        assert (tmp_path / name).read_bytes() == b""
    else:
        assert pq.read_table(tmp_path / name).num_rows == 0
