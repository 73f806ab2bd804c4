"""Messages from the partitions that a consumer group gives us. It never commits what was not answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from confluent_kafka import (
    OFFSET_INVALID,
    TIMESTAMP_NOT_AVAILABLE,
    Consumer,
    KafkaException,
    Message,
    TopicPartition,
)

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.kafka.attempts import Attempts
from assay.interfaces.stream.kafka.connection import consumer_options, said
from assay.interfaces.stream.kafka.looking_back import answered_before
from assay.interfaces.stream.ports import Arrived
from assay.interfaces.stream.settings import KafkaSettings

_PATIENCE_SECONDS = 0.5
_QUICK_SECONDS = 0.005
_ANSWER_SECONDS = 10.0
_HEARTBEAT_SECONDS = 3.0
_BETWEEN_TRIES = 0.5
_Given = TypeVar("_Given")


class KafkaInlet:
    """One member of a consumer group; its partitions come and go."""

    def __init__(self, settings: KafkaSettings, batch: int, events: EventLog) -> None:
        self.name = f"kafka {settings.topic}"
        self.heartbeat_seconds = _HEARTBEAT_SECONDS
        self._settings, self._batch, self._events = settings, batch, events
        # The library calls us back on the thread that asks it; one thread asks.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assay-kafka")
        self._consumer = Consumer(dict(consumer_options(settings, events)))
        self._owned: set[int] = set()
        self._gained: set[int] = set()
        self._answered: dict[int, set[int]] = {}
        self._early: list[Message] = []
        self._attempts = Attempts()
        self._fault: Fault | None = None

    async def open(self) -> Fault | None:
        """Look whether the topic is there, and join the group."""
        return await self._ask(self._open)

    def _open(self) -> Fault | None:
        topic = self._settings.topic
        try:
            found = self._consumer.list_topics(topic, timeout=_ANSWER_SECONDS).topics.get(topic)
        except KafkaException as error:
            return Fault(
                "no-broker", f"no Kafka broker answers at `{', '.join(self._settings.servers)}`: {said(error)}"
            )
        if found is None or found.error is not None or not found.partitions:
            return Fault(
                "no-topic", f"there is no topic `{topic}`; make it, with as many partitions as consumers", "topic"
            )
        self._consumer.subscribe([topic], on_assign=self._gain, on_revoke=self._lose, on_lost=self._lose)
        return None

    def _gain(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        gained = {each.partition for each in partitions}
        self._owned |= gained
        self._gained |= gained

    def _lose(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        # What was taken of them and not answered yet is dropped: whoever has them now begins where we committed.
        for each in partitions:
            self._owned.discard(each.partition)
            self._gained.discard(each.partition)
            self._answered.pop(each.partition, None)
            self._attempts.forget(each.partition)

    async def take(self) -> list[Arrived]:
        """The next messages; those of one partition in its order."""
        return await self._ask(self._take)

    def _take(self) -> list[Arrived]:
        early, self._early = self._early, []
        try:
            first = None if early else self._consumer.poll(_PATIENCE_SECONDS)
            found = early or ([] if first is None else [first])
            if found and len(found) < self._batch:
                found += self._consumer.consume(self._batch - len(found), _QUICK_SECONDS)
            usable = self._usable(found)
            if self._gained and usable:
                self._look_back()
                self._attempts.begin(self._consumer, self._settings.topic, usable)
        except (KafkaException, RuntimeError) as error:
            why = said(error) if isinstance(error, KafkaException) else "it is closed"
            self._fault = Fault("no-broker", f"nothing can be taken from Kafka: {why}")
            return []
        if found:
            self._fault = None
        return [self._arrived(message) for message in usable]

    def _usable(self, found: Sequence[Message]) -> list[Message]:
        usable = []
        for message in found:
            error = message.error()
            if error is None:
                # One that was fetched before a rebalance and handed over after it is no longer ours.
                if message.partition() in self._owned:
                    usable.append(message)
            elif error.fatal() or not error.retriable():
                self._fault = Fault("no-broker", f"nothing can be taken from Kafka: {said(error)}")
        return usable

    def _look_back(self) -> None:
        gained, self._gained = self._gained, set()
        places = self._consumer.committed(
            [TopicPartition(self._settings.topic, each) for each in gained], _ANSWER_SECONDS
        )
        self._attempts.read(places)
        begins = {place.partition: max(0, place.offset) for place in places if place.error is None}
        for partition, offsets in answered_before(self._settings, begins).items():
            self._answered[partition] = offsets
            words = f"{len(offsets)} messages of partition {partition} were answered by a consumer that ended first"
            self._events.write("answers-found", words)

    def _arrived(self, message: Message) -> Arrived:
        topic, partition, offset = self._settings.topic, message.partition() or 0, message.offset() or 0
        kind, milliseconds = message.timestamp()
        routing = message.key()
        return Arrived(
            place=f"{topic}:{partition}:{offset}",
            key=f"kafka:{topic}:{partition}:{offset}:{milliseconds}",
            content=_bytes(message.value()),
            moment=None if kind == TIMESTAMP_NOT_AVAILABLE else milliseconds * 1_000,
            delivered=self._attempts.delivered(partition, offset),
            subject=topic,
            routing=_bytes(routing),
            handle=(partition, offset),
            answered=offset in self._answered.get(partition, ()),
        )

    async def hold(self, batch: Sequence[Arrived]) -> None:
        """Stay a member of the group while a batch waits."""
        await self._ask(self._hold)

    def _hold(self) -> None:
        owned = [TopicPartition(self._settings.topic, each) for each in self._owned]
        try:
            self._consumer.pause(owned)
            message = self._consumer.poll(0)
            if message is not None and message.error() is None:
                # Of a partition that came just now.
                self._early.append(message)
            self._consumer.resume([each for each in owned if each.partition in self._owned])
        except (KafkaException, RuntimeError):
            return

    def is_ours(self, arrived: Arrived) -> bool:
        """Whether its partition is still given to us."""
        return _handle(arrived)[0] in self._owned

    async def settle(self, batch: Sequence[Arrived]) -> None:
        """Commit what is done."""
        ends: dict[int, int] = {}
        for arrived in batch:
            partition, offset = _handle(arrived)
            ends[partition] = max(ends.get(partition, 0), offset + 1)
        await self._ask(lambda: self._commit(ends))

    def _commit(self, ends: Mapping[int, int]) -> None:
        topic = self._settings.topic
        places = [self._attempts.place(topic, each, end) for each, end in ends.items() if each in self._owned]
        if not places:
            return
        try:
            self._consumer.commit(offsets=places, asynchronous=False)
        except KafkaException as error:
            # The next commit covers it, or whoever has the partition by then finds the answers by looking back.
            self._events.write("not-committed", f"Kafka did not take what is done: {said(error)}")

    async def give_back(self, batch: Sequence[Arrived]) -> None:
        """What is not committed comes again by itself."""

    async def waiting(self) -> Mapping[str, int]:
        """How many messages lie behind the committed ones, by partition."""
        return await self._ask(self._waiting)

    def _waiting(self) -> Mapping[str, int]:
        topic = self._settings.topic
        found = {}
        try:
            for place in self._consumer.committed([TopicPartition(topic, each) for each in self._owned], 2):
                low, high = self._consumer.get_watermark_offsets(place, timeout=2, cached=False)
                done = low if place.offset == OFFSET_INVALID or place.offset < low else place.offset
                found[f"{topic}:{place.partition}"] = max(0, high - done)
        except (KafkaException, RuntimeError, TypeError):
            self._fault = Fault("no-broker", "Kafka does not answer")
            return {}
        if self._fault is not None and self._fault.slug == "no-broker":
            self._fault = None
        return found

    def fault(self) -> Fault | None:
        """Why nothing can be taken just now."""
        return self._fault

    async def close(self) -> None:
        """Leave the group, so that others take over at once."""
        await self._ask(self._consumer.close)
        self._thread.shutdown(wait=False)

    async def _ask(self, work: Callable[[], _Given]) -> _Given:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _bytes(given: bytes | str | None) -> bytes | None:
    return given.encode() if isinstance(given, str) else given


def _handle(arrived: Arrived) -> tuple[int, int]:
    handle = arrived.handle
    if not isinstance(handle, tuple):
        raise TypeError("a message of another broker")
    return handle[0], handle[1]
