"""What an operator may set of a stream consumer. It reads no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting


@dataclass(frozen=True, slots=True)
class NatsSettings:
    """Where NATS is, and which streams and subjects are meant."""

    servers: tuple[str, ...] = setting("addresses of the NATS servers", ("nats://127.0.0.1:4222",))
    credentials: Path | None = setting("file with the user's JWT and seed, as `nsc` writes it", None)
    token: str = setting("token to connect with", "", secret=True)
    user: str = setting("name to connect with", "")
    password: str = setting("password to connect with", "", secret=True)
    ca: Path | None = setting("file of PEM certificates that the server's certificate is checked against", None)
    certificate: Path | None = setting("file with our own certificate, in PEM", None)
    key: Path | None = setting("file with the private key of our own certificate, in PEM", None)
    stream: str = setting("stream that items are taken from", "ITEMS")
    subject: str = setting("subject of items; with partitions, `.0`, `.1` … are put after it", "items")
    durable: str = setting("name of the durable consumer, which consumers that share the work have in common", "assay")
    output: str = setting("subject that decisions are published on", "decisions")
    dead: str = setting("subject that dead letters are published on", "dead-letters")
    partitions: int = setting("how many partitioned subjects there are; 0 for one unpartitioned subject", 0)
    only: tuple[str, ...] = setting("numbers of the partitions that this consumer takes; all where none is named", ())
    ack_wait: float = setting("after how long the server hands over again what nobody confirmed", 30.0, unit="seconds")
    create: bool = setting("make the streams that are missing, on one server and without limits", default=False)

    def faults(self) -> list[Fault]:
        """What does not go together."""
        found = []
        if self.partitions < 0 or self.partitions > 1_000:
            found.append(Fault("out-of-range", "`partitions` is between 0 and 1,000", "partitions"))
        if not all(name.isascii() and name.isdigit() and int(name) < self.partitions for name in self.only):
            words = f"`only` names partitions from 0 to {self.partitions - 1}" if self.partitions > 0 else ""
            words = words or "`only` needs `partitions`"
            found.append(Fault("out-of-range", words, "only"))
        if self.ack_wait < 1:
            found.append(Fault("out-of-range", "`ack_wait` is at least a second", "ack_wait"))
        for name in ("subject", "output", "dead"):
            value = getattr(self, name)
            if not value or any(each.isspace() or each in "*>" for each in value):
                found.append(Fault("bad-subject", f"`{name}` is a subject without spaces and wildcards", name))
        if (self.certificate is None) != (self.key is None):
            found.append(Fault("half-set", "`certificate` and `key` are given together", "certificate"))
        return found


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Where Kafka is, and which topics are meant."""

    servers: tuple[str, ...] = setting("addresses of Kafka brokers to begin with", ("127.0.0.1:9092",))
    topic: str = setting("topic that items are taken from", "items")
    group: str = setting("name of the consumer group that shares the work", "assay")
    output: str = setting("topic that decisions are published on", "decisions")
    dead: str = setting("topic that dead letters are published on", "dead-letters")
    security: Literal["plaintext", "tls", "sasl", "sasl-tls"] = setting("how connections are secured", "plaintext")
    ca: Path | None = setting("file of PEM certificates that the brokers' certificates are checked against", None)
    certificate: Path | None = setting("file with our own certificate, in PEM", None)
    key: Path | None = setting("file with the private key of our own certificate, in PEM", None)
    mechanism: str = setting("SASL mechanism", "SCRAM-SHA-512")
    user: str = setting("name to connect with", "")
    password: str = setting("password to connect with", "", secret=True)
    session: float = setting("after how long a consumer that says nothing is taken for dead", 45.0, unit="seconds")
    look_back: int = setting(
        "how many of the last messages of each output partition are read when a partition is taken over, so that what "
        "a consumer that died has published is not published again; 0 reads none",
        2_000,
        unit="items",
    )

    def faults(self) -> list[Fault]:
        """What does not go together."""
        found = []
        if self.session < 6:
            found.append(Fault("out-of-range", "`session` is at least 6 seconds, which brokers want", "session"))
        if self.look_back < 0:
            found.append(Fault("out-of-range", "`look_back` is 0 or more", "look_back"))
        if (self.certificate is None) != (self.key is None):
            found.append(Fault("half-set", "`certificate` and `key` are given together", "certificate"))
        if self.security.startswith("sasl") and not self.user:
            found.append(Fault("half-set", f"`security` is `{self.security}`, which needs `user`", "user"))
        return found


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """A stream consumer."""

    nats: NatsSettings = field(default_factory=NatsSettings)
    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    batch: int = setting("how many messages are decided, kept and published together at most", 200, unit="items")
    remembered: int = setting(
        "how many of the last records are remembered, so that a message that comes again is answered with the same "
        "bytes; at least eight batches",
        5_000,
        unit="items",
    )
    deliveries: int = setting(
        "a message that ended its consumer this often while it was decided alone goes to the dead letters undecided", 5
    )
    markets: tuple[str, ...] = setting("decide for these markets where a message names none; all where none is set", ())
    host: str = setting("address that health and metrics are answered on", "127.0.0.1")
    port: int = setting("port that health and metrics are answered on; 0 answers them nowhere", 8201)
    shutdown: float = setting("how long a batch under way may take once we are told to stop", 20.0, unit="seconds")

    def faults(self) -> list[Fault]:
        """What does not go together."""
        found = []
        if not 1 <= self.batch <= 5_000:
            found.append(Fault("out-of-range", "`batch` is between 1 and 5,000", "batch"))
        if self.remembered < 8 * self.batch:
            found.append(Fault("out-of-range", "`remembered` is at least eight times `batch`", "remembered"))
        if self.deliveries < 3:
            found.append(Fault("out-of-range", "`deliveries` is at least 3", "deliveries"))
        if not 0 <= self.port <= 65_535:
            found.append(Fault("out-of-range", "`port` is between 0 and 65,535", "port"))
        if self.shutdown <= 0:
            found.append(Fault("out-of-range", "`shutdown` is more than 0 seconds", "shutdown"))
        return found
