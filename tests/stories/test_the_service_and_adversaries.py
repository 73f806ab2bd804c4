"""What people do to a service that they should not: share its folders, take its port, cut it off, use others' keys."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assay.interfaces.service.guard.book import Made, make_token, revoke_token
from benchmarks.serving.process import free_port
from tests.interfaces import small
from tests.interfaces.deciding.live.releases import Desk
from tests.interfaces.running import assay
from tests.stories.serving.running import Served, Uploads, serving, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]
SERVE = (sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench")
LINE = b'{"id":"a","signals":{"ai_extent":"generated"}}\n'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("adversaries") / "service") as found:
        yield found
        assert found.service.stop() == 0


def _refused(folder: Path, *words: str | Path) -> str:
    """What `assay serve` says when it cannot begin; it must not begin."""
    folder.mkdir(exist_ok=True)
    run = subprocess.run(
        [*SERVE, *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    return run.stderr


def test_a_second_service_takes_neither_its_records_nor_its_port(served: Served, tmp_path: Path) -> None:
    pack = ("--pack", served.folder / "pack")
    taken = _refused(tmp_path / "a", *pack, "--records", served.service.records, "--port", "0")
    assert "records-in-use" in taken
    assert "is in use; choose another" in _refused(tmp_path / "b", *pack, "--port", str(served.service.port))
    assert not (tmp_path / "b" / "records").exists()
    (tmp_path / "file").touch()
    assert "store-unwritable" in _refused(tmp_path / "c", *pack, "--records", tmp_path / "file", "--port", "0")
    assert served.get("/readyz").status_code == 200


def _a_token(served: Served, client: str) -> Made:
    made = make_token(served.folder / "tokens.json", client, ("decide",))
    assert not isinstance(made, list)
    return made


def test_a_key_of_somebody_else_answers_nothing_of_theirs(served: Served) -> None:
    made = _a_token(served, "other")
    mine = served.keyed("mine")
    headers = {"Authorization": f"Bearer {made.credential}", "Idempotency-Key": "mine"}

    def ask() -> httpx.Response:
        return served.post("/v1/decisions", {"id": "theirs", "signals": {}}, **headers)

    until(lambda: ask().status_code == 200)
    assert ask().json()["item"] == "theirs"
    assert served.keyed("mine").content == mine.content


def test_a_token_that_is_revoked_in_use_is_soon_refused_on_the_same_connection(served: Served) -> None:
    made = _a_token(served, "leaving")
    headers = {"Authorization": f"Bearer {made.credential}", "Content-Type": "application/json"}
    with httpx.Client(base_url=served.service.address, headers=headers, verify=False) as client:

        def status() -> int:
            return client.post("/v1/decisions", content=LINE).status_code

        until(lambda: status() == 200)
        assert not isinstance(revoke_token(served.folder / "tokens.json", made.credential.split("_")[1]), list)
        until(lambda: status() == 401, 10)


def _sent(served: Served, body: bytes, length: int, *, half_closed: bool) -> socket.socket:
    head = (
        f"POST /v1/decisions:batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\n"
        f"Content-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", served.service.port))
    connection.settimeout(1)
    try:
        connection.sendall(head.encode() + body)
    except TimeoutError:
        # It reads so far ahead and no further while nobody takes the answers.
        assert length > 1 << 20
    if half_closed:
        connection.shutdown(socket.SHUT_WR)
    return connection


def test_whoever_cuts_off_half_closes_or_never_reads_a_batch_harms_nobody_else(served: Served) -> None:
    before = _memory(served)
    unread = [_sent(served, LINE * 200_000, 200_000 * len(LINE), half_closed=False) for _ in range(3)]
    others = [
        _sent(served, LINE * 300, 300 * len(LINE) + 100, half_closed=True),
        _sent(served, LINE * 300, 300 * len(LINE), half_closed=True),
        _sent(served, LINE[:20], 9_999, half_closed=False),
    ]
    began = time.monotonic()
    assert served.keyed("meanwhile").status_code == 200
    assert time.monotonic() - began < 2
    assert _memory(served) < before + 100
    for connection in (*unread, *others):
        connection.close()
    assert served.keyed("afterwards").status_code == 200
    assert served.ready()["ready"] is True


def _memory(served: Served) -> float:
    return served.metric("assay_process_resident_bytes") / 1e6


def test_records_are_looked_at_while_it_keeps_more(served: Served, tmp_path: Path) -> None:
    records, load = served.service.records, Uploads(served)
    with load.running():
        until(lambda: len(load.answered) > 50)
        assert assay("records", "verify", records).code == 0
        assert assay("records", "show", records).code == 0
        assert assay("records", "export", records, "-o", tmp_path / "out.jsonl").code == 0
        assert assay("records", "rotate", records).code == 0
        assert assay("records", "replay", records, "--pack", served.folder / "pack").code == 0
    assert (load.broken, load.refused) == (0, {})
    load.assert_kept([(each.item, each.record) for each in served.kept()])


def test_a_rollback_while_a_bundle_is_staged_and_another_comes_mixes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.release(desk.bundle())
    where = {"SOURCE": "channel", "KEYS": "keys", "STATE": "service/state"}
    settings = {"BUNDLES__POLL": "0.2"} | {f"BUNDLES__{name}": str(tmp_path / path) for name, path in where.items()}
    who = {"by": "ada", "reason": "a test"}
    with serving(tmp_path / "service", settings, source=True) as served:

        def versions() -> tuple[str | None, str | None]:
            found = served.get("/v1/bundle").json()
            staged = found["staged"]
            return found["current"]["version"], None if staged is None else staged["version"]

        load = Uploads(served)
        with load.running():
            desk.release(desk.bundle("1.1.0"))
            until(lambda: versions() == ("1.1.0", None))
            desk.release(desk.bundle("1.2.0"), "staged", 0.5)
            until(lambda: versions() == ("1.1.0", "1.2.0"))
            assert served.post("/v1/bundle:rollback", who).status_code == 200
            assert versions()[0] == "1.0.0"
            assert "pinned" in [note["slug"] for note in served.ready()["notes"]]
            desk.release(desk.bundle("1.3.0"))
            until(lambda: versions()[0] == "1.3.0")
        assert (load.broken, load.refused) == (0, {})
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])
        assert assay("records", "replay", served.service.records, "--bundle", served.folder / "state").code == 0


def test_nobody_reads_what_it_prints_and_it_serves_all_the_same(tmp_path: Path) -> None:
    pack, port = small.write(tmp_path / "pack"), free_port()
    reader, writer = os.pipe()
    os.close(reader)
    words = [*SERVE, "--pack", str(pack), "--port", str(port)]
    with subprocess.Popen(words, cwd=tmp_path, stdout=writer, stderr=writer) as process:
        os.close(writer)
        try:
            until(lambda: _alive(port) or process.poll() is not None)
            assert _alive(port)
        finally:
            process.send_signal(signal.SIGTERM)
        # What is left to print at the very end is Python's own to complain of.
        assert process.wait(30) in (0, 120)


def _alive(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", verify=False).status_code == 200
    except httpx.HTTPError:
        return False
