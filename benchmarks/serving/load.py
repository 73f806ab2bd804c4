"""The load generator: a program of its own, on a core of its own. It says what it saw, and judges nothing.

Run as `python -m benchmarks.serving.load`, with one JSON object on standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent.

    bodies       a file with one body a line
    skip         so many bodies at the file's beginning, which were sent before
    requests     how many single requests, or items of all batches
    connections  open at the same time
    rate         single requests a second, sent by the clock; None sends the next as soon as one is answered
    batch        whether each connection sends one batch
    core         to run on; None is any
    """

    port: int
    path: str
    headers: dict[str, str]
    bodies: str
    requests: int
    connections: int
    rate: float | None = None
    batch: bool = False
    core: int | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back; times in seconds, of single requests from when they were due."""

    answered: int
    seconds: float
    statuses: dict[str, int]
    problems: int
    bytes_in: int
    p50: float
    p99: float
    worst: float


# ------------------------------------------------------------------- singles


class _Connection(asyncio.Protocol):
    """One connection kept open: one request at a time, answered before the next."""

    def __init__(self, done: Any) -> None:
        self._done, self._buffer = done, b""
        self.transport: asyncio.Transport | None = None
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not say what they are.
        self.transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes, due: float) -> None:
        assert self.transport is not None
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(_LENGTH)
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) >= end + 4 + length:
            status, size = self._buffer[9:12], len(self._buffer)
            self._buffer = b""
            self._done(self, status, size)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._buffer or exc is not None:
            self._done(self, b"cut", 0)


class _Singles:
    """Sends single requests, by answers or by the clock."""

    def __init__(self, order: Order, requests: list[bytes]) -> None:
        self._order, self._requests = order, requests
        self._taken: list[float] = []
        self._statuses: Counter[bytes] = Counter()
        self._bytes = self._next = 0
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[float] = deque()
        self._finished = asyncio.Event()

    async def run(self) -> Seen:
        loop = asyncio.get_running_loop()
        for _ in range(self._order.connections):
            _, connection = await loop.create_connection(lambda: _Connection(self._done), "127.0.0.1", self._order.port)
            self._idle.append(connection)
        began = time.perf_counter()
        if self._order.rate is None:
            while self._idle and self._next < len(self._requests):
                self._send(self._idle.popleft(), time.perf_counter())
            await self._finished.wait()
        else:
            await self._by_the_clock(self._order.rate)
        seconds = time.perf_counter() - began
        taken = sorted(self._taken)
        statuses = {status.decode(): number for status, number in self._statuses.items()}
        middle, late = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
        return Seen(len(taken), seconds, statuses, 0, self._bytes, middle, late, taken[-1])

    async def _by_the_clock(self, rate: float) -> None:
        began = time.perf_counter()
        for place in range(len(self._requests)):
            due = began + place / rate
            ahead = due - time.perf_counter()
            if ahead > 0.0002:
                await asyncio.sleep(ahead)
            elif place % 64 == 0:
                await asyncio.sleep(0)
            if self._idle:
                self._send(self._idle.popleft(), due)
            else:
                # Every connection is busy: it goes out when one is free, and its wait counts from when it was due.
                self._waiting.append(due)
        await self._finished.wait()

    def _send(self, connection: _Connection, due: float) -> None:
        request = self._requests[self._next]
        self._next += 1
        connection.send(request, due)

    def _done(self, connection: _Connection, status: bytes, size: int) -> None:
        now = time.perf_counter()
        self._taken.append(now - connection.due)
        self._statuses[status] += 1
        self._bytes += size
        if len(self._taken) >= len(self._requests):
            self._finished.set()
        elif self._order.rate is None:
            if self._next < len(self._requests):
                self._send(connection, now)
        elif self._waiting:
            self._send(connection, self._waiting.popleft())
        else:
            self._idle.append(connection)


# -------------------------------------------------------------------- batches


async def _batch(order: Order, head: bytes, body: bytes) -> tuple[str, int, int, int]:
    """Send one batch while its answers come; the status, and how many lines, problems and bytes came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", order.port, limit=1 << 20)
    sending = asyncio.create_task(_write(writer, head, body))
    status, lines, problems, size, last = "cut", 0, 0, 0, b""
    while piece := await reader.read(_PIECE):
        if not size:
            status = piece[9:12].decode()
            piece = piece.partition(_HEAD_END)[2]
            size = 1
        # Lines end by a newline alone; what stands between chunks ends by two characters.
        lines += piece.count(b"\n") - piece.count(b"\r\n") - (last == b"\r" and piece[:1] == b"\n")
        # Of an item that was not decided the line is short, and says so at once.
        problems += piece.count(b'"problem":{"')
        size += len(piece)
        last = piece[-1:] or last
    await sending
    writer.close()
    return status, lines, problems, size


async def _write(writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
    writer.write(head)
    for start in range(0, len(body), _PIECE):
        writer.write(body[start : start + _PIECE])
        await writer.drain()


async def _batches(order: Order, bodies: list[bytes]) -> Seen:
    parts = [b"\n".join(bodies[start :: order.connections]) + b"\n" for start in range(order.connections)]
    heads = [_head(order, len(part), "Connection: close\r\n") for part in parts]
    began = time.perf_counter()
    ended = await asyncio.gather(*(_batch(order, head, part) for head, part in zip(heads, parts, strict=True)))
    seconds = time.perf_counter() - began
    statuses = Counter(status for status, *_ in ended)
    lines, problems, size = (sum(column) for column in zip(*(counts for _, *counts in ended), strict=True))
    return Seen(lines, seconds, dict(statuses), problems, size, seconds, seconds, seconds)


def _head(order: Order, length: int, more: str = "") -> bytes:
    given = "".join(f"{name}: {value}\r\n" for name, value in order.headers.items())
    return f"POST {order.path} HTTP/1.1\r\nHost: localhost\r\n{given}{more}Content-Length: {length}\r\n\r\n".encode()


async def run(order: Order, bodies: list[bytes]) -> Seen:
    """Send what is ordered."""
    if order.batch:
        return await _batches(order, bodies)
    return await _Singles(order, [_head(order, len(body)) + body for body in bodies]).run()


def main() -> None:
    """Read the order, carry it out, say what was seen."""
    order = Order(**json.load(sys.stdin))
    if order.core is not None:
        with contextlib.suppress(OSError, AttributeError):
            os.sched_setaffinity(0, {order.core})
    with Path(order.bodies).open("rb") as stream:
        bodies = [line.rstrip(b"\n") for line in islice(stream, order.skip, order.skip + order.requests)]
    import uvloop

    json.dump(asdict(uvloop.run(run(order, bodies))), sys.stdout)


if __name__ == "__main__":
    main()
