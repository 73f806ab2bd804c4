"""The site beside the decisions is bounded: slow, large, many or broken, nothing of it holds a thread or the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.reading import Settings
from assay.interfaces.web.mounted.gate import Gate
from assay.interfaces.web.mounted.plain import ID_PLACE, Message, Scope
from assay.interfaces.web.mounted.sharing import Places, caller_of
from assay.interfaces.web.mounted.workbench import Workbench
from assay.interfaces.web.settings import WorkbenchSettings

Site = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SMALL = WorkbenchSettings(threads=1, waiting=1, body_bytes=64 << 10, body_seconds=0.05)


def asked(path: str = "/", headers: Iterable[tuple[bytes, bytes]] = (), method: str = "GET") -> Scope:
    own = [(b"host", b"localhost"), *headers]
    scope: dict[str, Any] = {"type": "http", "http_version": "1.1", "scheme": "http", "method": method, "path": path}
    scope |= {"query_string": b"", "headers": own, "state": {"request": "number-7"}}
    return {**scope, "server": ("127.0.0.1", 8600), "client": None}


class Client:
    """Sends a body in pieces, and keeps what it is answered."""

    def __init__(self, *pieces: bytes, stalls: bool = False) -> None:
        self.pieces, self.stalls, self.answers = list(pieces), stalls, list[Message]()

    async def receive(self) -> Message:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.stalls}
        if self.stalls:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.answers.append(message)

    @property
    def status(self) -> int:
        return int(self.answers[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.answers[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.answers[1:])


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{len(body)} {environ['REMOTE_ADDR']} {environ.get('HTTP_X_FORWARDED_FOR')}".encode()]


def broken(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    raise RuntimeError("sesame")


def through(site: Site, client: Client, scope: Scope, settings: WorkbenchSettings = SMALL) -> Gate:
    gate = Gate(settings, site, {413: f"<p>{ID_PLACE}</p>".encode()})
    try:
        asyncio.run(gate(scope, client.receive, client.send))
    finally:
        gate.close()
    return gate


def test_a_whole_request_reaches_the_site_and_a_caller_by_socket_is_of_this_machine() -> None:
    client = Client(b"one ", b"two")
    headers = [(b"content-length", b"7"), (b"x_forwarded_for", b"198.51.100.7")]
    gate = through(echo, client, asked(headers=headers, method="POST"))
    # A header with `_` would pass for one that only a proxy may set.
    assert (client.status, client.body) == (200, b"7 127.0.0.1 None")
    assert ("assay_workbench_requests", ("200",), 1) in list(gate.samples())


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (Client(), [(b"content-length", b"70000")], 413),
        (Client(*[b"x" * 10_000] * 7), [(b"transfer-encoding", b"chunked")], 413),
        (Client(b"x", stalls=True), [(b"content-length", b"7")], 408),
        (Client(), [(f"x-{n}".encode(), b"") for n in range(70)], 400),
    ],
)
def test_what_is_too_much_or_too_slow_never_reaches_a_thread(
    client: Client, headers: list[tuple[bytes, bytes]], status: int
) -> None:
    through(broken, client, asked(headers=headers, method="POST"))
    assert client.status == status
    assert client.headers[b"connection"] == b"close"
    assert client.headers[b"cache-control"] == b"no-store"
    assert b"number-7" in client.body


def test_a_program_is_told_in_json() -> None:
    client = Client()
    through(broken, client, asked("/api/me", [(b"content-length", b"70000")], "POST"))
    assert client.headers[b"content-type"] == b"application/problem+json"
    assert b'"slug": "body-too-large"' in client.body


def test_a_fault_of_the_site_is_an_answer_and_says_nothing_of_itself() -> None:
    client = Client()
    through(broken, client, asked())
    assert client.status == 500
    assert b"sesame" not in client.body


def test_beyond_what_may_wait_others_are_told_to_come_again_at_once() -> None:
    released, clients = threading.Event(), [Client() for _ in range(4)]

    def held(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        released.wait(10)
        return echo(environ, start)

    async def all_at_once(gate: Gate) -> None:
        tasks = [asyncio.create_task(gate(asked(), each.receive, each.send)) for each in clients]
        # Two are refused at once; the thread and the one place to wait are taken.
        while len(tasks) > 2:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            tasks = [task for task in tasks if not task.done()]
        released.set()
        await asyncio.gather(*tasks)

    gate = Gate(SMALL, held, {})
    asyncio.run(all_at_once(gate))
    gate.close()
    assert sorted(client.status for client in clients) == [200, 200, 503, 503]
    assert {client.headers[b"retry-after"] for client in clients if client.status == 503} == {b"2"}


@pytest.mark.parametrize(
    ("others", "status"),
    [
        (("198.51.100.7", ()), 503),
        (("198.51.100.8", ()), 200),
        (("10.0.0.1", (b"192.0.2.1, 198.51.100.7",)), 503),
        (("10.0.0.1", (b"198.51.100.7, 192.0.2.1",)), 200),
        (("10.0.0.1", (b"198.51.100.7", b"192.0.2.1")), 200),
        (("10.0.0.1", ()), 200),
    ],
)
def test_one_caller_does_not_hold_every_place(others: tuple[str, tuple[bytes, ...]], status: int) -> None:
    settings = WorkbenchSettings(threads=1, waiting=8, body_seconds=5, proxies=("10.0.0.1",))
    body = (b"content-length", b"7")

    async def some(gate: Gate) -> None:
        stalled = [Client(b"x", stalls=True) for _ in range(settings.waiting // 4)]
        scope = {**asked(headers=[body], method="POST"), "client": ("198.51.100.7", 1)}
        tasks = [asyncio.create_task(gate(scope, each.receive, each.send)) for each in stalled]
        await asyncio.sleep(0)
        headers = [body, *((b"x-forwarded-for", said) for said in others[1])]
        scope = {**asked(headers=headers, method="POST"), "client": (others[0], 1)}
        await gate(scope, client.receive, client.send)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    gate, client = Gate(settings, echo, {}), Client(b"whole b", b"")
    asyncio.run(some(gate))
    gate.close()
    assert client.status == status


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.booleans()), max_size=60))
def test_places_are_given_back_and_never_more_than_there_are(steps: list[tuple[str, bool]]) -> None:
    places, held = Places(5, 2), list[tuple[str, ExitStack]]()
    for caller, comes in steps:
        if comes:
            stack = ExitStack()
            mine = sum(who == caller for who, _ in held)
            fits = len(held) < 5 and (not caller or mine < 2)
            assert stack.enter_context(places.one(caller)) is fits
            if fits:
                held.append((caller, stack))
        elif held:
            held.pop()[1].close()
        assert places.taken == len(held)


def test_a_line_with_many_addresses_is_one_caller() -> None:
    callers = [caller_of({"client": (each, 1), "headers": []}, ()) for each in ("2001:db8::1", "2001:db8::ffff:2")]
    assert len(set(callers)) == 1
    assert caller_of({"client": ("::ffff:192.0.2.1", 1), "headers": []}, ()) == "192.0.2.1"


def test_a_workbench_that_cannot_start_says_so_on_every_page_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    workbench = Workbench(Settings({WorkbenchSettings: WorkbenchSettings(clerk=False)}, ()))
    tried = threading.Event()

    def refused(address: str) -> list[Fault]:
        tried.set()
        return [Fault("old-database", "the database is older than this program; run `assay workbench migrate`")]

    monkeypatch.setattr(workbench, "_try", refused)
    first, later = Client(), Client()
    asyncio.run(workbench(asked(), first.receive, first.send))
    workbench.start("http://127.0.0.1:8600")
    assert tried.wait(10)
    while b"starting" in (later := Client(), asyncio.run(workbench(asked(), later.receive, later.send)))[0].body:
        pass
    workbench.close()
    assert (first.status, later.status) == (503, 503)
    assert b"The workbench is starting." in first.body
    assert b"assay workbench migrate" in later.body
    assert list(workbench.samples()) == [("assay_workbench_ready", (), False)]


def test_a_workbench_that_breaks_while_it_loads_leaves_the_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    workbench = Workbench(Settings({WorkbenchSettings: WorkbenchSettings()}, ()))

    def breaks(address: str) -> list[Fault]:
        raise RuntimeError("sesame")

    monkeypatch.setattr(workbench, "_try", breaks)
    workbench.start("")
    workbench.close()
    client = Client()
    asyncio.run(workbench(asked(), client.receive, client.send))
    assert client.status == 503
    assert b"could not be loaded" in client.body
    assert b"sesame" not in client.body
