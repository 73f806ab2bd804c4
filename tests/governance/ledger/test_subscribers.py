"""The bus: once in effect and in order, whatever fails and whoever is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from assay.governance.ledger import subscribers
from assay.governance.ledger.commands import append, try_again
from assay.governance.ledger.models import Entry, Offset
from assay.governance.ledger.subscribers import SUBSCRIBERS, Happened, deliver, subscriber
from assay.governance.office.actor import SYSTEM, Actor, Held
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from tests.conftest import ROOT
from tests.governance.ledger.making import NOW, ThingCounted, ThingMoved, written

NAME = "tests.counting"


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(subscribers, "SUBSCRIBERS", {})
    yield


def subscribe(
    handler: subscribers.Handler, name: str = NAME, *, kinds: tuple[str, ...] = (), history: bool = True
) -> None:
    subscriber(name, kinds=kinds, history=history)(handler)


def carried(at: datetime | None = NOW) -> int:
    assert at is not None
    total = 0
    while moved := deliver(at):
        total += moved
    return total


def test_each_entry_is_handed_over_once_and_in_order(db: None) -> None:
    seen: list[Happened] = []
    subscribe(seen.append)
    written(250)
    assert carried() == 250
    assert [each.number for each in seen] == list(range(250))
    assert seen[3].event == ThingCounted(3)
    assert (seen[3].subject, seen[3].actor) == (Reference("thing", "t3"), SYSTEM.who)
    written(1, start=250)
    assert (carried(), carried(), len(seen)) == (1, 0, 251)


def test_a_subscriber_to_some_kinds_passes_over_the_others(db: None) -> None:
    seen: list[int] = []
    subscribe(lambda happened: seen.append(happened.number), kinds=("tests.thing-moved",))
    written(30)
    with transaction.atomic():
        moved = append(ThingMoved(Reference("shelf", "a")), subject=Reference("thing", "a"), by=SYSTEM, at=NOW)
    written(30)
    carried()
    assert seen == [moved.number]
    assert Offset.objects.get().next_number == 61


def test_one_without_history_begins_now(db: None) -> None:
    seen: list[int] = []
    subscribe(lambda happened: seen.append(happened.number), history=False)
    written(5)
    assert (carried(), seen) == (0, [])
    written(2)
    assert (carried(), seen) == (2, [5, 6])


def test_a_failing_handler_stops_its_own_subscription_alone_and_is_tried_again(db: None) -> None:
    seen: list[int] = []
    broken = [True]

    def fails(happened: Happened) -> None:
        # What it had begun before it failed must go.
        append(ThingMoved(Reference("shelf", "a")), subject=Reference("thing", "a"), by=SYSTEM, at=NOW)
        if happened.number == 3 and broken[0]:
            raise ValueError("ada@example.org is not to be told")

    others: list[int] = []
    written(6)
    subscribe(fails, kinds=("tests.thing-counted",))
    subscribe(lambda happened: others.append(happened.number), "tests.other")
    carried()
    kept = Offset.objects.get(subscriber=NAME)
    assert (kept.next_number, kept.failures, kept.failed_with) == (3, 1, "ValueError")
    assert [each for each in others if each < 6] == list(range(6))
    assert Entry.objects.filter(kind="tests.thing-moved").count() == 3
    assert seen == []
    # It waits longer each time: 2, 4, 8 seconds.
    for failures, seconds in ((2, 4), (3, 8)):
        tried = kept.retried_at
        assert tried is not None
        carried(tried)
        kept.refresh_from_db()
        assert (kept.failures, kept.retried_at) == (failures, tried + timedelta(seconds=seconds))
    assert [each.subscriber for each in subscribers.failing()] == [NAME]
    # Of one that this version no longer has, nobody can mend anything.
    Offset.objects.create(subscriber="tests.removed", failures=9)
    assert [each.subscriber for each in subscribers.failing()] == [NAME]
    assert kept.retried_at is not None
    broken[0] = False
    carried(kept.retried_at - timedelta(seconds=1))
    kept.refresh_from_db()
    assert kept.failures == 3
    carried(kept.retried_at)
    kept.refresh_from_db()
    assert (kept.failures, kept.failed_with) == (0, "")
    assert Entry.objects.filter(kind="tests.thing-moved").count() == 6


def test_only_one_that_fails_is_let_try_again(db: None) -> None:
    broken = [True]

    def fails(happened: Happened) -> None:
        if broken[0]:
            raise ValueError

    dee = Actor(Reference("person", "dee"), (Held(Role.ADMINISTRATOR),))
    written(2)
    subscribe(fails)
    carried()
    broken[0] = False
    assert carried() == 0
    assert isinstance(try_again(name=NAME, by=dee, at=NOW), Offset)
    assert carried() == 3
    for name in (NAME, "nobody"):
        refused = try_again(name=name, by=dee, at=NOW)
        assert isinstance(refused, list)
        assert [fault.slug for fault in refused] == ["not-failing"]


def test_what_the_store_refuses_only_at_the_end_is_a_failure_too(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(3)
    subscribe(lambda happened: None)
    real = subscribers._handle_batch

    def refused(*given: object) -> int:
        real(*given)  # type: ignore[arg-type]
        raise IntegrityError("a row points at nothing")

    monkeypatch.setattr(subscribers, "_handle_batch", refused)
    assert carried() == 0
    kept = Offset.objects.get()
    assert (kept.next_number, kept.failures) == (0, 1)
    # From now on one entry at a time, until the one that fails is passed.
    monkeypatch.setattr(subscribers, "_handle_batch", real)
    assert kept.retried_at is not None
    assert deliver(kept.retried_at) == 1
    assert carried() == 2


def test_a_commit_rings_the_bell_and_nothing_else_does(transactional_db: None) -> None:
    subscribers.bell.clear()
    with pytest.raises(RuntimeError), transaction.atomic():
        append(ThingCounted(1), subject=Reference("thing", "a"), by=SYSTEM, at=NOW)
        raise RuntimeError
    assert not subscribers.wait(0)
    written(1)
    assert subscribers.wait(5)
    assert not subscribers.wait(0)


def test_several_at_once_hand_each_entry_over_once(transactional_db: None) -> None:
    seen: list[int] = []

    def handle(happened: Happened) -> None:
        # Written to the store, as every handler must.
        append(ThingMoved(Reference("shelf", "a")), subject=Reference("thing", str(happened.number)), by=SYSTEM, at=NOW)
        seen.append(happened.number)

    subscribe(handle, kinds=("tests.thing-counted",))
    written(300)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(6):
                deliver(NOW)
        except Exception as error:  # noqa: BLE001 (shown by the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    carried()
    assert not failed, failed[:1]
    assert sorted(seen) == seen == list(range(300))
    assert Entry.objects.filter(kind="tests.thing-moved").count() == 300


WORKER = "tests.governance.ledger.killed_worker"


def test_kill_9_at_any_point_loses_and_repeats_nothing_in_effect(store_url: str) -> None:
    written(120)
    connection.close()

    def work(stop: int) -> int:
        command = [sys.executable, "-m", WORKER, store_url, str(stop)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False).returncode

    # At the last entry of a batch, and at the first after a batch that was committed.
    assert [work(stop) for stop in (99, 100)] == [-signal.SIGKILL] * 2
    assert Offset.objects.get().next_number == 100
    assert work(-1) == 0
    moved = list(Entry.objects.filter(kind="tests.thing-moved").order_by("number").values_list("subject", flat=True))
    assert moved == [f"thing:{number}" for number in range(120)]


def test_names_are_for_one_handler_each() -> None:
    subscribe(lambda happened: None)

    def other(happened: Happened) -> None: ...

    with pytest.raises(ValueError, match="two subscribers"):
        subscribe(other)
    assert NAME in subscribers.SUBSCRIBERS
    assert NAME not in SUBSCRIBERS
