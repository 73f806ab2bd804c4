"""The private folder: for its user alone, empty after each file, and cleared after a service that was killed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from assay.interfaces.service.scanned import shelf as module
from assay.interfaces.service.scanned.shelf import LOCK, PREFIX, Shelf, beside_of


def test_the_folder_is_private_and_made_with_the_first_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert not list(tmp_path.iterdir())
    with shelf.place("a.PNG") as path:
        assert path.suffix == ".png"
        assert path.parent.stat().st_mode & 0o777 == 0o700
        path.write_bytes(b"x")
        beside_of(path).write_bytes(b"{}")
    assert [each.name for each in path.parent.iterdir()] == [LOCK]
    shelf.close()
    assert not list(tmp_path.iterdir())
    shelf.close()


def test_a_file_goes_whatever_happens_to_its_scan(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    def fails() -> None:
        with shelf.place("a.png") as path:
            path.write_bytes(b"x")
            raise LookupError(str(path))

    with pytest.raises(LookupError) as failed:
        fails()
    assert not Path(str(failed.value)).exists()
    shelf.close()


@pytest.mark.parametrize(
    "name", ["../../x.png", "a.png/../../b", "x." + "y" * 80, "a.\x00", "a.p ng", "", ".", "..", "a.ü", "a.png\n"]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    shelf = Shelf(tmp_path)
    with shelf.place(name) as path:
        path.write_bytes(b"x")
        assert path.resolve().parent.parent == tmp_path.resolve()
        assert path.name.isascii()
    shelf.close()


def old(folder: Path) -> None:
    long_ago = time.time() - module.NEW_SECONDS - 10
    os.utime(folder, (long_ago, long_ago))


def test_what_a_killed_service_left_is_removed_and_what_is_in_use_stays(tmp_path: Path) -> None:
    left = tmp_path / f"{PREFIX}left"
    left.mkdir()
    (left / LOCK).touch()
    (left / "upload-000001.png").write_bytes(b"somebody's picture")
    young = tmp_path / f"{PREFIX}young"
    young.mkdir()
    (young / LOCK).touch()
    other = tmp_path / "mine"
    other.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(other)
    (other / LOCK).touch()
    running = Shelf(tmp_path)
    with running.place("a.png") as used:
        used.write_bytes(b"x")
        old(used.parent)
        old(left)
        old(other)
        second = Shelf(tmp_path)
        with second.place("b.png"):
            assert not left.exists()
            assert young.exists()
            assert other.is_dir()
            assert used.exists()
        second.close()
    running.close()
