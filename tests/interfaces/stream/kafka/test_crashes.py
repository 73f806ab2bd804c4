"""A consumer of Kafka is killed, again and again; others share its group. Every item is decided, once in effect."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from confluent_kafka import Message

from tests.interfaces import small
from tests.interfaces.stream.brokers import KafkaCluster, bytes_of, headers_of, source_of
from tests.interfaces.stream.made import an_item, decided_by_library, loaded
from tests.interfaces.stream.processes import Process, consuming

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]
GROUPS = 4
KILLS = int(os.environ.get("ASSAY_KILLS", "8"))
QUICK = {"ASSAY_STREAM__BATCH": "60", "ASSAY_STREAM__REMEMBERED": "500", "ASSAY_STREAM__KAFKA__SESSION": "6"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small.write(tmp_path / "pack")


def a_process(folder: Path, pack: Path, cluster: KafkaCluster, group: int = 0) -> Process:
    words = ("--topic", f"items-{group}", "--output", f"decisions-{group}", "--group", f"assay-{group}")
    return Process(folder, ("kafka", "--pack", str(pack), "--server", ",".join(cluster.servers), *words), QUICK)


def some_items(first: int, number: int) -> list[tuple[str, bytes]]:
    """Items with their keys, which come again and again, each time otherwise."""
    return [
        (
            f"upload-{each % 17}",
            an_item(f"upload-{each % 17}", ai_extent="generated", disclosed=each % 3 == 0, nudity=each % 5 == 0),
        )
        for each in range(first, first + number)
    ]


def wait_for(cluster: KafkaCluster, number: int, seconds: float = 60, group: int = 0) -> list[Message]:
    until = time.monotonic() + seconds
    while True:
        found = cluster.read(f"decisions-{group}")
        if len({headers_of(message)["Assay-Source"] for message in found}) >= number:
            return found
        assert time.monotonic() < until, f"{len(found)} of {number}"
        time.sleep(0.2)


def check_answers(cluster: KafkaCluster, pack: Path, answers: Sequence[Message], group: int = 0) -> None:
    """Each item has one answer, with the library's bytes, and each id's answers follow one another as its items did."""
    with_pack = loaded(pack)
    expected = {
        source_of(message): decided_by_library(bytes_of(message), message.timestamp()[1] * 1_000, with_pack)
        for message in cluster.read(f"items-{group}")
    }
    assert {headers_of(m)["Assay-Source"]: m.value() for m in answers} == expected
    assert not [name for name, times in Counter(headers_of(m)["Assay-Source"] for m in answers).items() if times > 1]
    places: dict[str, list[tuple[int, int]]] = {}
    for message in answers:
        _, _, partition, offset, _ = headers_of(message)["Assay-Source"].split(":")
        places.setdefault(headers_of(message)["Assay-Item"], []).append((int(partition), int(offset)))
    assert all(found == sorted(found) for found in places.values())


def test_killed_under_load_a_consumer_answers_and_records_every_item_once(tmp_path: Path, pack: Path) -> None:
    chance = random.Random(7)
    cluster = KafkaCluster()
    # A group misses a member that was killed only after its session, so several groups are killed beside each other.
    processes = [a_process(tmp_path / f"consumer-{group}", pack, cluster, group) for group in range(GROUPS)]
    totals = [1] * GROUPS
    for group in range(GROUPS):
        cluster.publish(f"items-{group}", some_items(0, 1))
    with consuming(*processes):
        for process in processes:
            process.start(wait=False)
        for _ in range(max(1, KILLS // GROUPS)):
            for group, process in enumerate(processes):
                cluster.publish(f"items-{group}", some_items(totals[group], 150))
                totals[group] += 150
                process.wait_until_busy(12.0)
                time.sleep(chance.uniform(0.0, 0.03))
                process.kill()
                # At once, since the group misses the killed one for as long as it waits for the others.
                process.start(wait=False)
        for process in processes:
            process.wait_for("Ctrl-C ends it")
        answers = [wait_for(cluster, total, group=group) for group, total in enumerate(totals)]
        assert [process.stop() for process in processes] == [0] * GROUPS
    for group, process in enumerate(processes):
        check_answers(cluster, pack, answers[group], group)
        kept = process.kept()
        assert len(kept) == totals[group]
        assert dict(kept) == {headers_of(m)["Assay-Source"]: m.value() for m in answers[group]}
