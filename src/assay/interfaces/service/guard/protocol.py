"""The connection under the service: a bound on slow and huge heads, and on clients that do not read. No routes here."""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.problems import PROBLEM_TYPE, Problem, problem_body

# Files that a service opens beside its connections: segments, events, pipes of the pool.
FILES_BESIDE = 256
_MALFORMED = refused("malformed-request", "this is no HTTP/1.1 that two readers would read alike")
_TOO_LARGE = refused("head-too-large", "the head of the request is too long")
_TOO_SLOW = refused("request-timeout", "the head of the request came too slowly")
_BUSY = refused("busy", "too many connections are open; try again in a moment", headers=((b"retry-after", b"1"),))


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which by itself would wait for ever for the end of a head, and keep all of it.

    A head that comes in one piece, as almost all do, costs no timer.
    """

    guard: GuardSettings
    most_connections: int

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = True
        self._head_bytes = self._piece = 0
        self._refusal = _MALFORMED
        self._head_timer: asyncio.TimerHandle | None = None
        self._stuck_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin, or end at once where too many connections are open."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._end(_BUSY)
            return
        self._head_timer = self.loop.call_later(self.guard.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of what waits."""
        self._stop(self._head_timer)
        self._stop(self._stuck_timer)
        self._head_timer = self._stuck_timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that does not end with this piece is watched from here on."""
        was_in_head = self._in_head
        self._piece = len(data)
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data) if was_in_head else 0
            if self._head_bytes > self.guard.head_bytes and not self.transport.is_closing():
                self._end(_TOO_LARGE)
            self._watch()
        elif self._is_idle():
            # What comes between two requests, such as empty lines or the rest of a refused body, must not hold the
            # connection either.
            self._watch()
        elif self._head_timer is not None:
            self._stop(self._head_timer)
            self._head_timer = None

    def on_response_complete(self) -> None:
        """A request is answered; what is left of its body has only so long to come."""
        super().on_response_complete()
        if self._is_idle() and self.cycle.more_body:
            self._watch()

    def on_message_begin(self) -> None:
        """The first byte of a head has come."""
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head = False
        if self._piece > self.guard.head_bytes:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > self.guard.head_bytes:
                self._refusal = _TOO_LARGE
                raise ValueError("the head is too long")
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """The client does not read its answer; it may take as long over it as over a body."""
        super().pause_writing()
        self._stop(self._stuck_timer)
        self._stuck_timer = self.loop.call_later(self.guard.body_seconds, self._is_stuck)

    def resume_writing(self) -> None:
        """It reads again."""
        self._stop(self._stuck_timer)
        self._stuck_timer = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn cannot parse, answered in our form."""
        self._end(self._refusal)

    def _is_idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_complete

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._in_head and not self.transport.is_closing():
            self._end(_TOO_SLOW)
        elif self._is_idle():
            # The last answer is complete; another one would be taken for that of a request that is still to come.
            self.transport.close()

    def _watch(self) -> None:
        if self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self.guard.head_seconds, self._head_is_late)

    def _is_stuck(self) -> None:
        # What is buffered for a client that does not read would be kept as long as it likes, were it closed politely.
        self._stuck_timer = None
        self.transport.abort()

    def _end(self, problem: Problem) -> None:
        """Answer with a problem, if the answer that comes next is that of the request it is about; then close."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                # The fault is in what came after a whole request, whose answer is on its way and shall arrive.
                cycle.keep_alive = False
                return
            answerable = not cycle.response_started and not self.pipeline
            # The request's task goes on, and finds that nobody is there any more.
            cycle.disconnected = True
            cycle.message_event.set()
        else:
            answerable = True
        if answerable:
            self.transport.write(_answer(problem))
        self.transport.close()

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def guarded_protocol(settings: GuardSettings) -> type[GuardedProtocol]:
    """The protocol to give to uvicorn as `http`."""
    members = {"guard": settings, "most_connections": _room_for(settings.connections)}
    return type("GuardedProtocol", (GuardedProtocol,), members)


def _room_for(connections: int) -> int:
    """How many connections may be open, after this process was given room for them as far as the system allows.

    Without room, accepting fails for everybody at once; beyond the limit, whoever comes is told to come again.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + FILES_BESIDE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
    return max(1, more - FILES_BESIDE)


def _answer(problem: Problem) -> bytes:
    body = problem_body(problem, "")
    headers = (
        (b"content-type", PROBLEM_TYPE),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *problem.headers,
    )
    head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return STATUS_LINE[problem.status] + head + b"\r\n" + body
