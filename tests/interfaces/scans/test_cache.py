"""The cache: a row comes back as it was put there, or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assay.interfaces.scans.kept.cache import FILE, CacheReader, CacheUnusable, CacheWriter, Kept, count_kept
from tests.interfaces.scans.making import entries_of, files, row_of

TODAY = 738_000
KEY = b"k" * 32


@pytest.fixture
def body(tmp_path: Path) -> bytes:
    (path,) = files(tmp_path / "files", 1)
    line = row_of(entries_of([path])[0]).line
    return line[line.index(b'"sha256"') :]


def put(folder: Path, *rows: Kept, most_bytes: int = 1 << 20, hits: tuple[bytes, ...] = ()) -> None:
    writer = CacheWriter(folder, most_bytes)
    writer.put(rows, hits)
    writer.close()


def got(folder: Path, key: bytes = KEY, day: int = TODAY) -> bytes | None:
    return CacheReader(folder, day).get(key)


def test_a_row_comes_back_as_it_was(tmp_path: Path, body: bytes) -> None:
    put(tmp_path, Kept(KEY, body))
    assert got(tmp_path) == body
    assert got(tmp_path, b"x" * 32) is None
    assert CacheReader(tmp_path / "nowhere", TODAY).get(KEY) is None


def test_what_rests_on_a_signature_holds_for_its_day(tmp_path: Path, body: bytes) -> None:
    put(tmp_path, Kept(KEY, body, TODAY))
    assert got(tmp_path) == body
    assert got(tmp_path, day=TODAY + 1) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kept SET row = substr(row, 1, 40)",
        "UPDATE kept SET row = x'00'",
        "UPDATE kept SET row = 'text'",
        "UPDATE kept SET day = day + 738000",
        "UPDATE kept SET key = x'" + (b"o" * 32).hex() + "'",
        "DROP TABLE kept",
    ],
)
def test_a_poisoned_or_torn_row_is_a_miss(tmp_path: Path, body: bytes, change: str) -> None:
    put(tmp_path, Kept(KEY, body))
    with sqlite3.connect(tmp_path / FILE) as opened:
        opened.execute(change)
    opened.close()
    assert got(tmp_path) is None
    assert got(tmp_path, b"o" * 32) is None


def test_a_row_that_is_none_is_a_miss(tmp_path: Path) -> None:
    put(tmp_path, Kept(KEY, b'"sha256":1}'), Kept(b"z" * 32, b"no row at all"))
    assert got(tmp_path) is None
    assert got(tmp_path, b"z" * 32) is None


def test_a_file_that_is_no_cache_is_begun_anew(tmp_path: Path, body: bytes) -> None:
    (tmp_path / FILE).write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    assert got(tmp_path) is None
    put(tmp_path, Kept(KEY, body))
    assert got(tmp_path) == body


def test_two_writers_and_a_reader_do_not_disturb_each_other(tmp_path: Path, body: bytes) -> None:
    first, second = CacheWriter(tmp_path), CacheWriter(tmp_path)
    reader = CacheReader(tmp_path, TODAY)
    for number in range(20):
        (first, second)[number % 2].put([Kept(bytes([number]) * 32, body)])
        assert reader.get(bytes([number]) * 32) == body
    assert count_kept(tmp_path) == 20
    first.close()
    second.close()


def test_a_full_cache_lets_go_of_what_was_used_least_lately(
    tmp_path: Path, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("assay.interfaces.scans.kept.cache.time.time", lambda: next(clock))
    most = 300_000
    writer = CacheWriter(tmp_path, most)
    # Neither the first nor the last by its key, nor by when it came.
    dear = bytes([0, 1]) * 16
    writer.put([Kept(dear, body)])
    for number in range(60):
        writer.put([Kept(bytes([number, at]) * 16, body) for at in range(2, 22)], [dear])
    writer.close()
    assert (tmp_path / FILE).stat().st_size < 2 * most
    assert 50 < count_kept(tmp_path) < 1000
    assert got(tmp_path, dear) == body
    assert got(tmp_path, bytes([59, 3]) * 16) == body
    assert got(tmp_path, bytes([0, 2]) * 16) is None


def test_where_no_cache_can_be_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CacheUnusable, match="there can be no cache"):
        CacheWriter(tmp_path / "file")
