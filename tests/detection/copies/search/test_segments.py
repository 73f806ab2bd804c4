"""A table on disk is whole or known to be torn; the manifest names only whole ones."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from assay.detection.copies.search.codes import codes_of
from assay.detection.copies.search.index import HammingIndex, torn_in
from assay.detection.copies.search.manifest import MANIFEST, Part, read_manifest, write_manifest
from assay.detection.copies.search.segment import TornSegment, read_segment, write_segment
from assay.detection.copies.search.table import build_table

HASHES = np.random.default_rng(2).integers(0, 256, (300, 32), dtype=np.uint8)
ROWS = np.arange(1, 301)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index = HammingIndex(tmp_path, writing=True)
    index.append(HASHES, ROWS)
    index.seal(300)
    return tmp_path


def only_segment(folder: Path) -> Path:
    (path,) = folder.glob("*.segment")
    return path


def test_a_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    table = build_table(codes_of(HASHES), ROWS)
    write_segment(tmp_path / "00000001.segment", table)
    again = read_segment(tmp_path / "00000001.segment", thoroughly=True)
    assert again.bands == table.bands
    for name in ("codes", "firsts", "rows", "offsets", "postings"):
        assert np.array_equal(getattr(again, name), getattr(table, name))


def test_a_table_of_nothing_can_be_kept(tmp_path: Path) -> None:
    index = HammingIndex(tmp_path, writing=True)
    index.append(HASHES, ROWS)
    index.delete(ROWS)
    index.seal(300)
    again = HammingIndex(tmp_path, thoroughly=True)
    assert (again.covered, again.tables, again.missing) == (300, (0,), ())
    assert len(again.search(HASHES[:2], 31)) == 0


@pytest.mark.parametrize("part", [0, 10, 30, 5000, -1])
def test_a_table_that_was_cut_short_is_torn(folder: Path, part: int) -> None:
    path = only_segment(folder)
    path.write_bytes(path.read_bytes()[:part])
    with pytest.raises(TornSegment):
        read_segment(path)
    index = HammingIndex(folder)
    assert index.missing == ((0, 300),)
    index.fill(0, 300, HASHES, ROWS)
    assert index.search(HASHES[:1], 0).row.tolist() == [1]


def test_a_table_with_something_after_its_end_is_torn(folder: Path) -> None:
    with only_segment(folder).open("ab") as stream:
        stream.write(b"more")
    assert HammingIndex(folder).missing == ((0, 300),)


@pytest.mark.parametrize("place", [3, 20, 60, 5000, -3])
def test_a_table_with_one_other_bit_is_torn(folder: Path, place: int) -> None:
    path = only_segment(folder)
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    with pytest.raises(TornSegment):
        read_segment(path, thoroughly=True)
    assert torn_in(folder)


def test_a_table_that_points_outside_of_itself_is_told_and_no_crash(folder: Path) -> None:
    path = only_segment(folder)
    table = read_segment(path)
    wrong = build_table(codes_of(HASHES), ROWS)
    firsts = wrong.firsts.copy()
    firsts[1:] = 4_000_000
    write_segment(path, type(table)(wrong.bands, wrong.codes, firsts, wrong.rows, wrong.offsets, wrong.postings))
    with pytest.raises(TornSegment):
        HammingIndex(folder).search(HASHES, 0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"version": 2, "segments": []}',
        '{"version": 1, "segments": [{"file": "../../x", "after": 0, "until": 9}]}',
        '{"version": 1, "segments": [{"file": "00000001.segment", "after": 3, "until": 9}]}',
        '{"version": 1, "segments": [{"file": "00000001.segment", "after": 0, "until": 0}]}',
    ],
)
def test_a_manifest_that_is_none_means_that_the_index_is_made_again(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content)
    assert read_manifest(folder) == ()
    index = HammingIndex(folder, writing=True)
    assert (index.covered, index.tables) == (0, ())


def test_what_a_killed_writer_left_is_swept_and_other_files_are_not(folder: Path) -> None:
    for name in ("00000099.segment", ".00000100.segment.making", ".manifest.json.making", "notes.txt"):
        (folder / name).write_text("left")
    HammingIndex(folder)
    assert (folder / "00000099.segment").exists()
    HammingIndex(folder, writing=True)
    assert sorted(path.name for path in folder.iterdir()) == ["00000001.segment", MANIFEST, "notes.txt"]


def test_who_reads_keeps_the_tables_that_were_merged_meanwhile(folder: Path) -> None:
    reader = HammingIndex(folder)
    writer = HammingIndex(folder, writing=True)
    writer.append(HASHES[::-1].copy(), ROWS + 300)
    writer.seal(600)
    assert [path.name for path in folder.glob("*.segment")] == ["00000002.segment"]
    assert reader.search(HASHES[:1], 0).row.tolist() == [1]
    assert HammingIndex(folder).search(HASHES[:1], 0).row.tolist() == [1, 600]


def test_tables_grow_by_sizes_so_that_there_are_few(tmp_path: Path) -> None:
    index = HammingIndex(tmp_path, writing=True)
    for number in range(40):
        index.append(HASHES[:50], np.arange(number * 50 + 1, number * 50 + 51))
        index.seal((number + 1) * 50)
    assert sum(index.tables) == 2000
    assert len(index.tables) <= 5
    spans = [(part.after, part.until) for part in read_manifest(tmp_path)]
    assert spans[0][0] == 0
    assert spans[-1][1] == 2000


def test_a_manifest_reads_back(tmp_path: Path) -> None:
    parts = (Part("00000004.segment", 0, 7), Part("00000009.segment", 7, 8))
    write_manifest(tmp_path, parts)
    assert read_manifest(tmp_path) == parts
    assert json.loads((tmp_path / MANIFEST).read_text())["version"] == 1


def test_what_is_named_is_on_the_disk_before_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = HammingIndex(tmp_path, writing=True)
    index.append(HASHES, ROWS)
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(handle: int) -> None:
        kept = os.fstat(handle)
        done.append("folder" if stat.S_ISDIR(kept.st_mode) else "file")
        sync(handle)

    def renamed(path: Path, to: Path) -> Path:
        done.append(f"named {to.name}")
        return rename(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    index.seal(300)
    assert done == ["file", "named 00000001.segment", "folder", "file", f"named {MANIFEST}", "folder"]
