"""What an operator may set of the record store. It opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting

Kind: TypeAlias = Literal["segments", "postgres", "nats", "kafka", "none"]
Durability: TypeAlias = Literal["synced", "written", "interval"]
MEBIBYTE = 1 << 20
LARGEST_SEGMENT = 1024 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """Where records go in PostgreSQL."""

    url: str = setting("Where the server is, such as `postgresql://assay@db/records`.", "", secret=True)
    table: str = setting("The table that holds the records; it is made when it is not there.", "assay_records")
    timeout: float = setting("How long a batch may take before it counts as failed.", 10.0, unit="seconds")


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where records go in a stream."""

    servers: tuple[str, ...] = setting("Addresses of the broker, such as `nats://queue:4222` or `queue:9092`.", ())
    subject: str = setting("The subject or topic that takes the records.", "assay.records")
    stream: str = setting("The JetStream stream that holds the subject; it is made when it is not there.", "RECORDS")
    user: str = setting("The name to connect with; without one nobody is named.", "")
    password: str = setting("The password to connect with.", "", secret=True)
    credentials: Path | None = setting("A file with the user's JWT and seed, for NATS.", None)
    ca: Path | None = setting("A file of PEM certificates to check the server's against; it switches TLS on.", None)
    mechanism: str = setting("The SASL mechanism, for Kafka.", "SCRAM-SHA-512")
    timeout: float = setting("How long a batch may take before it counts as failed.", 10.0, unit="seconds")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where decision records are kept, and when one counts as kept."""

    kind: Kind = setting(
        "Where records go: `segments` (files), `postgres`, `nats`, `kafka`, or `none`, which keeps nothing.", "segments"
    )
    folder: Path | None = setting("The folder of segment files; each process has its own.", Path("records"))
    durability: Durability = setting(
        "When a record in a file counts as kept: `synced`, `written` or `interval`.", "synced"
    )
    interval: int = setting(
        "The longest time between syncs where `durability` is `interval`.", 200, unit="milliseconds"
    )
    segment_bytes: int = setting("A segment is closed when it is larger.", 64 * MEBIBYTE, unit="bytes")
    segment_seconds: int = setting("A segment is closed when it is older.", 3600, unit="seconds")
    parquet: bool = setting(
        "Whether closed segments become Parquet that `assay backtest` reads as history.", default=True
    )
    key_seconds: int = setting("How far back the keys of requests are known after a restart.", 86_400, unit="seconds")
    batch_entries: int = setting("How many records are written at once at the most.", 4096, unit="records")
    queue_entries: int = setting(
        "How many records may wait before the store calls itself full.", 50_000, unit="records"
    )
    queue_bytes: int = setting(
        "How many bytes of records may wait before the store calls itself full.", 256 * MEBIBYTE, unit="bytes"
    )
    postgres: PostgresSettings = setting("PostgreSQL, where `kind` is `postgres`.", PostgresSettings())
    broker: BrokerSettings = setting("The broker, where `kind` is `nats` or `kafka`.", BrokerSettings())

    def faults(self) -> list[Fault]:
        """What is out of range, and what does not go together."""
        faults = [
            Fault("bad-setting", f"`{name}` is one of {', '.join(get_args(allowed))}, not `{given!s:.40}`", name)
            for name, given, allowed in (("kind", self.kind, Kind), ("durability", self.durability, Durability))
            if given not in get_args(allowed)
        ]
        limits = {
            "interval": (1, 60_000),
            "segment_bytes": (4096, LARGEST_SEGMENT),
            "segment_seconds": (1, 7 * 86_400),
            "key_seconds": (0, 30 * 86_400),
            "batch_entries": (1, 1_000_000),
            "queue_entries": (1, 10_000_000),
            "queue_bytes": (MEBIBYTE, 64 * 1024 * MEBIBYTE),
        }
        for name, (least, most) in limits.items():
            given = getattr(self, name)
            if not least <= given <= most:
                faults.append(Fault("bad-setting", f"`{name}` is from {least:,} to {most:,}, not {given:,}", name))
        needed = {
            "segments": ("folder", self.folder),
            "postgres": ("postgres.url", self.postgres.url),
            "nats": ("broker.servers", self.broker.servers),
            "kafka": ("broker.servers", self.broker.servers),
        }
        name, value = needed.get(self.kind, ("", "none"))
        if not value:
            faults.append(Fault("missing-setting", f"a store of kind `{self.kind}` needs `{name}`", name))
        return faults
