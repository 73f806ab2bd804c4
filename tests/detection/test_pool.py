"""The pool that stays: files one by one, each with its own end, and never more waiting than may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

from assay.detection.registry import UnknownScanner
from assay.detection.result import ScanResult
from assay.detection.run import PoolFull, ScanPool, scan_files
from assay.detection.scanner import Settings, UnusableTrust
from tests.detection.test_run import WILD, claims, slugs, written

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wild() -> Iterator[ScanPool]:
    pool = ScanPool(scanners=["metadata", WILD], workers=2, seconds=2, megabytes=1024, most_waiting=8)
    yield pool
    pool.close()


def test_a_file_has_the_result_that_it_has_elsewhere(tmp_path: Path) -> None:
    (path,) = written(tmp_path, "a.png")
    pool = ScanPool()
    try:
        assert [pool.submit(path).result(30)] == list(scan_files([path]))
        deep = pool.submit(path, deep=True).result(60)
        assert deep == next(scan_files([path], deep=True))
        assert pool.submit(path).result(30).scanners == ("c2pa", "declared", "metadata"), "deep holds for one file only"
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("wish", "slug"),
    [("exit", "scanner-crashed"), ("segfault", "scanner-crashed"), ("hang", "scanner-timed-out")],
)
def test_a_crash_costs_that_scanner_on_that_file_and_the_pool_goes_on(
    wild: ScanPool, tmp_path: Path, wish: str, slug: str
) -> None:
    bad, good = written(tmp_path, f"{wish}.png", "z.png")
    first, second = wild.submit(bad), wild.submit(good)
    assert slugs(first.result(30)) == [(slug, WILD)]
    assert claims(first.result()) == ["generated"]
    assert first.result().scanners == ("metadata",)
    assert first.result().versions == ("2",)
    assert not second.result(30).faults
    assert not wild.submit(good).result(30).faults


def test_many_hostile_files_at_once_cost_nobody_else_anything(wild: ScanPool, tmp_path: Path) -> None:
    names = ["exit.png", "a.png", "segfault.png", "b.png", "exit.png", "c.png", "segfault.png", "d.png"]
    results = [each.result(60) for each in [wild.submit(path) for path in written(tmp_path, *names)]]
    assert [bool(result.faults) for result in results] == [True, False] * 4


def test_what_comes_when_as_many_wait_as_may_is_not_taken(tmp_path: Path) -> None:
    pool = ScanPool(scanners=[WILD], workers=1, seconds=1, most_waiting=1)
    try:
        hang, other = written(tmp_path, "hang.png", "a.png")
        taken: list[Future[ScanResult]] = [pool.submit(hang), pool.submit(other)]
        with pytest.raises(PoolFull):
            pool.submit(other)
        wait(taken, 30)
        assert not pool.submit(other).result(30).faults
    finally:
        pool.close()


def test_a_pool_that_closes_leaves_nobody_waiting(tmp_path: Path) -> None:
    pool = ScanPool(scanners=[WILD], workers=1, seconds=60)
    waiting = [pool.submit(path) for path in written(tmp_path, "hang.png", "a.png")]
    time.sleep(0.5)
    pool.close()
    done, left = wait(waiting, 10)
    assert not left
    assert len(done) == 2
    assert all(isinstance(each.exception(), PoolFull) for each in done)
    with pytest.raises(PoolFull):
        pool.submit(tmp_path / "a.png")


def test_a_pool_that_nobody_used_closes_at_once(tmp_path: Path) -> None:
    pool = ScanPool()
    began = time.monotonic()
    pool.close()
    # A worker takes about a second to begin: none was begun only to be ended.
    assert time.monotonic() - began < 0.5
    with pytest.raises(PoolFull):
        pool.submit(tmp_path / "a.png")


def test_what_cannot_be_used_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnknownScanner):
        ScanPool(scanners=["nothing"])
    with pytest.raises(UnusableTrust):
        ScanPool(settings=Settings(trust=tmp_path / "nowhere"))
    with pytest.raises(ValueError, match="scanning needs"):
        ScanPool(workers=0)
