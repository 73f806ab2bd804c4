"""Real brokers for tests: nats-server as a process, Kafka as librdkafka's mock cluster. It never leaves one running."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, Producer, TopicPartition

SILENT = logging.getLogger("tests.kafka")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class NatsServer:
    """A server on a port of its own that keeps its streams in a folder; it can be stopped and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    payload: int = 1_048_576
    more: str = ""

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/sbin")
        if program is None:
            pytest.skip("nats-server is not installed")
        config = self.folder / "server.conf"
        config.write_text(
            f"listen: 127.0.0.1:{self.port}\nmax_payload: {self.payload}\n"
            f"jetstream {{ store_dir: '{self.folder}/js' }}\n{self.more}\n",
            encoding="utf-8",
        )
        self.process = subprocess.Popen(
            [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("nats-server did not start")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(10)
            self.process = None


@contextmanager
def nats_server(folder: Path, *, more: str = "", payload: int = 1_048_576) -> Iterator[NatsServer]:
    server = NatsServer(folder, payload=payload, more=more)
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


class KafkaCluster:
    """librdkafka's own mock of a cluster; it lives in this process, and others reach it by its address."""

    def __init__(self, brokers: int = 1) -> None:
        options = {"test.mock.num.brokers": brokers, "bootstrap.servers": "mock", "logger": SILENT}
        self._host = Producer(options)
        found = self._host.list_topics(timeout=10).brokers.values()
        self.servers = tuple(f"{each.host}:{each.port}" for each in found)

    def publish(self, topic: str, messages: Sequence[tuple[str | None, bytes | None]]) -> None:
        producer = Producer({"bootstrap.servers": ",".join(self.servers), "logger": SILENT})
        for key, content in messages:
            producer.produce(topic, content, key)
            producer.poll(0)
        assert producer.flush(20) == 0

    def read(self, topic: str) -> list[Message]:
        """Everything in a topic by now, partition by partition, each in its order."""
        options = {"bootstrap.servers": ",".join(self.servers), "group.id": "reading", "logger": SILENT}
        reader = Consumer({**options, "auto.offset.reset": "earliest", "enable.auto.commit": False})
        described = reader.list_topics(topic, timeout=10).topics[topic]
        places = [TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in described.partitions]
        total = sum(high - low for low, high in (reader.get_watermark_offsets(each, timeout=10) for each in places))
        reader.assign(places)
        found: list[Message] = []
        until = time.monotonic() + 30
        while len(found) < total:
            assert time.monotonic() < until, f"{len(found)} of {total} could be read from {topic}"
            found += [message for message in reader.consume(1_000, 0.1) if message.error() is None]
        reader.close()
        return sorted(found, key=lambda message: (message.partition(), message.offset()))


def headers_of(message: Message) -> dict[str, str]:
    found = message.headers()
    return (
        {name: value.decode() for name, value in found if isinstance(value, bytes)} if isinstance(found, list) else {}
    )


def source_of(message: Message) -> str:
    """What the answer to a message names it by."""
    return f"kafka:{message.topic()}:{message.partition()}:{message.offset()}:{message.timestamp()[1]}"


def bytes_of(message: Message) -> bytes:
    content = message.value()
    assert isinstance(content, bytes)
    return content
