"""The clerk does each chore when it is due; one that fails keeps no other from being done, and is tried again later."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest

from assay.interfaces.web.clerk import working
from assay.interfaces.web.clerk.chores import MOST_ROUNDS, Chore, all_chores
from assay.interfaces.web.clerk.counting import Counts


class Work:
    """A chore that has so much to do, and fails so often first."""

    def __init__(self, left: int = 0, failures: int = 0) -> None:
        self.left, self.failures, self.rounds, self.ended = left, failures, 0, False
        self.times: list[float] = []

    def __call__(self, at: datetime) -> int:
        assert at.tzinfo is not None
        self.rounds += 1
        self.times.append(time.monotonic())
        if self.failures:
            self.failures -= 1
            raise RuntimeError("sesame")
        self.left -= self.left > 0
        return 1 if self.left else 0

    def end(self) -> None:
        self.ended = True


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    monkeypatch.setattr(working, "connections", type("None_", (), {"close_all": staticmethod(lambda: None)}))


def samples(counts: Counts) -> dict[tuple[str, str], float]:
    return {(name.removeprefix("assay_clerk_"), labels[0]): value for name, labels, value in counts.samples()}


def test_one_that_fails_keeps_no_other_from_being_done(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, counts = Work(left=3), Work(failures=9), Counts()
    chores = (Chore("bad", bad, 1.0, end=bad.end), Chore("good", good, 1.0, several=True, end=good.end))
    assert working.work_once(chores, counts) == {"bad": None, "good": 2}
    found = samples(counts)
    assert (found["failures", "bad"], found["failures", "good"], found["done", "good"]) == (1, 0, 2)
    assert ("round_seconds", "bad") not in found
    assert bad.ended
    assert good.ended
    # What was wrong is known by its kind and place; its words may hold what somebody wrote.
    assert "sesame" not in capsys.readouterr().err


def test_what_never_ends_is_left_after_some_rounds_for_the_others() -> None:
    endless = Work(left=10**9)
    working.work_once((Chore("endless", endless, 1.0, several=True),), Counts())
    assert endless.rounds == MOST_ROUNDS


def test_after_a_fault_it_waits_longer_each_time_and_ends_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_FIRST_PAUSE", 0.1)
    monkeypatch.setattr(working, "_LONGEST_WAIT", 0.02)
    failing, other, ending = Work(failures=3), Work(), threading.Event()
    chores = (Chore("other", other, 0.01), Chore("failing", failing, 0.01))
    thread = threading.Thread(target=working.work, args=(ending, chores, Counts()))
    thread.start()
    deadline = time.monotonic() + 10
    while failing.rounds < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    ending.set()
    thread.join(5)
    assert not thread.is_alive()
    first, second, third = failing.times[:3]
    assert second - first >= 0.1
    assert third - second >= 0.2
    assert other.rounds > failing.rounds


def test_every_chore_has_a_name_of_its_own_and_the_bus_comes_first() -> None:
    names = [chore.name for chore in all_chores()]
    assert names[0] == "deliver"
    assert len(set(names)) == len(names)
