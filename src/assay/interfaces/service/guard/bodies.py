"""A request's body on its way to the service: counted, held to a size and a speed. It never looks into it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from assay.interfaces.service.guard.gates import Body
from assay.interfaces.service.guard.rates import Meter
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.problems import BodyRefused, Message, Problem

Receive = Callable[[], Awaitable[Message]]
SECONDS_BETWEEN_SWEEPS = 1.0


class Passage:
    """One body on its way. Its time counts only while the service waits for the client, and not the reverse."""

    __slots__ = ("_batch", "_got", "_late", "_limit", "_meter", "_receive", "_since", "_task", "_waited", "_watch")

    def __init__(self, receive: Receive, kind: Body, limit: int, meter: Meter, watch: Watch) -> None:
        self._receive, self._limit, self._meter, self._watch = receive, limit, meter, watch
        self._batch = kind is Body.BATCH
        self._got = 0
        self._waited = self._since = 0.0
        self._task: asyncio.Task[object] | None = None
        self._late = False

    async def receive(self) -> Message:
        """The next piece of the body; raises BodyRefused where it is too much, or too slow in coming."""
        self._task = asyncio.current_task()
        self._since = time.monotonic()
        self._watch.add(self)
        try:
            message = await self._receive()
        except asyncio.CancelledError:
            # Somebody else may have ended the task as well, and then it does end.
            if not self._late or self._task is None or self._task.uncancel() > 0:
                raise
            raise BodyRefused(TOO_SLOW) from None
        finally:
            self._watch.discard(self)
            self._waited += time.monotonic() - self._since
        body = message.get("body")
        if body:
            self._got += len(body)
            if self._got > self._limit:
                raise BodyRefused(too_large(self._limit))
            if self._batch:
                await self._count(body)
        return message

    async def _count(self, body: bytes) -> None:
        # A batch is not broken off in the middle: whoever sends more than it may is read more slowly.
        waiting = self._meter.items.charge(body.count(b"\n") or 1, time.monotonic())
        if waiting > 0:
            await asyncio.sleep(waiting)

    def end_if_late(self, now: float, settings: GuardSettings) -> None:
        """Stop waiting for a client that is too slow."""
        waited = self._waited + now - self._since
        beyond = waited - settings.body_grace_seconds
        late = beyond > 0 and self._got < beyond * settings.body_bytes_per_second
        if self._limit <= settings.single_bytes:
            late = late or waited > settings.body_seconds
        if late and not self._late and self._task is not None:
            self._late = True
            self._task.cancel()


class Watch:
    """Looks once a second at every body that is waited for. A timer for each request would cost more than that."""

    def __init__(self, settings: GuardSettings, pause: float = SECONDS_BETWEEN_SWEEPS) -> None:
        self._settings, self._pause = settings, pause
        self._waiting: set[Passage] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, passage: Passage) -> None:
        """Look at this one, too."""
        self._waiting.add(passage)
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(self._pause, self._sweep)

    def discard(self, passage: Passage) -> None:
        """Look at it no more."""
        self._waiting.discard(passage)

    def _sweep(self) -> None:
        now = time.monotonic()
        for passage in tuple(self._waiting):
            passage.end_if_late(now, self._settings)
        if self._waiting and self._loop is not None:
            self._loop.call_later(self._pause, self._sweep)
        else:
            self._loop = None


def too_large(limit: int) -> Problem:
    """The answer to a body beyond its limit."""
    return refused("body-too-large", f"the body is longer than {limit:,} bytes", headers=((b"connection", b"close"),))


TOO_SLOW = refused(
    "request-timeout", "the body came too slowly; send it in one piece", headers=((b"connection", b"close"),)
)
