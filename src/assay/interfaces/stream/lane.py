"""One lane of a stream: take, decide, keep, publish, acknowledge, in this order. It acknowledges nothing earlier."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stream.counts import Counts
from assay.interfaces.stream.letters import SOURCE, dead_letter, without_content
from assay.interfaces.stream.ports import Arrived, Inlet, Outgoing, Outlet, OutletUnready
from assay.interfaces.stream.remembered import Remembered
from assay.interfaces.stream.trials import Trials
from assay.interfaces.stream.turning import Turned, Turner, as_dead

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
# From the third time on, one message may be what ends the consumer, and it must not take the others with it.
_SUSPECT = 3
# Where no trial is remembered, since each start has a new folder, the broker's count has to do, and says much less.
_TIMES_WITHOUT_TRIALS = 10


class Keeping(Protocol):
    """The part of a keeper that a lane needs."""

    async def keep(self, entries: Sequence[Entry]) -> None:
        """Return once the entries are durable."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What all lanes of a consumer share."""

    turner: Turner
    lineup: Callable[[], Lineup]
    keeper: Keeping
    remembered: Remembered
    counts: Counts
    events: EventLog
    deliveries: int
    trials: Trials = field(default_factory=lambda: Trials(None))


class Lane:
    """Carries the messages of one inlet to one outlet, a batch after the other."""

    def __init__(self, inlet: Inlet, outlet: Outlet, work: Work, stopping: asyncio.Event) -> None:
        self._inlet, self._outlet, self._work, self._stopping = inlet, outlet, work, stopping
        self._open: list[Arrived] = []
        self._tried: Arrived | None = None

    async def run(self) -> None:
        """Until told to stop; what is under way then is finished, or given back where that cannot be."""
        try:
            while not self._stopping.is_set():
                self._open = await self._inlet.take()
                self._note(self._inlet.fault())
                if self._open:
                    await self._carry_all(self._open)
        finally:
            # Given back at once, or the next consumer would wait until the broker misses us.
            left, self._open = self._open, []
            if left:
                await self._inlet.give_back(left)

    async def _carry_all(self, batch: list[Arrived]) -> None:
        async with self._held():
            # Message by message where it may hold one that ends whoever decides it.
            if not any(arrived.delivered >= _SUSPECT for arrived in batch):
                if await self._carry(batch):
                    self._open = []
                return
            blamed = False
            for arrived in batch:
                # Of those that only came too often, the first is set aside undecided: those behind it came as often
                # because they were taken together, and get their turn now that it is gone.
                why = self._worn_out(arrived, blamed=blamed)
                blamed = blamed or why is not None
                if not await self._carry_alone(arrived, why):
                    return
                self._open = [each for each in self._open if each is not arrived]

    async def _carry_alone(self, arrived: Arrived, why: Fault | None) -> bool:
        trials = self._work.trials
        if why is None and not arrived.answered:
            trials.begin(arrived)
            self._tried = arrived
        try:
            done = await self._carry([arrived], why)
        except asyncio.CancelledError:
            # Whoever stops us does not do so because of the message.
            self._not_to_blame()
            raise
        self._tried = None
        if done:
            trials.clear(arrived)
        return done

    def _not_to_blame(self) -> None:
        tried, self._tried = self._tried, None
        if tried is not None:
            self._work.trials.clear(tried)

    async def _carry(self, portion: Sequence[Arrived], why: Fault | None = None) -> bool:
        """Whether the portion is done; else it is to be given back. With a fault, it is set aside undecided."""
        ours = [arrived for arrived in portion if self._inlet.is_ours(arrived) and not arrived.answered]
        lineup = self._work.lineup()
        if why is not None:
            turned = [as_dead(arrived, (why,)) for arrived in ours]
        else:
            turned = [self._work.turner.turn(arrived, lineup) for arrived in ours]
        if not await self._persist(lambda: self._keep(turned)):
            return False
        # A partition may have gone to another consumer while records waited to be kept; it answers them then.
        mine = [one for one in turned if self._inlet.is_ours(one.arrived)]
        if not await self._persist(lambda: self._send([one.outgoing for one in mine], mine)):
            return False
        answered = [arrived for arrived in portion if arrived.answered and self._inlet.is_ours(arrived)]
        await self._inlet.settle([*(one.arrived for one in mine), *answered])
        self._work.counts.repeated += len(answered)
        self._count(mine, lost=len(portion) - len(mine) - len(answered))
        return True

    def _worn_out(self, arrived: Arrived, *, blamed: bool) -> Fault | None:
        """Why a message is not even tried any more."""
        work = self._work
        begun = work.trials.ended_on(arrived)
        if begun >= work.deliveries:
            words = f"deciding it alone was begun {begun} times and never ended; it may end the consumer that does"
        elif not blamed and arrived.delivered > work.deliveries * _TIMES_WITHOUT_TRIALS:
            words = f"it was handed over {arrived.delivered} times and never answered; it may end whoever decides it"
        else:
            return None
        return Fault("delivered-too-often", words)

    async def _keep(self, turned: Sequence[Turned]) -> None:
        new = {one.arrived.key: one for one in turned if one.entry is not None}
        fresh = [one for key, one in new.items() if self._work.remembered.find(key) is None]
        entries = [one.entry for one in fresh if one.entry is not None]
        if entries:
            await self._work.keeper.keep(entries)
        for one in fresh:
            if one.kept is not None:
                self._work.remembered.add(one.arrived.key, one.kept)

    async def _send(self, batch: list[Outgoing], turned: Sequence[Turned]) -> None:
        by_answer = {id(one.outgoing): one.arrived for one in turned}
        refused = await self._outlet.send(batch) if batch else []
        if not refused:
            return
        # A decision that the broker will never take is set aside; a message that it will not take back, without its
        # bytes, which are still in its stream.
        letters = [
            without_content(outgoing) if outgoing.dead else dead_letter(by_answer[id(outgoing)], (fault,))
            for outgoing, fault in refused
        ]
        again = [without_content(letter) for letter, _ in await self._outlet.send(letters)]
        lost = await self._outlet.send(again) if again else []
        self._work.counts.dead.update(fault.slug for outgoing, fault in refused if not outgoing.dead)
        for letter, fault in lost:
            words = "a message could not even be kept as a dead letter; it is still in its stream"
            self._work.events.write("dead-letter-refused", words, source=letter.headers[SOURCE], why=fault.slug)

    async def _persist(self, attempt: Callable[[], Awaitable[None]]) -> bool:
        """Try until it is done, waiting longer each time; False where we are told to stop first."""
        pause = _SHORTEST_PAUSE
        waited = False
        while True:
            try:
                await attempt()
            except (StoreUnwritable, OutletUnready) as refused:
                self._work.counts.waits += 1
                # It waits for others, and whoever ends us now does not do so because of the message.
                self._not_to_blame()
                if not waited:
                    self._work.events.write("stream-waits", refused.words, why=refused.slug, lane=self._inlet.name)
                waited = True
                self._note(Fault(refused.slug, refused.words))
                if await self._told_to_stop(pause):
                    return False
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                if waited:
                    self._note(None)
                    self._work.events.write(
                        "stream-goes-on", "records and answers are kept again", lane=self._inlet.name
                    )
                return True

    async def _told_to_stop(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    @contextlib.asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        """Tell the broker again and again that what is open is being worked on."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(self._inlet.heartbeat_seconds)
                await self._inlet.hold(self._open)

        beating = asyncio.create_task(beat())
        try:
            yield
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    def _note(self, fault: Fault | None) -> None:
        if fault is None:
            self._work.counts.faults.pop(self._inlet.name, None)
        else:
            self._work.counts.faults[self._inlet.name] = fault

    def _count(self, turned: Sequence[Turned], *, lost: int) -> None:
        counts = self._work.counts
        counts.lost += lost
        newest = max((one.arrived.moment or 0 for one in turned), default=0)
        if newest:
            counts.ages[self._inlet.name] = max(0.0, time.time() - newest / SECOND)
        for one in turned:
            if one.faults:
                counts.dead[one.faults[0].slug] += 1
            elif one.entry is None:
                counts.repeated += 1
            else:
                counts.decided += 1
