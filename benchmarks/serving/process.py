"""A server as a process of its own on one core: started, its CPU seconds and memory read, stopped. It sends no load."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.serving.load import Order, Seen

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds_to_start: float

    def cpu_seconds(self) -> float:
        """Seconds of CPU time, user and system, of all its threads; what its children took is not in it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def megabytes(self) -> float:
        """Memory that it holds."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What was seen from outside, and what it cost inside."""

    seen: Seen
    cpu: float

    @property
    def per_cpu_second(self) -> float:
        """How many were answered for a second of the server's CPU time."""
        return self.seen.answered / self.cpu if self.cpu else 0.0

    @property
    def fine(self) -> bool:
        """Whether everything was answered, and answered well."""
        return set(self.seen.statuses) == {"200"} and not self.seen.problems


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def running(arguments: Sequence[str], port: int, ready: str, log: Path) -> Iterator[Server]:
    """A Python program that serves, on the core for servers, until it answers; it is ended afterwards.

    raises  RuntimeError with what it wrote, where it ends before it answers
    """
    began = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0"},
        )
    if (os.cpu_count() or 1) > 1:
        # At once, before it has made a thread: they run where it runs.
        os.sched_setaffinity(process.pid, {SERVER_CORE})
    try:
        _await(process, f"http://127.0.0.1:{port}{ready}", log)
        yield Server(process, port, log, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"the server did not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def send(server: Server, order: Order) -> Load:
    """Have the load generator, a process on its own core, send what is ordered; and what it cost the server."""
    before = server.cpu_seconds()
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.serving.load"],
        input=json.dumps(asdict(order)).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    return Load(Seen(**json.loads(ended.stdout)), server.cpu_seconds() - before)


def headers(token: str) -> dict[str, str]:
    """The headers of every request."""
    return {"Authorization": f"Bearer {token}"}
