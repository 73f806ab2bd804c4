"""The disk is full, the clock jumps, the process stands still or is told to stop: nothing answered is lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.interfaces.running import assay
from tests.stories.serving.running import Served, Uploads, serving, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]
CLOCK = '''"""Lets the wall clock go ahead or behind by what a file says, and leaves the monotonic clock alone."""
import os, time
_place, _now, _now_ns = os.environ["CLOCK"], time.time, time.time_ns
def _ahead():
    with open(_place) as file:
        return int(file.read() or 0)
time.time = lambda: _now() + _ahead()
time.time_ns = lambda: _now_ns() + _ahead() * 1_000_000_000
'''
NoSpace: TypeAlias = Callable[[Served], AbstractContextManager[None]]


@contextmanager
def a_full_disk(served: Served) -> Iterator[None]:
    """Fill the small disk on which the records are."""
    filler = served.service.records / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            yield
    filler.unlink()


@contextmanager
def a_limit_of_file_sizes(served: Served) -> Iterator[None]:
    """Let no file of the process become larger than its segment is now, which needs no rights."""
    before = resource.prlimit(served.process, resource.RLIMIT_FSIZE)
    largest = max(path.stat().st_size for path in served.service.records.glob("*.segment"))
    resource.prlimit(served.process, resource.RLIMIT_FSIZE, (largest, before[1]))
    yield
    resource.prlimit(served.process, resource.RLIMIT_FSIZE, before)


@contextmanager
def a_small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(params=["full-disk", "file-size"])
def no_space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NoSpace]:
    (tmp_path / "service").mkdir()
    if request.param == "file-size":
        yield a_limit_of_file_sizes
        return
    with a_small_disk(tmp_path / "service" / "records"):
        yield a_full_disk


def test_on_a_full_disk_nothing_is_answered_and_with_space_again_it_goes_on_by_itself(
    tmp_path: Path, no_space: NoSpace
) -> None:
    with serving(tmp_path / "service") as served:
        load = Uploads(served)
        with load.running():
            until(lambda: len(load.answered) > 100)
            assert not load.refused
            with no_space(served):
                until(lambda: load.refused[503] > 3)
                assert load.retry[503] == "2"
                until(lambda: served.get("/readyz").status_code == 503)
                assert served.get("/healthz").status_code == 200
                until(lambda: served.metric("assay_store_healthy") == 0)
                full = len(load.answered)
            until(lambda: served.get("/readyz").status_code == 200, 5)
            until(lambda: len(load.answered) > full + 50)
        assert load.broken == 0
        load.send_again()
        assert not load.unanswered
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])
        assert assay("records", "verify", served.service.records).code == 0


def test_told_to_stop_under_load_it_loses_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "service") as served:
        load = Uploads(served, clients=8, pause=0)
        with load.running():
            until(lambda: len(load.answered) > 300)
            assert served.service.stop() == 0
        stored = [(each.item, each.record) for each in served.kept()]
        load.assert_kept(stored)
        # Whoever was cut off asks again after the restart, and nothing is kept twice.
        served.service.start()
        load.send_again()
        assert not load.unanswered
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])
    assert set(load.refused) <= {503}


def test_a_process_that_stands_still_for_seconds_goes_on_where_it_was(tmp_path: Path) -> None:
    with serving(tmp_path / "service") as served:
        load = Uploads(served)
        with load.running():
            until(lambda: len(load.answered) > 100)
            os.kill(served.process, signal.SIGSTOP)
            time.sleep(3)
            before = len(load.answered)
            os.kill(served.process, signal.SIGCONT)
            until(lambda: len(load.answered) > before + 100)
        assert load.slowest > 2
        assert (load.broken, load.refused) == (0, {})
        assert served.ready()["ready"] is True
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])


def test_the_clock_jumps_and_nothing_but_the_instant_of_decisions_follows_it(tmp_path: Path) -> None:
    shim, clock = tmp_path / "shim", tmp_path / "clock"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(CLOCK)
    clock.write_text("0")
    with serving(tmp_path / "service") as served:
        served.service.stop()
        served.service.settings |= {"CLOCK": str(clock), "PYTHONPATH": str(shim)}
        served.service.start()
        load = Uploads(served)
        years = []
        with load.running():
            # A year ahead, ten back, to the first second of all, far ahead, and home.
            for ahead in (0, 365 * 86_400, -3650 * 86_400, -int(time.time()), 200 * 365 * 86_400, 0):
                aside = tmp_path / "clock.part"
                aside.write_text(str(ahead))
                aside.rename(clock)
                answered = len(load.answered)
                until(lambda before=answered: len(load.answered) > before + 40)  # type: ignore[misc]
                answer = served.keyed(f"at-{ahead}")
                assert answer.status_code == 200, answer.text
                years.append(int(answer.json()["as_of"][:4]))
                assert served.get("/metrics").status_code == 200
        assert (load.broken, load.refused) == (0, {})
        now = time.gmtime().tm_year
        assert years == pytest.approx([now, now + 1, now - 10, 1970, now + 200, now], abs=1)
        assert served.service.stop() == 0
        # Started again with its clock ten years behind, it still knows what it answered, and goes on.
        clock.write_text(str(-3650 * 86_400))
        served.service.start()
        again = served.keyed("at-0")
        assert again.status_code == 200
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])
        assert [each.record for each in served.kept() if each.item == "at-0"].count(again.content) >= 1
    assert assay("records", "verify", served.service.records).code == 0
    assert assay("records", "replay", served.service.records, "--pack", served.folder / "pack").code == 0
