"""One process, two halves: decisions are made while the workbench cannot be, and both end when they are told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.interfaces import small

PATIENCE = 60.0
ITEM = {"id": "upload-1", "signals": {}}
pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """`assay serve`, where the file of the workbench's database is something else."""
    (tmp_path / "workbench.sqlite3").write_text("a letter to somebody, and no database\n" * 100, encoding="utf-8")
    pack = small.write(tmp_path / "pack")
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--port", "0", "--pack", str(pack)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "DATABASE_"))}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
        )
    yield tmp_path, process
    process.kill()
    process.communicate()


def told(stream: IO[str] | None) -> dict[str, str]:
    """What a stranger reads first, as far as a test needs it."""
    assert stream is not None
    found: dict[str, str] = {}
    for line in stream:
        if match := re.match(r"assay decides at (\S+)|the workbench opens at (\S+)|  token +(\S+)", line):
            found |= {
                name: text for name, text in zip(("address", "pages", "token"), match.groups(), strict=True) if text
            }
        if line.startswith("Ctrl-C"):
            break
    return found


def until(client: httpx.Client, status: int) -> httpx.Response:
    deadline, answer = time.monotonic() + PATIENCE, client.get("/")
    while time.monotonic() < deadline:
        if answer.status_code == status and "is starting" not in answer.text:
            return answer
        time.sleep(0.05)
        answer = client.get("/")
    pytest.fail(f"no page with {status}: {answer.status_code} {answer.text[:300]}")


def test_decisions_are_made_whatever_keeps_the_workbench_from_starting_and_it_starts_once_that_is_mended(
    served: tuple[Path, subprocess.Popen[str]],
) -> None:
    folder, process = served
    first = told(process.stdout)
    assert first["pages"].startswith("http://localhost:")
    token = {"Authorization": f"Bearer {first['token']}"}
    with httpx.Client(base_url=first["address"], timeout=PATIENCE) as client:
        # The page says that it starts; the decision does not wait for it.
        early = client.post("/v1/decisions", json=ITEM, headers=token)
        assert early.status_code == 200
        refused = until(client, 503)
        assert "no-database" in refused.text
        assert client.post("/v1/decisions", json=ITEM, headers=token).status_code == 200
        assert "assay_workbench_ready 0" in client.get("/metrics", headers=token).text
        (folder / "workbench.sqlite3").unlink()
        welcomed = until(client, 302)
        assert welcomed.headers["location"].startswith("/account/login/")
        assert client.get("/account/login/").status_code == 200
        # A path below the service's own stays the service's, which wants a token.
        assert client.get("/v1/nothing").status_code == 401
        # A page is counted once it has gone out, which may be a moment after it has come in here.
        deadline, counted = time.monotonic() + PATIENCE, ""
        while 'assay_workbench_requests_total{status="200"} 1' not in counted and time.monotonic() < deadline:
            counted = client.get("/metrics", headers=token).text
    assert "assay_workbench_ready 1" in counted
    assert 'assay_workbench_requests_total{status="200"} 1' in counted
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    log = (folder / "log").read_text(encoding="utf-8")
    assert '"slug": "no-database"' in log
    assert '"event": "fault"' not in log
    assert "Traceback" not in log
