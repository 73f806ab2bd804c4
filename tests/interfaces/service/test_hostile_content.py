"""Hostile content: it is refused or decided, it never breaks the service, and nothing of it stands in a log."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.service.logs import set_up_logs
from tests.interfaces.service.guard.made import asked, slug_of
from tests.interfaces.service.scanned.made import Room, room

pytestmark = pytest.mark.slow
MARK = "canary"
READING = (
    "/v1/decisions",
    "/v1/decisions:batch",
    "/v1/questions",
    "/v1/bundle:rollback",
    "/v1/brakes:release",
    "/v1/scan",
)
ITEM = {"id": MARK, "signals": {"ai_extent": "generated"}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room(tmp_path_factory.mktemp("whole")) as found:
        yield found


def send(whole: Room, path: str, body: bytes, **headers: str) -> httpx.Response:
    kind = "application/x-ndjson" if path.endswith("batch") else "application/json"
    given_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    every = {**whole.headers, "content-type": kind, **given_headers}
    return asyncio.run(asked(whole.app, "POST", path, headers=every, content=body))


NASTY = {
    "nothing": b"",
    "no JSON": b"canary",
    "half": b'{"id": "canary", "signals": {',
    "deep list": b"[" * 100_000,
    "deep object": b'{"signals":' * 20_000,
    "deep inside": b'{"id": "canary", "signals": {"ai_extent": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
    "double key": b'{"id": "canary", "id": "other", "signals": {}}',
    "double signal": b'{"id": "canary", "signals": {"nudity": true, "nudity": false}}',
    "huge number": b'{"id": "canary", "signals": {"nudity": ' + b"9" * 100_000 + b"}}",
    "huge exponent": b'{"id": "canary", "signals": {"nudity": 1e999999999}}',
    "not a number": b'{"id": "canary", "signals": {"nudity": NaN}}',
    "infinite": b'{"id": "canary", "signals": {"nudity": -Infinity}}',
    "lone surrogate": b'{"id": "canary\\ud800", "signals": {}}',
    "lone surrogate key": b'{"canary\\udfff": 1}',
    "lone surrogate signal": b'{"id": "canary", "signals": {"\\ud800canary": 1}}',
    "lone surrogate value": b'{"id": "canary", "signals": {"ai_extent": "\\udc00canary"}}',
    "no UTF-8": b'{"id": "canary\xff\xfe", "signals": {}}',
    "UTF-16": '{"id": "canary"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"id": "canary", "signals": {}}',
    "NUL": b'{"id": "canary\\u0000", "signals": {}}',
    "many keys": json.dumps({f"canary{number}": 1 for number in range(5_000)}).encode(),
    "many signals": json.dumps({"id": MARK, "signals": {f"canary{n}": 1 for n in range(5_000)}}).encode(),
    "long id": json.dumps({"id": MARK * 5_000, "signals": {}}).encode(),
    "long value": json.dumps({"id": MARK, "signals": {"ai_extent": MARK * 5_000}}).encode(),
    "ends of lines": json.dumps({"id": f"{MARK}\n2026 level=error\r\n{MARK}", "signals": {}}).encode(),
    "escapes": json.dumps({"id": f"\x1b[2J\x1b]0;{MARK}\x07", "signals": {MARK: "\u202e"}}).encode(),
    "template": json.dumps({"id": "${jndi:ldap://canary}{{7*7}}%s%n", "signals": {"{canary}": 1}}).encode(),
    "prototype": b'{"__proto__": {"canary": 1}, "constructor": 1, "__class__": "canary"}',
    "wrong types": b'{"id": ["canary"], "signals": "canary", "assertions": {"canary": 1}, "markets": 5, "as_of": []}',
    "null": b"null",
    "number": b"1",
    "text": b'"canary"',
    "separators": '{"id": "canary\u2028\u2029", "signals": {}}'.encode(),
}


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("kind", sorted(NASTY))
def test_no_content_breaks_the_service_or_reaches_a_log(
    whole: Room, capfd: pytest.CaptureFixture[str], kind: str, path: str
) -> None:
    set_up_logs("debug")
    try:
        answer = send(whole, path, NASTY[kind])
    finally:
        structlog.reset_defaults()
    assert answer.status_code < 500, answer.text
    assert answer.status_code in (200, 400, 404, 409, 413, 422)
    for line in filter(None, answer.content.split(b"\n")):
        json.loads(line)
    out, err = capfd.readouterr()
    assert not out
    assert MARK not in err
    assert all(json.loads(line) for line in err.splitlines()), "every line of the log is one object"
    assert "\x1b" not in err


@pytest.mark.parametrize("path", READING)
def test_a_compressed_body_is_never_inflated(whole: Room, path: str) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    for encoding in ("gzip", "deflate", "br", "zstd", "identity, gzip", "x-gzip", "chunked", "GZIP"):
        answer = send(whole, path, bomb, content_encoding=encoding)
        assert (answer.status_code, slug_of(answer)) == (415, "unsupported-encoding")


@pytest.mark.parametrize("value", ["a b", "ä", "a\u00a0b", "x" * 256, "", "a\tb", "a,b\x7f", "key\x1b[31m"])
def test_a_key_that_could_be_read_in_two_ways_is_refused(whole: Room, value: str) -> None:
    head = {**whole.headers, "content-type": "application/json"}
    raw = {name.encode(): text.encode() for name, text in head.items()} | {b"idempotency-key": value.encode()}
    answer = asyncio.run(asked(whole.app, headers=raw, content=json.dumps(ITEM).encode()))  # type: ignore[arg-type]  # bytes are headers, too
    assert answer.status_code == 400
    assert slug_of(answer) == "bad-header"


@pytest.mark.parametrize("name", ["x-request-id", "idempotency-key", "prefer", "user-agent", "if-none-match", "accept"])
@pytest.mark.parametrize("value", ["a\r\nset-cookie: canary=1", "a\nx: canary", "a\rx: canary", "\x00canary"])
def test_no_header_of_a_request_makes_one_of_the_answer(whole: Room, name: str, value: str) -> None:
    raw = {key.encode(): text.encode() for key, text in whole.headers.items()} | {name.encode(): value.encode()}
    raw[b"content-type"] = b"application/json"
    answer = asyncio.run(asked(whole.app, headers=raw, content=json.dumps(ITEM).encode()))  # type: ignore[arg-type]  # bytes are headers, too
    assert answer.status_code < 500
    assert "set-cookie" not in answer.headers
    assert "x" not in answer.headers
    for key, text in answer.headers.raw:
        assert b"canary" not in text, key
        assert not {13, 10, 0} & {*text}


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_a_decision(whole: Room, body: bytes) -> None:
    assert send(whole, "/v1/decisions", body).status_code in (200, 400, 422)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        max_leaves=12,
    )
)
def test_no_json_at_all_breaks_a_route(whole: Room, value: object) -> None:
    body = json.dumps(value).encode()
    for path in READING:
        assert send(whole, path, body).status_code in (200, 400, 422)
    inside = json.dumps({"id": "a", "signals": value, "assertions": value, "subject": value}).encode()
    assert send(whole, "/v1/decisions", inside).status_code in (200, 400, 422)
