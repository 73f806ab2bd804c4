"""Items in from a real NATS server, decisions out; and what cannot be decided is looked at and sent again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.consuming import Consumer, Parts
from assay.interfaces.stream.jetstream.broker import JetStream
from assay.interfaces.stream.jetstream.publishing import JetStreamLetters, JetStreamPublisher
from assay.interfaces.stream.publishing import partition_of, ready
from assay.interfaces.stream.settings import NatsSettings, StreamSettings
from tests.interfaces.running import assay
from tests.interfaces.stream.brokers import NatsServer, nats_server
from tests.interfaces.stream.jetstream.certificates import self_signed
from tests.interfaces.stream.jetstream.reading import everything, publish, sources
from tests.interfaces.stream.made import MemoryKeeper, an_item, decided_by_library, lineup, until

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with nats_server(tmp_path_factory.mktemp("nats")) as running:
        yield running


@pytest.fixture
def names(server: NatsServer, request: pytest.FixtureRequest) -> NatsSettings:
    """Streams and subjects that no other test uses."""
    name = f"{abs(hash(request.node.name)) % 100_000_000}"
    return NatsSettings(
        servers=(server.url,),
        create=True,
        stream=f"ITEMS-{name}",
        subject=f"items-{name}",
        output=f"out-{name}",
        dead=f"dead-{name}",
        ack_wait=1.0,
    )


async def consume(settings: NatsSettings, keeper: MemoryKeeper, messages: int, **others: int) -> Consumer:
    """Consume until so many messages are answered one way or the other."""
    events = EventLog(None)
    whole = StreamSettings(nats=settings, batch=others.get("batch", 50), deliveries=others.get("deliveries", 5))
    broker = JetStream(settings, whole.batch, events)
    consumer = Consumer(broker, Parts(Desk(), lineup, keeper, events), whole)
    running = asyncio.create_task(consumer.run())
    counts = consumer.counts
    await until(lambda: running.done() or counts.decided + counts.repeated + counts.dead.total() >= messages)
    consumer.stopping.set()
    assert await running == []
    return consumer


def test_items_go_in_and_the_librarys_bytes_come_out(names: NatsSettings) -> None:
    contents = [
        an_item(f"upload-{number % 40}", disclosed=number % 2 == 0, nude=number % 3 == 0) for number in range(300)
    ]
    keeper = MemoryKeeper()

    async def run() -> None:
        assert await JetStreamPublisher(names).publish(ready(contents)) == 300
        await consume(names, keeper, 300)

    asyncio.run(run())
    given = asyncio.run(everything(names.servers[0], names.stream))
    answers = asyncio.run(everything(names.servers[0], names.output.upper()))
    moments = [int(message.reply.split(".")[-2]) // 1_000 for message in given]
    assert [m.data for m in answers] == [decided_by_library(one, at) for one, at in zip(contents, moments, strict=True)]
    assert sources(answers) == list(range(1, 301))
    assert [entry.record for entry in keeper.entries] == [message.data for message in answers]


def test_dead_letters_are_listed_shown_and_sent_again(names: NatsSettings) -> None:
    url = names.servers[0]
    beside = ("--server", url, "--dead", names.dead)

    async def run(messages: int) -> Consumer:
        return await consume(names, MemoryKeeper(), messages)

    asyncio.run(JetStreamPublisher(names).publish(ready([b"{broken", an_item("a"), an_item("b", no_such=True)])))
    asyncio.run(run(3))
    listed = assay("dead", "list", "nats", *beside, "--json")
    assert listed.code == 1
    assert [(line["place"], line["faults"][0]["slug"]) for line in listed.lines] == [
        ("1", "broken-json"),
        ("2", "unknown-signal"),
    ]
    shown = assay("dead", "show", "nats", "2", *beside)
    assert "unknown-signal" in shown.out
    assert '"no_such": true' in shown.out
    assert assay("dead", "show", "nats", "1", *beside, "--raw").out == "{broken"
    assert assay("dead", "show", "nats", "7", *beside).code == 2
    assert assay("dead", "retry", "nats", "2", *beside).out == "1 message sent again\n"
    assert [line["place"] for line in assay("dead", "list", "nats", *beside, "--json").lines] == ["1"]
    # It has come again, as it was, and cannot be decided again.
    assert asyncio.run(run(1)).counts.dead == {"unknown-signal": 1}
    assert assay("dead", "retry", "nats", "--all", *beside).out == "2 messages sent again\n"
    assert assay("dead", "list", "nats", *beside).code == 0


def test_messages_left_behind_come_before_those_published_later(names: NatsSettings) -> None:
    url = names.servers[0]

    async def run() -> None:
        client = await nats.connect(url)
        stream = client.jetstream()
        assert await _opened(names) == []
        await publish(url, [an_item(f"a{number}") for number in range(10)], names.subject)
        # Somebody takes five, and is never heard of again.
        pull = await stream.pull_subscribe_bind(names.durable, names.stream)
        assert len(await pull.fetch(5)) == 5
        await publish(url, [an_item(f"b{number}") for number in range(10)], names.subject)
        await client.close()
        await consume(names, MemoryKeeper(), 20)

    asyncio.run(run())
    assert sources(asyncio.run(everything(url, names.output.upper()))) == list(range(1, 21))


def test_messages_that_were_often_in_the_hands_of_one_that_was_killed_are_decided(names: NatsSettings) -> None:
    url = names.servers[0]

    async def run() -> Consumer:
        client = await nats.connect(url)
        assert await _opened(names) == []
        await publish(url, [an_item(f"a{number}") for number in range(4)], names.subject)
        pull = await client.jetstream().pull_subscribe_bind(names.durable, names.stream)
        for _ in range(8):
            for message in await pull.fetch(4):
                await message.nak()
        await client.close()
        return await consume(names, MemoryKeeper(), 4)

    consumer = asyncio.run(run())
    assert consumer.counts.dead == {}
    assert consumer.counts.decided == 4


def test_what_one_publishes_is_not_kept_waiting_for_a_whole_batch(names: NatsSettings) -> None:
    async def run() -> float:
        events, keeper = EventLog(None), MemoryKeeper()
        consumer = Consumer(JetStream(names, 50, events), Parts(Desk(), lineup, keeper, events), StreamSettings())
        running = asyncio.create_task(consumer.run())
        await until(consumer.began.is_set)
        publisher = await nats.connect(names.servers[0])
        began = time.monotonic()
        for number in range(4):
            await publisher.jetstream().publish(names.subject, an_item(f"a{number}"))
            await until(lambda number=number: consumer.counts.decided > number)  # type: ignore[misc]
        seconds = time.monotonic() - began
        consumer.stopping.set()
        assert await running == []
        await publisher.close()
        return seconds

    assert asyncio.run(run()) < 1.2


def test_partitioned_items_go_to_the_subject_of_their_id(names: NatsSettings) -> None:
    settings = NatsSettings(
        servers=names.servers,
        create=True,
        stream=names.stream,
        subject=names.subject,
        output=names.output,
        dead=names.dead,
        partitions=3,
    )
    keeper = MemoryKeeper()

    async def run() -> None:
        contents = [an_item(f"upload-{number % 10}") for number in range(60)]
        assert await JetStreamPublisher(settings).publish(ready(contents)) == 60
        await consume(settings, keeper, 60)

    asyncio.run(run())
    given = asyncio.run(everything(names.servers[0], names.stream))
    assert {m.subject for m in given} == {f"{names.subject}.{partition_of(json.loads(m.data)['id'], 3)}" for m in given}
    assert len(keeper.entries) == 60


def test_a_missing_stream_and_a_wrong_consumer_are_refused_in_words(server: NatsServer, names: NatsSettings) -> None:
    bare = NatsSettings(servers=(server.url,), stream="NONE", subject="none", output="none-out", dead="none-dead")
    found = asyncio.run(_opened(bare))
    assert [fault.slug for fault in found] == ["no-stream"] * 3

    async def with_another() -> list[Fault]:
        await JetStreamPublisher(names).publish(ready([an_item("a")]))
        client = await nats.connect(server.url)
        config = ConsumerConfig(durable_name=names.durable, ack_policy=AckPolicy.EXPLICIT, max_deliver=3)
        await client.jetstream().add_consumer(names.stream, config)
        await client.close()
        return await _opened(names)

    assert [fault.slug for fault in asyncio.run(with_another())] == ["unfit-consumer"]


def test_where_no_server_answers_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.interfaces.stream.jetstream.connection._FIRST_SECONDS", 1)
    found = asyncio.run(_opened(NatsSettings(servers=("nats://127.0.0.1:1",), token="secret-token")))
    assert [fault.slug for fault in found] == ["no-broker"]
    assert "secret-token" not in found[0].words


def test_letters_of_a_subject_that_no_stream_keeps_are_a_fault(server: NatsServer) -> None:
    found = asyncio.run(JetStreamLetters.open(NatsSettings(servers=(server.url,), dead="nowhere")))
    assert isinstance(found, Fault)
    assert found.slug == "no-stream"


async def _opened(settings: NatsSettings) -> list[Fault]:
    broker = JetStream(settings, 50, EventLog(None))
    found = await broker.open()
    await broker.close()
    return [one for one in found if isinstance(one, Fault)]


def test_it_signs_in_with_a_password_over_tls_and_says_why_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.interfaces.stream.jetstream.connection._FIRST_SECONDS", 2)
    certificate, key = self_signed(tmp_path)
    more = (
        f"tls {{ cert_file: '{certificate}', key_file: '{key}', verify: false }}\n"
        "authorization { user: ada, password: right-password }"
    )
    with nats_server(tmp_path, more=more) as server:
        url = server.url.replace("nats:", "tls:")

        def settings(password: str, ca: Path | None) -> NatsSettings:
            return NatsSettings(servers=(url,), user="ada", password=password, ca=ca, create=True)

        assert asyncio.run(_opened(settings("right-password", certificate))) == []
        wrong = (
            (settings("wrong-password", certificate), "Authorization Violation"),
            (settings("right-password", None), "SSLCertVerificationError"),
        )
        for unusable, why in wrong:
            (fault,) = asyncio.run(_opened(unusable))
            assert fault.slug == "no-broker"
            assert why in fault.words
            assert "password" not in fault.words
        (fault,) = asyncio.run(_opened(settings("right-password", tmp_path / "none.pem")))
        assert fault.slug == "unusable-credentials"


def test_an_answer_larger_than_the_server_takes_is_set_aside_and_its_record_kept(tmp_path: Path) -> None:
    with nats_server(tmp_path, payload=1_500) as server:
        names = NatsSettings(servers=(server.url,), create=True)
        keeper = MemoryKeeper()

        async def run() -> Consumer:
            large = an_item("a" * 500)
            assert len(decided_by_library(large, 0)) > 1_500
            assert await JetStreamPublisher(names).publish(ready([large, an_item("b")])) == 2
            return await consume(names, keeper, 2)

        consumer = asyncio.run(run())
        assert consumer.counts.dead == {"too-large-to-publish": 1}
        assert [entry.item for entry in keeper.entries] == ["a" * 500, "b"]
        letters = asyncio.run(everything(server.url, "DEAD-LETTERS"))
        assert [message.data for message in letters] == [an_item("a" * 500)]
