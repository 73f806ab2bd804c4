"""Which messages a consumer that ended has answered without saying so, read from the answers. It never answers one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from assay.interfaces.stream.kafka.connection import connection
from assay.interfaces.stream.letters import SOURCE
from assay.interfaces.stream.settings import KafkaSettings

_ANSWER_SECONDS = 10.0
_LONGEST_SECONDS = 30.0
# The end of a partition may be a mark of a transaction, which is no message.
_IDLE_SECONDS = 3.0


def answered_before(settings: KafkaSettings, begins: Mapping[int, int]) -> dict[int, set[int]]:
    """By partition: offsets from where it begins on that an answer or a dead letter names already."""
    found: dict[int, set[int]] = {}
    if settings.look_back <= 0 or not begins:
        return found
    options: dict[str, Any] = {
        **connection(settings),
        "group.id": f"{settings.group}-looking-back",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        "auto.offset.reset": "earliest",
    }
    reader = Consumer(options)
    try:
        for topic in dict.fromkeys((settings.output, settings.dead)):
            for message in _last(reader, topic, settings.look_back):
                place = _source(message, settings.topic)
                if place is not None and place[0] in begins and place[1] >= begins[place[0]]:
                    found.setdefault(place[0], set()).add(place[1])
    finally:
        reader.close()
    return found


def _last(reader: Consumer, topic: str, most: int) -> Iterator[Message]:
    """The last messages of every partition of a topic; none where there is no such topic yet."""
    try:
        described = reader.list_topics(topic, timeout=_ANSWER_SECONDS).topics.get(topic)
        if described is None or described.error is not None:
            return
        ends: dict[int, int] = {}
        for partition in described.partitions:
            low, high = reader.get_watermark_offsets(TopicPartition(topic, partition), timeout=_ANSWER_SECONDS)
            if high > low:
                ends[partition] = high
                reader.incremental_assign([TopicPartition(topic, partition, max(low, high - most))])
        yield from _read(reader, ends)
        reader.incremental_unassign(reader.assignment())
    except (KafkaException, TypeError):
        # What cannot be looked up is answered again: twice is better than never.
        return


def _read(reader: Consumer, ends: dict[int, int]) -> Iterator[Message]:
    until = time.monotonic() + _LONGEST_SECONDS
    idle = time.monotonic() + _IDLE_SECONDS
    while ends and time.monotonic() < min(until, idle):
        for message in reader.consume(200, 0.1):
            if message.error() is None:
                idle = time.monotonic() + _IDLE_SECONDS
                yield message
        for place in reader.position(reader.assignment()):
            if place.offset >= ends.get(place.partition, 0):
                ends.pop(place.partition, None)


def _source(message: Message, topic: str) -> tuple[int, int] | None:
    """Partition and offset of the message that an answer names."""
    headers = message.headers() or []
    given = dict(headers).get(SOURCE) if isinstance(headers, list) else None
    text = given.decode("ascii", errors="replace") if isinstance(given, bytes) else ""
    parts = unquote(text).rsplit(":", 3)
    if len(parts) != 4 or parts[0] != f"kafka:{topic}" or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return int(parts[1]), int(parts[2])
