"""A batch is cut into parts, answered in order, and a bad line costs itself only, sync and async."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx
import pytest

from assay.client import AsyncClient, Brief, Client, LineProblem, Problem
from assay.client.connecting import MOST_BYTES, MOST_ITEMS


def answered(line: bytes, number: int) -> bytes:
    """What a service says of a line: an item that is called bad is no item."""
    name = json.loads(line)["id"]
    if str(name).startswith("bad"):
        wrong = {"slug": "bad-id", "reason": "words", "field": "id", "also": [{"slug": "more", "reason": "more"}]}
        return json.dumps({"problem": wrong, "line": number, "id": name}).encode()
    return json.dumps({"item": name, "bundle": "b", "as_of": "2026-12-15T00:00:00Z", "outcomes": []}).encode()


class Service:
    """Answers batches, and counts."""

    def __init__(self, *, drop: Iterable[int] = ()) -> None:
        self.requests: list[httpx.Request] = []
        self.drop = set(drop)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        lines = request.content.splitlines()
        answers = [answered(line, number) for number, line in enumerate(lines, 1)]
        if len(self.requests) in self.drop:
            answers.pop()
        return httpx.Response(
            200, content=b"\n".join(answers) + b"\n", headers={"content-type": "application/x-ndjson"}
        )

    def client(self) -> Client:
        client = Client("http://assay.test", transport=httpx.MockTransport(self))
        client._sleep = lambda _: None
        return client


def items(number: int) -> list[dict[str, Any]]:
    return [{"id": f"bad-{place}" if place % 7 == 3 else f"item-{place}"} for place in range(number)]


def name(result: Brief | LineProblem) -> str | None:
    return result.id if isinstance(result, LineProblem) else result.item


@pytest.mark.parametrize("at_once", [0, 1, 2, 5])
def test_results_come_in_the_order_of_the_items(at_once: int) -> None:
    service, sent = Service(), items(3 * MOST_ITEMS + 1)
    results = list(service.client().brief_batch(sent, at_once=at_once))
    assert [name(result) for result in results] == [item["id"] for item in sent]
    assert len(service.requests) == 4
    assert len({request.headers["idempotency-key"] for request in service.requests}) == 4


def test_a_bad_line_is_named_by_its_place_in_the_whole_batch() -> None:
    found = list(Service().client().brief_batch(items(MOST_ITEMS + 20)))
    problems = [result for result in found if isinstance(result, LineProblem)]
    assert [problem.line for problem in problems] == [n + 1 for n in range(MOST_ITEMS + 20) if n % 7 == 3]
    last = problems[-1]
    assert (last.slug, [fault.slug for fault in last.faults], last.faults[0].field) == (
        "bad-id",
        ["bad-id", "more"],
        "id",
    )


def test_an_item_that_is_no_json_keeps_its_place_and_is_not_sent() -> None:
    service = Service()
    sent: list[Any] = [
        {"id": "a"},
        {"id": "b", "signals": {"score": float("nan")}},
        b'{"id":"c"}',
        b"two\nlines",
        {"id": "e"},
    ]
    results = list(service.client().brief_batch(sent))
    assert [name(result) for result in results] == ["a", "b", "c", None, "e"]
    assert [result.line for result in results if isinstance(result, LineProblem)] == [2, 4]
    assert len(service.requests[0].content.splitlines()) == 3


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    service = Service(drop=[1, 2])
    assert [name(result) for result in service.client().brief_batch(items(2))] == ["item-0", "item-1"]
    assert len({request.headers["idempotency-key"] for request in service.requests}) == 1
    assert len(service.requests) == 3


def test_a_part_is_bounded_in_bytes() -> None:
    service = Service()
    large = [{"id": "x", "signals": {"caption": "y" * (MOST_BYTES // 3)}} for _ in range(7)]
    assert len(list(service.client().brief_batch(large))) == 7
    assert max(len(request.content) for request in service.requests) <= MOST_BYTES
    alone = [{"id": "x", "signals": {"caption": "y" * MOST_BYTES}}]
    assert len(list(service.client().brief_batch(alone))) == 1, "an item that is larger goes alone"


def test_items_are_taken_as_results_are_read() -> None:
    taken = 0

    def endless() -> Iterator[dict[str, str]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"id": str(taken)}

    results = Service().client().brief_batch(endless(), at_once=2)
    assert name(next(results)) == "1"
    assert taken <= 4 * MOST_ITEMS
    results.close()  # type: ignore[attr-defined]


def test_markets_and_instant_are_asked_in_the_query() -> None:
    service = Service()
    assert list(service.client().brief_batch(items(1), markets=["BR", "EU"], as_of="2026-12-15"))
    assert dict(service.requests[0].url.params) == {"markets": "BR,EU", "as_of": "2026-12-15"}


def test_nothing_is_sent_for_nothing() -> None:
    service = Service()
    assert list(service.client().brief_batch([])) == []
    assert not service.requests


def test_a_refusal_of_the_whole_batch_is_raised() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"slug": "unauthorized"}, headers={"content-type": "application/problem+json"})

    with pytest.raises(Problem) as raised:
        list(Client("http://assay.test", transport=httpx.MockTransport(refuse)).brief_batch(items(2000)))
    assert raised.value.slug == "unauthorized"


def test_the_async_client_says_the_same_of_iterables_and_async_iterables() -> None:
    sent = items(2 * MOST_ITEMS + 3)

    async def one_by_one() -> AsyncIterator[dict[str, Any]]:
        for item in sent:
            yield item

    async def run() -> tuple[list[Brief | LineProblem], list[Brief | LineProblem]]:
        async with AsyncClient("http://assay.test", transport=httpx.MockTransport(Service())) as client:
            return (
                [result async for result in client.brief_batch(sent)],
                [result async for result in client.brief_batch(one_by_one(), at_once=3)],
            )

    plain, streamed = asyncio.run(run())
    assert plain == streamed == list(Service().client().brief_batch(sent))


def test_whoever_stops_reading_an_async_batch_leaves_nothing_running() -> None:
    async def run() -> int:
        async with AsyncClient("http://assay.test", transport=httpx.MockTransport(Service())) as client:
            results = client.brief_batch({"id": str(place)} for place in range(10**9))
            await anext(results)
            await results.aclose()  # type: ignore[attr-defined]
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
