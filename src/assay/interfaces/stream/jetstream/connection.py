"""A connection to NATS, and the streams that a consumer needs. It never shows what it signs in with."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.stream.settings import NatsSettings

# How long a start waits for the first connection.
_FIRST_SECONDS = 5
# The server drops a second message of the same id within this time; as long as a consumer may well be away.
_DUPLICATE_SECONDS = 3_600


async def connect(settings: NatsSettings, events: EventLog | None = None) -> Client | Fault:
    """A connection that comes back by itself, or why there is none."""
    told = _Told(events)
    try:
        options = _options(settings)
    except OSError as error:
        why = (error.strerror or "it is no certificate or key").lower()
        return Fault("unusable-credentials", f"`{error.filename or 'a file of [stream.nats]'}` cannot be used: {why}")
    client = Client()
    try:
        async with asyncio.timeout(_FIRST_SECONDS):
            await client.connect(
                list(settings.servers),
                name="assay consume",
                connect_timeout=2,
                # A lost connection is tried again for ever; the first one is given up by the time limit around it.
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                error_cb=told.error,
                disconnected_cb=told.gone,
                reconnected_cb=told.back,
                **options,
            )
    except ModuleNotFoundError:
        # The library signs with another one, which it does not bring itself.
        words = "a file of credentials needs the library `nkeys`; `pip install 'nats-py[nkeys]'` brings it"
        return Fault("no-library", words, "credentials")
    except (nats.errors.Error, OSError, TimeoutError, ValueError) as error:
        await client.close()
        return Fault(
            "no-broker", f"no NATS server answers at `{', '.join(settings.servers)}`: {_named(told.why or error)}"
        )
    told.client = client
    return client


def _options(settings: NatsSettings) -> Mapping[str, Any]:
    options: dict[str, Any] = {}
    if settings.credentials is not None:
        with settings.credentials.open("rb"):
            options["user_credentials"] = str(settings.credentials)
    if settings.token:
        options["token"] = settings.token
    if settings.user:
        options |= {"user": settings.user, "password": settings.password}
    if settings.ca is not None or settings.certificate is not None:
        context = ssl.create_default_context(cafile=None if settings.ca is None else str(settings.ca))
        if settings.certificate is not None and settings.key is not None:
            context.load_cert_chain(settings.certificate, settings.key)
        options["tls"] = context
    return options


class _Told:
    """Writes down what happens to a connection."""

    def __init__(self, events: EventLog | None) -> None:
        self._events, self._away = events, False
        self.client: Client | None = None
        self.why: Exception | None = None

    async def error(self, error: Exception) -> None:
        """The library tells of every try; what the server said is why, more than how the line broke after it."""
        if self.why is None or isinstance(error, nats.errors.Error):
            self.why = error

    async def gone(self) -> None:
        # Leaving is no loss.
        lost = self.client is not None and not self.client.is_closed
        if self._events is not None and not self._away and lost:
            self._events.write("broker-lost", "the connection to NATS is lost; it is tried again")
        self._away = True

    async def back(self) -> None:
        if self._events is not None and self._away:
            self._events.write("broker-back", "the connection to NATS is back")
        self._away = False


async def prepare(stream: JetStreamContext, settings: NatsSettings) -> list[Fault]:
    """Look whether the streams are there, and make them where that was asked for; what is missing."""
    faults = []
    inputs = [settings.subject] if not settings.partitions else [f"{settings.subject}.*"]
    fault = await _stream(stream, settings.stream, inputs, settings)
    faults += [] if fault is None else [fault]
    for subject in (settings.output, settings.dead):
        fault = await _subject(stream, subject, settings)
        faults += [] if fault is None else [fault]
    return faults


async def _stream(stream: JetStreamContext, name: str, subjects: list[str], settings: NatsSettings) -> Fault | None:
    try:
        await stream.stream_info(name)
    except nats.js.errors.NotFoundError:
        if not settings.create:
            return Fault("no-stream", f"there is no stream `{name}`; make it, or let `--create` make it", "stream")
        return await _make(stream, name, subjects)
    except (nats.errors.Error, TimeoutError) as error:
        return Fault("no-jetstream", f"the server does not answer for JetStream: {_named(error)}")
    return None


async def _subject(stream: JetStreamContext, subject: str, settings: NatsSettings) -> Fault | None:
    try:
        await stream.find_stream_name_by_subject(subject)
    except nats.js.errors.NotFoundError:
        if not settings.create:
            words = f"no stream keeps the subject `{subject}`; make one, or let `--create` make it"
            return Fault("no-stream", words, "output")
        return await _make(stream, subject.replace(".", "_").upper(), [subject])
    except (nats.errors.Error, TimeoutError) as error:
        return Fault("no-jetstream", f"the server does not answer for JetStream: {_named(error)}")
    return None


async def _make(stream: JetStreamContext, name: str, subjects: list[str]) -> Fault | None:
    config = StreamConfig(name=name, subjects=subjects, duplicate_window=_DUPLICATE_SECONDS)
    try:
        await stream.add_stream(config)
    except (nats.errors.Error, TimeoutError) as error:
        return Fault("no-stream", f"the stream `{name}` cannot be made: {_named(error)}")
    return None


def _named(error: Exception) -> str:
    """What went wrong, without what a server or a library may quote of our credentials."""
    described = getattr(error, "description", None)
    if type(error) is nats.errors.Error:
        # What the server answered, such as `nats: 'Authorization Violation'`.
        described = str(error)
    if described:
        return str(described)[:200]
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
