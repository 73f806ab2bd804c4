"""How often a partition was begun is written beside the commit, and read by whoever takes it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from confluent_kafka import Consumer, Message, TopicPartition

from assay.interfaces.stream.kafka.attempts import Attempts


@dataclass
class _Group:
    """What the group has committed of one partition."""

    committed: TopicPartition = field(default_factory=lambda: TopicPartition("items", 0, 10))

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> None:
        assert not asynchronous
        (self.committed,) = offsets


@dataclass
class _Read:
    """A message at a place."""

    at: int

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self.at


def begun(group: _Group, *offsets: int) -> Attempts:
    """A consumer that takes the partition over and begins these."""
    attempts = Attempts()
    attempts.read([group.committed])
    messages = [cast("Message", _Read(offset)) for offset in offsets]
    attempts.begin(cast("Consumer", group), "items", messages)
    return attempts


def test_each_consumer_that_ends_on_it_adds_one() -> None:
    group = _Group()
    counts = [begun(group, 10, 11, 12).delivered(0, 11) for _ in range(4)]
    assert counts == [1, 2, 3, 4]
    assert group.committed.offset == 10


def test_the_count_is_kept_until_all_that_was_begun_is_done() -> None:
    group = _Group()
    begun(group, 10, 11, 12)
    attempts = begun(group, 10)
    # The first is done; those behind it are as suspect as before.
    group.commit([attempts.place("items", 0, 11)], asynchronous=False)
    assert begun(group, 11).delivered(0, 11) == 3
    assert begun(group, 11, 12, 13).delivered(0, 13) == 4


def test_behind_what_was_begun_nothing_is_suspect() -> None:
    group = _Group()
    attempts = begun(group, 10, 11)
    assert attempts.place("items", 0, 12).metadata in (None, "")
    assert attempts.delivered(0, 12) == 1
    begun(group, 10, 11)
    attempts = begun(group, 10, 11)
    assert (attempts.delivered(0, 11), attempts.delivered(0, 12)) == (3, 1)


def test_what_somebody_else_wrote_beside_a_commit_counts_nothing() -> None:
    for metadata in ("", "x", "assay-begun", "assay-begun x y", "assay-begun -1 -1", "assay-begun 1 2 3"):
        group = _Group(TopicPartition("items", 0, 10, metadata))
        assert begun(group, 10).delivered(0, 10) == 1


def test_a_huge_count_is_no_trouble() -> None:
    group = _Group(TopicPartition("items", 0, 10, f"assay-begun {'9' * 500} {'9' * 500}"))
    assert begun(group, 10).delivered(0, 10) > 1
