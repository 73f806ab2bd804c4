"""The client for asyncio: the same calls, awaited. It logs nothing that it sends, and blocks the loop for nothing."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

import httpx

from assay.client import calls
from assay.client.connecting import MOST_BYTES, MOST_ITEMS, SECONDS, connection
from assay.client.encoding import Chunk, Chunking, Instant, ItemLike, chunks_of
from assay.client.exchange import Call, Given, Wait, steps_of
from assay.client.patience import Patience
from assay.client.results import Brief, Bundles, Decision, Health, LineProblem, Questions, Scan

Result = TypeVar("Result")
_PIECE = 64 * 1024


class AsyncClient:
    """The decision service, for asyncio; tasks may share one.

    url        as in `https://assay.example.org`
    token      as `assay token create` prints it
    timeout    seconds without a sign of the service after which a try is given up
    patience   how often and how long it tries again
    verify     whom to trust: the system's list of authorities, or a context of your own
    transport  another way to the service than the network, as tests have it
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = SECONDS,
        patience: Patience | None = None,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**connection(url, token, timeout, verify), transport=transport)
        self._patience = patience or Patience()
        self._sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __repr__(self) -> str:
        return f"AsyncClient({str(self._http.base_url)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def decide(
        self,
        item: ItemLike,
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        key: str | None = None,
    ) -> Decision:
        """Decide one item; the service has kept the record when this returns.

        markets  codes, groups or class names; without them, as the service is set
        as_of    the instant of the decision; without it, the service's clock
        key      an idempotency key of your own, such as the upload's id, so that a repeated call is kept once
        raises   Problem, Unreachable, TimedOut; Unsendable for an item that is no JSON
        """
        return await self._answer(calls.deciding(item, markets, as_of, key))

    async def brief(
        self,
        item: ItemLike,
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        key: str | None = None,
    ) -> Brief:
        """Decide one item, and be told only what is done now and what is left to ask."""
        return await self._answer(calls.deciding_briefly(item, markets, as_of, key))

    def decide_batch(
        self,
        items: Iterable[ItemLike] | AsyncIterable[ItemLike],
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        at_once: int = 2,
    ) -> AsyncIterator[Decision | LineProblem]:
        """Decide any number of items in flat memory; one result for each, in order.

        at_once  chunks on their way at the same time
        """
        return self._batch(items, at_once, lambda chunk: calls.deciding_chunk(chunk, markets, as_of))

    def brief_batch(
        self,
        items: Iterable[ItemLike] | AsyncIterable[ItemLike],
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        at_once: int = 2,
    ) -> AsyncIterator[Brief | LineProblem]:
        """As `decide_batch`, told only what is done now and what is left to ask."""
        return self._batch(items, at_once, lambda chunk: calls.deciding_chunk_briefly(chunk, markets, as_of))

    async def questions(
        self, item: ItemLike, *, markets: Sequence[str] | None = None, as_of: Instant | None = None
    ) -> Questions:
        """What is open of an item in each market class, the best question first; nothing is kept."""
        return await self._answer(calls.asking(item, markets, as_of))

    async def scan(self, file: Path | bytes, *, name: str | None = None, deep: bool = False) -> Scan:
        """The evidence in a file, and the assertions that it comes to."""
        return await self._answer(calls.scanning(file, name, deep))

    async def scan_reference(
        self, digest: str, reference: str, *, declared: Mapping[str, object] | None = None, deep: bool = False
    ) -> Scan:
        """The evidence in a file below the service's own media folder."""
        return await self._answer(calls.scanning_reference(digest, reference, declared, deep))

    async def bundle(self) -> Bundles:
        """The bundles that decide."""
        return await self._answer(calls.looking_at_the_bundle())

    async def health(self) -> Health:
        """Whether the service is ready, and why not."""
        return await self._answer(calls.looking_at_health())

    async def _batch(
        self,
        items: Iterable[ItemLike] | AsyncIterable[ItemLike],
        at_once: int,
        call: Callable[[Chunk], Call[list[Result]]],
    ) -> AsyncIterator[Result]:
        waiting: deque[asyncio.Task[list[Result]]] = deque()
        try:
            async for chunk in _chunks(items):
                waiting.append(asyncio.create_task(self._answer(call(chunk))))
                if len(waiting) > max(at_once, 1):
                    for result in await waiting.popleft():
                        yield result
            while waiting:
                for result in await waiting.popleft():
                    yield result
        finally:
            # Whoever stops reading, or an item that cannot be taken, ends what is on its way.
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _answer(self, call: Call[Result]) -> Result:
        steps = steps_of(call, self._patience)
        answer: Given = None
        try:
            while True:
                step = steps.send(answer)
                if isinstance(step, Wait):
                    await self._sleep(step.seconds)
                    answer = None
                else:
                    answer = await self._send(call)
        except StopIteration as ended:
            result: Result = ended.value
            return result

    async def _send(self, call: Call[Result]) -> httpx.Response | httpx.TransportError:
        headers = dict(call.headers)
        content: bytes | AsyncIterator[bytes] | None
        if isinstance(call.body, Path):
            headers["content-length"] = str((await asyncio.to_thread(call.body.stat)).st_size)
            content = _pieces(call.body)
        else:
            content = call.body
        try:
            return await self._http.request(call.method, call.path, content=content, headers=headers, params=call.query)
        except httpx.TransportError as error:
            return error


async def _chunks(items: Iterable[ItemLike] | AsyncIterable[ItemLike]) -> AsyncIterator[Chunk]:
    chunking = Chunking(MOST_ITEMS, MOST_BYTES)
    if not isinstance(items, AsyncIterable):
        for chunk in chunks_of(items, chunking):
            yield chunk
        return
    async for item in items:
        full = chunking.add(item)
        if full is not None:
            yield full
    last = chunking.rest()
    if last is not None:
        yield last


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        while piece := await asyncio.to_thread(stream.read, _PIECE):
            yield piece
