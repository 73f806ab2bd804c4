"""NATS as a broker: one connection, a lane for each partition. It decides nothing."""

from __future__ import annotations

from nats.aio.client import Client

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.jetstream.connection import connect, prepare
from assay.interfaces.stream.jetstream.inlet import JetStreamInlet, in_flight
from assay.interfaces.stream.jetstream.outlet import JetStreamOutlet
from assay.interfaces.stream.ports import Inlet, Outlet
from assay.interfaces.stream.settings import NatsSettings


class JetStream:
    """Lanes from the subjects of one stream."""

    def __init__(self, settings: NatsSettings, batch: int, events: EventLog) -> None:
        self._settings, self._batch, self._events = settings, batch, events
        self._client: Client | None = None
        self.prefix = f"nats:{settings.stream}:"
        self._partitions = _partitions(settings)
        self.in_flight = sum(in_flight(partition, batch) for partition in self._partitions)

    async def open(self) -> list[tuple[Inlet, Outlet]] | list[Fault]:
        """Connect, look for the streams, and make what is durable about each lane."""
        client = await connect(self._settings, self._events)
        if isinstance(client, Fault):
            return [client]
        self._client = client
        faults = await prepare(client.jetstream(), self._settings)
        if faults:
            return faults
        outlet = JetStreamOutlet(client, self._settings)
        lanes: list[tuple[Inlet, Outlet]] = []
        for partition in self._partitions:
            inlet = JetStreamInlet(client, self._settings, partition, self._batch)
            fault = await inlet.open()
            if fault is not None:
                faults.append(fault)
            lanes.append((inlet, outlet))
        return faults or lanes

    async def close(self) -> None:
        """Send what is buffered, and leave."""
        if self._client is not None:
            await self._client.close()


def _partitions(settings: NatsSettings) -> tuple[int | None, ...]:
    if not settings.partitions:
        return (None,)
    return tuple(sorted({int(name) for name in settings.only})) or tuple(range(settings.partitions))
