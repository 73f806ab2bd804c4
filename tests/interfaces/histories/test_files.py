from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.backtest.history.layout import DESIGN_KEY, HISTORY_KEY, SYNTH_KEY
from assay.interfaces.histories.files import made_by, open_history
from tests.engine.backtest.history.rows import a_batch
from tests.interfaces.histories.made import faults_of, ids, opened, prepared, read_all, some_rows, write


def test_a_folder_is_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path / "b.parquet", some_rows(5, 2))
    write(tmp_path / "a.parquet", some_rows(0, 3), some_rows(3, 2))
    (tmp_path / "notes.txt").write_text("not a history")
    history = opened(tmp_path)
    assert [Path(name).name for name in history.files] == ["a.parquet", "b.parquet"]
    assert [(piece.number, piece.file, piece.group, piece.rows, piece.first_row) for piece in history.pieces] == [
        (0, 0, 0, 3, 0),
        (1, 0, 1, 2, 3),
        (2, 1, 0, 2, 0),
    ]
    assert history.rows == 7
    blocks, refusals = read_all(prepared(tmp_path))
    assert ids(blocks) == [f"i{row}" for row in range(7)] and not refusals.listed()


def test_the_digest_of_one_file_is_the_one_that_anybody_can_work_out(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch())
    assert opened(path).digest == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_of_several_files_changes_with_any_of_them(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", some_rows(0, 3))
    write(tmp_path / "b.parquet", some_rows(3, 3))
    before = opened(tmp_path).digest
    write(tmp_path / "b.parquet", some_rows(3, 4))
    assert opened(tmp_path).digest != before


def test_design_and_origin_are_what_the_file_says(tmp_path: Path) -> None:
    said = {DESIGN_KEY: b"poisson", HISTORY_KEY: b"1", SYNTH_KEY: b'{"seed": 1}'}
    history = opened(write(tmp_path / "h.parquet", a_batch(), metadata=said))
    assert history.design == "poisson" and made_by(history) == {"seed": 1}


@pytest.mark.parametrize(
    ("columns", "design"),
    [
        ({}, "census"),
        ({"stratum": ["a", "a", "b"]}, "census"),
        ({"probability": [0.5, 0.5, 0.5]}, "simple"),
        ({"probability": [0.5, 0.5, 0.1], "stratum": ["a", "a", "b"]}, "stratified"),
    ],
)
def test_a_design_that_nobody_named_is_told_by_the_columns(
    tmp_path: Path, columns: dict[str, list[object]], design: str
) -> None:
    history = opened(write(tmp_path / "h.parquet", a_batch(columns)))
    assert history.design == design and made_by(history) == {}


def test_a_history_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch({"id": ["a", "a", "b"], "views:DE": [1, 2, 3]}))
    reading = prepared(path)
    read_all(reading)
    again = pickle.loads(pickle.dumps(reading))
    assert again.history.pieces == reading.history.pieces and again.history.digest == reading.history.digest
    assert ids(read_all(again)[0]) == ids(read_all(reading)[0]) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "empty-file"),
        (b"id,day\na,2026-10-01\n", "not-parquet"),
        (b"PAR1", "truncated-file"),
        (b"PAR1" + b"\x00" * 40, "truncated-file"),
        (b"PAR1" + b"\x00" * 40 + b"PAR1", "damaged-file"),
    ],
)
def test_a_file_that_is_no_parquet_says_what_it_is(tmp_path: Path, content: bytes, slug: str) -> None:
    path = tmp_path / "h.parquet"
    path.write_bytes(content)
    assert faults_of(path) == [slug]


def test_a_file_that_was_cut_off_is_told_from_one_that_is_none(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch())
    path.write_bytes(path.read_bytes()[:-20])
    assert faults_of(path) == ["truncated-file"]


def test_no_file_and_no_file_in_a_folder_are_faults(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.parquet") == ["no-such-file"]
    assert faults_of(tmp_path) == ["empty-folder"]


def test_hidden_files_of_a_folder_are_no_part_of_it(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", a_batch())
    for name in ("._a.parquet", "_temporary.parquet"):
        (tmp_path / name).write_bytes(b"of a file system")
    found = open_history(tmp_path)
    assert not isinstance(found, list) and [Path(file).name for file in found.files] == ["a.parquet"]


def test_files_in_folders_below_are_named_and_not_left_out_silently(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", a_batch())
    (tmp_path / "day=2026-10-01").mkdir()
    write(tmp_path / "day=2026-10-01" / "b.parquet", a_batch())
    assert faults_of(tmp_path) == ["nested-folder"]


def test_every_bad_file_of_a_folder_is_named(tmp_path: Path) -> None:
    for name in ("a", "c"):
        (tmp_path / f"{name}.parquet").write_bytes(b"")
    write(tmp_path / "b.parquet", a_batch())
    found = open_history(tmp_path)
    assert isinstance(found, list) and [fault.words.split("`")[1] for fault in found] == ["a.parquet", "c.parquet"]


def test_another_layout_or_design_is_a_fault(tmp_path: Path) -> None:
    said = {HISTORY_KEY: b"2", DESIGN_KEY: b"stratifed"}
    assert faults_of(write(tmp_path / "h.parquet", a_batch(), metadata=said)) == ["other-layout", "unknown-design"]


def test_a_design_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch(), metadata={DESIGN_KEY: b"\xff\xfe"})
    assert faults_of(path) == ["unknown-design"]


def test_files_of_one_history_have_one_design_and_the_same_markets(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", some_rows(0, 3, **{"views:DE": [1, 2, 3]}), metadata={DESIGN_KEY: b"simple"})
    write(tmp_path / "b.parquet", some_rows(3, 3), metadata={DESIGN_KEY: b"poisson"})
    assert faults_of(tmp_path) == ["other-markets", "several-designs"]


def test_a_signal_that_one_file_lacks_is_unknown_in_its_rows(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", some_rows(0, 3, extent=["none"] * 3))
    write(tmp_path / "b.parquet", some_rows(3, 3))
    blocks, refusals = read_all(prepared(tmp_path))
    assert [set(block.block.columns) for block in blocks] == [{"extent"}, set()] and not refusals.rows


def test_a_column_of_a_wrong_type_is_named_with_its_file(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", some_rows(0, 3))
    write(tmp_path / "b.parquet", some_rows(3, 3, detector=["a", "b", "c"]))
    from assay.interfaces.histories.reading import prepare
    from tests.engine.backtest.history.rows import needed

    found = prepare(opened(tmp_path), needed())
    assert isinstance(found, list)
    assert [(fault.slug, fault.field) for fault in found] == [("wrong-type", "detector")]
    assert found[0].words.startswith("b.parquet: ")


def test_a_file_of_no_rows_is_a_history_of_none(tmp_path: Path) -> None:
    path = tmp_path / "h.parquet"
    pq.write_table(pa.table({"id": pa.array([], pa.string()), "day": pa.array([], pa.date32())}), path)
    history = opened(path)
    assert history.rows == 0
    blocks, refusals = read_all(prepared(path))
    assert blocks == [] and refusals.listed() == ()
