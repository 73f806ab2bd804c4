"""Bundles are swapped under load: each decision is of one bundle, whole, and replays with it."""

from __future__ import annotations

import gc
import json
import sys
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from assay.engine.decision.record import replay
from assay.interfaces.deciding.desk import Asked, Decided
from assay.interfaces.deciding.desk import Desk as DecidingDesk
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.deciding.live.making import make_loaded
from assay.interfaces.packs.texts import Texts
from tests.interfaces import small
from tests.interfaces.deciding.live.releases import Desk, quick_trials
from tests.interfaces.packs.signing import NOW

SIGNALS: tuple[dict[str, object], ...] = (
    {"ai_extent": "generated", "nudity": True, "consent": "absent"},
    {"ai_extent": "altered", "disclosed": False},
    {"ai_extent": "generated"},
    {},
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    quick_trials(desk, monkeypatch)
    return desk


@pytest.fixture
def often() -> Iterator[None]:
    """Threads take turns a hundred times as often as usual, so that what could interleave does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(before)


def test_every_decision_under_load_is_of_one_bundle_and_replays_with_it(desk: Desk, often: None) -> None:
    versions = [f"1.{number}.0" for number in range(8)]
    desk.release(desk.bundle(versions[0]))
    live = desk.opened()
    known: dict[str, Loaded] = {live.lineup.current.digest: live.lineup.current}
    done: list[list[Decided]] = [[] for _ in range(4)]
    stop = Event()

    def decide(place: int) -> None:
        deciding, number = DecidingDesk(), 0
        while not stop.is_set():
            record = {"id": f"item {place} {number}", "signals": SIGNALS[number % len(SIGNALS)]}
            found = deciding.decide(record, live.lineup, Asked(NOW))
            assert isinstance(found, Decided)
            done[place].append(found)
            number += 1

    threads = [Thread(target=decide, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for number, version in enumerate(versions[1:]):
        desk.release(desk.bundle(version), "staged" if number % 2 else "current", 0.5 if number % 2 else 1.0)
        assert live.poll() is None
        lineup = live.lineup
        for bundle in (lineup.current, lineup.staged):
            if bundle is not None:
                known[bundle.digest] = bundle
    stop.set()
    for thread in threads:
        thread.join(30)
    whole = [found for one in done for found in one]
    assert len(whole) == sum(map(len, done)) > 500
    seen = set()
    for found in whole[:: max(1, len(whole) // 600)]:
        record = found.entry.record
        named = json.loads(record)["bundle"]
        seen.add(named)
        assert named == found.bundle.digest
        assert replay(record, known[named].decider) == record
    assert len(seen) > 2


def test_a_request_keeps_the_lineup_that_it_began_with(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened()
    began = live.lineup
    desk.release(desk.bundle("1.1.0"))
    assert live.poll() is None
    found = DecidingDesk().decide({"id": "a"}, began, Asked(NOW))
    assert isinstance(found, Decided)
    assert found.bundle.pack.version == "1.0.0"
    assert live.lineup is not began


def test_the_thread_takes_up_what_is_released_and_ends_when_it_is_closed(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened(poll=0.02, jitter=0.5)
    live.start()
    desk.release(desk.bundle("1.1.0"))
    wait_for(live, "1.1.0")
    live.close()
    desk.release(desk.bundle("1.2.0"))
    time.sleep(0.1)
    assert live.lineup.current.pack.version == "1.1.0"


def test_a_fault_of_ours_in_a_look_is_told_and_the_next_look_comes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.release(desk.bundle())
    live = desk.opened(poll=0.02)
    with monkeypatch.context() as patched:
        patched.setattr(live._source, "look", lambda: 1 / 0)
        live.start()
        until = time.monotonic() + 10
        while live.status().last_fault is None and time.monotonic() < until:
            time.sleep(0.01)
        fault = live.status().last_fault
        assert fault is not None
        assert fault.slug == "poll-failed"
    desk.release(desk.bundle("1.1.0"))
    wait_for(live, "1.1.0")
    live.close()


def wait_for(live: LiveBundles, version: str) -> None:
    until = time.monotonic() + 10
    while live.lineup.current.pack.version != version:
        assert time.monotonic() < until, live.status()
        time.sleep(0.01)


def test_a_bundle_that_is_dropped_is_freed_when_the_garbage_is_settled() -> None:
    files = dict(small.FILES)
    loaded = make_loaded(Texts("small", "", files), signer=None, sequence=None)
    assert isinstance(loaded, Loaded)
    decide = DecidingDesk()
    for number, signals in enumerate(SIGNALS):
        assert isinstance(decide.decide({"id": str(number), "signals": signals}, Lineup(loaded), Asked(NOW)), Decided)
    decider, pack = weakref.ref(loaded.decider), weakref.ref(loaded.pack)
    del loaded
    settle()
    assert decider() is None
    assert pack() is None


def test_loading_leaves_the_collector_as_it_was() -> None:
    for before in (True, False, True):
        (gc.enable if before else gc.disable)()
        make_loaded(Texts("small", "", small.FILES), signer=None, sequence=None)
        make_loaded(Texts("small", "", {}), signer=None, sequence=None)
        assert gc.isenabled() is before
