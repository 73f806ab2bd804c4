"""Messages from a durable pull consumer of JetStream, in order. None passes one that a dead consumer left behind."""

from __future__ import annotations

import asyncio
import contextlib
import time
from array import array
from collections.abc import Mapping, Sequence

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo
from nats.js.errors import NotFoundError

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.ports import Arrived
from assay.interfaces.stream.settings import NatsSettings

_PATIENCE_SECONDS = 0.5
# The library waits for a whole batch; what has come must not wait with it.
_QUICK_SECONDS = 0.05
_BETWEEN_TRIES = 0.5
# What was left behind is handed over again within this many waits for an acknowledgement; else somebody else has it.
_WAITS_FOR_OTHERS = 3
_SHORT_REPLY = 9
# How many of a stream's last messages are known to be done: a mebibyte for each lane.
_WINDOW = 1 << 17


class JetStreamInlet:
    """One durable consumer of one subject."""

    def __init__(self, client: Client, settings: NatsSettings, partition: int | None, batch: int) -> None:
        self._client, self._settings, self._partition, self._batch = client, settings, partition, batch
        suffix = "" if partition is None else f".{partition}"
        self._subject = settings.subject + suffix
        self._durable = settings.durable + suffix.replace(".", "-")
        self.name = f"nats {settings.stream} {self._subject}"
        self._stream: JetStreamContext = client.jetstream()
        self.heartbeat_seconds = settings.ack_wait / 3
        self._pull: JetStreamContext.PullSubscription | None = None
        self._fault: Fault | None = None
        self._busy = False
        # Messages behind some that an earlier consumer took and did not answer, until those come again.
        self._parked: list[Arrived] = []
        self._left_behind = 0
        self._patient_until = 0.0
        # By place in the window: the moment of the message there that was acknowledged. A server that is killed may
        # have forgotten acknowledgements, however long ago they were.
        self._settled = array("q", bytes(8 * _WINDOW))

    async def open(self) -> Fault | None:
        """Make the durable consumer unless it is there, and look what was left behind."""
        try:
            info = await self._info() or await self._make()
            fault = self._unfit(info)
            if fault is not None:
                return fault
            self._pull = await self._stream.pull_subscribe_bind(self._durable, self._settings.stream)
        except (nats.errors.Error, TimeoutError) as error:
            words = f"the consumer `{self._durable}` cannot be made: {getattr(error, 'description', None) or error}"
            return Fault("no-consumer", words)
        wait = info.config.ack_wait or self._settings.ack_wait
        self.heartbeat_seconds = wait / 3
        if info.num_ack_pending and info.delivered is not None:
            self._left_behind = info.delivered.stream_seq
            self._patient_until = time.monotonic() + _WAITS_FOR_OTHERS * wait
        return None

    async def _info(self) -> ConsumerInfo | None:
        try:
            info: ConsumerInfo = await self._stream.consumer_info(self._settings.stream, self._durable)
        except NotFoundError:
            return None
        return info

    async def _make(self) -> ConsumerInfo:
        config = ConsumerConfig(
            durable_name=self._durable,
            filter_subject=self._subject,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._settings.ack_wait,
            # We set aside what comes too often ourselves, with its bytes; the server would only drop it.
            max_deliver=-1,
            max_ack_pending=in_flight(self._partition, self._batch),
        )
        return await self._stream.add_consumer(self._settings.stream, config)

    def _unfit(self, info: ConsumerInfo) -> Fault | None:
        config = info.config
        if config.ack_policy != AckPolicy.EXPLICIT or config.deliver_subject:
            words = f"`{self._durable}` is there and no pull consumer with explicit acknowledgement"
            return Fault("unfit-consumer", f"{words}; name another by `--durable`")
        if (config.filter_subject or self._subject) != self._subject:
            words = f"`{self._durable}` is there for the subject `{config.filter_subject}`, not `{self._subject}`"
            return Fault("unfit-consumer", f"{words}; name another by `--durable`")
        if config.max_deliver not in (None, -1, 0):
            words = f"`{self._durable}` gives up after {config.max_deliver} deliveries, which would lose items"
            return Fault("unfit-consumer", f"{words}; set its max deliver to -1")
        return None

    async def take(self) -> list[Arrived]:
        """The next messages, in the order of the stream."""
        found = await self._fetch(max(1, self._batch - len(self._parked)))
        if not self._left_behind:
            return found
        self._parked = _each_once(self._parked + found)
        if not await self._all_came_again():
            await self.hold(self._parked)
            return []
        self._left_behind = 0
        ordered, self._parked = sorted(self._parked, key=_sequence), []
        return ordered

    async def _fetch(self, most: int) -> list[Arrived]:
        if self._pull is None:
            return []
        try:
            messages = await self._pulled(self._pull, most)
        except TimeoutError:
            # There is nothing, or no server: whichever it is, the next look at what waits says it.
            messages = []
        except (nats.errors.Error, OSError) as error:
            self._fault = Fault("no-broker", f"nothing can be taken from NATS: {type(error).__name__}")
            await asyncio.sleep(_BETWEEN_TRIES)
            return []
        self._fault = None
        return [self._arrived(message) for message in messages]

    async def _pulled(self, pull: JetStreamContext.PullSubscription, most: int) -> list[Msg]:
        """What there is, up to so many; waits only for the first, and not so long that what is parked comes again."""
        if self._busy:
            found = await self._rest(pull, most)
        else:
            found = await pull.fetch(1, timeout=min(_PATIENCE_SECONDS, self.heartbeat_seconds))
            # The first is here, and must come before those behind it whatever happens to them.
            with contextlib.suppress(nats.errors.Error, OSError):
                found += await self._rest(pull, most - len(found))
        self._busy = len(found) >= most
        return found

    async def _rest(self, pull: JetStreamContext.PullSubscription, most: int) -> list[Msg]:
        try:
            return await pull.fetch(most, timeout=_QUICK_SECONDS) if most > 0 else []
        except TimeoutError:
            return []

    def _arrived(self, message: Msg) -> Arrived:
        stream, delivered, sequence, nanoseconds = _read_reply(message.reply)
        moment = nanoseconds // 1_000
        return Arrived(
            place=f"{stream}:{sequence}",
            key=f"nats:{stream}:{sequence}:{moment}",
            content=message.data,
            moment=moment,
            delivered=delivered,
            subject=message.subject,
            routing=None,
            handle=(sequence, message),
            answered=self._settled[sequence % _WINDOW] == moment,
        )

    async def _all_came_again(self) -> bool:
        """Whether nothing is open that was handed to somebody before us, but what we have ourselves."""
        if time.monotonic() >= self._patient_until:
            return True
        try:
            info = await self._stream.consumer_info(self._settings.stream, self._durable)
        except (nats.errors.Error, TimeoutError):
            return False
        answered = info.ack_floor.stream_seq if info.ack_floor is not None else 0
        if answered >= self._left_behind or not info.num_ack_pending:
            return True
        # What is open and not here was taken by one that died, or by one that works beside us.
        return bool(info.num_ack_pending <= len(self._parked))

    async def hold(self, batch: Sequence[Arrived]) -> None:
        """Tell the server that these are still being worked on."""
        try:
            for arrived in batch:
                await _message(arrived).in_progress()
        except (nats.errors.Error, OSError):
            # The connection is away. What the server hands over again is answered as before.
            return

    def is_ours(self, arrived: Arrived) -> bool:
        """A message may be handed to another after a while, but its answer is the same, and published once."""
        return True

    async def settle(self, batch: Sequence[Arrived]) -> None:
        """Acknowledge, and wait until the server has heard it."""
        for arrived in batch:
            self._settled[_sequence(arrived) % _WINDOW] = arrived.moment or 0
        try:
            for arrived in batch:
                await _message(arrived).ack()
            await self._client.flush()
        except (nats.errors.Error, OSError, TimeoutError):
            # Not heard: they come again, and are answered as before.
            return

    async def give_back(self, batch: Sequence[Arrived]) -> None:
        """Let the server hand these over again at once."""
        try:
            for arrived in batch:
                await _message(arrived).nak()
            await self._client.flush()
        except (nats.errors.Error, OSError, TimeoutError):
            return

    async def waiting(self) -> Mapping[str, int]:
        """How many messages were never handed over yet, and are not answered."""
        try:
            info = await self._info()
        except (nats.errors.Error, OSError, TimeoutError):
            self._fault = Fault("no-broker", "the NATS server does not answer")
            return {}
        if info is None:
            self._fault = Fault("no-consumer", f"the consumer `{self._durable}` was removed; start again to make it")
            return {}
        self._fault = None
        return {self._subject: (info.num_pending or 0) + (info.num_ack_pending or 0)}

    def fault(self) -> Fault | None:
        """Why nothing can be taken just now."""
        return self._fault

    async def close(self) -> None:
        """Give back what is parked, and what came after we had asked for the last time."""
        late: list[Msg] = []
        if self._pull is not None and self._pull.pending_msgs:
            with contextlib.suppress(nats.errors.Error, OSError):
                late = await self._rest(self._pull, self._pull.pending_msgs + 1)
        await self.give_back([*self._parked, *map(self._arrived, late)])
        self._parked = []


def in_flight(partition: int | None, batch: int) -> int:
    """How many messages a consumer's durable may have handed over and not heard of."""
    # A partition has one consumer; those who share an unpartitioned subject may each hold a batch.
    return 4 * batch if partition is None else batch


def _message(arrived: Arrived) -> Msg:
    handle = arrived.handle
    if not isinstance(handle, tuple) or not isinstance(handle[1], Msg):
        raise TypeError("a message of another broker")
    return handle[1]


def _sequence(arrived: Arrived) -> int:
    handle = arrived.handle
    return int(handle[0]) if isinstance(handle, tuple) else 0


def _each_once(parked: Sequence[Arrived]) -> list[Arrived]:
    """What waited so long that it came again is one message, as it came last."""
    return list({_sequence(arrived): arrived for arrived in parked}.values())


def _read_reply(reply: str) -> tuple[str, int, int, int]:
    """Stream, deliveries, sequence in the stream and nanoseconds, from the subject that a message is answered on."""
    parts = reply.split(".")
    # Newer servers put the domain and the account before the stream.
    first = 2 if len(parts) == _SHORT_REPLY else 4
    return parts[first], int(parts[first + 2]), int(parts[first + 3]), int(parts[first + 5])
