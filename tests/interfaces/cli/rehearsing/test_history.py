from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interfaces import small
from tests.interfaces.histories.made import write
from tests.interfaces.running import assay, json_lines

CSV = """upload,when,ai_extent,consent,nudity,disclosed,de,rest,share
u1,2026-10-01,generated,absent,yes,no,10,5,0.5
u2,2026-10-02T10:00:00Z,altered,,no,,0,7,1
u3,2026-10-02,altred,,,,1,1,1
u4,2026-10-02,none,,,,1,1,0
"""
MAPPING = """id: upload
day: when
views:DE: de
"views:*": rest
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small.write(tmp_path / "pack")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    path = tmp_path / "items.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_an_import_says_what_it_kept_and_what_not(pack: Path, source: Path, tmp_path: Path) -> None:
    out, rejects = tmp_path / "h.parquet", tmp_path / "rejects.jsonl"
    options = ("--mapping", tmp_path / "map.yaml", "--map", "probability=share", "--rejects", rejects)
    run = assay("history", "import", source, "-o", out, "--pack", pack, *options)
    assert run.code == 1
    assert "4 rows read; 2 kept; 2 left out (1 bad-probability, 1 unknown-value)" in run.out
    assert "2 rows · 2026-10-01 to 2026-10-02, 2 days · a simple random sample" in run.out
    assert [(each["line"], each["id"], each["slug"]) for each in json_lines(rejects)] == [
        (4, "u3", "unknown-value"),
        (5, "u4", "bad-probability"),
    ]
    shown = assay("history", "show", out, "--pack", pack, "--json")
    facts = json.loads(shown.out)
    assert shown.code == 0 and facts["rows"] == 2 and facts["refusals"] == []
    assert facts["markets"] == {"DE": {"rows": 1, "views": 10}, "*": {"rows": 2, "views": 12}}
    assert facts["missing"] == {"consent": 0.5, "disclosed": 0.5, "ai_extent": 0.0, "nudity": 0.0}


def test_without_a_file_for_rejects_the_first_are_shown(pack: Path, source: Path, tmp_path: Path) -> None:
    run = assay(
        "history", "import", source, "-o", tmp_path / "h.parquet", "--pack", pack, "--mapping", tmp_path / "map.yaml"
    )
    assert run.code == 1 and "items.csv:4: unknown-value: `altred` is not one of its values" in run.err
    assert "left aside: nobody knows `share` (4 rows)" in run.out.replace(
        "left aside: nobody knows `share` (3 rows)", ""
    )


def test_a_sound_table_ends_with_0(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"id": "a", "day": "2026-10-01", "ai_extent": "none"}\n', encoding="utf-8")
    run = assay("history", "import", path, "--out", tmp_path / "h.parquet", "--pack", pack)
    assert (run.code, run.err) == (0, "") and "1 row read; 1 kept" in run.out


def test_no_rows_at_all_are_told_plainly(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text("", encoding="utf-8")
    run = assay("history", "import", tmp_path / "items.jsonl", "-o", tmp_path / "h.parquet", "--pack", pack)
    assert run.code == 0 and "there is nothing in it to decide" in run.out
    assert assay("history", "show", tmp_path / "h.parquet").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.csv", "-o", "h.parquet"), "there is no file or folder"),
        (("items.csv", "-o", "h.csv"), "must end in .parquet"),
        (("map.yaml", "-o", "h.parquet"), "must end in .csv, .jsonl or .parquet"),
        (("items.csv", "-o", "h.parquet", "--rejects", "h.parquet"), "is read or written already"),
        (("items.csv", "-o", "h.parquet", "--design", "stratifed"), "is no sampling design"),
        (("items.csv", "-o", "h.parquet", "--views", "DE,XX"), "no market is named `XX`"),
        (("items.csv", "-o", "h.parquet", "--map", "extent"), "not of the form `name=column`"),
        (("items.csv", "-o", "h.parquet", "--map", "ai_exten=ai"), "did you mean `ai_extent`?"),
        (("items.csv", "-o", "h.parquet", "--map", "id=upload", "--map", "day=upload"), "cannot be two things"),
        (("items.csv", "-o", "h.parquet", "--mapping", "items.csv"), "bad-mapping"),
        (("items.csv", "-o", "h.parquet", "--mapping", "none.yaml"), "cannot be opened"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(
    pack: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = assay("history", "import", *words, "--pack", pack)
    assert run.code == 2 and said in run.err
    assert not (tmp_path / "h.parquet").exists()


def test_a_table_that_cannot_be_read_at_all_ends_with_1_and_leaves_nothing(
    pack: Path, source: Path, tmp_path: Path
) -> None:
    run = assay("history", "import", source, "-o", tmp_path / "h.parquet", "--pack", pack)
    assert run.code == 1 and "missing-id-column" in run.err and not (tmp_path / "h.parquet").exists()


def a_history(tmp_path: Path, **columns: object) -> Path:
    from tests.engine.backtest.history.rows import a_batch

    return write(tmp_path / "h.parquet", a_batch(columns))


def test_show_names_what_cannot_be_used_and_ends_with_1(pack: Path, tmp_path: Path) -> None:
    path = a_history(tmp_path, ai_extent=["none", "altred", "altred"], title=["x"] * 3)
    run = assay("history", "show", path, "--pack", pack)
    assert run.code == 1
    line = next(line for line in run.out.splitlines() if line.startswith("unknown-value"))
    assert line.split()[:4] == ["unknown-value", "ai_extent", "2", "h.parquet:2"]
    assert any(line.startswith("unknown-column") and "title" in line for line in run.out.splitlines())


def test_show_needs_no_pack(tmp_path: Path) -> None:
    run = assay("history", "show", a_history(tmp_path, ai_extent=["none", "altred", "altred"]))
    assert "3 rows · 2026-10-01 to 2026-10-01, 1 day · every item" in run.out and run.code == 0


def test_show_of_what_is_no_history_names_why(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    assert assay("history", "show", tmp_path / "none.parquet").code == 2
    run = assay("history", "show", tmp_path / "x.parquet")
    assert run.code == 1 and "truncated-file" in run.err
    run = assay("history", "show", a_history(tmp_path, probability=["often"] * 3), "--pack", pack)
    assert run.code == 1 and "wrong-type: the column `probability` holds numbers" in run.err
