"""What was proved is kept for the next run; whatever happens to the file costs only what stood there."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.proofs import remembered
from assay.interfaces.proofs.remembered import Remembered, cache_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "proofs.jsonl"


def kept(path: Path, *keys: str) -> list[str | None]:
    with Remembered(path) as memory:
        return [memory.get(key) for key in keys]


def test_the_next_run_knows_what_this_one_found(path: Path) -> None:
    with Remembered(path) as memory:
        memory.put("a", "1")
        memory.put("b", "zwei\n\ud800")
        memory.put("a", "3")
        assert memory.get("a") == "3"
    assert kept(path, "a", "b", "c") == ["3", "zwei\n\ud800", None]


def test_nothing_is_written_twice(path: Path) -> None:
    for _ in range(3):
        with Remembered(path) as memory:
            memory.put("a", "1")
    assert path.read_text(encoding="utf-8").count('"a"') == 1


def test_a_damaged_line_costs_only_itself(path: Path) -> None:
    with Remembered(path) as memory:
        memory.put("a", "1")
    with path.open("ab") as stream:
        stream.write(b'\xff\xfe\n{"x": 1}\n["b"]\n["c", 3]\n' + b"[" * 100_000 + b'\n["half", "wri')
    with Remembered(path) as memory:
        memory.put("d", "4")
    assert kept(path, "a", "b", "c", "half", "d") == ["1", None, None, None, "4"]


def test_two_runs_at_once_lose_nothing(path: Path) -> None:
    with Remembered(path) as one, Remembered(path) as other:
        one.put("a", "1")
        other.put("b", "2")
    assert kept(path, "a", "b") == ["1", "2"]


def test_a_file_that_has_grown_too_large_keeps_what_is_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LARGEST_FILE", 4000)
    monkeypatch.setattr(remembered, "_AFTER_COMPACTION", 2000)
    with Remembered(path) as memory:
        memory.put("old", "1")
    with Remembered(path) as memory:
        assert memory.get("old") == "1"
        for number in range(300):
            memory.put(f"key-{number}", "x" * 20)
    assert path.stat().st_size <= 2000
    assert kept(path, "key-299", "key-0") == ["x" * 20, None]
    assert not [other for other in path.parent.iterdir() if other != path]


def test_where_nothing_can_be_written_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with Remembered(tmp_path / "file" / "proofs.jsonl") as memory:
        memory.put("a", "1")
        assert memory.get("a") == "1"
    assert "cannot be used" in memory.fault


def test_each_pack_has_a_file_where_the_system_keeps_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_file(tmp_path / "a").parent == tmp_path / "assay" / "proofs"
    assert cache_file(tmp_path / "a") != cache_file(tmp_path / "b")
    assert cache_file(tmp_path / "a") == cache_file(tmp_path / "b" / ".." / "a")
    assert cache_file(tmp_path / "a", tmp_path / "c").parent == tmp_path / "c"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_file(tmp_path / "a").parent == tmp_path / "home" / ".cache" / "assay" / "proofs"
