"""The clerk's work on changes goes on beside its other chores, and a fault of it is seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from assay.interfaces.web.clerk.impact import Working

NOW = datetime(2026, 12, 15, tzinfo=UTC)
WORKING = "assay.governance.policies.impact.working"


def until(held: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not held():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def chore(monkeypatch: pytest.MonkeyPatch) -> Working:
    monkeypatch.setattr(f"{WORKING}.waits", lambda at: True)
    monkeypatch.setattr("assay.interfaces.web.clerk.impact.connections.close_all", lambda: None)
    return Working(waits=False)


def test_a_round_does_not_wait_for_work_that_takes_its_time(chore: Working, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(at: datetime, *, ending: Callable[[], bool]) -> int:
        begun.set()
        go_on.wait(5)
        return 3

    monkeypatch.setattr(f"{WORKING}.work_all", work)
    assert chore.step(NOW) == 0
    assert begun.wait(5)
    assert chore.step(NOW) == 0
    monkeypatch.setattr(f"{WORKING}.waits", lambda at: False)
    go_on.set()
    until(lambda: chore.step(NOW) == 3)
    assert chore.step(NOW) == 0
    chore.close()


def test_a_fault_of_the_work_is_a_fault_of_the_chore(chore: Working, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(at: datetime, *, ending: Callable[[], bool]) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(f"{WORKING}.work_all", work)
    chore.step(NOW)
    with pytest.raises(OSError, match="full"):
        until(lambda: chore.step(NOW) == 1)
    chore.close()


def test_whoever_ends_the_clerk_stops_the_work(chore: Working, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def work(at: datetime, *, ending: Callable[[], bool]) -> int:
        until(ending)
        ended.set()
        return 0

    monkeypatch.setattr(f"{WORKING}.work_all", work)
    chore.step(NOW)
    chore.close()
    assert ended.is_set()
