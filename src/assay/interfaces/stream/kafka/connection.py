"""How Kafka is reached, for consumers and producers alike. It never shows what it signs in with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.settings import KafkaSettings

# Larger than any record of an item of 1 MiB; a broker that takes less says so, and the message is set aside.
_LARGEST_MESSAGE = 16 << 20
_SECURITY = {"plaintext": "plaintext", "tls": "ssl", "sasl": "sasl_plaintext", "sasl-tls": "sasl_ssl"}
# The library writes its log to the terminal otherwise; what matters comes as errors and becomes events.
_SILENT = logging.getLogger("assay.kafka")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def connection(settings: KafkaSettings, events: EventLog | None = None) -> dict[str, Any]:
    """The library's own names for what is set."""
    found: dict[str, Any] = {
        "bootstrap.servers": ",".join(settings.servers),
        "client.id": "assay-consume",
        "security.protocol": _SECURITY[settings.security],
        "logger": _SILENT,
        "error_cb": _Told(events).error,
        "message.max.bytes": _LARGEST_MESSAGE,
        "log.connection.close": False,
    }
    files = (
        ("ssl.ca.location", settings.ca),
        ("ssl.certificate.location", settings.certificate),
        ("ssl.key.location", settings.key),
    )
    found |= {name: str(path) for name, path in files if path is not None}
    if settings.security.startswith("sasl"):
        found |= {
            "sasl.mechanisms": settings.mechanism,
            "sasl.username": settings.user,
            "sasl.password": settings.password,
        }
    return found


def consumer_options(settings: KafkaSettings, events: EventLog | None = None) -> Mapping[str, Any]:
    """A member of the group, who says himself what is done."""
    return {
        **connection(settings, events),
        "group.id": settings.group,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "partition.assignment.strategy": "cooperative-sticky",
        "isolation.level": "read_committed",
        "session.timeout.ms": int(settings.session * 1_000),
        "heartbeat.interval.ms": min(3_000, int(settings.session * 1_000 / 3)),
        # What is read ahead lies in memory; a topic of large items would fill it otherwise.
        "queued.max.messages.kbytes": 32 << 10,
        "fetch.message.max.bytes": 4 << 20,
    }


def producer_options(settings: KafkaSettings, events: EventLog | None = None) -> Mapping[str, Any]:
    """A producer whose tries again make no second message, and keep the order."""
    return {
        **connection(settings, events),
        "enable.idempotence": True,
        "linger.ms": 2,
        "compression.type": "lz4",
        "delivery.timeout.ms": 30_000,
        "queue.buffering.max.kbytes": 256 << 10,
    }


def said(error: KafkaError | KafkaException) -> str:
    """What the library says of an error, in one short line."""
    inner = error.args[0] if isinstance(error, KafkaException) and error.args else error
    if not isinstance(inner, KafkaError):
        return type(error).__name__
    if inner.name() == "_TRANSPORT":
        return "no connection"
    return inner.name().strip("_").replace("_", " ").lower()


def code_of(error: KafkaException) -> int:
    """The number of an error; 0 where it has none."""
    inner = error.args[0] if error.args else None
    return inner.code() if isinstance(inner, KafkaError) else 0


class _Told:
    """Writes down that no broker answers, once as long as none does."""

    def __init__(self, events: EventLog | None) -> None:
        self._events, self._last = events, ""

    def error(self, error: KafkaError) -> None:
        words = said(error)
        if self._events is not None and words != self._last:
            self._events.write("broker-lost", f"Kafka does not answer: {words}; it is tried again")
        self._last = words
