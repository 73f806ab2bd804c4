"""A body as it comes, read ahead up to a bound: some clients send all of it before they read an answer.

It never lets more wait than the bound and one message, however fast a client sends.
"""

from __future__ import annotations

import asyncio
from collections import deque

from assay.interfaces.service.exchange import Receive
from assay.interfaces.service.problems import BodyRefused, Problem


class Incoming:
    """Reads in a task of its own, also after the end, where what comes can only be that the client left.

    news     set where something came, or where whoever waits here was told of something else
    ended    whether the whole body is here
    gone     whether the client has left
    problem  why the guard reads no more of it
    """

    def __init__(self, receive: Receive, most_ahead: int) -> None:
        self._receive, self._most_ahead = receive, most_ahead
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._room = asyncio.Event()
        self.news = asyncio.Event()
        self.ended = self.gone = False
        self.problem: Problem | None = None
        self._task = asyncio.create_task(self._read())

    def __bool__(self) -> bool:
        """Whether a piece is here."""
        return bool(self._pieces)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.ended or self.problem is not None

    def take(self) -> bytes:
        """The next piece that is here."""
        piece = self._pieces.popleft()
        self._size -= len(piece)
        self._room.set()
        return piece

    async def close(self) -> None:
        """Read no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while not self.gone:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    self.gone = True
                elif not self.ended:
                    self._put(message.get("body", b""))
                    self.ended = not message.get("more_body", False)
                self.news.set()
                while self._size > self._most_ahead:
                    self._room.clear()
                    await self._room.wait()
        except BodyRefused as refusal:
            self.problem = refusal.problem
            self.news.set()

    def _put(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)
