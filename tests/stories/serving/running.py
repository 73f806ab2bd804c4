"""A service that runs with load on it while a test does something to it. It judges nothing but what it is asked to."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assay.interfaces.stores.files import record_files, records_in
from assay.interfaces.stores.segments.reading import StoredRecord
from benchmarks.crashing.service import Service
from benchmarks.crashing.tokens import token_in
from benchmarks.serving.process import free_port
from tests.interfaces import small

QUIET = {"ASSAY_SERVICE__LOG_LEVEL": "warning"}
LINES = 20


@dataclass
class Served:
    """A service that runs, and a token that may do everything."""

    service: Service
    token: str

    @property
    def folder(self) -> Path:
        return self.service.folder

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    @property
    def process(self) -> int:
        assert self.service.process is not None
        return self.service.process.pid

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.service.address + path, headers=self.headers, timeout=20, verify=False)

    def post(self, path: str, content: object, **headers: str) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return httpx.post(
            self.service.address + path, content=body, headers={**self.headers, **headers}, timeout=20, verify=False
        )

    def keyed(self, item: str) -> httpx.Response:
        """A decision on an item of which nothing is known, with the item's id as the request's key."""
        return self.post("/v1/decisions", {"id": item, "signals": {}}, **{"Idempotency-Key": item})

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = self.get("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def ready(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/readyz").json()
        return found

    def kept(self) -> list[StoredRecord]:
        """Every record in its folder; nothing there may be damaged."""
        paths = record_files(self.service.records)
        assert isinstance(paths, list), paths
        found = [each for path in paths for each in records_in(path)]
        sound = [each for each in found if isinstance(each, StoredRecord)]
        assert len(sound) == len(found), [each for each in found if not isinstance(each, StoredRecord)]
        return sound


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] | None = None, *, source: bool = False) -> Iterator[Served]:
    """A service of the small pack; with a `source` the settings say where bundles come from."""
    folder.mkdir(exist_ok=True)
    pack = None if source else small.write(folder / "pack")
    token = token_in(folder)
    named = {f"ASSAY_{name}": value for name, value in (settings or {}).items()}
    service = Service(folder, pack, free_port(), {**QUIET, **named})
    service.start()
    try:
        yield Served(service, token)
    finally:
        service.kill()


def until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends, "it never came so far"
        time.sleep(0.05)


@dataclass
class Uploads:
    """Single requests with keys and batches, one after the other and some at once, until it is told to stop.

    answered  the record that each item was answered by
    refused   answers that were no decision: of single requests the status, of lines the problem's slug
    retry     what `Retry-After` said, by status
    broken    connections that broke off
    """

    served: Served
    clients: int = 4
    pause: float = 0.01
    answered: dict[str, bytes] = field(default_factory=dict)
    refused: Counter[int | str] = field(default_factory=Counter)
    retry: dict[int, str | None] = field(default_factory=dict)
    unanswered: dict[str, bytes] = field(default_factory=dict)
    broken: int = 0
    slowest: float = 0.0
    _number: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Load from a thread of its own while the block runs."""
        stop = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._run(stop)))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(60)
        assert not thread.is_alive()

    async def _run(self, stop: threading.Event) -> None:
        address, headers = self.served.service.address, self.served.headers
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
            sending = [self._again(stop, client, self._single) for _ in range(self.clients)]
            await asyncio.gather(*sending, self._again(stop, client, self._batch))

    async def _again(
        self, stop: threading.Event, client: httpx.AsyncClient, send: Callable[[httpx.AsyncClient], Any]
    ) -> None:
        while not stop.is_set():
            began = time.monotonic()
            try:
                await send(client)
            except httpx.HTTPError:
                self.broken += 1
                await asyncio.sleep(0.05)
            self.slowest = max(self.slowest, time.monotonic() - began)
            await asyncio.sleep(self.pause)

    async def _single(self, client: httpx.AsyncClient) -> None:
        name, body = self._next("single")
        self.unanswered[name] = body
        await self.send(client, name, body)

    async def send(self, client: httpx.AsyncClient, name: str, body: bytes) -> None:
        """One request with its key, sent for the first time or again."""
        answer = await client.post("/v1/decisions", content=body, headers={"Idempotency-Key": name})
        if answer.status_code == 200:
            self.answered[name] = answer.content
            self.unanswered.pop(name, None)
            return
        self.refused[answer.status_code] += 1
        self.retry[answer.status_code] = answer.headers.get("retry-after")

    async def _batch(self, client: httpx.AsyncClient) -> None:
        lines = [self._next("line") for _ in range(LINES)]
        body = b"".join(line + b"\n" for _, line in lines)
        kind = {"Content-Type": "application/x-ndjson"}
        async with client.stream("POST", "/v1/decisions:batch", content=body, headers=kind) as answer:
            if answer.status_code != 200:
                self.refused[answer.status_code] += 1
                return
            left = b""
            async for piece in answer.aiter_raw():
                *whole, left = (left + piece).split(b"\n")
                for line in whole:
                    self._take(line)

    def _take(self, line: bytes) -> None:
        decoded = json.loads(line)
        if "problem" in decoded:
            self.refused[decoded["problem"]["slug"]] += 1
        else:
            self.answered[decoded["item"]] = line

    def send_again(self) -> None:
        """Send once more what was never answered."""

        async def run() -> None:
            address, headers = self.served.service.address, self.served.headers
            async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
                for name, body in list(self.unanswered.items()):
                    await self.send(client, name, body)

        asyncio.run(run())

    def _next(self, kind: str) -> tuple[str, bytes]:
        self._number += 1
        name = f"{kind}-{self._number}"
        signals = {"ai_extent": ("none", "altered", "generated")[self._number % 3], "nudity": self._number % 2 == 0}
        return name, json.dumps({"id": name, "signals": signals}).encode()

    def assert_kept(self, stored: list[tuple[str, bytes]]) -> None:
        """What was answered is kept, byte for byte, and what has a key only once."""
        records: dict[str, set[bytes]] = {}
        for item, record in stored:
            records.setdefault(item, set()).add(record)
        lost = [item for item, record in self.answered.items() if record not in records.get(item, ())]
        assert not lost, f"{len(lost)} of {len(self.answered)} were answered and are not kept, such as {lost[:3]}"
        times = Counter(item for item, _ in stored if item.startswith("single-"))
        assert not [item for item, count in times.items() if count > 1]
