"""What shares the service's address gets every other path, with a number, and none of the service's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assay.interfaces.service.guard.beside import Divided, is_own
from assay.interfaces.service.routes.table import ROUTES


def test_every_route_of_the_service_is_its_own() -> None:
    assert [route.path for route in ROUTES if not is_own(route.path)] == []


@pytest.mark.parametrize(
    "path", ["/", "/v1x", "/v2/decisions", "/decisions/", "/healthz/x", "/metricsx", "/account/login/"]
)
def test_what_only_begins_alike_is_not(path: str) -> None:
    assert not is_own(path)


def test_a_request_is_numbered_unless_it_brings_a_number_and_goes_to_one_of_the_two() -> None:
    seen: list[tuple[str, str]] = []

    def ask(name: str) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            seen.append((name, scope.get("state", {}).get("request", "")))

        return answer

    divided = Divided(ask("service"), ask("beside"))
    for scope in (
        {"type": "lifespan"},
        {"type": "http", "path": "/v1/decisions", "headers": []},
        {"type": "http", "path": "/", "headers": [(b"x-request-id", b"mine-1")]},
        {"type": "http", "path": "/", "headers": [(b"x-request-id", b"not mine\n")]},
    ):
        asyncio.run(divided(scope, None, None))  # type: ignore[arg-type]
    assert [name for name, _ in seen] == ["service", "service", "beside", "beside"]
    assert seen[2][1] == "mine-1"
    assert seen[3][1].endswith("-1")
