"""Kafka as a broker: one lane with whatever partitions the group gives us. It decides nothing."""

from __future__ import annotations

from confluent_kafka import KafkaException

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.kafka.connection import said
from assay.interfaces.stream.kafka.inlet import KafkaInlet
from assay.interfaces.stream.kafka.outlet import KafkaOutlet
from assay.interfaces.stream.ports import Inlet, Outlet
from assay.interfaces.stream.settings import KafkaSettings


class Kafka:
    """A lane from one topic."""

    def __init__(self, settings: KafkaSettings, batch: int, events: EventLog) -> None:
        self._settings, self._batch, self._events = settings, batch, events
        self.prefix = f"kafka:{settings.topic}:"
        # A batch that is worked on, and one that was decided and not committed before the last end.
        self.in_flight = 2 * batch

    async def open(self) -> list[tuple[Inlet, Outlet]] | list[Fault]:
        """Connect and join the group."""
        try:
            inlet = KafkaInlet(self._settings, self._batch, self._events)
            outlet = KafkaOutlet(self._settings, self._events)
        except KafkaException as error:
            return [Fault("unusable-settings", f"the Kafka library does not take these settings: {said(error)}")]
        fault = await inlet.open()
        if fault is not None:
            await inlet.close()
            return [fault]
        lanes: list[tuple[Inlet, Outlet]] = [(inlet, outlet)]
        return lanes

    async def close(self) -> None:
        """The lane has left by itself."""
