"""Messages to a topic, and dead letters read back from theirs. It decides nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.kafka.connection import connection, producer_options, said
from assay.interfaces.stream.letters import RETRIED, Letter, header_text, read_letter
from assay.interfaces.stream.publishing import Ready
from assay.interfaces.stream.settings import KafkaSettings

_ANSWER_SECONDS = 10.0
_MOST = 1_000_000
_CONFIRM_SECONDS = 40.0
_IDLE_SECONDS = 3.0


class KafkaPublisher:
    """Publishes items keyed by their id, so that those of one item stay in order."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings

    async def publish(self, messages: Iterable[Ready]) -> int | Fault:
        """Return once the brokers have all of them."""
        return await asyncio.to_thread(self._publish, messages)

    def _publish(self, messages: Iterable[Ready]) -> int | Fault:
        lines = (
            (self._settings.topic, one.content, None if one.id is None else one.id.encode(), None) for one in messages
        )
        return _produce(self._settings, lines)


def _produce(
    settings: KafkaSettings, lines: Iterable[tuple[str, bytes | None, bytes | None, dict[str, str] | None]]
) -> int | Fault:
    errors: list[KafkaError] = []

    def reported(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            errors.append(error)

    total = 0
    try:
        producer = Producer(dict(producer_options(settings)))
        # Asked first, since messages wait much longer for a broker than a person does.
        producer.list_topics(timeout=_ANSWER_SECONDS)
        for topic, content, key, headers in lines:
            while True:
                try:
                    given: Any = {} if headers is None else headers
                    producer.produce(topic, content, key, headers=given, on_delivery=reported)
                except BufferError:
                    producer.poll(0.1)
                else:
                    break
            producer.poll(0)
            total += 1
        left = producer.flush(_CONFIRM_SECONDS)
    except KafkaException as error:
        at = ", ".join(settings.servers)
        return Fault("not-published", f"Kafka at `{at}` does not take the messages: {said(error)}")
    if errors or left:
        return Fault("not-published", f"Kafka does not take the messages: {said(errors[0]) if errors else 'no answer'}")
    return total


class KafkaLetters:
    """The dead letters in their topic, which keeps them also when they were sent again."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings

    async def letters(self, most: int) -> list[Letter] | Fault:
        """The dead letters, the oldest of each partition first."""
        return await asyncio.to_thread(self._letters, most)

    def _letters(self, most: int) -> list[Letter] | Fault:
        options = {
            **connection(self._settings),
            "group.id": f"{self._settings.group}-dead-letters",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
        reader = Consumer(options)
        try:
            found: list[Letter] = []
            retried: set[str] = set()
            for message in _all(reader, self._settings.dead):
                headers = _headers(message)
                place = f"{message.partition()}:{message.offset()}"
                if RETRIED in headers:
                    retried.add(headers[RETRIED])
                elif len(found) < most:
                    found.append(read_letter(place, headers, _bytes(message.value()), _bytes(message.key())))
        except KafkaException as error:
            return Fault("no-broker", f"Kafka does not answer: {said(error)}")
        finally:
            reader.close()
        return [_marked(letter) if header_text(letter.place) in retried else letter for letter in found]

    async def letter(self, place: str) -> Letter | None:
        """The dead letter at a place."""
        found = await self.letters(_MOST)
        return None if isinstance(found, Fault) else next((one for one in found if one.place == place), None)

    async def close(self) -> None:
        """Every question has a connection of its own."""

    async def retry(self, letters: Sequence[Letter]) -> int | Fault:
        """Publish messages again, and mark their dead letters as sent again."""
        dead = self._settings.dead
        again = [(letter.subject or self._settings.topic, letter.content, letter.routing, None) for letter in letters]
        marks = [(dead, None, None, {RETRIED: header_text(letter.place)}) for letter in letters]
        done = await asyncio.to_thread(_produce, self._settings, again)
        if isinstance(done, Fault):
            return done
        marked = await asyncio.to_thread(_produce, self._settings, marks)
        return marked if isinstance(marked, Fault) else done


def _all(reader: Consumer, topic: str) -> Iterator[Message]:
    described = reader.list_topics(topic, timeout=_ANSWER_SECONDS).topics.get(topic)
    if described is None or described.error is not None:
        return
    ends: dict[int, int] = {}
    for partition in described.partitions:
        low, high = reader.get_watermark_offsets(TopicPartition(topic, partition), timeout=_ANSWER_SECONDS)
        if high > low:
            ends[partition] = high
            reader.incremental_assign([TopicPartition(topic, partition, low)])
    idle = time.monotonic() + _IDLE_SECONDS
    while ends and time.monotonic() < idle:
        for message in reader.consume(200, 0.1):
            if message.error() is None:
                idle = time.monotonic() + _IDLE_SECONDS
                yield message
        for place in reader.position(reader.assignment()):
            if place.offset >= ends.get(place.partition, 0):
                ends.pop(place.partition, None)


def _headers(message: Message) -> dict[str, str]:
    found = message.headers()
    pairs = found if isinstance(found, list) else []
    return {name: value.decode("utf-8", "replace") for name, value in pairs if isinstance(value, bytes)}


def _bytes(given: bytes | str | None) -> bytes | None:
    return given.encode() if isinstance(given, str) else given


def _marked(letter: Letter) -> Letter:
    return Letter(
        letter.place,
        letter.source,
        letter.subject,
        letter.at,
        letter.delivered,
        letter.faults,
        letter.content,
        letter.routing,
        retried=True,
    )
