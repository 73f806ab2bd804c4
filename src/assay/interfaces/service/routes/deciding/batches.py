"""`POST /v1/decisions:batch`: lines in, lines out, both streamed. It never runs ahead of a client that reads slowly."""

from __future__ import annotations

import asyncio
from collections import deque
from time import perf_counter

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.deciding.desk import Asked, classes_named
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.service.exchange import (
    NDJSON,
    ClientGone,
    Receive,
    Scope,
    check_body_headers,
    client_of,
    read_headers,
    read_query,
    request_id,
    wants_minimal,
)
from assay.interfaces.service.kinds import not_kept, refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem, Send, send_problem
from assay.interfaces.service.routes.deciding.chunks import MOST_BYTES, Batch, Chunk
from assay.interfaces.service.routes.deciding.decisions import PREFERENCE
from assay.interfaces.service.routes.deciding.incoming import Incoming
from assay.interfaces.service.routes.deciding.lines import Line, Lines
from assay.interfaces.service.routes.deciding.minimal import MinimalWriter

TYPES = frozenset((NDJSON, b"application/jsonl"))
QUERY = ("markets", "as_of")
# The loop is given back after so long, so that single requests beside a batch stay quick.
SLICE_SECONDS = 0.002
# Chunks whose records are being kept while the next one is decided.
MOST_WAITING = 4


class Batches:
    """Decides batches."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._minimal = MinimalWriter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request; returns the status."""
        batch = self._open(scope)
        if isinstance(batch, Batch):
            run = _Run(batch, receive, send)
            try:
                await run.answer()
            finally:
                await run.close()
            if run.problem is None:
                return 200
            batch = run.problem
        await send_problem(send, batch, request_id(scope))
        return batch.status

    def _open(self, scope: Scope) -> Batch | Problem:
        """What the request says of the whole batch. Its lineup is taken once, so no swap can come between its lines."""
        headers = read_headers(scope)
        if isinstance(headers, Problem):
            return headers
        problem = check_body_headers(headers, TYPES)
        if problem is not None:
            return problem
        query = read_query(scope, QUERY)
        if isinstance(query, Problem):
            return query
        lineup = self._parts.live.lineup
        asked = self._asked(query, lineup)
        if isinstance(asked, Problem):
            return asked
        minimal = self._minimal if wants_minimal(headers) else None
        key = headers.get(b"idempotency-key")
        return Batch(self._parts, lineup, asked, minimal, client_of(scope), key, scope.get("query_string", b""))

    def _asked(self, query: dict[str, str], lineup: Lineup) -> Asked | Problem:
        markets, as_of = self._parts.default_markets, self._parts.now()
        if "as_of" in query:
            instant = parse_instant(query["as_of"])
            if instant is None:
                words = "`as_of` is a date or a time such as `2026-12-15T10:00:00Z`"
                return refused("bad-parameter", words, (Fault("bad-instant", words, "as_of"),))
            as_of = instant
        if "markets" in query:
            markets = tuple(name.strip() for name in query["markets"].split(","))
            found = classes_named(markets, lineup.current)
            if isinstance(found, Fault):
                return refused("bad-parameter", "`markets` is a list of codes such as `BR,EU`", (found,))
        return Asked(as_of, markets)


class _Run:
    """One batch on its way: what comes is decided, what is decided is kept, what is kept is sent, in this order."""

    def __init__(self, batch: Batch, receive: Receive, send: Send) -> None:
        settings = batch.parts.settings
        self._batch, self._send = batch, send
        self._incoming = Incoming(receive, settings.batch_ahead)
        self._waiting: deque[tuple[Chunk, asyncio.Task[bool]]] = deque()
        self._lines, self._size = Lines(), settings.batch_chunk
        self._begun = self._forsaken = False
        self.problem: Problem | None = None

    async def answer(self) -> None:
        """Take the whole batch.

        raises  ClientGone where the client leaves before its end
        """
        incoming = self._incoming
        while self.problem is None and (incoming or not incoming.over):
            if incoming:
                await self._take(self._lines.feed(incoming.take()))
            else:
                await self._wait()
        if incoming.problem is None:
            await self._take(self._lines.finish())
        else:
            await self._break_off(incoming.problem)
        while self._waiting and self.problem is None:
            await self._send_first()
        if self.problem is None:
            await self._begin()
            await self._send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        """Let go of what is read ahead, and see to the end of records on their way."""
        await self._incoming.close()
        await asyncio.gather(*(task for _, task in self._waiting), return_exceptions=True)

    async def _wait(self) -> None:
        """Wait until more of the body is here; until then, what is kept is sent."""
        incoming = self._incoming
        incoming.news.clear()
        await self._send_kept()
        self._check_client()
        if not incoming and not incoming.over and self.problem is None:
            await incoming.news.wait()
            self._check_client()

    async def _break_off(self, problem: Problem) -> None:
        """The guard reads no more of the body: what came before is answered, then a line says why that is all."""
        if not self._begun and not self._waiting:
            self.problem = problem
            return
        chunk = Chunk()
        chunk.refuse(self._lines.number + 1, None, (Fault(problem.slug, problem.detail),), self._batch.parts)
        self._keep(chunk)
        await self._hand_over()

    async def _take(self, lines: list[Line]) -> None:
        """Decide lines, chunk by chunk, giving the loop back now and then."""
        at = 0
        while at < len(lines) and self.problem is None:
            chunk = Chunk()
            if self._forsaken:
                chunk.forsake(lines[at:])
                at = len(lines)
                self._keep(chunk)
            else:
                at = await self._decide(chunk, lines, at)
            await self._hand_over()

    async def _decide(self, chunk: Chunk, lines: list[Line], at: int) -> int:
        """Decide lines until the chunk is full; returns the place of the first one that is left."""
        batch, end = self._batch, min(len(lines), at + self._size)
        slice_ends = perf_counter() + SLICE_SECONDS
        try:
            while at < end and chunk.size < MOST_BYTES:
                chunk.take(lines[at], batch)
                at += 1
                if perf_counter() > slice_ends:
                    await asyncio.sleep(0)
                    self._check_client()
                    slice_ends = perf_counter() + SLICE_SECONDS
        finally:
            # Also where the client has left: what is decided is kept, and whoever waits for a line hears of it.
            self._keep(chunk)
        return at

    def _keep(self, chunk: Chunk) -> None:
        keeping = asyncio.create_task(chunk.keep(self._batch))
        keeping.add_done_callback(self._tell)
        self._waiting.append((chunk, keeping))

    async def _hand_over(self) -> None:
        """See chunks out that are kept; where too many wait, see the first one out before anything else."""
        # Keeping begins in the loop's next round.
        await asyncio.sleep(0)
        self._check_client()
        await self._send_kept()
        while len(self._waiting) > MOST_WAITING and self.problem is None:
            await self._send_first()

    async def _send_kept(self) -> None:
        while self._waiting and self._waiting[0][1].done() and self.problem is None:
            await self._send_first()

    async def _send_first(self) -> None:
        """Send the answers of the chunk that waits longest, when its records are kept."""
        chunk, task = self._waiting[0]
        kept = await task
        self._waiting.popleft()
        if not kept:
            self._forsaken = True
            if not self._begun:
                self.problem = not_kept()
                return
        await self._begin()
        await self._send({"type": "http.response.body", "body": b"".join(chunk.pieces), "more_body": True})

    async def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        lineup, minimal = self._batch.lineup, self._batch.minimal
        bundles = [lineup.current.digest] + ([lineup.staged.digest] if lineup.staged is not None else [])
        headers = [(b"content-type", NDJSON), (b"assay-bundle", ", ".join(bundles).encode("ascii"))]
        headers += [PREFERENCE] if minimal is not None else []
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    def _tell(self, _: asyncio.Task[bool]) -> None:
        self._incoming.news.set()

    def _check_client(self) -> None:
        """Stop where the client has left: nobody reads what would be decided."""
        if self._incoming.gone:
            raise ClientGone
