"""The connection itself: slow heads, huge heads, two requests in one, clients that do not read."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.interfaces.service.guard.guard import Guard, HttpScope
from assay.interfaces.service.guard.protocol import guarded_protocol
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.problems import Send
from tests.interfaces.service.guard.listening import answered, connected, listening, statuses, until_closed
from tests.interfaces.service.guard.made import Receive, bearer, made, opened, teller

pytestmark = pytest.mark.slow
SETTINGS = GuardSettings(head_seconds=0.4, head_bytes=8_192, single_bytes=100_000, connections=12, body_seconds=1.0)


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, bytes]]:
    """The server's socket, and the fields of a request that is let in."""
    path = tmp_path_factory.mktemp("guard") / "tokens.json"
    token = made(path)
    fields = f"Host: localhost\r\nAuthorization: {bearer(token)['authorization']}\r\n".encode()
    with listening(Guard(teller, opened(path), SETTINGS), SETTINGS) as socket_path:
        yield socket_path, fields


def post(fields: bytes, body: bytes = b"{}", more: bytes = b"") -> bytes:
    return b"POST /v1/decisions HTTP/1.1\r\n" + fields + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


CLOSE = b"Connection: close\r\n"


def test_a_request_is_answered(head: tuple[Path, bytes]) -> None:
    path, fields = head
    answer = answered(path, post(fields, b"12345", CLOSE))
    assert statuses(answer) == [200]
    assert b'"bytes": 5' in answer
    assert b"\r\nserver:" not in answer.lower()


@pytest.mark.parametrize("begin", [b"", b"P", b"POST /v1/dec", b"POST / HTTP/1.1\r\nHost: loc"])
def test_a_head_that_does_not_end_is_cut_off(head: tuple[Path, bytes], begin: bytes) -> None:
    began = time.monotonic()
    answer = answered(head[0], begin)
    assert 0.3 < time.monotonic() - began < 3
    assert statuses(answer) == [408]
    assert b'"request-timeout"' in answer


def test_a_head_in_small_pieces_does_not_live_longer(head: tuple[Path, bytes]) -> None:
    began = time.monotonic()
    with connected(head[0]) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for letter in b"POST /v1/decisions HTTP/1.1\r\nX-Slow: " + b"x" * 200:
            connection.sendall(bytes([letter]))
            time.sleep(0.02)
    assert time.monotonic() - began < 2


def test_empty_lines_between_requests_do_not_hold_a_connection(head: tuple[Path, bytes]) -> None:
    path, fields = head
    with connected(path) as connection:
        connection.sendall(post(fields))
        assert b"200 OK" in connection.recv(65_536)
        began = time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(100):
                connection.sendall(b"\r\n")
                time.sleep(0.05)
        assert time.monotonic() - began < 2


def test_a_connection_lives_on_for_more_requests(head: tuple[Path, bytes]) -> None:
    path, fields = head
    with connected(path) as connection:
        for _ in range(3):
            connection.sendall(post(fields))
            assert b"200 OK" in connection.recv(65_536)
            time.sleep(0.5)


@pytest.mark.parametrize("size", [9_000, 40_000, 2_000_000])
@pytest.mark.parametrize("where", ["name", "value", "url", "many"])
def test_a_huge_head_is_refused(head: tuple[Path, bytes], size: int, where: str) -> None:
    path, fields = head
    huge = b"x" * size
    request = {
        "name": b"POST /v1/decisions HTTP/1.1\r\n" + fields + huge + b": 1\r\n\r\n",
        "value": b"POST /v1/decisions HTTP/1.1\r\n" + fields + b"X-Long: " + huge + b"\r\n\r\n",
        "url": b"POST /v1/decisions?" + huge + b" HTTP/1.1\r\n" + fields + b"\r\n",
        "many": b"POST /v1/decisions HTTP/1.1\r\n" + fields + b"A: b\r\n" * (size // 6) + b"\r\n",
    }[where]
    answer = answered(path, request)
    assert statuses(answer) in ([431], []), "an answer may be lost where the client goes on sending"
    if size < 40_000:
        assert b'"head-too-large"' in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\na",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\na",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x1\r\n\r\na",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\na",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_two_readers_could_read_differently_is_refused(head: tuple[Path, bytes], request_bytes: bytes) -> None:
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = answered(head[0], request_bytes + smuggled)
    assert len(statuses(answer)) == 1, answer
    assert 400 <= statuses(answer)[0] < 500
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("size", [b"-1", b"0x1", b"1_0", b"1 ", b"ffffffffffffffffff", b"g", b""])
def test_a_chunk_whose_size_can_be_read_in_two_ways_ends_the_connection(head: tuple[Path, bytes], size: bytes) -> None:
    path, fields = head
    request = b"POST /v1/decisions HTTP/1.1\r\n" + fields + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\na\r\n"
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = answered(path, request + smuggled)
    assert len(statuses(answer)) <= 1, answer
    assert b"200 OK" not in answer


def test_requests_sent_together_are_answered_in_their_order(head: tuple[Path, bytes]) -> None:
    path, fields = head
    several = b"".join(post(fields, b"x" * size) for size in range(1, 40)) + post(fields, b"x" * 40, CLOSE)
    answer = answered(path, several)
    assert statuses(answer) == [200] * 40
    assert [int(part.split(b"}")[0]) for part in answer.split(b'"bytes": ')[1:]] == list(range(1, 41))


def test_requests_that_are_refused_do_not_spoil_those_sent_with_them(head: tuple[Path, bytes]) -> None:
    path, fields = head
    refused = post(b"Host: localhost\r\n", b"GET /healthz HTTP/1.1\r\n\r\n")
    answer = answered(path, refused + post(fields) + refused + post(fields, b"", CLOSE))
    assert statuses(answer) == [401, 200, 401, 200]


def test_what_is_no_request_does_not_take_the_answer_of_the_one_before(head: tuple[Path, bytes]) -> None:
    path, fields = head
    answer = answered(path, post(fields, b"123") + post(fields, b"1234") + b"\x00\x00\r\n\r\n")
    assert statuses(answer) == [200, 200]
    assert b'"bytes": 4' in answer


def test_the_rest_of_a_refused_body_is_passed_over_and_the_connection_goes_on(head: tuple[Path, bytes]) -> None:
    path, fields = head
    body = b"x" * 60_000
    refused = post(b"Host: localhost\r\n", body)
    with connected(path) as connection:
        connection.sendall(refused[:-50_000])
        assert statuses(connection.recv(65_536)) == [401]
        connection.sendall(refused[-50_000:])
        connection.sendall(post(fields, b"123", CLOSE))
        assert statuses(until_closed(connection)) == [200]


def test_the_rest_of_a_refused_body_has_only_so_long_to_come(head: tuple[Path, bytes]) -> None:
    with connected(head[0]) as connection:
        connection.sendall(post(b"Host: localhost\r\n", b"x" * 1_000)[:-10])
        began = time.monotonic()
        assert statuses(until_closed(connection)) == [401]
        assert time.monotonic() - began < 2


def test_a_refused_body_of_unknown_length_closes_the_connection(head: tuple[Path, bytes]) -> None:
    request = b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    answer = answered(head[0], request)
    assert statuses(answer) == [401]
    assert b"connection: close" in answer


def test_a_declared_length_beyond_the_limit_is_refused_before_the_body_comes(head: tuple[Path, bytes]) -> None:
    path, fields = head
    request = b"POST /v1/decisions HTTP/1.1\r\n" + fields + b"Content-Length: 999999999\r\nExpect: 100-continue\r\n\r\n"
    answer = answered(path, request)
    assert statuses(answer) == [413]


def test_connections_beyond_the_limit_are_told_to_come_again(head: tuple[Path, bytes]) -> None:
    path, fields = head
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connected(path)) for _ in range(12)]
        for connection in held:
            connection.sendall(post(fields))
            assert b"200 OK" in connection.recv(65_536)
        answer = answered(path, post(fields))
        assert statuses(answer) == [503]
        assert b"retry-after: 1" in answer
    time.sleep(0.2)
    assert statuses(answered(path, post(fields, b"", CLOSE))) == [200]


def test_a_client_that_does_not_read_its_answer_is_cut_off(tmp_path: Path) -> None:
    token = made(tmp_path / "tokens.json")
    gone: list[float] = []

    async def floods(scope: HttpScope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        began = time.monotonic()
        for _ in range(400):
            await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
            if (took := time.monotonic() - began) > 5:
                gone.append(took)
                return
        await send({"type": "http.response.body", "body": b""})
        gone.append(time.monotonic() - began)

    fields = f"Host: localhost\r\nAuthorization: {bearer(token)['authorization']}\r\n".encode()
    guard = Guard(floods, opened(tmp_path / "tokens.json"), SETTINGS)
    with listening(guard, SETTINGS) as path, connected(path) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(post(fields))
        until = time.monotonic() + 8
        while not gone and time.monotonic() < until:
            time.sleep(0.05)
        assert gone, "the request still waits for the client"
        assert gone[0] < 4
        assert len(until_closed(connection)) < 50_000_000


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "found", "set_to"),
    [
        (1_024, 4_096, 500, 500, None),
        (1_024, 4_096, 2_000, 2_000, 2_256),
        (1_024, 4_096, 10_000, 3_840, 4_096),
        (1_024, resource.RLIM_INFINITY, 10_000, 10_000, 10_256),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 10_000, 10_000, None),
        (64, 64, 4_096, 1, 64),
    ],
)
def test_no_more_connections_are_promised_than_the_system_has_room_for(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, wanted: int, found: int, set_to: int | None
) -> None:
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda which, both: seen.append(both))
    assert guarded_protocol(GuardSettings(connections=wanted)).most_connections == found
    assert seen == ([] if set_to is None else [(set_to, hard)])
