"""Requests under which a service is killed, and every answer that came whole. It expects most of them to be cut off."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

SINGLES, BATCHES, LINES = 8, 2, 40


@dataclass(slots=True)
class Answers:
    """What was answered.

    digests   of each item that was answered: the SHA-256 of its record
    pending   keyed requests that were not answered, which are sent again: the key and the body
    samples   keyed requests that were answered, to be asked again: key, body, record
    refused   answers that were no decision, by status
    replayed  keyed requests that were answered by what is remembered of before
    """

    digests: dict[str, str] = field(default_factory=dict)
    pending: dict[str, bytes] = field(default_factory=dict)
    samples: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    replayed: int = 0
    unlike: list[str] = field(default_factory=list)
    keyed: set[str] = field(default_factory=set)

    def take(self, item: str, record: bytes) -> None:
        """Note the record that an item was answered by."""
        digest = hashlib.sha256(record).hexdigest()
        if self.digests.setdefault(item, digest) != digest:
            self.unlike.append(item)


class Load:
    """Single requests with idempotency keys, and batches, until it is told to stop."""

    def __init__(self, address: str, token: str, signals: list[dict[str, object]], seed: int) -> None:
        self._address, self._token, self._signals = address, token, signals
        self._chance = random.Random(seed)
        self._number = 0
        self.answers = Answers()

    async def run(self, seconds: float, kill: Callable[[], None]) -> None:
        """First what was left open and a sample of what was answered, then new requests; after some time, the kill."""
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=32)
        headers = {"Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(base_url=self._address, headers=headers, limits=limits, timeout=20.0) as client:
            await self._again(client)
            tasks = [asyncio.create_task(self._singles(client)) for _ in range(SINGLES)]
            tasks += [asyncio.create_task(self._batches(client)) for _ in range(BATCHES)]
            await asyncio.sleep(seconds)
            kill()
            # The requests end by themselves now: nobody is there to answer.
            await asyncio.gather(*tasks)

    async def settle(self) -> None:
        """Send what is still open, with nobody killing anything."""
        headers = {"Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(base_url=self._address, headers=headers, timeout=20.0) as client:
            await self._again(client)

    async def _again(self, client: httpx.AsyncClient) -> None:
        for key, body in list(self.answers.pending.items()):
            with suppress(httpx.HTTPError):
                await self._single(client, key, body)
        samples, self.answers.samples = self.answers.samples, []
        for key, body, record in self._chance.sample(samples, min(5, len(samples))):
            with suppress(httpx.HTTPError):
                answer = await client.post("/v1/decisions", content=body, headers=_headers(key))
                if answer.status_code == 200 and answer.content != record:
                    self.answers.unlike.append(key)
                self.answers.replayed += answer.headers.get("idempotency-replayed") == "true"

    async def _singles(self, client: httpx.AsyncClient) -> None:
        while True:
            name, body = self._next("single")
            self.answers.keyed.add(name)
            self.answers.pending[name] = body
            try:
                await self._single(client, name, body)
            except httpx.HTTPError:
                return

    async def _single(self, client: httpx.AsyncClient, key: str, body: bytes) -> None:
        answer = await client.post("/v1/decisions", content=body, headers=_headers(key))
        if answer.status_code != 200:
            self.answers.refused[answer.status_code] = self.answers.refused.get(answer.status_code, 0) + 1
            return
        self.answers.take(key, answer.content)
        self.answers.pending.pop(key, None)
        self.answers.samples.append((key, body, answer.content))

    async def _batches(self, client: httpx.AsyncClient) -> None:
        while True:
            lines = [self._next("line") for _ in range(LINES)]
            body = b"".join(line + b"\n" for _, line in lines)
            kind = {"Content-Type": "application/x-ndjson"}
            try:
                async with client.stream("POST", "/v1/decisions:batch", content=body, headers=kind) as answer:
                    await self._lines(answer)
            except httpx.HTTPError:
                return

    async def _lines(self, answer: httpx.Response) -> None:
        """Every line that came whole counts as answered, whatever becomes of the rest."""
        left = b""
        async for piece in answer.aiter_raw():
            *whole, left = (left + piece).split(b"\n")
            for line in whole:
                self.answers.take(json.loads(line)["item"], line)

    def _next(self, kind: str) -> tuple[str, bytes]:
        self._number += 1
        name = f"{kind}-{self._number}"
        signals = self._chance.choice(self._signals)
        return name, json.dumps({"id": name, "signals": signals, "markets": ["BR"]}).encode()


def _headers(key: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Idempotency-Key": key}
