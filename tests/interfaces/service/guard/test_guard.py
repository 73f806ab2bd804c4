"""The guard: who comes in, who does not, and what each is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from assay.interfaces.service.guard.gates import GATES, Gate, Scope
from assay.interfaces.service.guard.guard import Guard, HttpScope
from assay.interfaces.service.guard.heads import Hosts
from assay.interfaces.service.problems import Send
from tests.interfaces.service.guard.made import Receive, asked, bearer, called, guarded, made, slug_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def ask(guard: Guard, *words: str, **options: object) -> httpx.Response:
    return asyncio.run(asked(guard, *words, **options))  # type: ignore[arg-type]  # handed on as they are


def test_who_has_a_token_comes_in_and_is_named(path: Path) -> None:
    token = made(path)
    answer = ask(guarded(path), headers=bearer(token), content=b"12345")
    assert answer.json() == {
        "client": "uploads",
        "token": token.token.id,
        "request": answer.headers["x-request-id"],
        "bytes": 5,
    }


def test_who_has_none_is_told_how_to_send_one(path: Path) -> None:
    made(path)
    answer = ask(guarded(path))
    assert answer.status_code == 401
    assert slug_of(answer) == "unauthorized"
    assert answer.headers["www-authenticate"] == 'Bearer realm="assay"'


def test_every_token_that_does_not_hold_gets_the_same_answer(path: Path) -> None:
    token = made(path)
    wrong = token.credential[:-4] + "AAAA"
    given = (wrong, f"assay_nobody_{wrong.split('_', 2)[2]}", "assay_x", "", "x" * 5_000, "é")
    guard = guarded(path)
    answers = [ask(guard, headers={"authorization": f"Bearer {one}".encode("latin-1")}) for one in given]
    bodies = {answer.text.replace(answer.headers["x-request-id"], "") for answer in answers}
    assert {answer.status_code for answer in answers} == {401}
    assert len(bodies) == 1
    assert len({tuple(sorted({*answer.headers} - {"x-request-id"})) for answer in answers}) == 1


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("place", sorted(GATES))
def test_a_scope_opens_its_own_paths_and_no_other(path: Path, place: str, scope: Scope) -> None:
    token = made(path, scopes=[scope.value])
    answer = ask(guarded(path), "POST", place, headers=bearer(token))
    wanted = GATES[place].scope
    if wanted in (None, scope):
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert slug_of(answer) == "forbidden"
        assert f"`{wanted.value if wanted else ''}`" in answer.json()["detail"]
        assert f'scope="{wanted.value if wanted else ""}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("place", sorted(GATES))
def test_only_health_is_open_to_everybody(path: Path, place: str) -> None:
    made(path)
    status = ask(guarded(path), "GET", place).status_code
    assert (status == 200) is (place in ("/healthz", "/readyz"))


def test_an_unknown_path_is_there_for_no_stranger(path: Path) -> None:
    token = made(path, scopes=["scan"])
    guard = guarded(path)
    assert ask(guard, "GET", "/v1/secret").status_code == 401
    assert ask(guard, "GET", "/v1/secret", headers=bearer(token)).status_code == 200
    for place in ("/healthz/", "//healthz", "/healthz%2f", "/HEALTHZ", "/metrics/", "/v1/decisions/"):
        assert ask(guard, "GET", place).status_code == 401


def test_metrics_can_be_opened(path: Path) -> None:
    made(path)
    assert ask(guarded(path, open_metrics=True), "GET", "/metrics").status_code == 200
    assert ask(guarded(path, open_metrics=True), "GET", "/v1/schema").status_code == 401


def test_on_an_open_path_a_reader_is_named_and_nobody_else(path: Path) -> None:
    reader, decider = made(path, "reader", ["read"]), made(path, "decider", ["decide"])
    guard = guarded(path)
    assert ask(guard, "GET", "/readyz", headers=bearer(reader)).json()["client"] == "reader"
    assert ask(guard, "GET", "/readyz", headers=bearer(decider)).json()["client"] == ""
    assert ask(guard, "GET", "/readyz", headers=bearer("assay_x_y")).json()["client"] == ""


def test_every_answer_says_what_browsers_and_caches_must_know(path: Path) -> None:
    token = made(path, scopes=["decide", "read"])
    guard = guarded(path)
    answers = [ask(guard, headers=bearer(token)), ask(guard), ask(guard, "GET", "/healthz")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in answer.headers
        assert not any(name.startswith("access-control") for name in answer.headers)
    assert ask(guard, "GET", "/v1/schema", headers=bearer(token)).headers["cache-control"] == "private, no-cache"


def test_no_page_of_another_origin_is_answered(path: Path) -> None:
    token = made(path)
    asking = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    answer = ask(guarded(path), "OPTIONS", headers={**bearer(token), **asking})
    assert slug_of(answer) == "cross-origin"
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("given", ["a", "abc-DEF_1.2", "x" * 64])
def test_a_request_id_that_can_be_used_is_kept(path: Path, given: str) -> None:
    token = made(path)
    answer = ask(guarded(path), headers={**bearer(token), "x-request-id": given})
    assert answer.headers["x-request-id"] == given == answer.json()["request"]


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "ü", "a;b", 'a"b', "../x", "${jndi:x}", "\x1b[31m"])
def test_any_other_request_id_is_replaced(path: Path, given: str) -> None:
    made(path)
    answer = asyncio.run(
        called(guarded(path), {"headers": [(b"host", b"localhost"), (b"x-request-id", given.encode())]}, [])
    )
    kept = dict(answer[0]["headers"])[b"x-request-id"]
    assert kept != given.encode()
    assert len(kept) > 8


def test_no_two_requests_have_the_same_id(path: Path) -> None:
    made(path)
    guard, other = guarded(path), guarded(path)
    ids = [ask(each).headers["x-request-id"] for each in (guard, other) for _ in range(20)]
    assert len(set(ids)) == 40


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8600", "localhost.", "127.0.0.1:80", "10.2.3.4", "[::1]", "[::1]:8600", "localhost:"],
)
def test_the_service_is_called_by_its_names_and_by_any_address(host: str) -> None:
    assert Hosts(("localhost",)).accept(host.encode())


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "", "localhost.elsewhere.example", "localhost:80:80", "127.0.0.1.elsewhere.example", "::1",
     "localhost:8x", "[localhost]", "a" * 400, "[127.0.0.1]", "localhost@elsewhere", "localhost/x"],
)  # fmt: skip
def test_by_no_other_name_is_it_called(host: str) -> None:
    hosts = Hosts(("localhost",))
    assert not hosts.accept(host.encode())
    assert not hosts.accept(host.encode()), "nor when it is asked again"
    assert not hosts.accept(None)
    assert Hosts(("*",)).accept(host.encode())


def test_another_host_is_refused_before_the_token_is_looked_at_but_not_where_all_are_open(path: Path) -> None:
    token = made(path)
    guard = guarded(path, allowed_hosts=("assay.internal",))
    answer = ask(guard, headers=bearer(token), host="elsewhere.example")
    assert answer.status_code == 421
    assert slug_of(answer) == "bad-host"
    assert ask(guard, headers=bearer(token), host="assay.internal").status_code == 200
    assert ask(guard, "GET", "/healthz", host="elsewhere.example").status_code == 200


@pytest.mark.parametrize("name", [b"authorization", b"host", b"content-length", b"x-request-id", b"idempotency-key"])
def test_what_is_said_twice_is_refused(path: Path, name: bytes) -> None:
    token = made(path)
    headers = [(b"host", b"localhost"), (b"authorization", bearer(token)["authorization"].encode())]
    doubled = [*headers, (name, b"1"), (name, b"1")]
    (start, *_) = asyncio.run(called(guarded(path), {"headers": doubled}, []))
    assert start["status"] == 400


def test_a_head_of_too_many_fields_is_refused(path: Path) -> None:
    token = made(path)
    many = {f"x-{number}": "1" for number in range(64)}
    answer = ask(guarded(path), headers={**bearer(token), **many})
    assert answer.status_code == 431
    assert slug_of(answer) == "head-too-large"


def test_a_socket_that_would_stay_open_is_closed(path: Path) -> None:
    made(path)
    assert asyncio.run(called(guarded(path), {"type": "websocket"}, [])) == [{"type": "websocket.close", "code": 1008}]


def test_start_and_end_of_the_server_reach_the_service(path: Path) -> None:
    made(path)
    seen: list[str] = []

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(called(guarded(path, app), {"type": "lifespan"}, []))
    assert seen == ["lifespan"]


def test_a_fault_of_the_service_is_not_hidden(path: Path) -> None:
    token = made(path)

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        raise LookupError("ours")

    guard = guarded(path, app, client_requests=1)
    for _ in range(3):
        with pytest.raises(LookupError):
            ask(guard, headers=bearer(token))


def test_every_gate_asks_for_a_scope_that_a_token_can_have() -> None:
    assert {gate.scope for gate in GATES.values()} == {None, *Scope}
    assert all(isinstance(gate, Gate) for gate in GATES.values())
