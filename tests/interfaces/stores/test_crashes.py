"""A process that is killed while it keeps records: every one that was answered is there, whole, and once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.interfaces.stores.files import record_files, records_in
from assay.interfaces.stores.segments import recovering
from assay.interfaces.stores.segments.folder import OpenFolder, open_folder
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.reading import StoredRecord, read_whole
from assay.interfaces.stores.segments.writer import Limits
from assay.interfaces.stores.verifying import verify_file
from tests.conftest import ROOT
from tests.interfaces.stores.making import asked, shown, some_entries, write


def _killed(folder: Path, first: int, durability: str, seconds: float) -> list[int]:
    """Which batches a process answered before it was killed."""
    command = [sys.executable, "-m", "tests.interfaces.stores.keeping", str(folder), str(first), durability]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None and process.stdout.readline() == b"open\n"
        time.sleep(seconds)
        process.kill()
        said, _ = process.communicate()
    # The last line may be one that was cut.
    return [int(line) for line in said.split(b"\n")[:-1]]


@pytest.mark.parametrize("durability", ["synced", "written"])
def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(tmp_path: Path, durability: str) -> None:
    chance, answered = random.Random(5), []
    for round_ in range(6):
        answered += _killed(tmp_path, round_ * 1_000_000, durability, chance.uniform(0.0, 0.25))
    opened = open_folder(tmp_path)
    assert isinstance(opened, OpenFolder)
    opened.lock.release()
    files = record_files(tmp_path)
    assert isinstance(files, list)
    assert all(not verify_file(path).damages and verify_file(path).torn is None for path in files)
    found = shown([each for path in files for each in records_in(path) if isinstance(each, StoredRecord)])
    there = set(found)
    assert len(there) == len(found)
    assert answered and all(each in there for number in answered for each in asked(some_entries(7, number)))


def test_opening_reads_no_more_of_closed_segments_than_their_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = [some_entries(100, first) for first in range(0, 2000, 100)]
    files = write(tmp_path, batches, Limits("written", segment_bytes=30_000))
    assert len(files) > 5
    files[-1].write_bytes(files[-1].read_bytes()[:-100])
    whole: list[Path] = []

    def noted(path: Path) -> tuple[bytes, list[Damage]]:
        whole.append(path)
        return read_whole(path)

    monkeypatch.setattr(recovering, "read_whole", noted)
    opened = open_folder(tmp_path)
    assert isinstance(opened, OpenFolder) and len(opened.recovered) == 1
    opened.lock.release()
    assert whole == [files[-1]]
