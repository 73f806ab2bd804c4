"""How often a partition was begun at one place, kept beside the group's commit. It never moves a commit on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

_WORD = "assay-begun"
_MOST = 1_000


class Attempts:
    """Counts how often a partition was begun at one place, so that a message which ends consumers is found.

    Before the first messages of a partition that came to us are decided, the group's commit is written once more with
    their number of tries beside it. Whoever takes the partition over, after we ended on one of them, reads it.
    """

    def __init__(self) -> None:
        # By partition: the end of what is under suspicion, and how often it was begun before.
        self._begun: dict[int, tuple[int, int]] = {}

    def read(self, places: Iterable[TopicPartition]) -> None:
        """Take up what stands beside the commits."""
        for place in places:
            word, _, rest = (place.metadata or "").partition(" ")
            numbers = rest.split()
            known = word == _WORD and len(numbers) == 2 and all(one.isascii() and one.isdigit() for one in numbers)
            if known:
                self._begun[place.partition] = (int(numbers[1][:18]), min(int(numbers[0][:6]), _MOST))

    def begin(self, consumer: Consumer, topic: str, messages: Sequence[Message]) -> None:
        """Write down that these are begun, once more than before."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for message in messages:
            partition, offset = message.partition() or 0, message.offset() or 0
            first.setdefault(partition, offset)
            last[partition] = offset
        places = []
        for partition, offset in first.items():
            end, times = self._begun.get(partition, (0, 0))
            end = max(end if times else 0, last[partition] + 1)
            self._begun[partition] = (end, times + 1)
            places.append(self.place(topic, partition, offset))
        try:
            consumer.commit(offsets=places, asynchronous=False)
        except KafkaException:
            # The count is lost, not a message; the next consumer begins as we did.
            return

    def delivered(self, partition: int, offset: int) -> int:
        """How often a message was begun, this time included."""
        end, times = self._begun.get(partition, (0, 0))
        return times if times and offset < end else 1

    def place(self, topic: str, partition: int, offset: int) -> TopicPartition:
        """Where a partition is to be committed, with what must not be forgotten yet."""
        end, times = self._begun.get(partition, (0, 0))
        if not times or offset >= end:
            self._begun.pop(partition, None)
            return TopicPartition(topic, partition, offset, "")
        return TopicPartition(topic, partition, offset, f"{_WORD} {times} {end}")

    def forget(self, partition: int) -> None:
        """A partition that is no longer ours."""
        self._begun.pop(partition, None)
