"""Answers to JetStream, many under way at once, each with an id by which the server drops a second one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import nats.errors
from nats.aio.client import Client
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.ports import Outgoing, OutletUnready
from assay.interfaces.stream.settings import NatsSettings

_MESSAGE_ID = "Nats-Msg-Id"
_CONFIRM_SECONDS = 5.0
_HEADER_LINES = 64
# What JetStream answers where a stream takes no message of this size: it never will.
_TOO_LARGE_CODES = (10054,)


class JetStreamOutlet:
    """Publishes decisions on one subject and dead letters on another."""

    def __init__(self, client: Client, settings: NatsSettings) -> None:
        self._client, self._settings = client, settings
        self._stream = client.jetstream(publish_async_max_pending=10_000)

    async def send(self, batch: Sequence[Outgoing]) -> list[tuple[Outgoing, Fault]]:
        """Publish all, in order, and wait until the server has each."""
        refused: list[tuple[Outgoing, Fault]] = []
        sent: list[tuple[Outgoing, asyncio.Future[PubAck]]] = []
        try:
            for outgoing in batch:
                fault = self._too_large(outgoing)
                if fault is None:
                    sent.append((outgoing, await self._publish(outgoing)))
                else:
                    refused.append((outgoing, fault))
            if sent:
                await asyncio.wait([future for _, future in sent], timeout=_CONFIRM_SECONDS)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            raise OutletUnready("not-published", f"NATS takes no answers: {type(error).__name__}") from None
        finally:
            for _, future in sent:
                # A future that nobody cancels would count as under way for ever.
                if not future.done():
                    future.cancel()
        return refused + _judged(sent)

    async def _publish(self, outgoing: Outgoing) -> asyncio.Future[PubAck]:
        subject = self._settings.dead if outgoing.dead else self._settings.output
        headers = {**outgoing.headers, _MESSAGE_ID: outgoing.key}
        return await self._stream.publish_async(subject, outgoing.content or b"", headers=headers)

    def _too_large(self, outgoing: Outgoing) -> Fault | None:
        """Larger than the server takes from anybody; asked before, since it would end the connection."""
        headers = sum(len(name) + len(value) + 4 for name, value in outgoing.headers.items()) + len(outgoing.key)
        size = len(outgoing.content or b"") + headers + _HEADER_LINES
        limit = self._client.max_payload
        if size <= limit:
            return None
        return Fault("too-large-to-publish", f"with its headers it has {size:,} bytes, and the server takes {limit:,}")

    async def close(self) -> None:
        """Nothing is under way between two batches."""


def _judged(sent: Sequence[tuple[Outgoing, asyncio.Future[PubAck]]]) -> list[tuple[Outgoing, Fault]]:
    """What the server will never take; raises where it did not answer for all."""
    refused = []
    for outgoing, future in sent:
        if future.cancelled() or not future.done():
            raise OutletUnready("not-published", "NATS did not confirm every answer in time")
        error = future.exception()
        if isinstance(error, APIError) and error.err_code in _TOO_LARGE_CODES:
            refused.append((outgoing, Fault("too-large-to-publish", "its stream takes no message of this size")))
        elif isinstance(error, NoStreamResponseError):
            raise OutletUnready("no-stream", "no stream keeps the subject that answers are published on")
        elif error is not None:
            why = str(getattr(error, "description", None) or type(error).__name__)[:200]
            raise OutletUnready("not-published", f"NATS takes no answers: {why}")
    return refused
