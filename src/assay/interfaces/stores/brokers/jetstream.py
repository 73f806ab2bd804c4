"""Records to NATS JetStream: a batch is kept when the stream has acknowledged all of it. It reads nothing."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import TimeoutError as NotInTime
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.brokers.naming import KEY_HEADER, header_text, message_id
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stores.keeper import KeptKeys
from assay.interfaces.stores.settings import BrokerSettings

_AT_ONCE = 512
_Given = TypeVar("_Given")


class JetStreamStore:
    """A connection with an event loop of its own; whoever writes waits for it."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="assay-records-nats", daemon=True)
        self._client: Client | None = None
        self._stream: JetStreamContext | None = None
        self._thread.start()

    def open(self) -> Fault | None:
        """Connect and see to the stream; why that cannot be done, else None."""
        try:
            self._await(self._connect())
        except StoreUnwritable as error:
            return Fault(error.slug, error.words, "store.broker.servers")
        return None

    def write(self, entries: Sequence[Entry]) -> None:
        """Return once the stream has acknowledged every record.

        raises  StoreUnwritable where it has not; those that came through are recognised when the batch comes again
        """
        self._await(self._publish(entries))

    def tend(self) -> float:
        """Nothing is due by the clock."""
        return 60.0

    def probe(self) -> None:
        """Ask the broker for the stream.

        raises  StoreUnwritable where it does not answer
        """
        self._await(self._ask())

    def fault(self) -> Fault | None:
        """Nothing runs beside writing."""
        return None

    def kept_keys(self, prefix: str, most: int) -> KeptKeys:
        """None: the broker itself recognises what comes again."""
        del prefix, most
        return iter(())

    def close(self) -> None:
        """Leave the broker."""
        try:
            if self._client is not None:
                self._await(self._client.close())
        except StoreUnwritable:
            return
        finally:
            asyncio.run_coroutine_threadsafe(_end_all(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _connect(self) -> None:
        settings = self._settings
        options: dict[str, Any] = {}
        if settings.user:
            options |= {"user": settings.user, "password": settings.password}
        if settings.credentials is not None:
            options["user_credentials"] = str(settings.credentials)
        if settings.ca is not None:
            options["tls"] = ssl.create_default_context(cafile=str(settings.ca))
        self._client = await nats.connect(
            servers=list(settings.servers),
            name="assay-records",
            connect_timeout=max(1, int(settings.timeout)),
            max_reconnect_attempts=-1,
            allow_reconnect=True,
            error_cb=_quiet,
            **options,
        )
        self._stream = self._client.jetstream(timeout=settings.timeout, publish_async_max_pending=_AT_ONCE)
        try:
            await self._stream.stream_info(settings.stream)
        except NotFoundError:
            await self._stream.add_stream(name=settings.stream, subjects=[settings.subject])

    async def _ask(self) -> None:
        if self._stream is not None:
            await self._stream.stream_info(self._settings.stream)

    async def _publish(self, entries: Sequence[Entry]) -> None:
        if self._stream is None or self._client is None or not self._client.is_connected:
            raise StoreUnwritable("broker-unreachable", "the broker cannot be reached: see that it runs")
        for first in range(0, len(entries), _AT_ONCE):
            await asyncio.gather(*(self._send(self._stream, entry) for entry in entries[first : first + _AT_ONCE]))

    async def _send(self, stream: JetStreamContext, entry: Entry) -> None:
        headers = {"Nats-Msg-Id": message_id(entry)}
        if entry.key:
            headers[KEY_HEADER] = header_text(entry.key)
        await stream.publish(
            self._settings.subject,
            entry.record,
            timeout=self._settings.timeout,
            stream=self._settings.stream,
            headers=headers,
        )

    def _await(self, work: Coroutine[Any, Any, _Given]) -> _Given:
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return running.result(self._settings.timeout + 1)
        except (NotInTime, TimeoutError):
            running.cancel()
            raise StoreUnwritable("broker-slow", "the broker did not acknowledge in time") from None
        except (NatsError, OSError, ValueError) as error:
            words = f"the broker did not take the records: {type(error).__name__}"
            raise StoreUnwritable("broker-failed", words) from None


async def _end_all() -> None:
    """End what still runs, such as a connection that is tried for ever."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


async def _quiet(error: Exception) -> None:
    """What fails is told to whoever waits for it; the library would print it as well."""
    del error
