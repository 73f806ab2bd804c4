"""Answers to Kafka by one idempotent producer, many under way at once. It reports none that no broker confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.kafka.connection import code_of, producer_options, said
from assay.interfaces.stream.ports import Outgoing, OutletUnready
from assay.interfaces.stream.settings import KafkaSettings

_CONFIRM_SECONDS = 40.0
_TOO_LARGE = (KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.RECORD_LIST_TOO_LARGE)


class KafkaOutlet:
    """Produces decisions to one topic and dead letters to another."""

    def __init__(self, settings: KafkaSettings, events: EventLog) -> None:
        self._settings, self._events = settings, events
        self._producer = Producer(dict(producer_options(settings, events)))
        # What a broker confirmed of a batch that is tried again, so that only the rest is sent.
        self._confirmed: set[str] = set()

    async def send(self, batch: Sequence[Outgoing]) -> list[tuple[Outgoing, Fault]]:
        """Produce all, in order, and wait until the brokers have each."""
        return await asyncio.to_thread(self._send, batch)

    def _send(self, batch: Sequence[Outgoing]) -> list[tuple[Outgoing, Fault]]:
        reports: dict[str, KafkaError | None] = {}
        refused: list[tuple[Outgoing, Fault]] = []
        open_ones = [outgoing for outgoing in batch if outgoing.key not in self._confirmed]
        for outgoing in open_ones:
            try:
                self._produce(outgoing, reports)
            except KafkaException as error:
                if code_of(error) not in _TOO_LARGE:
                    self._flush(reports)
                    raise OutletUnready("not-published", f"Kafka takes no answers: {said(error)}") from None
                refused.append((outgoing, _too_large(outgoing)))
        self._flush(reports)
        refused += [
            (outgoing, _too_large(outgoing))
            for outgoing in open_ones
            if (report := reports.get(outgoing.key)) is not None and report.code() in _TOO_LARGE
        ]
        given_up = {outgoing.key for outgoing, _ in refused}
        failed = [
            outgoing for outgoing in open_ones if outgoing.key not in self._confirmed and outgoing.key not in given_up
        ]
        if failed:
            report = reports.get(failed[0].key)
            raise OutletUnready("not-published", f"Kafka takes no answers: {said(report) if report else 'no answer'}")
        self._confirmed.clear()
        return refused

    def _produce(self, outgoing: Outgoing, reports: dict[str, KafkaError | None]) -> None:
        def reported(error: KafkaError | None, _: Message) -> None:
            reports[outgoing.key] = error
            if error is None:
                self._confirmed.add(outgoing.key)

        topic = self._settings.dead if outgoing.dead else self._settings.output
        headers: list[tuple[str, str | bytes | None]] = [
            (name, text.encode()) for name, text in outgoing.headers.items()
        ]
        while True:
            try:
                self._producer.produce(topic, outgoing.content, outgoing.routing, headers=headers, on_delivery=reported)
            except BufferError:
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return

    def _flush(self, reports: dict[str, KafkaError | None]) -> None:
        self._producer.flush(_CONFIRM_SECONDS)
        if any(error is not None and error.fatal() for error in reports.values()):
            # A producer with a fatal error sends nothing more; what it had under way it has reported.
            self._events.write(
                "producer-anew", "the Kafka producer met an error that it cannot outlive; a new one begins"
            )
            self._producer = Producer(dict(producer_options(self._settings, self._events)))

    async def close(self) -> None:
        """Wait for what is under way."""
        await asyncio.to_thread(self._producer.flush, _CONFIRM_SECONDS)


def _too_large(outgoing: Outgoing) -> Fault:
    size = len(outgoing.content or b"")
    return Fault("too-large-to-publish", f"it has {size:,} bytes, which is more than its topic takes")
