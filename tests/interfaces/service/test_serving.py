"""The service as a process: it starts, answers, is told to stop, and what it answered is there afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.interfaces.service.guard.book import Made, make_token
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings
from tests.house.source import ROOT
from tests.interfaces import small
from tests.interfaces.service.fakes import JSON, LINES, MADE
from tests.interfaces.service.routes.deciding.test_batches import as_lines, items

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

SERVE = (sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench")
PATIENCE = 30
DECIDE, BATCH = "/v1/decisions", "/v1/decisions:batch"
BODY = json.dumps(MADE).encode()


@dataclass(frozen=True, slots=True)
class Running:
    """A service in a process of its own, on a unix socket."""

    process: subprocess.Popen[bytes]
    folder: Path
    credential: str

    def client(self) -> httpx.Client:
        transport = httpx.HTTPTransport(uds=str(self.folder / "socket"))
        headers = {"authorization": f"Bearer {self.credential}"}
        return httpx.Client(transport=transport, base_url="http://localhost", headers=headers, timeout=PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    @property
    def logs(self) -> list[dict[str, Any]]:
        lines = (self.folder / "log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a pack, a token and a file of settings; short, as the path of a unix socket must be."""
    small.write(tmp_path / "pack")
    (tmp_path / "assay.toml").write_text(
        f"""[service]
unix_socket = "{tmp_path}/socket"
shutdown_seconds = 3
log_level = "debug"
[guard]
tokens = "{tmp_path}/tokens.json"
[bundles]
source = "{tmp_path}/pack"
allow_unsigned = true
state = "{tmp_path}/state"
[store]
folder = "{tmp_path}/records"
durability = "written"
parquet = false
""",
        encoding="utf-8",
    )
    made = make_token(tmp_path / "tokens.json", "ada", ("decide", "read", "operate"))
    assert isinstance(made, Made)
    (tmp_path / "token").write_text(made.credential, encoding="utf-8")
    return tmp_path


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    command = [*SERVE, "--config", str(folder / "assay.toml")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
    with (folder / "log").open("wb") as log, (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=log, cwd=ROOT, env=environment)
        found = Running(process, folder, (folder / "token").read_text(encoding="utf-8"))
        try:
            until = time.monotonic() + PATIENCE
            while b"assay decides at" not in (folder / "said").read_bytes():
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < until
                time.sleep(0.05)
            yield found
        finally:
            process.kill()
            process.wait(PATIENCE)


def kept_in(folder: Path) -> list[tuple[str, bytes]]:
    """Keys and records, as the next process finds them."""
    keeper = open_store(StoreSettings(folder=folder / "records", parquet=False))
    assert isinstance(keeper, Keeper)
    try:
        return list(keeper.kept_keys())
    finally:
        keeper.close()


def test_what_is_answered_is_kept_and_a_stop_ends_with_0(folder: Path) -> None:
    with running(folder) as service, service.client() as client:
        answers = [
            client.post(DECIDE, content=BODY, headers={**JSON, "idempotency-key": f"key-{number}"})
            for number in range(20)
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert client.get("/readyz").json()["ready"] is True
        assert service.stop() == 0
    assert not (folder / "socket").exists()
    assert [record for _, record in kept_in(folder)] == [answer.content for answer in answers]


def test_a_key_is_known_after_a_restart_even_one_by_force(folder: Path) -> None:
    headers = {**JSON, "idempotency-key": "upload-1/first"}
    with running(folder) as service, service.client() as client:
        first = client.post(DECIDE, content=BODY, headers=headers)
        service.process.kill()
        service.process.wait(PATIENCE)
    time.sleep(1.1)
    with running(folder) as service, service.client() as client:
        again = client.post(DECIDE, content=BODY, headers=headers)
        fresh = client.post(DECIDE, content=BODY, headers=JSON)
        assert service.stop() == 0
    assert again.content == first.content != fresh.content
    assert again.headers["idempotency-replayed"] == "true"
    assert len(kept_in(folder)) == 1


def test_a_batch_that_runs_when_the_stop_comes_is_finished_within_the_limit(folder: Path) -> None:
    with running(folder) as service, service.client() as client:

        def body() -> Iterator[bytes]:
            yield as_lines(items(50))
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            yield as_lines(items(50))

        answer = client.post(BATCH, content=body(), headers=LINES)
        assert len(answer.content.splitlines()) == 100
        assert service.process.wait(PATIENCE) == 0


@contextmanager
def batch_on_the_wire(service: Running) -> Iterator[tuple[socket.socket, Callable[[bytes], None]]]:
    """A batch by hand, since most clients read no answer before they have sent everything."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(service.folder / "socket"))
        connection.settimeout(PATIENCE)
        head = f"POST {BATCH} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {service.credential}\r\n"
        head += "content-type: application/x-ndjson\r\nidempotency-key: wire\r\ntransfer-encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        yield connection, lambda piece: connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))


def test_a_batch_that_takes_longer_than_the_limit_is_cut_off_and_its_answers_are_kept(folder: Path) -> None:
    with running(folder) as service, batch_on_the_wire(service) as (connection, send):
        send(as_lines(items(40)))
        got = b""
        while got.count(b'"schema"') < 40:
            got += connection.recv(1 << 16)
        service.process.send_signal(signal.SIGTERM)
        while more := connection.recv(1 << 16):
            got += more
        assert not got.endswith(b"0\r\n\r\n"), "the answer is not ended as if it were whole"
        assert service.process.wait(PATIENCE) == 0
    assert len(kept_in(folder)) == 40


def test_single_requests_stay_quick_beside_a_batch(folder: Path) -> None:
    with running(folder) as service, service.client() as client, batch_on_the_wire(service) as (connection, send):

        def feed() -> None:
            for _ in range(60):
                send(as_lines(items(500)))
            send(b"")

        def drain() -> None:
            seen = b""
            while not seen.endswith(b"\r\n0\r\n\r\n"):
                seen = seen[-16:] + connection.recv(1 << 20)

        threads = [threading.Thread(target=work, daemon=True) for work in (feed, drain)]
        for thread in threads:
            thread.start()
        took = []
        while threads[1].is_alive():
            before = time.perf_counter()
            assert client.post(DECIDE, content=BODY, headers=JSON).status_code == 200
            took.append(time.perf_counter() - before)
        took.sort()
        assert len(took) > 10
        assert took[len(took) // 2] < 0.2


def test_a_body_up_to_the_bound_may_be_sent_before_any_answer_is_read(folder: Path) -> None:
    body = as_lines(items(30_000))
    assert 2 << 20 < len(body) < 4 << 20
    with running(folder) as service, service.client() as client:
        answer = client.post(BATCH, content=body, headers=LINES)
        assert len(answer.content.splitlines()) == 30_000


def test_logs_are_json_without_ids_tokens_or_content(folder: Path) -> None:
    with running(folder) as service, service.client() as client:
        told = {"id": "SECRET-ID", "signals": {"SECRET-SIGNAL": "SECRET-VALUE"}}
        assert client.post(DECIDE, json=told).status_code == 422
        assert client.post(f"{DECIDE}?SECRET=SECRET", json=told).status_code == 400
        assert client.post(DECIDE, json={**MADE, "id": "SECRET-ID"}).status_code == 200
        service.stop()
        assert {line["event"] for line in service.logs} >= {"started", "answered", "stopped"}
        answered = [line for line in service.logs if line["event"] == "answered"]
        assert [line["status"] for line in answered] == [422, 400, 200]
        assert all(line["request"] and line["route"] == "decide" for line in answered)
        said = (folder / "log").read_text(encoding="utf-8")
        assert "SECRET" not in said
        assert service.credential not in said


def test_a_service_that_starts_by_what_it_had_kept_says_so_and_why(folder: Path) -> None:
    with running(folder) as service:
        service.stop()
        assert "from-state" not in {line["event"] for line in service.logs}
    pack = folder / "pack" / "pack.yaml"
    pack.write_text("broken: [", encoding="utf-8")
    with running(folder) as service:
        service.stop()
        told = [line for line in service.logs if line["event"] == "from-state"]
        assert [line["level"] for line in told] == ["warning"]
        assert "pack.yaml" in told[0]["reason"]


def test_an_address_that_is_taken_is_said_before_anything_is_opened(folder: Path) -> None:
    with running(folder):
        again = subprocess.run(
            [*SERVE, "--config", str(folder / "assay.toml")],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    assert again.returncode == 2
    assert b"cannot-listen" in again.stderr
    assert b"in use" in again.stderr


def test_a_record_whose_key_is_another_rooms_is_none_of_ours(folder: Path) -> None:
    keeper = open_store(StoreSettings(folder=folder / "records", parquet=False))
    assert isinstance(keeper, Keeper)
    keeper.keep_now([Entry([b"{}"], "a", "nats:ITEMS:1:5")])
    keeper.close()
    with running(folder) as service, service.client() as client:
        assert client.get("/readyz").status_code == 200
        assert service.stop() == 0
