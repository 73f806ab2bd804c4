"""The client for code that waits: one call after the other, batches a chunk ahead. It logs nothing that it sends."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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


class Client:
    """The decision service, for code that waits for its answers; threads may share one.

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
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(**connection(url, token, timeout, verify), transport=transport)
        self._patience = patience or Patience()
        self._sleep: Callable[[float], None] = time.sleep

    def __repr__(self) -> str:
        return f"Client({str(self._http.base_url)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def decide(
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
        return self._answer(calls.deciding(item, markets, as_of, key))

    def brief(
        self,
        item: ItemLike,
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        key: str | None = None,
    ) -> Brief:
        """Decide one item, and be told only what is done now and what is left to ask."""
        return self._answer(calls.deciding_briefly(item, markets, as_of, key))

    def decide_batch(
        self,
        items: Iterable[ItemLike],
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        at_once: int = 2,
    ) -> Iterator[Decision | LineProblem]:
        """Decide any number of items in flat memory; one result for each, in order.

        at_once  chunks on their way at the same time
        """
        return self._batch(items, at_once, lambda chunk: calls.deciding_chunk(chunk, markets, as_of))

    def brief_batch(
        self,
        items: Iterable[ItemLike],
        *,
        markets: Sequence[str] | None = None,
        as_of: Instant | None = None,
        at_once: int = 2,
    ) -> Iterator[Brief | LineProblem]:
        """As `decide_batch`, told only what is done now and what is left to ask."""
        return self._batch(items, at_once, lambda chunk: calls.deciding_chunk_briefly(chunk, markets, as_of))

    def questions(
        self, item: ItemLike, *, markets: Sequence[str] | None = None, as_of: Instant | None = None
    ) -> Questions:
        """What is open of an item in each market class, the best question first; nothing is kept."""
        return self._answer(calls.asking(item, markets, as_of))

    def scan(self, file: Path | bytes, *, name: str | None = None, deep: bool = False) -> Scan:
        """The evidence in a file, and the assertions that it comes to."""
        return self._answer(calls.scanning(file, name, deep))

    def scan_reference(
        self, digest: str, reference: str, *, declared: Mapping[str, object] | None = None, deep: bool = False
    ) -> Scan:
        """The evidence in a file below the service's own media folder."""
        return self._answer(calls.scanning_reference(digest, reference, declared, deep))

    def bundle(self) -> Bundles:
        """The bundles that decide."""
        return self._answer(calls.looking_at_the_bundle())

    def health(self) -> Health:
        """Whether the service is ready, and why not."""
        return self._answer(calls.looking_at_health())

    def _batch(
        self, items: Iterable[ItemLike], at_once: int, call: Callable[[Chunk], Call[list[Result]]]
    ) -> Iterator[Result]:
        waiting: deque[Future[list[Result]]] = deque()
        pool = ThreadPoolExecutor(max(at_once, 1), thread_name_prefix="assay-client")
        try:
            for chunk in chunks_of(items, Chunking(MOST_ITEMS, MOST_BYTES)):
                waiting.append(pool.submit(self._answer, call(chunk)))
                if len(waiting) > max(at_once, 1):
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            # Whoever stops reading, or an item that cannot be taken, ends what has not begun.
            pool.shutdown(wait=True, cancel_futures=True)

    def _answer(self, call: Call[Result]) -> Result:
        steps = steps_of(call, self._patience)
        answer: Given = None
        try:
            while True:
                step = steps.send(answer)
                if isinstance(step, Wait):
                    self._sleep(step.seconds)
                    answer = None
                else:
                    answer = self._send(call)
        except StopIteration as ended:
            result: Result = ended.value
            return result

    def _send(self, call: Call[Result]) -> httpx.Response | httpx.TransportError:
        try:
            if not isinstance(call.body, Path):
                return self._http.request(
                    call.method, call.path, content=call.body, headers=call.headers, params=call.query
                )
            with call.body.open("rb") as stream:
                return self._http.request(
                    call.method, call.path, content=stream, headers=call.headers, params=call.query
                )
        except httpx.TransportError as error:
            return error
