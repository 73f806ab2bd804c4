"""Golden texts change only when somebody says so, and a difference can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Golden


def test_a_text_that_is_not_there_fails_and_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="no golden text"):
        Golden(accept=False, folder=tmp_path)("new.txt", "hello\n")
    assert not list(tmp_path.iterdir())


def test_accepting_writes_the_text_and_its_folder(tmp_path: Path) -> None:
    Golden(accept=True, folder=tmp_path)("deep/new.txt", "grün\n")
    assert (tmp_path / "deep" / "new.txt").read_bytes() == "grün\n".encode()
    Golden(accept=False, folder=tmp_path)("deep/new.txt", "grün\n")


def test_a_changed_line_is_shown_with_both_of_its_forms(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception) as failure:
        Golden(accept=False, folder=tmp_path)("a.txt", "one\nthree\n")
    assert "-two" in str(failure.value)
    assert "+three" in str(failure.value)


def test_an_end_of_line_that_went_missing_is_a_difference(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\n")
    with pytest.raises(pytest.fail.Exception, match="ends of lines differ"):
        Golden(accept=False, folder=tmp_path)("a.txt", "one")


def test_bytes_are_compared_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\x00\x01")
    with pytest.raises(pytest.fail.Exception, match="first difference is at byte 2"):
        Golden(accept=False, folder=tmp_path)("a.bin", b"\xff\x00\x02")
