"""Group commit: one thread in front of a store writes all that waits as one batch. It never says kept before it is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry, StoreUnwritable, StoreWriter

# By key: the record that was kept for it.
KeptKeys: TypeAlias = Iterator[tuple[str, bytes]]
_LARGEST_BATCH_BYTES = 32 << 20
# From so many entries that wait on, their bytes are counted.
_MEASURED_FROM = 1024
# How often a store that could not be written is tried.
_PROBE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class StoreState:
    """How a store is.

    kind             `segments`, `postgres`, `nats`, `kafka` or `none`
    waiting_entries  records that wait to be written; `waiting_bytes` their size, counted where many wait
    kept             records that were made durable since the start
    failed           records whose batch could not be written since the start
    full             whether so much waits that new requests are better refused
    healthy          whether the last batch was written
    last_fault       why the last batch that was not written was not
    rotation_fault   why closed files did not become Parquet; None where they did
    """

    kind: str
    waiting_entries: int
    waiting_bytes: int
    kept: int
    failed: int
    full: bool
    healthy: bool
    last_fault: Fault | None
    rotation_fault: Fault | None = None


class Chores(Protocol):
    """What a store does beside writing batches; the keeper's thread calls it."""

    def tend(self) -> float:
        """Do what is due by the clock; the seconds until something is due again."""
        ...

    def probe(self) -> None:
        """Write something that does not count, after a batch that failed.

        raises  StoreUnwritable where that fails as well
        """
        ...

    def kept_keys(self, prefix: str, most: int) -> KeptKeys:
        """Keys of records that an earlier process kept."""
        ...

    def fault(self) -> Fault | None:
        """What does not work beside writing."""
        ...


@dataclass(slots=True, eq=False)
class _Job:
    """Entries that wait together, and whom to tell how it went."""

    entries: Sequence[Entry]
    size: int
    loop: asyncio.AbstractEventLoop | None
    waiter: asyncio.Future[None] | None
    done: threading.Event | None = None
    error: StoreUnwritable | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a batch may hold, and how much may wait before the store is called full."""

    batch_entries: int = 4096
    queue_entries: int = 50_000
    queue_bytes: int = 256 << 20


class Keeper:
    """Keeps entries, in the order in which they come.

    Whoever keeps waits until the entries are durable: that is the back-pressure. Nothing is dropped to make room.

    chores     what the store does beside writing, where it does
    recovered  what an earlier process had left half done, and what became of it
    """

    def __init__(
        self,
        writer: StoreWriter,
        *,
        kind: str,
        bounds: Bounds | None = None,
        chores: Chores | None = None,
        recovered: Sequence[Fault] = (),
    ) -> None:
        self._writer, self._kind, self._bounds = writer, kind, bounds or Bounds()
        self._chores, self.recovered = chores, tuple(recovered)
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._waiting = self._waiting_bytes = self._kept = self._failed = 0
        self._healthy = True
        self._last_fault: Fault | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="assay-keeper", daemon=True)
        self._thread.start()

    async def keep(self, entries: Sequence[Entry]) -> None:
        """Return once the entries are durable.

        raises  StoreUnwritable where they are not; none of them counts then
        """
        if not entries:
            return
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._put(_Job(entries, self._size(entries), loop, waiter))
        await waiter

    def keep_now(self, entries: Sequence[Entry]) -> None:
        """The same for callers without an event loop."""
        if not entries:
            return
        done = threading.Event()
        job = _Job(entries, self._size(entries), None, None, done)
        self._put(job)
        done.wait()
        if job.error is not None:
            raise job.error

    def kept_keys(self, prefix: str = "", most: int = 100_000) -> KeptKeys:
        """Keys of records that were kept lately by a process before this one, with their records, the oldest first.

        prefix  what the keys begin with
        most    so many of the newest
        """
        return iter(()) if self._chores is None else self._chores.kept_keys(prefix, most)

    def state(self) -> StoreState:
        """How the store is; cheap."""
        bounds = self._bounds
        full = self._waiting >= bounds.queue_entries or self._waiting_bytes >= bounds.queue_bytes
        return StoreState(
            self._kind,
            self._waiting,
            self._waiting_bytes,
            self._kept,
            self._failed,
            full,
            self._healthy,
            self._last_fault,
            None if self._chores is None else self._chores.fault(),
        )

    def close(self) -> None:
        """Write what waits, close the store, and take nothing more."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _size(self, entries: Sequence[Entry]) -> int:
        """How many bytes entries are; few that wait are not measured, since that takes longer than it is worth."""
        if self._waiting + len(entries) < _MEASURED_FROM:
            return 0
        return sum([sum(map(len, entry.parts)) for entry in entries])

    def _put(self, job: _Job) -> None:
        with self._changed:
            if self._closing:
                raise StoreUnwritable("store-closed", "the record store is closed: this process is stopping")
            self._jobs.append(job)
            self._waiting += len(job.entries)
            self._waiting_bytes += job.size
            self._changed.notify()

    # ------------------------------------------------------------- the thread

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            jobs = self._take(due)
            if jobs is None:
                break
            if jobs:
                self._write(jobs)
            if self._chores is not None:
                due = time.monotonic() + self._tend(self._chores)
        self._guarded(self._writer.close)

    def _tend(self, chores: Chores) -> float:
        """Do what is due; the seconds until the next time."""
        waits: list[float] = []
        self._guarded(lambda: waits.append(chores.tend()))
        if not self._healthy and not self._jobs and self._guarded(chores.probe):
            self._healthy = True
        # Nobody sends anything to a store that is known to be unwritable: it finds out by itself.
        return min([*waits, 60.0 if self._healthy else _PROBE_EVERY])

    def _take(self, due: float) -> list[_Job] | None:
        """The jobs of the next batch; none of them when something is due by the clock, None at the end."""
        with self._changed:
            while not self._jobs:
                if self._closing:
                    return None
                left = due - time.monotonic() if self._chores is not None else None
                if left is not None and left <= 0:
                    return []
                self._changed.wait(left)
            taken: list[_Job] = []
            entries = size = 0
            while self._jobs and (
                not taken
                or (
                    entries + len(self._jobs[0].entries) <= self._bounds.batch_entries
                    and size + self._jobs[0].size <= _LARGEST_BATCH_BYTES
                )
            ):
                job = self._jobs.popleft()
                entries, size = entries + len(job.entries), size + job.size
                taken.append(job)
            return taken

    def _write(self, jobs: list[_Job]) -> None:
        entries = jobs[0].entries if len(jobs) == 1 else list(chain.from_iterable(job.entries for job in jobs))
        error: StoreUnwritable | None = None
        try:
            self._writer.write(entries)
        except StoreUnwritable as found:
            error = found
        except Exception as found:  # noqa: BLE001 (the outer edge: the thread must live, and the waiters are told)
            error = StoreUnwritable("store-fault", f"the record store failed: {type(found).__name__}")
        with self._changed:
            self._waiting -= len(entries)
            self._waiting_bytes -= sum(job.size for job in jobs)
            if error is None:
                self._kept += len(entries)
            else:
                self._failed += len(entries)
                self._last_fault = Fault(error.slug, error.words)
            self._healthy = error is None
        self._answer(jobs, error)

    def _answer(self, jobs: list[_Job], error: StoreUnwritable | None) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        for job in jobs:
            if job.loop is not None and job.waiter is not None:
                by_loop.setdefault(job.loop, []).append(job.waiter)
            elif job.done is not None:
                job.error = error
                job.done.set()
        for loop, waiters in by_loop.items():
            try:
                loop.call_soon_threadsafe(_resolve, waiters, error)
            except RuntimeError:
                # The loop has ended, and with it everybody who waited.
                continue

    def _guarded(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except StoreUnwritable as error:
            self._healthy, self._last_fault = False, Fault(error.slug, error.words)
        except Exception as error:  # noqa: BLE001 (the outer edge: the thread must live, and the state says it)
            words = f"the record store failed: {type(error).__name__}"
            self._healthy, self._last_fault = False, Fault("store-fault", words)
        else:
            return True
        return False


def _resolve(waiters: list[asyncio.Future[None]], error: StoreUnwritable | None) -> None:
    for waiter in waiters:
        if waiter.done():
            continue
        if error is None:
            waiter.set_result(None)
        else:
            # Each gets an exception of its own: a traceback grows on the one that is raised.
            waiter.set_exception(StoreUnwritable(error.slug, error.words))
