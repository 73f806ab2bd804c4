"""A consumer: its lanes, what it says of itself, how it stops. It never leaves a batch that it can end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.stores.keeper import KeptKeys
from assay.interfaces.stream.counts import Counts
from assay.interfaces.stream.lane import Keeping, Lane, Work
from assay.interfaces.stream.ports import Broker, Inlet, Outlet
from assay.interfaces.stream.remembered import Remembered
from assay.interfaces.stream.settings import StreamSettings
from assay.interfaces.stream.trials import Trials
from assay.interfaces.stream.turning import Turner

_BETWEEN_LOOKS = 2.0


class Records(Keeping, Protocol):
    """The part of a keeper that a consumer needs."""

    def kept_keys(self, prefix: str, most: int) -> KeptKeys:
        """Keys of earlier records with the records: the newest of those that begin so, the oldest first."""
        ...


class Meter(Protocol):
    """The part of the metrics that a consumer fills."""

    def lag(self, source: str, waiting: float, seconds: float | None = None) -> None:
        """How many messages wait in a source, and how old the last one was when it was answered."""
        ...

    def consumed(self, result: str, count: int = 1) -> None:
        """Messages were `decided`, `repeated`, or set aside as a `dead-letter`."""
        ...

    def rejected(self, slug: str, count: int = 1) -> None:
        """Items were refused."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What a consumer is made of; the same parts as the service's."""

    desk: Desk
    lineup: Callable[[], Lineup]
    records: Records
    events: EventLog
    meter: Meter | None = None
    trials: Trials = field(default_factory=lambda: Trials(None))


class Consumer:
    """Consumes from one broker until told to stop."""

    def __init__(self, broker: Broker, parts: Parts, settings: StreamSettings) -> None:
        self._broker, self._parts, self._settings = broker, parts, settings
        self.counts = Counts()
        self.stopping = asyncio.Event()
        self.began = asyncio.Event()

    async def run(self) -> list[Fault]:
        """Consume; returns what kept us from beginning, nothing where we began and were told to stop."""
        try:
            lanes = await self._broker.open()
            if any(isinstance(found, Fault) for found in lanes):
                return [found for found in lanes if isinstance(found, Fault)]
            await self._consume([found for found in lanes if not isinstance(found, Fault)])
        finally:
            await self._broker.close()
        return []

    async def _consume(self, pairs: Sequence[tuple[Inlet, Outlet]]) -> None:
        settings, parts = self._settings, self._parts
        most = max(settings.remembered, 2 * self._broker.in_flight)
        remembered = Remembered(most)
        # Before the first message: it may be one whose record was kept and never answered.
        known = await asyncio.to_thread(remembered.read, parts.records.kept_keys(self._broker.prefix, most))
        markets = settings.markets or None
        work = Work(
            turner=Turner(parts.desk, remembered, markets),
            lineup=parts.lineup,
            keeper=parts.records,
            remembered=remembered,
            counts=self.counts,
            events=parts.events,
            deliveries=settings.deliveries,
            trials=parts.trials,
        )
        names = ", ".join(inlet.name for inlet, _ in pairs)
        parts.events.write("stream-began", f"messages are taken from {names}", records_known=known)
        tasks = [asyncio.create_task(Lane(inlet, outlet, work, self.stopping).run()) for inlet, outlet in pairs]
        inlets = [inlet for inlet, _ in pairs]
        watching: asyncio.Task[None] = asyncio.create_task(self._watch(inlets))
        self.began.set()
        try:
            await self._until_stopped(tasks)
        finally:
            watching.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(watching, *tasks, return_exceptions=True)
            for inlet, outlet in pairs:
                await inlet.close()
                await outlet.close()
            parts.events.write("stream-ended", f"no more messages are taken from {names}", **self.counts.as_mapping())

    async def _until_stopped(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            # A lane that ends before that has met a fault of ours, which ends them all and is raised below.
            await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.stopping.set()
            stopped.cancel()
        done, late = await asyncio.wait(tasks, timeout=self._settings.shutdown)
        for task in done:
            task.result()
        if late:
            words = f"{len(late)} of {len(tasks)} lanes did not end in time; their messages come again"
            self._parts.events.write("stream-cut-short", words)

    async def _watch(self, inlets: Sequence[Inlet]) -> None:
        counts, told = self.counts, Counts()
        while True:
            for inlet in inlets:
                waiting = await inlet.waiting()
                # A partition that went to another consumer does not wait here any more.
                gone = [source for source in counts.sources.get(inlet.name, ()) if source not in waiting]
                for source, number in [*((source, 0) for source in gone), *waiting.items()]:
                    counts.waiting[source] = number
                    if self._parts.meter is not None:
                        self._parts.meter.lag(source, number, counts.ages.get(inlet.name))
                counts.sources[inlet.name] = tuple(waiting)
            self._tell(told)
            await asyncio.sleep(_BETWEEN_LOOKS)

    def _tell(self, told: Counts) -> None:
        """Give the metrics what came since they were told last."""
        meter, counts = self._parts.meter, self.counts
        if meter is None:
            return
        dead = counts.dead - told.dead
        meter.consumed("decided", counts.decided - told.decided)
        meter.consumed("repeated", counts.repeated - told.repeated)
        meter.consumed("dead-letter", dead.total())
        for slug, number in dead.items():
            meter.rejected(slug, number)
        told.decided, told.repeated, told.dead = counts.decided, counts.repeated, counts.dead.copy()
