"""The site that the browser tests look at: a real `assay serve` with the demonstration's workbench, one a worker."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.conftest import ROOT
from tests.interfaces.browsing import DESK, started

PATIENCE_SECONDS = 60.0
ONCE = "the-site"


class Said(TypedDict):
    """What the program that fills a workbench says of it."""

    cookie: str
    sessions: dict[str, str]
    keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class Site:
    """A workbench that is served, and by name the sessions of those who are signed in there, and everybody's keys."""

    address: str
    folder: Path
    cookie: str
    sessions: dict[str, str]
    keys: dict[str, str]

    def signed_in(self, browser: Browser, name: str | None) -> BrowserContext:
        """A browser's context in which somebody is signed in, or nobody; without motion."""
        context = browser.new_context(viewport=DESK, reduced_motion="reduce", base_url=self.address)
        if name is not None:
            context.add_cookies([{"name": self.cookie, "value": self.sessions[name], "url": self.address}])
        return context


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """The demonstration's workbench, served from a folder of this worker's own."""
    folder = tmp_path_factory.mktemp("site")
    settings, said = copied_site(tmp_path_factory, worker_id, folder)
    with served(folder, "--config", str(settings)) as address:
        yield Site(address, folder, said["cookie"], said["sessions"], said["keys"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    with started() as found:
        yield found


def copied_site(factory: pytest.TempPathFactory, worker: str, folder: Path) -> tuple[Path, Said]:
    """The demonstration's workbench in a folder of one's own, which is made once for all workers; its settings."""
    shared = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    made, said = _made_once(shared / ONCE)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    settings = folder / "workbench" / "assay.toml"
    settings.write_text(settings.read_text().replace(str(made), str(folder)))
    return settings, said


def _made_once(place: Path) -> tuple[Path, Said]:
    """The folder as one of several workers made it; the others wait for it."""
    place.mkdir(exist_ok=True)
    told = place / "said.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            command = [sys.executable, "-m", "tests.interfaces.web.browser.filling", str(place / "made")]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
            assert run.returncode == 0, run.stderr
            told.write_text(run.stdout.splitlines()[-1])
    return place / "made", json.loads(told.read_text())


@contextmanager
def served(folder: Path, *words: str) -> Iterator[str]:
    """`assay serve` in a process of its own; its address, once the workbench answers."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "DATABASE_"))}
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", *words, "--port", "0"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield _address(process, folder / "log")
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        addresses = [word for word in log.read_text().split() if word.startswith("http://127.0.0.1:")]
        if addresses and _is_open(addresses[0]):
            return addresses[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _is_open(address: str) -> bool:
    """Whether the workbench answers: it is loaded after the service has begun to decide."""
    try:
        return httpx.get(f"{address}/account/login/").status_code == 200
    except httpx.HTTPError:
        return False
