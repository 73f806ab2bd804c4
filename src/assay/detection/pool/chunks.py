"""A pool that takes files in chunks and gives their results in order. A chunk that fails costs its guilty file only."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Generic, Self

from pebble import ProcessFuture, ProcessPool

from assay.detection.pool.alone import OF_THE_FILE, one_by_one
from assay.detection.pool.marks import NOT_BEGUN, Marks
from assay.detection.pool.processes import new_pool
from assay.detection.pool.station import Done, Entry, Job, do_chunk, take_post
from assay.detection.worker import Duty

# Handing over a chunk takes some tenths of a millisecond, which is as long as the smallest files take themselves. A
# chunk of fifty milliseconds makes nothing of that, and is soon done again where one of its files is guilty.
CHUNK_SECONDS = 0.05
LARGEST_CHUNK = 32
# As long as nobody knows how long a file takes.
FIRST_CHUNK = 8
# So many chunks wait for each process: while a hanging file waits for its end, the other processes go on.
CHUNKS_PER_WORKER = 128
# Each task is a chunk. A process is renewed before what a decoder leaks adds up over too many files.
TASKS_PER_PROCESS = 1_000
# A new estimate of how long a file takes counts this much against what was known before.
_WEIGHT = 0.2
_MOST_BROKEN = 3
_Chunk = tuple[float, list[Any]]


class PoolBroken(RuntimeError):
    """The pool's processes die before they begin, again and again: the machine has no memory left, or no room."""


class ChunkPool(Generic[Entry, Done]):
    """Processes that do a job for entries, as many as come, in chunks as large as the files are quick.

    duty     what the processes are started for
    workers  processes
    seconds  for one scanner on one file; a file has as much as all its scanners together, and so has its chunk
    """

    def __init__(self, job: Job[Entry, Done], duty: Duty, workers: int, seconds: float) -> None:
        self._job, self._duty, self._workers, self._seconds = job, duty, workers, seconds
        self._patience = seconds * len(duty.scanners)
        self._most = workers * CHUNKS_PER_WORKER
        self._marks = Marks.made(self._most + 1)
        self._free = list(range(self._most + 1))
        # What is in the pool, by its place among the marks.
        self._given: dict[int, tuple[tuple[Entry, ...], ProcessFuture[_Chunk]]] = {}
        self._pool = self._opened()
        self._per_file = CHUNK_SECONDS / FIRST_CHUNK
        self._broken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the processes at once; what they were at is not finished."""
        self._stop()
        self._marks.remove()

    def done(self, entries: Iterable[Entry]) -> Iterator[Done]:
        """What comes of each entry, in their order; only so many are read ahead as keep the processes busy.

        raises  PoolBroken where no process can begin
        """
        coming = iter(entries)
        waiting: deque[int] = deque()
        while chunk := tuple(islice(coming, self._size())):
            waiting.append(self._give(chunk))
            while waiting and (len(waiting) >= self._most or self._given[waiting[0]][1].done()):
                yield from self._taken(waiting.popleft())
        while waiting:
            yield from self._taken(waiting.popleft())

    def _size(self) -> int:
        return max(1, min(LARGEST_CHUNK, int(CHUNK_SECONDS / self._per_file)))

    def _give(self, entries: tuple[Entry, ...]) -> int:
        place = self._free.pop()
        try:
            self._schedule(place, entries)
        except RuntimeError:
            # All its processes died at once, as they do where the machine runs out of memory.
            self._renew()
            self._schedule(place, entries)
        return place

    def _schedule(self, place: int, entries: tuple[Entry, ...]) -> None:
        self._marks.clear(place)
        future = self._pool.schedule(do_chunk, args=(place, entries), timeout=self._patience)
        self._given[place] = entries, future

    def _taken(self, place: int) -> list[Done]:
        entries, future = self._given[place]
        try:
            seconds, done = future.result()
        except BrokenProcessPool:
            self._renew()
            return self._taken(place)
        except OF_THE_FILE:
            return self._again(self._let_go(place), self._marks.at(place))
        self._let_go(place)
        self._broken = 0
        self._per_file += _WEIGHT * (max(seconds, 1e-6) / len(entries) - self._per_file)
        return done

    def _let_go(self, place: int) -> tuple[Entry, ...]:
        self._free.append(place)
        entries, _ = self._given.pop(place)
        return entries

    def _again(self, entries: tuple[Entry, ...], guilty: int) -> list[Done]:
        """What comes of a chunk whose process died: its file under way is done alone, the others as before."""
        if len(entries) == 1:
            return [self._alone(entries[0])]
        if guilty == NOT_BEGUN:
            return [done for entry in entries for done in self._part((entry,))]
        before, after = entries[:guilty], entries[guilty + 1 :]
        return [*self._part(before), self._alone(entries[guilty]), *self._part(after)]

    def _part(self, entries: tuple[Entry, ...]) -> list[Done]:
        return self._taken(self._give(entries)) if entries else []

    def _alone(self, entry: Entry) -> Done:
        path = self._job.path(entry)
        try:
            result = one_by_one(self._pool, self._duty, self._seconds, path)
        except RuntimeError:
            self._renew()
            result = one_by_one(self._pool, self._duty, self._seconds, path)
        return self._job.given_up(entry, result)

    def _opened(self) -> ProcessPool:
        return new_pool(self._workers, take_post, (self._duty, self._job, self._marks.address), TASKS_PER_PROCESS)

    def _renew(self) -> None:
        """Another pool in place of one that broke, which is given all that the first one had not finished."""
        self._broken += 1
        if self._broken > _MOST_BROKEN:
            raise PoolBroken("the pool's processes end before they begin; is there memory and room for them?")
        self._stop()
        self._pool = self._opened()
        for place, (entries, future) in tuple(self._given.items()):
            if not future.done() or future.cancelled() or future.exception() is not None:
                self._schedule(place, entries)

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
