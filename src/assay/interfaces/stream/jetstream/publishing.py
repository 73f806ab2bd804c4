"""Messages to a stream's subjects, and dead letters read back from theirs. It decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.jetstream.connection import connect, prepare
from assay.interfaces.stream.letters import RETRIED, Letter, header_text, read_letter
from assay.interfaces.stream.publishing import Ready, partition_of
from assay.interfaces.stream.settings import NatsSettings

_AT_ONCE = 500
_CONFIRM_SECONDS = 10.0


class JetStreamPublisher:
    """Publishes items on the subject of their partition."""

    def __init__(self, settings: NatsSettings) -> None:
        self._settings = settings

    async def publish(self, messages: Iterable[Ready]) -> int | Fault:
        """Return once the server has all of them."""
        client = await connect(self._settings)
        if isinstance(client, Fault):
            return client
        try:
            stream = client.jetstream(publish_async_max_pending=10_000)
            faults = await prepare(stream, self._settings)
            return faults[0] if faults else await self._publish(stream, iter(messages))
        except (nats.errors.Error, OSError, TimeoutError) as error:
            return Fault("not-published", f"NATS does not take the messages: {type(error).__name__}")
        finally:
            await client.close()

    async def _publish(self, stream: JetStreamContext, messages: Iterator[Ready]) -> int | Fault:
        total = 0
        while batch := list(islice(messages, _AT_ONCE)):
            futures = [await stream.publish_async(self._subject(one), one.content) for one in batch]
            done, late = await asyncio.wait(futures, timeout=_CONFIRM_SECONDS)
            errors = [error for future in done if (error := future.exception()) is not None]
            if errors or late:
                why = type(errors[0]).__name__ if errors else "no answer in time"
                return Fault("not-published", f"NATS does not take the messages: {why}")
            total += len(batch)
        return total

    def _subject(self, message: Ready) -> str:
        settings = self._settings
        if not settings.partitions:
            return settings.subject
        return f"{settings.subject}.{partition_of(message.id or '', settings.partitions)}"


class JetStreamLetters:
    """The dead letters in the stream of their subject."""

    def __init__(self, client: Client, settings: NatsSettings, stream: str) -> None:
        self._client, self._settings, self._stream = client, settings, stream
        self._context = client.jetstream()

    @classmethod
    async def open(cls, settings: NatsSettings) -> JetStreamLetters | Fault:
        """Connect, and find the stream."""
        client = await connect(settings)
        if isinstance(client, Fault):
            return client
        try:
            stream = await client.jetstream().find_stream_name_by_subject(settings.dead)
        except nats.js.errors.NotFoundError:
            await client.close()
            return Fault("no-stream", f"no stream keeps the subject `{settings.dead}`", "dead")
        except (nats.errors.Error, TimeoutError) as error:
            await client.close()
            return Fault("no-jetstream", f"the server does not answer for JetStream: {type(error).__name__}")
        return cls(client, settings, stream)

    async def letters(self, most: int) -> list[Letter]:
        """The dead letters, the oldest first."""
        found: list[Letter] = []
        sequence = 1
        while len(found) < most:
            try:
                message = await self._context.get_msg(self._stream, sequence, subject=self._settings.dead, next=True)
            except nats.js.errors.NotFoundError:
                return found
            found.append(_letter(message))
            sequence = (message.seq or sequence) + 1
        return found

    async def letter(self, place: str) -> Letter | None:
        """The dead letter at a place."""
        if not (place.isascii() and place.isdigit() and len(place) < 19):
            return None
        try:
            message = await self._context.get_msg(self._stream, int(place))
        except (nats.js.errors.NotFoundError, nats.js.errors.APIError):
            return None
        return _letter(message) if message.subject == self._settings.dead else None

    async def retry(self, letters: Sequence[Letter]) -> int | Fault:
        """Publish messages again where they came by, and take their dead letters away."""
        done = 0
        for letter in letters:
            try:
                headers = {RETRIED: header_text(letter.source), "Nats-Msg-Id": f"retry:{letter.place}:{letter.source}"}
                await self._context.publish(letter.subject, letter.content or b"", headers=headers)
                # Only now: a crash in between leaves it here, and the server drops the second publication.
                await self._context.delete_msg(self._stream, int(letter.place))
            except (nats.errors.Error, OSError, TimeoutError) as error:
                return Fault("not-published", f"`{letter.place}` is not taken by NATS: {type(error).__name__}")
            done += 1
        return done

    async def close(self) -> None:
        """Leave."""
        await self._client.close()


def _letter(message: RawStreamMsg) -> Letter:
    return read_letter(str(message.seq), message.headers or {}, message.data)
