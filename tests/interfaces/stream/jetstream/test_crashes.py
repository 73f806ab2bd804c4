"""A consumer of NATS is killed, again and again; so is the server. Every item is decided, in order, once in effect."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import nats
import pytest

from tests.interfaces import small
from tests.interfaces.stream.brokers import NatsServer, nats_server
from tests.interfaces.stream.jetstream.reading import everything, publish, sources
from tests.interfaces.stream.made import an_item, decided_by_library, loaded
from tests.interfaces.stream.processes import Process, consuming

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]
KILLS = int(os.environ.get("ASSAY_KILLS", "12"))
BATCH = {"ASSAY_STREAM__BATCH": "20", "ASSAY_STREAM__REMEMBERED": "500", "ASSAY_STREAM__NATS__ACK_WAIT": "1"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small.write(tmp_path / "pack")


def some_items(first: int, number: int) -> list[bytes]:
    """Items that come again and again, each time otherwise."""
    return [
        an_item(f"upload-{each % 7}", ai_extent="generated", disclosed=each % 3 == 0, nudity=each % 5 == 0)
        for each in range(first, first + number)
    ]


async def count(url: str, stream: str) -> int:
    client = await nats.connect(url)
    try:
        return int((await client.jetstream().stream_info(stream)).state.messages)
    finally:
        await client.close()


def wait_for(server: NatsServer, stream: str, number: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while (found := asyncio.run(count(server.url, stream))) < number:
        assert time.monotonic() < until, f"{found} of {number} in {stream}"
        time.sleep(0.1)


def check_answers(server: NatsServer, pack: Path, number: int) -> None:
    """Each item has one answer, in the order of the stream, with the library's bytes."""
    given, answers = asyncio.run(everything(server.url, "ITEMS")), asyncio.run(everything(server.url, "DECISIONS"))
    assert sources(answers) == list(range(1, number + 1))
    with_pack = loaded(pack)
    moments = [int(message.reply.split(".")[-2]) // 1000 for message in given]
    expected = [decided_by_library(one.data, at, with_pack) for one, at in zip(given, moments, strict=True)]
    assert [message.data for message in answers] == expected


def test_killed_under_load_a_consumer_answers_and_records_every_item_once(tmp_path: Path, pack: Path) -> None:
    chance = random.Random(7)
    with nats_server(tmp_path) as server:
        words = ("nats", "--pack", str(pack), "--server", server.url, "--create")
        process = Process(tmp_path / "consumer", words, BATCH)
        total = 0
        with consuming(process):
            for _ in range(KILLS):
                process.start()
                asyncio.run(publish(server.url, some_items(total, 150)))
                total += 150
                time.sleep(chance.uniform(0.0, 0.25))
                process.kill()
            process.start()
            wait_for(server, "DECISIONS", total)
            assert process.stop() == 0
        check_answers(server, pack, total)
        keys = [key for key, _ in process.kept()]
        assert len(keys) == len(set(keys)) == total
        answers = {(m.headers or {})["Assay-Source"]: m.data for m in asyncio.run(everything(server.url, "DECISIONS"))}
        assert dict(process.kept()) == answers


def test_the_server_may_be_killed_and_come_back(tmp_path: Path, pack: Path) -> None:
    with nats_server(tmp_path) as server:
        process = Process(
            tmp_path / "consumer", ("nats", "--pack", str(pack), "--server", server.url, "--create"), BATCH
        )
        with consuming(process):
            process.start()
            for round_ in range(3):
                asyncio.run(publish(server.url, some_items(round_ * 500, 500)))
                server.stop(signal.SIGKILL if round_ else signal.SIGTERM)
                time.sleep(0.5)
                server.start()
            wait_for(server, "DECISIONS", 1_500)
            assert process.stop() == 0
        check_answers(server, pack, 1_500)
        assert len(process.kept()) == 1_500


def test_told_to_stop_it_ends_the_batch_and_the_next_one_goes_on(tmp_path: Path, pack: Path) -> None:
    with nats_server(tmp_path) as server:
        process = Process(
            tmp_path / "consumer", ("nats", "--pack", str(pack), "--server", server.url, "--create"), BATCH
        )
        with consuming(process):
            total = 0
            for _ in range(3):
                process.start()
                asyncio.run(publish(server.url, some_items(total, 400)))
                total += 400
                assert process.stop() == 0
                # Nothing came again: all that was recorded was answered and acknowledged.
                assert "came again" not in process.log.read_text()
            process.start()
            wait_for(server, "DECISIONS", total)
            assert process.stop() == 0
        check_answers(server, pack, total)


def test_consumers_share_the_partitions_and_keep_each_items_order(tmp_path: Path, pack: Path) -> None:
    with nats_server(tmp_path) as server:
        words = ("nats", "--pack", str(pack), "--server", server.url, "--create", "--partitions", "4")
        processes = [
            Process(tmp_path / name, (*words, "--only", only), BATCH) for name, only in (("a", "0,1"), ("b", "2,3"))
        ]
        with consuming(*processes):
            for process in processes:
                process.start()
            for partition in range(4):
                items = [an_item(f"p{partition}-{n % 3}", disclosed=n % 2 == 0) for n in range(200)]
                asyncio.run(publish(server.url, items, f"items.{partition}"))
            wait_for(server, "DECISIONS", 800)
            for process in processes:
                assert process.stop() == 0
        answers = asyncio.run(everything(server.url, "DECISIONS"))
        assert len(answers) == 800
        for partition in range(4):
            for item in range(3):
                mine = [m for m in answers if (m.headers or {})["Assay-Item"] == f"p{partition}-{item}"]
                assert sources(mine) == sorted(sources(mine))
        assert [len(process.kept()) for process in processes] == [400, 400]


def test_consumers_of_one_durable_share_its_messages_and_one_may_be_killed(tmp_path: Path, pack: Path) -> None:
    with nats_server(tmp_path) as server:
        words = ("nats", "--pack", str(pack), "--server", server.url, "--create")
        processes = [Process(tmp_path / name, words, BATCH) for name in ("a", "b")]
        with consuming(*processes):
            for process in processes:
                process.start()
            asyncio.run(publish(server.url, some_items(0, 600)))
            processes[0].kill()
            asyncio.run(publish(server.url, some_items(600, 200)))
            wait_for(server, "DECISIONS", 800)
            assert processes[1].stop() == 0
        answers = asyncio.run(everything(server.url, "DECISIONS"))
        assert sorted(sources(answers)) == list(range(1, 801))
        # What the killed one kept and could not publish, the other decided again: alike, under the same key.
        by_key = {(m.headers or {})["Assay-Source"]: m.data for m in answers}
        kept = [process.kept() for process in processes]
        assert all(by_key[key] == record for records in kept for key, record in records)
        assert {key for records in kept for key, _ in records} == set(by_key)
