"""Mixed load for a long time: every sort of request, good and bad. It remembers counts and a sample, never all."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "89993d1d0000000049454e44ae426082"
)
_BAD = (
    (b"{", 400),
    (b'{"id":"a","signals":{"no.such.signal":1}}', 422),
    (b'{"id":"a","signals":{"ai_extent":"very much"}}', 422),
    (b'{"id":"a","id":"b"}', 400),
    (b'{"id":"","signals":{}}', 422),
    (b"[1,2]", 422),
    (b'{"id":"a","markets":["XX"]}', 422),
    (b'{"id":"a","signals":{"detector.score":NaN}}', 422),
)


@dataclass(slots=True)
class Seen:
    """What the load saw.

    statuses   of all answers, by kind of request
    latencies  of single requests, in seconds, by the phase in which they were sent; a sample of each
    faults     what must not happen: the first few, in words
    bundles    that answers named
    """

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    latencies: dict[int, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    bundles: Counter[str] = field(default_factory=Counter)
    decisions: int = 0

    def fault(self, words: str) -> None:
        """Note what must not happen."""
        if len(self.faults) < 20:
            self.faults.append(words)


class Mixed:
    """Six kinds of clients at once."""

    def __init__(self, address: str, token: str, signals: list[dict[str, object]], seed: int) -> None:
        self._address, self._headers = address, {"Authorization": f"Bearer {token}"}
        self._signals, self._chance = signals, random.Random(seed)
        self._ends = 0.0
        self._number = 0
        self.phase = 0
        self.seen = Seen()

    async def run(self, seconds: float) -> None:
        """Send until the time is over."""
        self._ends = time.monotonic() + seconds
        kinds: list[tuple[Callable[[httpx.AsyncClient], Awaitable[None]], float, int]] = [
            (self._single, 0.005, 4),
            (self._batch, 0.05, 1),
            (self._questions, 0.05, 1),
            (self._bad, 0.05, 1),
            (self._scan, 1.0, 1),
            (self._look, 0.5, 1),
        ]
        async with httpx.AsyncClient(base_url=self._address, headers=self._headers, timeout=30.0) as client:
            await asyncio.gather(*(self._again(client, *kind[:2]) for kind in kinds for _ in range(kind[2])))

    async def _again(
        self, client: httpx.AsyncClient, send: Callable[[httpx.AsyncClient], Awaitable[None]], pause: float
    ) -> None:
        while time.monotonic() < self._ends:
            try:
                await send(client)
            except httpx.HTTPError as error:
                self.seen.fault(f"{send.__name__}: {type(error).__name__}")
            await asyncio.sleep(pause * self._chance.uniform(0.5, 1.5))

    async def _single(self, client: httpx.AsyncClient) -> None:
        began = time.perf_counter()
        answer = await client.post("/v1/decisions", content=self._body(), headers={"Content-Type": "application/json"})
        taken = self.seen.latencies.setdefault(self.phase, [])
        if len(taken) < 50_000:
            taken.append(time.perf_counter() - began)
        self._note("single", answer, 200)
        if answer.status_code == 200:
            self._decided(answer.content, answer.headers["assay-bundle"])

    async def _batch(self, client: httpx.AsyncClient) -> None:
        body = b"\n".join(self._body() for _ in range(100)) + b"\n"
        kind = {"Content-Type": "application/x-ndjson"}
        slow = self._chance.random() < 0.1
        async with client.stream("POST", "/v1/decisions:batch", content=body, headers=kind) as answer:
            pieces = []
            async for piece in answer.aiter_raw():
                pieces.append(piece)
                if slow:
                    await asyncio.sleep(0.05)
        self._note("batch", answer, 200)
        lines = b"".join(pieces).splitlines()
        if len(lines) != 100:
            self.seen.fault(f"batch: {len(lines)} answers to 100 lines")
        for line in lines:
            self._decided(line, answer.headers["assay-bundle"])

    async def _questions(self, client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/questions", content=self._body(), headers={"Content-Type": "application/json"})
        self._note("questions", answer, 200)

    async def _bad(self, client: httpx.AsyncClient) -> None:
        body, status = self._chance.choice(_BAD)
        answer = await client.post("/v1/decisions", content=body, headers={"Content-Type": "application/json"})
        self._note("bad", answer, status)

    async def _scan(self, client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/scan", content=PICTURE, headers={"Content-Type": "image/png"})
        self._note("scan", answer, 200)

    async def _look(self, client: httpx.AsyncClient) -> None:
        for path in ("/metrics", "/readyz", "/v1/bundle", "/healthz"):
            self._note(path, await client.get(path), 200)

    def _note(self, kind: str, answer: httpx.Response, expected: int) -> None:
        self.seen.statuses[kind, answer.status_code] += 1
        if answer.status_code != expected:
            self.seen.fault(f"{kind}: {answer.status_code} instead of {expected}")

    def _decided(self, record: bytes, bundles: str) -> None:
        decoded = json.loads(record)
        named = decoded.get("bundle")
        self.seen.decisions += 1
        self.seen.bundles[named] += 1
        if named not in bundles:
            self.seen.fault(f"decided by {named}, and the answer names {bundles}")

    def _body(self) -> bytes:
        self._number += 1
        signals = self._chance.choice(self._signals)
        return json.dumps({"id": f"upload-{self._number}", "signals": signals, "markets": ["BR", "DE"]}).encode()
