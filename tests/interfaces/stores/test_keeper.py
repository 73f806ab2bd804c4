"""One thread writes what waits together; whoever waits is told, and told the truth."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stores.keeper import Bounds, Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import BrokerSettings, PostgresSettings, StoreSettings
from tests.interfaces.stores.making import an_entry, some_entries, write


class Held:
    """A store that writes when it is let, and fails when it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.closed = self.probed = False

    def write(self, entries: Sequence[Entry]) -> None:
        self.gate.wait(10)
        if self.error is not None:
            raise self.error
        self.batches.append([entry.item for entry in entries])

    def close(self) -> None:
        self.closed = True

    def tend(self) -> float:
        return 60.0

    def probe(self) -> None:
        self.probed = True

    def fault(self) -> Fault | None:
        return None

    def kept_keys(self, prefix: str, most: int) -> Iterator[tuple[str, bytes]]:
        return iter([(prefix, str(most).encode())])


def _ended(work: Callable[[], bool]) -> bool:
    """Whether something becomes true within five seconds."""
    waiting = threading.Event()
    return any(work() or waiting.wait(0.01) for _ in range(500))


async def _until(work: Callable[[], bool]) -> None:
    for _ in range(5000):
        if work():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never became true")


def test_what_waits_while_a_batch_is_written_becomes_the_next_one() -> None:
    store = Held()
    store.gate.clear()
    keeper = Keeper(store, kind="held")

    async def keep() -> None:
        first = asyncio.create_task(keeper.keep([an_entry(0)]))
        await _until(lambda: keeper.state().waiting_entries == 1 and not keeper._jobs)
        rest = [asyncio.create_task(keeper.keep([an_entry(number)])) for number in range(1, 50)]
        await _until(lambda: keeper.state().waiting_entries == 50)
        store.gate.set()
        await asyncio.gather(first, *rest)

    asyncio.run(keep())
    assert store.batches == [["upload-0"], [f"upload-{number}" for number in range(1, 50)]]
    assert keeper.state().kept == 50 and keeper.state().waiting_entries == keeper.state().waiting_bytes == 0
    keeper.close()
    assert store.closed


def test_a_batch_has_bounds_and_one_call_is_never_torn_apart() -> None:
    store = Held()
    store.gate.clear()
    keeper = Keeper(store, kind="held", bounds=Bounds(batch_entries=4))

    async def keep() -> None:
        calls = [some_entries(count) for count in (1, 3, 2, 2, 9)]
        tasks = [asyncio.create_task(keeper.keep(call)) for call in calls]
        await _until(lambda: keeper.state().waiting_entries == 17)
        store.gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(keep())
    # The first call may be taken before the others come.
    assert [len(batch) for batch in store.batches] in ([4, 4, 9], [1, 3, 4, 9])
    keeper.close()


def test_a_batch_that_fails_fails_all_that_wait_for_it_and_the_next_is_tried_anew() -> None:
    store = Held()
    keeper = Keeper(store, kind="held")
    store.error = StoreUnwritable("disk-full", "there is no room")

    async def keep() -> list[BaseException | None]:
        return await asyncio.gather(*(keeper.keep([an_entry(number)]) for number in range(3)), return_exceptions=True)

    failed = asyncio.run(keep())
    assert [str(error) for error in failed] == ["disk-full: there is no room"] * 3
    assert len({id(error) for error in failed}) == 3
    state = keeper.state()
    assert (state.healthy, state.failed, state.kept, state.last_fault) == (
        False,
        3,
        0,
        Fault("disk-full", "there is no room"),
    )
    store.error = None
    assert asyncio.run(keep()) == [None] * 3
    assert keeper.state().healthy and keeper.state().kept == 3
    keeper.close()


def test_a_fault_of_ours_is_told_without_what_it_said() -> None:
    store = Held()
    store.error = ValueError("the caption of somebody's upload")
    keeper = Keeper(store, kind="held")
    with pytest.raises(StoreUnwritable, match=r"^store-fault: the record store failed: ValueError$"):
        keeper.keep_now([an_entry(1)])
    store.error = None
    keeper.keep_now([an_entry(1)])
    keeper.close()


def test_a_store_that_failed_tries_itself_and_becomes_healthy_without_a_record() -> None:
    store = Held()
    store.error = StoreUnwritable("disk-full", "there is no room")
    keeper = Keeper(store, kind="held", chores=store)
    with pytest.raises(StoreUnwritable):
        keeper.keep_now([an_entry(1)])
    assert _ended(lambda: store.probed and keeper.state().healthy)
    keeper.close()


def test_one_that_no_longer_waits_loses_nothing() -> None:
    store = Held()
    store.gate.clear()
    keeper = Keeper(store, kind="held")

    async def keep() -> None:
        task = asyncio.create_task(keeper.keep([an_entry(1)]))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        store.gate.set()
        await keeper.keep([an_entry(2)])

    asyncio.run(keep())
    assert store.batches == [["upload-1"], ["upload-2"]]
    keeper.close()


def test_a_loop_that_has_ended_harms_nobody() -> None:
    store = Held()
    store.gate.clear()
    keeper = Keeper(store, kind="held")

    async def leave() -> None:
        # Nobody waits for it, which is the point.
        task = asyncio.create_task(keeper.keep([an_entry(1)]))
        await asyncio.sleep(0.01)
        assert not task.done()

    asyncio.run(leave())
    store.gate.set()
    keeper.keep_now([an_entry(2)])
    assert store.batches == [["upload-1"], ["upload-2"]]
    keeper.close()


def test_closing_writes_what_waits_and_takes_nothing_more() -> None:
    store = Held()
    keeper = Keeper(store, kind="held")
    keeper.keep_now(some_entries(2))
    keeper.close()
    with pytest.raises(StoreUnwritable, match="store-closed"):
        keeper.keep_now([an_entry(3)])
    with pytest.raises(StoreUnwritable, match="store-closed"):
        asyncio.run(keeper.keep([an_entry(3)]))


def test_a_store_says_that_it_is_full() -> None:
    store = Held()
    store.gate.clear()
    keeper = Keeper(store, kind="held", bounds=Bounds(queue_entries=3))
    threads = [threading.Thread(target=keeper.keep_now, args=([an_entry(number)],)) for number in range(3)]
    for thread in threads:
        thread.start()
    assert _ended(lambda: keeper.state().full)
    store.gate.set()
    for thread in threads:
        thread.join()
    assert not keeper.state().full
    keeper.close()


def test_nothing_to_keep_is_kept_at_once(tmp_path: Path) -> None:
    keeper = _open(StoreSettings(folder=tmp_path / "records", parquet=False))
    keeper.keep_now([])
    asyncio.run(keeper.keep([]))
    keeper.close()
    assert not list((tmp_path / "records").glob("*.segment"))


def _open(settings: StoreSettings) -> Keeper:
    found = open_store(settings)
    assert isinstance(found, Keeper), found
    return found


def test_keys_are_known_after_a_restart_the_oldest_of_the_newest_first(tmp_path: Path) -> None:
    settings = StoreSettings(folder=tmp_path, durability="written", parquet=False, segment_bytes=4096)
    given = some_entries(90)
    for first in range(0, 90, 30):
        keeper = _open(settings)
        for start in range(first, first + 30, 5):
            keeper.keep_now(given[start : start + 5])
        keeper.close()
    keeper = _open(settings)
    keyed = [(entry.key, entry.record) for entry in given if entry.key]
    assert list(keeper.kept_keys()) == keyed
    assert list(keeper.kept_keys("http ada", 7)) == keyed[-7:]
    assert list(keeper.kept_keys("nats:")) == []
    keeper.close()


def test_a_folder_serves_one_process_at_a_time(tmp_path: Path) -> None:
    keeper = _open(StoreSettings(folder=tmp_path, parquet=False))
    (fault,) = open_store(StoreSettings(folder=tmp_path))  # type: ignore[misc]
    assert fault.slug == "records-in-use" and "is in use by process" in fault.words
    keeper.close()
    _open(StoreSettings(folder=tmp_path, parquet=False)).close()


def test_a_folder_that_cannot_be_had_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (fault,) = open_store(StoreSettings(folder=tmp_path / "file"))  # type: ignore[misc]
    assert fault.field == "store.folder" and "`" in fault.words


@pytest.mark.parametrize(
    ("settings", "slug"),
    [
        (StoreSettings(kind="tape"), "bad-setting"),  # type: ignore[arg-type]
        (StoreSettings(durability="maybe"), "bad-setting"),  # type: ignore[arg-type]
        (StoreSettings(segment_bytes=1), "bad-setting"),
        (StoreSettings(folder=None), "missing-setting"),
        (StoreSettings(kind="postgres"), "missing-setting"),
        (StoreSettings(kind="nats"), "missing-setting"),
        (StoreSettings(kind="postgres", postgres=PostgresSettings(url="x", table="a; drop")), "bad-setting"),
    ],
)
def test_settings_that_cannot_be_are_faults(settings: StoreSettings, slug: str) -> None:
    found = open_store(settings)
    assert isinstance(found, list) and [fault.slug for fault in found] == [slug]


def test_passwords_are_marked_secret() -> None:
    from dataclasses import fields

    secret = {
        (kind.__name__, each.name)
        for kind in (PostgresSettings, BrokerSettings, StoreSettings)
        for each in fields(kind)
        if each.metadata.get("secret")
    }
    assert secret == {("PostgresSettings", "url"), ("BrokerSettings", "password")}


def test_a_store_of_nothing_keeps_nothing() -> None:
    keeper = _open(StoreSettings(kind="none"))
    keeper.keep_now(some_entries(3))
    assert keeper.state().kept == 3 and keeper.state().kind == "none"
    assert list(keeper.kept_keys()) == []
    keeper.close()


def test_what_was_left_open_is_told_when_the_store_is_opened(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(4)])
    path.write_bytes(path.read_bytes()[:-500])
    keeper = _open(StoreSettings(folder=tmp_path, parquet=False))
    closed, torn = keeper.recovered
    assert closed.slug == "closed" and f"`{path.name}` was left open" in closed.words and ".aside`" in closed.words
    assert torn.slug == "torn-tail"
    keeper.close()
    keeper = _open(StoreSettings(folder=tmp_path, parquet=False))
    assert keeper.recovered == ()
    keeper.close()
