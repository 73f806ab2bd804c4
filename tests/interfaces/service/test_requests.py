"""What a request looks like: methods, paths, content types, queries, faults of our own. No item is at fault here."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import structlog
from starlette.responses import PlainTextResponse
from starlette.routing import Route as Mounted

from assay.interfaces.deciding.desk import Desk
from assay.interfaces.service.app import BrokenAnswer, build_app
from assay.interfaces.service.exchange import LARGEST_BODY
from assay.interfaces.service.routes.table import ROUTES
from tests.interfaces.service.fakes import JSON, MADE, Wire, bench
from tests.interfaces.service.routes.deciding.test_decisions import assert_problem

READING = [route.path for route in ROUTES if route.method == "POST" and not route.path.endswith("batch")]


class Breaking(Desk):
    """A desk with a fault of ours."""

    def decide_line(self, *given: Any, **how: Any) -> Any:
        raise ValueError("what an uploader wrote: SECRET CAPTION")


def test_a_path_that_is_not_there_is_not_found() -> None:
    assert_problem(bench().ask("GET", "/v1/decision"), 404, "not-found")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_path_says_which_methods_it_has(route: Any) -> None:
    service = bench()
    answer = service.ask("DELETE", route.path)
    assert_problem(answer, 405, "method-not-allowed")
    allowed = answer.headers["allow"].split(", ")
    assert route.method in allowed
    assert ("HEAD" in allowed) is (route.method == "GET")
    options = service.ask("OPTIONS", route.path)
    assert (options.status_code, options.content, options.headers["allow"]) == (204, b"", answer.headers["allow"])


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.name)
def test_head_answers_as_get_does_without_a_body(route: Any) -> None:
    service = bench()
    got, head = service.ask("GET", route.path), service.ask("HEAD", route.path)
    assert head.content == b""
    assert (head.status_code, dict(head.headers)) == (got.status_code, dict(got.headers))


def test_two_content_types_are_refused() -> None:
    headers = [("content-type", "application/json")] * 2
    assert_problem(bench().ask("POST", "/v1/decisions", json=dict(MADE), headers=headers), 400, "bad-header")


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-ndjson", "application/json; charset=latin-1"])
def test_a_body_of_another_type_is_refused(path: str, kind: str | None) -> None:
    answer = bench().ask("POST", path, content=b"{}", headers={} if kind is None else {"content-type": kind})
    assert_problem(answer, 415, "unsupported-type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_json_is_taken_however_it_is_called(kind: str) -> None:
    answer = bench().ask("POST", "/v1/decisions", json=dict(MADE), headers={"content-type": kind})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [*READING, "/v1/decisions:batch"])
def test_a_compressed_body_is_refused_and_never_inflated(path: str) -> None:
    kind = "application/x-ndjson" if path.endswith("batch") else "application/json"
    answer = bench().ask("POST", path, content=b"\x1f\x8b", headers={"content-type": kind, "content-encoding": "gzip"})
    assert_problem(answer, 415, "unsupported-encoding")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_an_unknown_query_parameter_is_refused(route: Any) -> None:
    kind = "application/x-ndjson" if route.path.endswith("batch") else "application/json"
    answer = bench().ask(route.method, f"{route.path}?market=BR", content=b"{}", headers={"content-type": kind})
    assert_problem(answer, 400, "bad-parameter")


@pytest.mark.parametrize("query", ["expected=yes&expected=no", "expected=maybe", "%ff=1", "a=1&" * 30])
def test_a_query_that_can_be_read_two_ways_is_refused(query: str) -> None:
    assert_problem(bench().ask("POST", f"/v1/questions?{query}", json=dict(MADE)), 400, "bad-parameter")


def test_a_body_beyond_the_bound_is_refused_before_all_of_it_is_read() -> None:
    async def ask() -> Wire:
        wire = Wire(bench().app, "/v1/decisions", headers=JSON)
        for _ in range(40):
            wire.give(b" " * (LARGEST_BODY // 8))
        await wire.start()
        return wire

    wire = asyncio.run(ask())
    assert wire.sent[0]["status"] == 413
    assert wire.taken < 12


def test_a_fault_of_ours_is_told_as_such_and_its_words_stay_out_of_the_answer_and_the_log() -> None:
    service = bench(desk=Breaking())
    with structlog.testing.capture_logs() as logs:
        answer = service.ask("POST", "/v1/decisions", json=dict(MADE))
    assert_problem(answer, 500, "internal")
    assert "SECRET" not in answer.text + str(logs)
    assert logs[0]["kind"] == "ValueError"
    assert any("decide_line" in place for place in logs[0]["places"])
    assert service.meter.answers == [("decide", 500)]


def test_a_fault_of_ours_in_the_middle_of_an_answer_breaks_the_connection() -> None:
    async def ask() -> Wire:
        service = bench()
        wire = Wire(service.app, "/v1/decisions:batch", headers={"content-type": "application/x-ndjson"})
        wire.give(b'{"id":"a"}\n')
        task = wire.start()
        await wire.lines(1)
        service.keeper.batches = None  # type: ignore[assignment]  # the next record cannot be noted: a fault of ours
        wire.give(b'{"id":"b"}\n', more=False)
        with pytest.raises(BrokenAnswer):
            await task
        return wire

    wire = asyncio.run(ask())
    assert wire.sent[-1]["more_body"] is True, "the answer was not ended as if it were whole"


def test_a_client_that_leaves_before_its_body_has_come_is_nobodys_fault() -> None:
    async def ask() -> tuple[Wire, list[tuple[str, int]]]:
        service = bench()
        wire = Wire(service.app, "/v1/decisions", headers=JSON)
        wire.give(b'{"id":')
        wire.leave()
        await wire.start()
        return wire, service.meter.answers

    wire, answers = asyncio.run(ask())
    assert not wire.sent
    assert answers == [("decide", 499)]


def test_other_apps_can_be_put_beside_the_service() -> None:
    app = build_app(bench().parts, mounted=[Mounted("/hello", lambda request: PlainTextResponse("hello"))])

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://assay.test") as client:
            return await client.get("/hello")

    assert asyncio.run(ask()).text == "hello"
