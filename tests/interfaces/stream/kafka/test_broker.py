"""Items in from Kafka (librdkafka's mock of a cluster), decisions out; the group shares, and nothing goes out twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Asked, Decided, Desk, Refused
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.stream.consuming import Consumer, Parts
from assay.interfaces.stream.kafka.broker import Kafka
from assay.interfaces.stream.kafka.inlet import KafkaInlet
from assay.interfaces.stream.kafka.publishing import KafkaPublisher
from assay.interfaces.stream.ports import Arrived
from assay.interfaces.stream.publishing import ready
from assay.interfaces.stream.settings import KafkaSettings, StreamSettings
from assay.interfaces.stream.trials import Trials
from tests.interfaces.running import assay
from tests.interfaces.stream.brokers import KafkaCluster, bytes_of, headers_of, source_of
from tests.interfaces.stream.made import MemoryKeeper, an_item, decided_by_library, lineup, until

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def cluster() -> Iterator[KafkaCluster]:
    yield KafkaCluster()


@pytest.fixture
def names(cluster: KafkaCluster, request: pytest.FixtureRequest) -> KafkaSettings:
    """Topics and a group that no other test uses."""
    name = request.node.name.removeprefix("test_")[:40]
    return KafkaSettings(
        servers=cluster.servers, topic=name, group=name, output=f"{name}-out", dead=f"{name}-dead", session=6.0
    )


class Running:
    """A consumer in this process."""

    def __init__(
        self,
        names: KafkaSettings,
        keeper: MemoryKeeper,
        desk: Desk | None = None,
        deliveries: int = 5,
        trials: Path | None = None,
    ) -> None:
        self.events = EventLog(None)
        settings = StreamSettings(kafka=names, batch=50, deliveries=deliveries)
        broker = Kafka(names, settings.batch, self.events)
        parts = Parts(desk or Desk(), lineup, keeper, self.events, trials=Trials(trials))
        self.consumer = Consumer(broker, parts, settings)

    @property
    def done(self) -> int:
        counts = self.consumer.counts
        return counts.decided + counts.repeated + counts.dead.total()

    async def run_until(self, reached: Callable[[], bool]) -> None:
        running = asyncio.create_task(self.consumer.run())
        await until(lambda: running.done() or reached(), 90)
        self.consumer.stopping.set()
        assert await running == []


def some_items(number: int) -> list[bytes]:
    return [an_item(f"upload-{each % 17}", disclosed=each % 2 == 0, nude=each % 3 == 0) for each in range(number)]


def answers_of(cluster: KafkaCluster, names: KafkaSettings) -> dict[str, bytes]:
    found = cluster.read(names.output)
    assert max(Counter(headers_of(message)["Assay-Source"] for message in found).values(), default=1) == 1
    return {headers_of(message)["Assay-Source"]: bytes_of(message) for message in found}


def expected_of(cluster: KafkaCluster, names: KafkaSettings) -> dict[str, bytes]:
    return {
        source_of(message): decided_by_library(bytes_of(message), message.timestamp()[1] * 1_000)
        for message in cluster.read(names.topic)
    }


def test_items_go_in_and_the_librarys_bytes_come_out(cluster: KafkaCluster, names: KafkaSettings) -> None:
    keeper = MemoryKeeper()
    running = Running(names, keeper)

    async def run() -> None:
        assert await KafkaPublisher(names).publish(ready(some_items(300))) == 300
        await running.run_until(lambda: running.done >= 300)

    asyncio.run(run())
    answers = answers_of(cluster, names)
    assert answers == expected_of(cluster, names)
    assert {entry.key: entry.record for entry in keeper.entries} == answers
    # An item's answers are kept together, as its messages are.
    by_item = {(headers_of(m)["Assay-Item"], m.partition()) for m in cluster.read(names.output)}
    assert len(by_item) == 17


def test_dead_letters_are_listed_shown_and_sent_again(cluster: KafkaCluster, names: KafkaSettings) -> None:
    cluster.publish(names.topic, [("a", b"{broken"), ("b", None), ("c", an_item("c"))])
    running = Running(names, MemoryKeeper())
    asyncio.run(running.run_until(lambda: running.done >= 3))
    beside = ("--server", cluster.servers[0], "--dead", names.dead)
    listed = assay("dead", "list", "kafka", *beside, "--json")
    places = {line["faults"][0]["slug"]: line["place"] for line in listed.lines}
    assert (listed.code, set(places)) == (1, {"broken-json", "no-content"})
    assert assay("dead", "show", "kafka", places["broken-json"], *beside, "--raw").out == "{broken"
    assert "it has no content" in assay("dead", "show", "kafka", places["no-content"], *beside).out
    assert assay("dead", "retry", "kafka", places["broken-json"], *beside).out == "1 message sent again\n"
    again = {
        line["faults"][0]["slug"]: line["retried"] for line in assay("dead", "list", "kafka", *beside, "--json").lines
    }
    assert again == {"broken-json": True, "no-content": False}
    assert [message.value() for message in cluster.read(names.topic)].count(b"{broken") == 2


def test_what_went_out_and_was_never_committed_does_not_go_out_again(
    cluster: KafkaCluster, names: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.publish(names.topic, [(f"k{number}", content) for number, content in enumerate(some_items(60))])
    first = Running(names, MemoryKeeper())

    async def unheard(self: KafkaInlet, batch: Sequence[Arrived]) -> None:
        """The consumer dies after it published, and before it commits."""

    with monkeypatch.context() as context:
        context.setattr(KafkaInlet, "settle", unheard)
        asyncio.run(first.run_until(lambda: first.done >= 60))
    assert len(answers_of(cluster, names)) == 60
    # Another consumer takes over, with a store of its own that knows nothing of these records.
    keeper = MemoryKeeper()
    second = Running(names, keeper)
    asyncio.run(second.run_until(lambda: second.done >= 60))
    assert answers_of(cluster, names) == expected_of(cluster, names)
    assert keeper.keys == []
    assert second.consumer.counts.repeated == 60


def test_consumers_of_a_group_share_the_work(cluster: KafkaCluster, names: KafkaSettings) -> None:
    keepers = [MemoryKeeper(), MemoryKeeper()]
    running = [Running(names, keeper) for keeper in keepers]
    cluster.publish(names.topic, [(f"k{number}", content) for number, content in enumerate(some_items(200))])

    async def run() -> None:
        answered = asyncio.Event()

        async def watched() -> None:
            # What consumers count has items twice that were handed over on the way, and would end them too soon.
            while len(await asyncio.to_thread(cluster.read, names.output)) < 600:  # noqa: ASYNC110 (seen from outside only)
                await asyncio.sleep(0.5)
            answered.set()

        async def second() -> None:
            # While the first is at work, so that partitions have to be handed over.
            await until(lambda: running[0].done > 0, 90)
            await running[1].run_until(answered.is_set)

        async def more() -> None:
            await until(running[1].consumer.began.is_set, 90)
            for round_ in range(4):
                batch = [(f"k{round_}-{number}", content) for number, content in enumerate(some_items(100))]
                await asyncio.to_thread(cluster.publish, names.topic, batch)
                await asyncio.sleep(1.0)

        await asyncio.gather(running[0].run_until(answered.is_set), second(), more(), watched())

    asyncio.run(run())
    assert answers_of(cluster, names) == expected_of(cluster, names)
    assert all(keeper.keys for keeper in keepers)


class Died(BaseException):
    """What ends a process, for tests in one."""


class _DeadlyDesk(Desk):
    def decide_line(self, line: bytes, lineup: Lineup, asked: Asked, *, key: str = "") -> Decided | Refused:
        if b"poison" in line:
            raise Died
        return super().decide_line(line, lineup, asked, key=key)


def _all_answered(running: Running, keeper: MemoryKeeper) -> bool:
    return running.done >= 1 and len(keeper.keys) >= 4


def test_a_message_that_ends_every_consumer_is_found_and_set_aside(
    cluster: KafkaCluster, names: KafkaSettings, tmp_path: Path
) -> None:
    contents = [an_item("a"), an_item("b"), an_item("poison"), an_item("d"), an_item("e")]
    cluster.publish(names.topic, [("one-partition", content) for content in contents])
    keeper = MemoryKeeper()
    # It ended four consumers before this.
    source = source_of(cluster.read(names.topic)[2])
    (tmp_path / "trials.json").write_text(json.dumps({source: 4}))
    deaths = 0
    for _ in range(6):
        running = Running(names, keeper, _DeadlyDesk(), trials=tmp_path / "trials.json")
        try:
            asyncio.run(running.run_until(partial(_all_answered, running, keeper)))
        except Died:
            deaths += 1
        else:
            break
    # Twice with the others, once more alone.
    assert deaths == 3
    assert [entry.item for entry in keeper.entries] == ["a", "b", "d", "e"]
    dead = cluster.read(names.dead)
    assert [message.value() for message in dead] == [an_item("poison")]
    assert "delivered-too-often" in headers_of(dead[0])["Assay-Faults"]


def test_a_missing_topic_and_a_missing_broker_are_refused_in_words(
    names: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.interfaces.stream.kafka.inlet._ANSWER_SECONDS", 1.0)
    nowhere = KafkaSettings(servers=("127.0.0.1:1",), security="sasl", user="ada", password="secret-password")
    found = asyncio.run(Kafka(nowhere, 10, EventLog(None)).open())
    assert isinstance(found[0], Fault)
    assert found[0].slug == "no-broker"
    assert "secret-password" not in found[0].words
    wrong = KafkaSettings(servers=names.servers, security="sasl", mechanism="NONE", user="ada")
    found = asyncio.run(Kafka(wrong, 10, EventLog(None)).open())
    assert isinstance(found[0], Fault)
    assert found[0].slug == "unusable-settings"
