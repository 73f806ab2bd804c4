"""Every route of the service against every scope: who may, who may not, and that no route was forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from assay.interfaces.service.guard.gates import GATES, Body, Scope
from assay.interfaces.service.openapi.operations import OPERATIONS
from assay.interfaces.service.routes.table import ROUTES
from tests.interfaces.service.guard.made import asked, bearer, made, opened, slug_of
from tests.interfaces.service.scanned.made import Room, room

pytestmark = pytest.mark.slow
OPEN = {"/healthz", "/readyz"}
EVERY = sorted({(operation.method, operation.path) for operation in OPERATIONS.values()})
# What may be done without any harm, and so with any right; everything else is named here with its scope.
WANTED = {
    "/metrics": Scope.READ,
    "/v1/brakes": Scope.READ,
    "/v1/brakes:release": Scope.OPERATE,
    "/v1/bundle": Scope.READ,
    "/v1/bundle:rollback": Scope.OPERATE,
    "/v1/bundle:unpin": Scope.OPERATE,
    "/v1/decisions": Scope.DECIDE,
    "/v1/decisions:batch": Scope.DECIDE,
    "/v1/openapi.json": Scope.READ,
    "/v1/questions": Scope.DECIDE,
    "/v1/scan": Scope.SCAN,
    "/v1/schema": Scope.READ,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, dict[Scope, dict[str, str]]]]:
    """The service with a token for each scope."""
    folder = tmp_path_factory.mktemp("whole")
    with room(folder) as found:
        path = folder / "tokens.json"
        tokens = {scope: bearer(made(path, scope.value, [scope.value])) for scope in Scope}
        found.app._book = opened(path)
        yield found, tokens


def test_every_route_has_its_gate_and_every_gate_its_route() -> None:
    routes = {route.path for route in ROUTES} | {"/v1/scan"}
    assert routes == set(GATES) == {path for _, path in EVERY} == OPEN | set(WANTED)


def test_every_gate_asks_for_the_scope_that_its_path_needs() -> None:
    assert {path: gate.scope for path, gate in GATES.items() if gate.scope is not None} == WANTED


def test_every_route_that_reads_a_body_has_a_bound_for_it() -> None:
    read = {operation.path for operation in OPERATIONS.values() if operation.body is not None}
    assert {path for path, gate in GATES.items() if gate.body is not Body.NONE} == read


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_without_a_token_only_health_is_answered(
    whole: tuple[Room, dict[Scope, dict[str, str]]], method: str, path: str
) -> None:
    answer = asyncio.run(asked(whole[0].app, method, path, content=b"{}"))
    if path in OPEN:
        assert answer.status_code in (200, 503)
    else:
        assert (answer.status_code, slug_of(answer)) == (401, "unauthorized")


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("method", "path"), EVERY)
def test_a_route_answers_its_own_scope_only(
    whole: tuple[Room, dict[Scope, dict[str, str]]], method: str, path: str, scope: Scope
) -> None:
    service, tokens = whole
    calls = len(service.bench.live.calls), len(service.bench.keeper.entries), len(service.bench.rails.released)
    answer = asyncio.run(asked(service.app, method, path, headers=tokens[scope], content=b"{}"))
    if path in OPEN or WANTED.get(path) is scope:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert (answer.status_code, slug_of(answer)) == (403, "forbidden")
        now = len(service.bench.live.calls), len(service.bench.keeper.entries), len(service.bench.rails.released)
        assert now == calls, "nothing was done for whoever may not"


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "OPTIONS", "X"]
)
@pytest.mark.parametrize("path", sorted(GATES))
def test_a_wrong_method_is_refused_with_those_that_there_are(
    whole: tuple[Room, dict[Scope, dict[str, str]]], method: str, path: str
) -> None:
    service, tokens = whole
    there = {known for known, place in EVERY if place == path}
    if method in there or (method == "HEAD" and "GET" in there):
        return
    scope = GATES[path].scope
    headers = tokens[scope] if scope is not None else {}
    answer = asyncio.run(asked(service.app, method, path, headers=headers, content=b""))
    assert there <= set(answer.headers["allow"].split(", "))
    assert answer.status_code == (204 if method == "OPTIONS" else 405)


def test_a_ready_answer_says_more_to_a_reader_than_to_a_stranger(
    whole: tuple[Room, dict[Scope, dict[str, str]]],
) -> None:
    service, tokens = whole
    digest = service.bench.live.lineup.current.digest
    texts = {
        scope: asyncio.run(asked(service.app, "GET", "/readyz", headers=headers)).text
        for scope, headers in [(None, {}), *tokens.items()]
    }
    assert {scope for scope, text in texts.items() if digest in text} == {Scope.READ}
