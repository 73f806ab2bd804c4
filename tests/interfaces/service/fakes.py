"""Parts of a service that stand in for the real ones: bundles, a store in memory, a meter, rails. It holds no test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.lineup import Hold, Lineup, Loaded
from assay.interfaces.packs.texts import Texts, check_texts
from assay.interfaces.service.app import build_app
from assay.interfaces.service.exchange import App
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Message
from assay.interfaces.service.settings import ServiceSettings
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from tests.interfaces import small

NOW = 1_795_000_000_123_456
AS_OF = "2026-11-18T11:06:40Z"
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}
MADE: dict[str, Any] = {"id": "upload-1", "signals": {"ai_extent": "generated", "nudity": True, "disclosed": False}}


@cache
def small_pack(version: str = "1.0.0") -> Pack:
    files = {name: text.replace("version: 1.0.0", f"version: {version}", 1) for name, text in small.FILES.items()}
    report = check_texts(Texts("small", "", files))
    assert report.sound, report.rendered
    return report.checked.pack


def loaded(pack: Pack | None = None, *, reasons: bool = True) -> Loaded:
    decider = Decider(pack or small_pack())
    return Loaded(decider.pack, decider, RecordWriter(decider, reasons=reasons))


class FakeBundles:
    """Bundles that never change by themselves."""

    def __init__(self, lineup: Lineup | None = None) -> None:
        self.lineup = lineup or Lineup(loaded())
        self.calls: list[tuple[str, str]] = []
        self.fault: Fault | None = None
        self.pinned: Any = None

    def status(self) -> Any:
        return SimpleNamespace(
            last_fault=self.fault, pinned=self.pinned, swaps=0, refused=0, last_polled=None, from_state=False
        )

    def rollback(self, by: str) -> Fault | None:
        self.calls.append(("rollback", by))
        return self.fault

    def unpin(self, by: str) -> Fault | None:
        self.calls.append(("unpin", by))
        return self.fault


class FakeKeeper:
    """Keeps records in memory; `broken` makes it fail, `gate` makes it wait."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.batches: list[int] = []
        self.broken = False
        self.fails_after: int | None = None
        self.gate: asyncio.Event | None = None

    async def keep(self, entries: Sequence[Entry]) -> None:
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        if self.broken or (self.fails_after is not None and len(self.entries) >= self.fails_after):
            raise StoreUnwritable("disk-full", "no space is left on the device")
        self.entries += entries
        self.batches.append(len(entries))

    @property
    def records(self) -> list[bytes]:
        return [entry.record for entry in self.entries]

    def state(self) -> Any:
        fault = Fault("disk-full", "no space is left on the device") if self.broken else None
        return SimpleNamespace(
            kind="memory",
            waiting_entries=0,
            waiting_bytes=0,
            kept=len(self.entries),
            healthy=fault is None,
            last_fault=fault,
        )

    def kept_keys(self, prefix: str = "", most: int = 100) -> Iterator[tuple[str, bytes]]:
        found = [(entry.key, entry.record) for entry in self.entries if entry.key.startswith(prefix or " ")]
        return iter(found[-most:])


@dataclass(slots=True)
class FakeMeter:
    """Notes what it is told."""

    answers: list[tuple[str, int]] = field(default_factory=list)
    rejects: list[str] = field(default_factory=list)
    content_type: str = "text/plain; version=0.0.4; charset=utf-8"

    def answered(self, route: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.answers.append((route, status))

    def rejected(self, slug: str) -> None:
        self.rejects.append(slug)

    def render(self) -> bytes:
        return b"# HELP nothing Nothing.\n# EOF\n"


class Watched:
    """Notes which items were decided."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def seen(self, decision: Decision, bundle: Loaded, lineup: Lineup) -> None:
        self.items.append(decision.item.id)


class FakeRails:
    """One brake that can be taken off."""

    def __init__(self, *holds: Hold) -> None:
        self.on = list(holds)
        self.released: list[tuple[str, str]] = []
        self.noticed: list[Any] = []

    def holds(self) -> Sequence[Hold]:
        return tuple(self.on)

    def release(self, rule: str, by: str) -> Fault | None:
        if not any(hold.rule == rule for hold in self.on):
            return Fault("no-such-brake", f"no brake is on for `{rule}`", "rule")
        self.on = [hold for hold in self.on if hold.rule != rule]
        self.released.append((rule, by))
        return None

    def alarms(self) -> Sequence[Any]:
        return tuple(self.noticed)


class FakeEvents:
    """Events in memory."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str, dict[str, object]]] = []

    def write(self, kind: str, words: str, **fields: object) -> None:
        self.written.append((kind, words, fields))


@dataclass(slots=True)
class Bench:
    """A service in this process, with the parts that a test looks at."""

    live: FakeBundles
    keeper: FakeKeeper
    meter: FakeMeter
    rails: FakeRails
    events: FakeEvents
    watched: Watched
    parts: Parts
    app: App

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request in a loop of its own."""
        return asyncio.run(self.asked(method, path, **how))

    async def asked(self, method: str, path: str, **how: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://assay.test") as client:
            return await client.request(method, path, **how)


def bench(settings: ServiceSettings | None = None, *, lineup: Lineup | None = None, **parts: Any) -> Bench:
    live, keeper, meter, events = FakeBundles(lineup), FakeKeeper(), FakeMeter(), FakeEvents()
    rails = FakeRails(Hold("likeness/intimate", ("removed",), "far too many removals", NOW))
    watched = Watched()
    made = Parts(live, Desk((watched,)), keeper, settings or ServiceSettings(), meter, rails, events, clock=lambda: NOW)
    made = replace(made, **parts)
    return Bench(live, keeper, meter, rails, events, watched, made, build_app(made))


def starter() -> Pack:
    from assay.interfaces.packs.folders import load_pack

    return load_pack(Path(__file__).resolve().parents[3] / "packs" / "starter")


class Wire:
    """An ASGI request by hand: what comes and when is for the test to say."""

    def __init__(self, app: App, path: str, *, method: str = "POST", headers: Mapping[str, str] | None = None) -> None:
        raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        path, _, query = path.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": raw,
            "state": {},
        }
        self._app = app
        self._coming: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.sending = asyncio.Event()
        self.sending.set()
        self._news = asyncio.Event()
        self.taken = 0

    def give(self, body: bytes, *, more: bool = True) -> None:
        self._coming.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        self._coming.put_nowait({"type": "http.disconnect"})

    def start(self) -> asyncio.Task[None]:
        return asyncio.ensure_future(self._app(self.scope, self._receive, self._send))

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    async def lines(self, least: int) -> list[bytes]:
        """The lines that are answered, as soon as there are so many."""
        while self.body.count(b"\n") < least:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 10)
        return self.body.splitlines()

    async def all_taken(self) -> None:
        """Return as soon as the service has read everything that was given."""
        await asyncio.wait_for(self._coming.join(), 10)

    async def _receive(self) -> Message:
        message = await self._coming.get()
        self._coming.task_done()
        self.taken += 1
        return message

    async def _send(self, message: Message) -> None:
        await self.sending.wait()
        self.sent.append(message)
        self._news.set()
