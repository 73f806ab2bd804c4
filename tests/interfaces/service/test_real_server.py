"""The real service, as `assay serve` starts it, on a unix socket: slow, split and hostile requests, and its log."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.interfaces.service.guard.book import revoke_token
from tests.interfaces import small
from tests.interfaces.service.guard.listening import answered, connected, statuses, until_closed
from tests.interfaces.service.guard.made import bearer, made
from tests.interfaces.service.scanned.made import LABELLED, digest_of

pytestmark = pytest.mark.slow
MARK = "canary"
SETTINGS = {
    "GUARD__HEAD_SECONDS": "1",
    "GUARD__BODY_GRACE_SECONDS": "1",
    "GUARD__SINGLE_BYTES": "100000",
    "GUARD__CONNECTIONS": "100",
    "SERVICE__LOG_LEVEL": "debug",
    "SCAN__WORKERS": "1",
    "WORKBENCH__ENABLED": "no",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A service that runs.

    fields  of a request that is let in
    """

    folder: Path
    process: subprocess.Popen[bytes]
    fields: bytes

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    pack = folder / "pack"
    for name, text in small.FILES.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text)
    (folder / "media").mkdir()
    (folder / "media" / "a.png").write_bytes(LABELLED)
    token = made(folder / "tokens.json", scopes=["decide", "scan", "read", "operate"])
    given = {
        "GUARD__TOKENS": folder / "tokens.json",
        "SERVICE__UNIX_SOCKET": folder / "s",
        "SCAN__MEDIA": folder / "media",
    }
    environment = {**os.environ, **{f"ASSAY_{name}": str(value) for name, value in {**SETTINGS, **given}.items()}}
    words = ["-m", "assay.interfaces.cli.app", "serve", "--pack", str(pack), "--records", str(folder / "records")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment, stdout=log, stderr=log)
    fields = f"Host: localhost\r\nAuthorization: {bearer(token)['authorization']}\r\n".encode()
    found = Served(folder, process, fields)
    try:
        until = time.monotonic() + 60
        while not (folder / "s").exists() or b"200" not in health(found)[:20]:
            assert process.poll() is None, found.log
            assert time.monotonic() < until, found.log
            time.sleep(0.1)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


def health(served: Served) -> bytes:
    with contextlib.suppress(ConnectionRefusedError):
        return answered(served.socket, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    return b""


def item(number: int | str) -> bytes:
    return json.dumps({"id": f"{MARK}-{number}", "signals": {"ai_extent": "generated"}}).encode()


def post(
    served: Served, body: bytes, path: bytes = b"/v1/decisions", kind: bytes = b"application/json", more: bytes = b""
) -> bytes:
    length = b"" if b"Transfer-Encoding" in more else b"Content-Length: %d\r\n" % len(body)
    return (
        b"POST "
        + path
        + b" HTTP/1.1\r\n"
        + served.fields
        + b"Content-Type: "
        + kind
        + b"\r\n"
        + more
        + length
        + b"\r\n"
        + body
    )


CLOSE = b"Connection: close\r\n"


def test_a_decision_is_answered_without_a_word_about_the_server(served: Served) -> None:
    answer = answered(served.socket, post(served, item(1), more=CLOSE))
    assert statuses(answer) == [200]
    head = answer.split(b"\r\n\r\n")[0].lower()
    assert b"server:" not in head
    assert b"uvicorn" not in head
    assert b"x-content-type-options: nosniff" in head
    assert b"x-request-id: " in head


def test_requests_sent_together_are_decided_in_their_order(served: Served) -> None:
    several = b"".join(post(served, item(number)) for number in range(30)) + post(served, item(30), more=CLOSE)
    answer = answered(served.socket, several)
    assert statuses(answer) == [200] * 31
    assert re.findall(rb'"item":"canary-(\d+)"', answer) == [str(number).encode() for number in range(31)]


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: gzip, chunked, gzip\r\n",
    ],
)
def test_no_request_is_smuggled_in_another(served: Served, lengths: bytes) -> None:
    head = (
        b"POST /v1/decisions HTTP/1.1\r\n" + served.fields + b"Content-Type: application/json\r\n" + lengths + b"\r\n"
    )
    answer = answered(served.socket, head + b"0\r\n\r\n" + post(served, item("smuggled"), more=CLOSE))
    assert len(statuses(answer)) == 1
    assert statuses(answer)[0] >= 400
    assert b"smuggled" not in answer


def test_a_body_that_comes_too_slowly_is_refused(served: Served) -> None:
    with connected(served.socket) as connection:
        connection.sendall(post(served, item(1))[:-3])
        assert statuses(until_closed(connection)) == [408]


def test_a_batch_that_stops_in_the_middle_ends_with_the_reason(served: Served) -> None:
    more = b"Transfer-Encoding: chunked\r\n"
    line = item(1) + b"\n"
    with connected(served.socket) as connection:
        connection.sendall(post(served, b"", b"/v1/decisions:batch", b"application/x-ndjson", more))
        connection.sendall(b"%x\r\n" % (3 * len(line)) + 3 * line + b"\r\n")
        answer = until_closed(connection)
    assert statuses(answer) == [200]
    assert answer.count(b'"item":"canary-1"') == 3
    assert b'"request-timeout"' in answer


def test_clients_that_trickle_hold_nobody_else_up(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(served.socket)) for _ in range(60)]
        for number, connection in enumerate(slow):
            connection.sendall(b"POST /v1/decisions HTTP/1.1\r\nX-" if number % 2 else post(served, item(1))[:-5])
        began = time.monotonic()
        for number in range(20):
            assert statuses(answered(served.socket, post(served, item(number), more=CLOSE))) == [200]
        assert time.monotonic() - began < 2
        assert {tuple(statuses(until_closed(connection))) for connection in slow} == {(408,)}


def test_a_bomb_is_not_inflated(served: Served) -> None:
    before = memory_of(served)
    bomb = gzip.compress(bytes(80_000_000))
    answer = answered(served.socket, post(served, bomb, more=b"Content-Encoding: gzip\r\n" + CLOSE))
    assert statuses(answer) == [415]
    assert memory_of(served) - before < 20_000_000


def memory_of(served: Served) -> int:
    pages = int(Path(f"/proc/{served.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_file_is_scanned_and_no_decoder_is_loaded_in_the_service(served: Served) -> None:
    answer = answered(served.socket, post(served, LABELLED, b"/v1/scan", b"image/png", CLOSE), 60)
    assert statuses(answer) == [200]
    assert b'"generated"' in answer
    order = json.dumps({"digest": digest_of(LABELLED), "reference": "a.png"}).encode()
    answer = answered(served.socket, post(served, order, b"/v1/scan?deep=yes", b"application/json", CLOSE), 60)
    assert statuses(answer) == [200]
    order = json.dumps({"digest": digest_of(LABELLED), "reference": "../tokens.json"}).encode()
    answer = answered(served.socket, post(served, order, b"/v1/scan", b"application/json", CLOSE), 60)
    assert statuses(answer) == [422]
    loaded = Path(f"/proc/{served.process.pid}/maps").read_text()
    assert not re.findall(r"libav\w+|_imaging|libc2pa|onnxruntime|opencv", loaded)


def test_a_revoked_token_is_refused_without_a_restart(served: Served) -> None:
    token = made(served.folder / "tokens.json", "leaver")
    fields = f"Host: localhost\r\nAuthorization: {bearer(token)['authorization']}\r\n".encode()
    theirs = Served(served.folder, served.process, fields)
    time.sleep(1.2)
    assert statuses(answered(served.socket, post(theirs, item(1), more=CLOSE))) == [200]
    revoke_token(served.folder / "tokens.json", token.token.id)
    time.sleep(1.2)
    assert statuses(answered(served.socket, post(theirs, item(1), more=CLOSE))) == [401]
    assert statuses(answered(served.socket, post(served, item(1), more=CLOSE))) == [200]


def test_the_log_holds_no_content_no_id_and_no_token(served: Served) -> None:
    hostile = json.dumps({"id": f"{MARK}\n\x1b[31m", "signals": {f"{MARK}\r\n": f"{MARK}\u202e"}}).encode()
    for body in (hostile, b"{" + hostile, hostile[:-1]):
        assert statuses(answered(served.socket, post(served, body, more=CLOSE)))[0] in (400, 422)
    answered(
        served.socket,
        b"GET /%0acanary?canary=%1b HTTP/1.1\r\nHost: canary\r\nX-Request-Id: can\x1bary\r\n\r\ncanary\r\n\r\n",
    )
    lines = served.log.splitlines()
    assert len(lines) > 20, "it was told to log every request"
    assert MARK not in served.log
    assert "\x1b" not in served.log
    secret = served.fields.split(b"_")[-1].strip().decode()
    assert secret not in served.log
    assert "Traceback" not in served.log


def test_it_ends_well_when_it_is_told_to(served: Served) -> None:
    assert served.process.poll() is None, "nothing above has ended it"
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(30) == 0
    assert not list(Path("/tmp").glob(f"assay-scan-*/upload-{served.process.pid}*"))
