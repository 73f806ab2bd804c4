"""Files in chunks: the guilty one of a chunk is found and named, and none of its neighbours is touched."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.detection.pool.alone import joined
from assay.detection.pool.chunks import ChunkPool, PoolBroken
from assay.detection.pool.marks import NOT_BEGUN, Marks
from assay.detection.pool.station import Scanning
from assay.detection.result import ScanResult
from assay.detection.run import duty_of, scan_files
from assay.detection.worker import begin, scan_one
from tests.detection.test_run import WILD, claims, slugs, written

pytestmark = pytest.mark.slow


def test_bad_files_within_chunks_cost_only_themselves(tmp_path: Path) -> None:
    names = [f"{number:03}.png" for number in range(90)]
    bad = {40: "exit.png", 41: "segfault.png", 47: "hang.png", 60: "raise.png"}
    paths = written(tmp_path, *(bad.get(number, name) for number, name in enumerate(names)))
    results = list(scan_files(paths, workers=2, seconds=0.5, megabytes=1024, scanners=["metadata", WILD]))
    assert [result.path for result in results] == paths
    expected = ["scanner-crashed", "scanner-crashed", "scanner-timed-out", "scanner-failed"]
    assert [slugs(results[number]) for number in bad] == [[(slug, WILD)] for slug in expected]
    assert all(claims(results[number]) == ["generated"] for number in bad), "the other scanner's findings are kept"
    others = [result for number, result in enumerate(results) if number not in bad]
    assert all(not result.faults and result.scanners == ("metadata", WILD) for result in others)


def test_a_pool_whose_processes_are_all_killed_begins_again_however_often(tmp_path: Path) -> None:
    paths = written(tmp_path, *(f"{number:03}.png" for number in range(200)))
    pool = ChunkPool(Scanning(), duty_of(scanners=["metadata"], megabytes=1024), 2, 5.0)
    with pool:
        results = list(pool.done(_killing(paths, pool)))
    assert [result.path for result in results] == paths
    assert not any(result.faults for result in results)


def _killing(paths: list[Path], pool: ChunkPool[Path, ScanResult]) -> Iterator[Path]:
    for number, path in enumerate(paths):
        # Oftener than a pool may break that does nothing in between.
        if number and number % 35 == 0:
            for process in tuple(pool._pool._pool_manager.worker_manager.workers):
                os.kill(process, signal.SIGKILL)
        yield path


class Unable(Scanning):
    """A job whose processes end before they begin."""

    def begin(self) -> None:
        os._exit(1)


def test_processes_that_never_begin_are_told_and_not_waited_for(tmp_path: Path) -> None:
    pool = ChunkPool(Unable(), duty_of(scanners=["metadata"], megabytes=1024), 1, 5.0)
    with pool, pytest.raises(PoolBroken, match="memory and room"):
        list(pool.done(written(tmp_path, "a.png")))


def test_marks_are_seen_by_whoever_opens_them(tmp_path: Path) -> None:
    marks = Marks.made(3)
    try:
        other = Marks(*marks.address)
        assert [marks.at(place) for place in range(3)] == [NOT_BEGUN] * 3
        other.set(1, 0)
        other.set(2, 31)
        assert [marks.at(place) for place in range(3)] == [NOT_BEGUN, 0, 31]
        marks.clear(2)
        assert other.at(2) == NOT_BEGUN
    finally:
        marks.remove()
    assert not marks.address[0].exists()


def test_a_chunk_that_was_not_begun_suspects_no_file_of_the_chunk_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChunkPool(Scanning(), duty_of(scanners=["metadata"], megabytes=1024), 1, 5.0) as pool:
        monkeypatch.setattr(pool._pool, "schedule", lambda *_given, **_more: None)
        for place in pool._free:
            pool._marks.set(place, 31)
        assert pool._marks.at(pool._give((tmp_path / "a.png",))) == NOT_BEGUN


def test_scanner_by_scanner_a_file_has_the_result_that_it_has_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.detection.worker._limit", lambda which, most: None)
    good, empty = written(tmp_path, "a.png", "b.png")
    empty.write_bytes(b"")
    duty = duty_of(scanners=["c2pa", "declared", "metadata"])
    begin(duty)
    for path in (good, empty, tmp_path / "none.png"):
        whole = ScanResult(path)
        for name in duty.scanners:
            whole = joined(whole, scan_one(path, name))
        assert whole == scan_one(path)
