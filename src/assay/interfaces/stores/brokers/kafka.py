"""Records to Kafka: a batch is kept when all in-sync replicas have all of it. It reads nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from confluent_kafka import KafkaException, Producer

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.brokers.naming import KEY_HEADER, message_id
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stores.keeper import KeptKeys
from assay.interfaces.stores.settings import BrokerSettings

# The library writes its log to the terminal otherwise; what matters comes back as errors.
_SILENT = logging.getLogger("assay.records.kafka")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class KafkaStore:
    """An idempotent producer; an item's records go to one partition, in order."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._producer: Any = None

    def open(self) -> Fault | None:
        """Make the producer and ask for the topic; why that cannot be done, else None."""
        try:
            self._producer = Producer(_options(self._settings), logger=_SILENT)
            self._producer.list_topics(self._settings.subject, timeout=self._settings.timeout)
        except KafkaException as error:
            return Fault("broker-unreachable", f"the broker does not answer: {_words(error)}", "store.broker.servers")
        return None

    def write(self, entries: Sequence[Entry]) -> None:
        """Return once every record is acknowledged.

        raises  StoreUnwritable where one is not; a reader recognises by their ids those that come again
        """
        producer, until = self._producer, time.monotonic() + self._settings.timeout
        faults: list[str] = []
        told = [0]

        def delivered(error: Any, message: object) -> None:
            del message
            told[0] += 1
            if error is not None:
                faults.append(str(error.name()))

        try:
            for entry in entries:
                headers = {"Assay-Id": message_id(entry), KEY_HEADER: entry.key.encode("utf-8", "replace")}
                key = entry.item.encode("utf-8", "replace")
                while not _taken(producer, self._settings.subject, entry.record, key, headers, delivered):
                    producer.poll(0.1)
                    if time.monotonic() > until:
                        raise StoreUnwritable("broker-slow", "the broker did not acknowledge in time")
            producer.flush(max(0.0, until - time.monotonic()))
        except KafkaException as error:
            raise StoreUnwritable("broker-failed", f"the broker did not take the records: {_words(error)}") from None
        finally:
            if told[0] < len(entries):
                # What is not sent by now must not be sent later, when it has been called lost.
                producer.purge()
                producer.poll(0)
        if faults:
            words = f"the broker did not take {len(faults):,} of {len(entries):,} records: {faults[0]}"
            raise StoreUnwritable("broker-failed", words)

    def tend(self) -> float:
        """Nothing is due by the clock."""
        return 60.0

    def probe(self) -> None:
        """Ask the broker for the topic.

        raises  StoreUnwritable where it does not answer
        """
        try:
            self._producer.list_topics(self._settings.subject, timeout=1.0)
        except KafkaException as error:
            raise StoreUnwritable("broker-unreachable", f"the broker does not answer: {_words(error)}") from None

    def fault(self) -> Fault | None:
        """Nothing runs beside writing."""
        return None

    def kept_keys(self, prefix: str, most: int) -> KeptKeys:
        """None: whoever reads the stream recognises what comes again by its id."""
        del prefix, most
        return iter(())

    def close(self) -> None:
        """Send what is left."""
        if self._producer is not None:
            self._producer.flush(self._settings.timeout)


def _taken(producer: Any, topic: str, record: bytes, key: bytes, headers: dict[str, Any], delivered: Any) -> bool:
    """Whether the producer's queue had room."""
    try:
        producer.produce(topic, record, key=key, headers=headers, on_delivery=delivered)
    except BufferError:
        return False
    return True


def _options(settings: BrokerSettings) -> dict[str, Any]:
    secured = settings.ca is not None
    options: dict[str, Any] = {
        "bootstrap.servers": ",".join(settings.servers),
        "client.id": "assay-records",
        "error_cb": _quiet,
        "enable.idempotence": True,
        "acks": "all",
        "linger.ms": 2,
        "compression.type": "zstd",
        "message.max.bytes": 16 << 20,
        "message.timeout.ms": int(settings.timeout * 1000),
        "security.protocol": "SASL_SSL" if secured and settings.user else "SSL" if secured else "PLAINTEXT",
    }
    if secured:
        options["ssl.ca.location"] = str(settings.ca)
    if settings.user:
        options |= {
            "security.protocol": "SASL_SSL" if secured else "SASL_PLAINTEXT",
            "sasl.mechanism": settings.mechanism,
            "sasl.username": settings.user,
            "sasl.password": settings.password,
        }
    return options


def _quiet(error: object) -> None:
    """What fails is told to whoever waits for it."""
    del error


def _words(error: KafkaException) -> str:
    found = error.args[0] if error.args else None
    return str(found.name()) if found is not None and hasattr(found, "name") else type(error).__name__
