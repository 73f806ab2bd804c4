"""How often a client may ask, with how much, and how slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.service.guard.bodies import Passage, Watch
from assay.interfaces.service.guard.gates import Body
from assay.interfaces.service.guard.guard import App, Guard, HttpScope
from assay.interfaces.service.guard.rates import Bucket, Meter
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.problems import Message, Send
from tests.interfaces.service.guard.made import Receive, asked, bearer, called, guarded, made, slug_of, teller


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def piece(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    bucket = Bucket(10, 5, now=0.0)
    assert [bucket.take(1, 0.0) for _ in range(5)] == [0.0] * 5
    assert bucket.take(1, 0.0) == pytest.approx(0.1)
    assert bucket.take(1, 0.05) == pytest.approx(0.05)
    assert bucket.take(1, 0.1) == 0.0
    assert [bucket.take(1, 1_000.0) for _ in range(6)] == [0.0] * 5 + [pytest.approx(0.1)]


@given(
    st.floats(0.5, 1_000), st.integers(1, 50), st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 3)), max_size=200)
)
def test_no_client_ever_takes_more_than_its_burst_and_its_rate(
    rate: float, burst: int, asks: Sequence[tuple[float, int]]
) -> None:
    bucket, now, taken = Bucket(rate, burst, now=0.0), 0.0, 0
    for pause, amount in asks:
        now += pause
        if bucket.take(amount, now) == 0.0:
            taken += amount
        # One request may come to more than is left, and is then owed.
        assert taken <= burst + rate * now + 3


@given(st.floats(0.5, 1_000), st.integers(1, 50), st.lists(st.integers(1, 100), min_size=1, max_size=50))
def test_whoever_waits_as_long_as_told_is_let_in(rate: float, burst: int, asks: Sequence[int]) -> None:
    bucket, now = Bucket(rate, burst, now=0.0), 0.0
    for amount in asks:
        now += bucket.take(amount, now) + 1e-6
        bucket.charge(amount, now)
        now += bucket.owed(now) + 1e-6
        assert bucket.take(1, now) == 0.0


def test_who_asks_too_often_is_told_when_to_come_again(path: Path) -> None:
    token, other = made(path), made(path, "review", ["decide"])
    guard = guarded(path, requests_per_second=0.25, requests_burst=2)

    async def story() -> None:
        for _ in range(2):
            assert (await asked(guard, headers=bearer(token))).status_code == 200
        answer = await asked(guard, headers=bearer(token))
        assert answer.status_code == 429
        assert slug_of(answer) == "rate-limited"
        assert answer.headers["retry-after"] == "4"
        assert (await asked(guard, headers=bearer(other))).status_code == 200, "another client is not made to wait"

    asyncio.run(story())


def test_all_tokens_of_a_client_share_its_limits(path: Path) -> None:
    first, second = made(path), made(path)
    guard = guarded(path, requests_per_second=0.01, requests_burst=1)

    async def story() -> list[int]:
        return [(await asked(guard, headers=bearer(each))).status_code for each in (first, second)]

    assert asyncio.run(story()) == [200, 429]


def test_the_lines_of_a_batch_count_as_items(path: Path) -> None:
    token = made(path)
    guard = guarded(path, items_per_second=10, items_burst=20)

    async def story() -> None:
        batch = await asked(guard, "POST", "/v1/decisions:batch", headers=bearer(token), content=b"{}\n" * 25)
        assert batch.status_code == 200
        single = await asked(guard, headers=bearer(token))
        assert single.status_code == 429
        assert (await asked(guard, "POST", "/v1/bundle", headers=bearer(token))).status_code == 403

    began = asyncio.run(timed(story()))
    assert 0.4 < began < 3, "a batch beyond the limit is read more slowly, and not broken off"


async def timed(story: Coroutine[Any, Any, None]) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await story
    return loop.time() - began


def held(gate: asyncio.Event) -> App:
    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        await gate.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


@pytest.mark.parametrize(
    ("settings", "status", "slug"),
    [({"client_requests": 2}, 429, "rate-limited"), ({"all_requests": 2}, 503, "busy")],
)
def test_only_so_many_requests_are_under_way_at_once(
    path: Path, settings: dict[str, Any], status: int, slug: str
) -> None:
    token = made(path)

    async def story() -> None:
        gate = asyncio.Event()
        guard = guarded(path, held(gate), **settings)
        running = [asyncio.create_task(asked(guard, headers=bearer(token))) for _ in range(2)]
        await asyncio.sleep(0.05)
        third = await asyncio.wait_for(asked(guard, headers=bearer(token)), 5)
        assert (third.status_code, slug_of(third)) == (status, slug)
        assert third.headers["retry-after"] == "1"
        assert (await asyncio.wait_for(health(guard, gate), 5)).status_code == 200
        assert [answer.status_code for answer in await asyncio.gather(*running)] == [200, 200]
        assert (await asked(guard, headers=bearer(token))).status_code == 200

    async def health(guard: Guard, gate: asyncio.Event) -> httpx.Response:
        asyncio.get_running_loop().call_later(0.01, gate.set)
        return await asked(guard, "GET", "/healthz")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("place", "limit"),
    [("/v1/decisions", "single_bytes"), ("/v1/decisions:batch", "batch_bytes"), ("/v1/scan", "scan_bytes")],
)
def test_a_body_beyond_its_limit_is_refused_declared_or_not(path: Path, place: str, limit: str) -> None:
    token = made(path, scopes=["decide", "scan"])
    others = {"single_bytes": 50, "batch_bytes": 50, "scan_bytes": 50} | {limit: 1_000}
    guard = guarded(path, teller, **others)

    async def in_pieces(size: int) -> int:
        headers = [(b"host", b"localhost"), (b"authorization", bearer(token)["authorization"].encode())]
        pieces = [piece(b"x" * 100) for _ in range(size // 100)]
        sent = await called(guard, {"path": place, "headers": headers}, [*pieces, piece(b"", more=False)])
        return int(sent[0]["status"])

    async def story() -> None:
        fits = await asked(guard, "POST", place, headers=bearer(token), content=b"x" * 1_000)
        assert fits.json()["bytes"] == 1_000
        beyond = await asked(guard, "POST", place, headers=bearer(token), content=b"x" * 1_001)
        assert beyond.status_code == 413
        assert slug_of(beyond) == "body-too-large"
        assert beyond.headers["connection"] == "close"
        assert await in_pieces(1_000) == 200
        assert await in_pieces(1_100) == 413

    asyncio.run(story())


def slowly(pieces: Sequence[bytes], pause: float) -> list[Receive]:
    def one(body: bytes, *, more: bool) -> Receive:
        async def come() -> Message:
            await asyncio.sleep(pause)
            return piece(body, more=more)

        return come

    return [*(one(body, more=True) for body in pieces), one(b"", more=False)]


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Watch.__init__

    def quick(self: Watch, settings: GuardSettings, pause: float = 0.02) -> None:
        whole(self, settings, pause)

    monkeypatch.setattr(Watch, "__init__", quick)


@pytest.mark.parametrize(
    ("place", "settings", "status"),
    [
        ("/v1/decisions", {"body_grace_seconds": 0.1, "body_bytes_per_second": 1_000.0}, 408),
        ("/v1/decisions:batch", {"body_grace_seconds": 0.1, "body_bytes_per_second": 1_000.0}, 408),
        ("/v1/decisions", {"body_grace_seconds": 0.1, "body_bytes_per_second": 10.0}, 200),
        ("/v1/decisions", {"body_seconds": 0.15, "body_bytes_per_second": 0.0}, 408),
        ("/v1/decisions:batch", {"body_seconds": 0.15, "body_bytes_per_second": 0.0}, 200),
    ],
)
@pytest.mark.usefixtures("quick_watch")
def test_a_body_that_comes_too_slowly_is_refused(path: Path, place: str, settings: dict[str, Any], status: int) -> None:
    token = made(path)
    guard = guarded(path, **settings)
    headers = [(b"host", b"localhost"), (b"authorization", bearer(token)["authorization"].encode())]

    async def story() -> list[Message]:
        sent = await called(guard, {"path": place, "headers": headers}, slowly([b"xxx"] * 8, 0.05))
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling(), "the request's task goes on as if nothing had been"
        return sent

    sent = asyncio.run(story())
    assert sent[0]["status"] == status
    if status == 408:
        assert b'"request-timeout"' in sent[1]["body"]
        assert (b"connection", b"close") in sent[0]["headers"]


@pytest.mark.usefixtures("quick_watch")
def test_who_ends_a_request_ends_it_although_its_body_is_late() -> None:
    async def story() -> None:
        async def never() -> Message:
            await asyncio.sleep(60)
            return piece(b"")

        settings = GuardSettings(body_grace_seconds=0.01)
        passage = Passage(never, Body.SINGLE, 10, Meter(settings, 0.0), Watch(settings))
        task = asyncio.create_task(passage.receive())
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


@pytest.mark.usefixtures("quick_watch")
def test_the_time_in_which_the_service_is_busy_itself_is_not_the_clients() -> None:
    async def story() -> int:
        settings = GuardSettings(body_grace_seconds=0.05, body_bytes_per_second=1_000_000.0, body_seconds=0.05)
        pieces = [piece(b"x"), piece(b"x"), piece(b"x", more=False)]

        async def receive() -> Message:
            await asyncio.sleep(0)
            return pieces.pop(0)

        passage = Passage(receive, Body.SINGLE, 10, Meter(settings, 0.0), Watch(settings))
        got = 0
        while pieces:
            got += len((await passage.receive())["body"])
            await asyncio.sleep(0.1)
        return got

    assert asyncio.run(story()) == 3


def test_a_refusal_after_the_answer_has_begun_ends_the_request_in_silence(path: Path) -> None:
    token = made(path)

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()
        await receive()

    guard = guarded(path, app, batch_bytes=5)
    headers = [(b"host", b"localhost"), (b"authorization", bearer(token)["authorization"].encode())]
    scope = {"path": "/v1/decisions:batch", "headers": headers}
    sent = asyncio.run(called(guard, scope, [piece(b"123"), piece(b"456")]))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_settings_that_make_no_sense_are_named() -> None:
    assert GuardSettings().faults() == []
    wrong = GuardSettings(requests_burst=0, items_per_second=float("nan"), body_bytes_per_second=-1.0)
    assert [fault.field for fault in wrong.faults()] == ["requests_burst", "items_per_second", "body_bytes_per_second"]
