"""A client tries again only where that is safe and of use, and says what went wrong without token or content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from assay.client import AsyncClient, Client, Patience, Problem, TimedOut, Unreachable
from assay.client.encoding import Unsendable
from assay.client.patience import retry_after

TOKEN = "assay_abc_verysecret"
BRIEF = {"item": "a", "bundle": "sha256:00", "as_of": "2026-12-15T00:00:00Z", "outcomes": []}
Handler = Callable[[httpx.Request], httpx.Response]


class Service:
    """Answers requests one after the other, and remembers them."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers: Iterator[httpx.Response | Exception] = iter(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **more: Any) -> Client:
        client = Client("http://assay.test", TOKEN, transport=httpx.MockTransport(self), **more)
        client._sleep = self.slept.append
        return client


def brief() -> httpx.Response:
    return httpx.Response(200, json=BRIEF)


def problem(status: int, slug: str = "a-slug", **headers: str) -> httpx.Response:
    body = {
        "slug": slug,
        "title": "Words",
        "detail": "more words",
        "request": "r1",
        "faults": [{"slug": "f", "reason": "r"}],
    }
    return httpx.Response(
        status, content=json.dumps(body), headers={"content-type": "application/problem+json", **headers}
    )


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_service_is_asked_again_with_the_same_key(status: int) -> None:
    service = Service(problem(status), httpx.Response(status, text="a proxy's page"), brief())
    assert service.client().brief({"id": "a"}).item == "a"
    keys = [request.headers["idempotency-key"] for request in service.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(service.slept) == 2
    assert 0.1 <= service.slept[0] <= 0.2 <= service.slept[1] <= 0.4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 500])
def test_what_another_try_would_not_change_is_said_at_once(status: int) -> None:
    service = Service(problem(status))
    with pytest.raises(Problem) as raised:
        service.client().decide({"id": "a"})
    assert (raised.value.slug, raised.value.status, raised.value.request) == ("a-slug", status, "r1")
    assert raised.value.detail == "more words"
    assert [fault.slug for fault in raised.value.faults] == ["f"]
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
def test_a_connection_that_fails_is_made_again(error: type[httpx.TransportError]) -> None:
    service = Service(error("x"), brief())
    assert service.client().brief({"id": "a"}).item == "a"
    gone = Service(*[error("x")] * 4)
    with pytest.raises(Unreachable):
        gone.client().brief({"id": "a"})
    assert len(gone.requests) == 4


def test_an_answer_that_does_not_come_in_time_is_not_waited_for_again() -> None:
    service = Service(httpx.ReadTimeout("x"))
    with pytest.raises(TimedOut) as raised:
        service.client().brief({"id": "a"})
    assert raised.value.slug == "timed-out"
    assert len(service.requests) == 1


def test_the_service_says_how_long_to_wait() -> None:
    service = Service(problem(429, **{"retry-after": "3"}), brief())
    service.client().brief({"id": "a"})
    assert service.slept == [3.0]


def test_who_asks_for_more_than_there_is_patience_is_given_up() -> None:
    service = Service(problem(429, "rate-limited", **{"retry-after": "600"}))
    with pytest.raises(Problem) as raised:
        service.client().brief({"id": "a"})
    assert (raised.value.slug, raised.value.retry_after) == ("rate-limited", 600.0)
    assert not service.slept


def test_patience_ends_after_its_seconds() -> None:
    service = Service(problem(503), problem(503))
    with pytest.raises(Problem):
        service.client(patience=Patience(tries=9, first_wait=1.0, in_all=0.1)).brief({"id": "a"})
    assert len(service.requests) == 1


def test_a_page_that_is_no_answer_of_the_service_is_no_decision() -> None:
    service = Service(*[httpx.Response(200, text="<html>") for _ in range(4)])
    with pytest.raises(Unreachable) as raised:
        service.client().decide({"id": "a"})
    assert raised.value.slug == "cut-short"


def test_a_key_of_ones_own_is_sent() -> None:
    service = Service(brief())
    service.client().brief({"id": "a"}, key="upload-17")
    assert service.requests[0].headers["idempotency-key"] == "upload-17"
    with pytest.raises(Unsendable):
        service.client().brief({"id": "a"}, key="two words\r\nx: y")


def test_markets_and_instant_go_with_the_item() -> None:
    service = Service(brief())
    at = datetime(2026, 12, 15, tzinfo=UTC)
    service.client().brief({"id": "a", "signals": {}}, markets=["BR", "EU"], as_of=at)
    sent = json.loads(service.requests[0].content)
    assert sent == {"id": "a", "signals": {}, "markets": ["BR", "EU"], "as_of": "2026-12-15T00:00:00+00:00"}
    assert service.requests[0].headers["prefer"] == "return=minimal"
    assert service.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("item", [{"id": float("nan")}, {"id": {1: object()}}, {"id": "\ud800"}, b"{}\n{}", b" "])
def test_what_is_no_json_is_not_sent(item: Any) -> None:
    service = Service(brief())
    with pytest.raises(Unsendable):
        service.client().brief(item)
    assert not service.requests


def test_an_instant_has_a_zone_and_markets_are_a_list() -> None:
    client = Service().client()
    with pytest.raises(Unsendable, match="time zone"):
        client.brief({"id": "a"}, as_of=datetime(2026, 12, 15))  # noqa: DTZ001 (this is what is refused)
    with pytest.raises(Unsendable, match="list"):
        client.brief({"id": "a"}, markets="BR")


@pytest.mark.parametrize("url", ["assay.test", "ftp://x", "https://ada:secret@assay.test", "https://x/?a=b"])
def test_an_address_is_http_and_carries_no_password(url: str) -> None:
    with pytest.raises(ValueError, match="address") as raised:
        Client(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nend", "schlüssel"])
def test_a_token_that_is_none_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ValueError, match="token") as raised:
        Client("http://assay.test", token)
    assert not token or token not in str(raised.value)


def test_neither_representation_nor_problem_nor_log_shows_token_or_content(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    service = Service(httpx.ConnectError(f"{TOKEN} caption"), problem(422))
    client = service.client()
    with pytest.raises(Problem) as raised:
        client.brief({"id": "a", "signals": {"caption": "a caption"}})
    said = f"{client!r} {raised.value!r} {raised.value} {caplog.text}"
    assert "secret" not in said
    assert "caption" not in said
    assert "Client('http://assay.test')" in said


def test_seconds_to_wait_are_a_number_or_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (retry_after({"retry-after": later}) or 0) <= 30
    assert retry_after({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}) == 0
    assert retry_after({"retry-after": "0"}) == 0
    assert [retry_after({"retry-after": text}) for text in ("soon", "", "-3", "1e9")] == [None] * 4
    assert retry_after({}) is None


def test_the_async_client_takes_the_same_steps() -> None:
    service = Service(problem(503), httpx.ConnectError("x"), brief(), problem(401, "unauthorized"))
    waited: list[float] = []

    async def nap(seconds: float) -> None:
        waited.append(seconds)

    async def run() -> None:
        async with AsyncClient("http://assay.test", TOKEN, transport=httpx.MockTransport(service)) as client:
            client._sleep = nap
            assert (await client.brief({"id": "a"})).item == "a"
            with pytest.raises(Problem, match="unauthorized"):
                await client.brief({"id": "a"})
            assert "secret" not in repr(client)

    asyncio.run(run())
    assert len(waited) == 2
