"""Starts a process for a piece of work, watches it, and ends it. It reads nothing of the texts itself."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assay.engine.kernel.errors import Fault
from assay.governance.policies.impact.rules.work import KILLED
from assay.governance.policies.ports import Outcome, Progress, Task

PROCESS = "assay.interfaces.web.ports.workshop.child"
MEMORY = 4 << 30
SECONDS = 900.0
# What a process needs to find Python and itself; secrets of ours stay with us.
_PASSED = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LANG", "LC_ALL",
    "XDG_CACHE_HOME",
)  # fmt: skip
# How often whoever waits is told that it goes on, and may stop it.
_BEAT = 0.5
_LONGEST_ANSWER = 64 << 20


@dataclass(frozen=True, slots=True)
class Bench:
    """Where work is done.

    history  past items to rehearse on: a Parquet file, or a folder of them; None where there are none
    seconds  how long one piece may take
    memory   how much it may hold, in bytes
    """

    history: Path | None = None
    seconds: float = SECONDS
    memory: int = MEMORY

    def has_history(self) -> bool:
        """Whether there is a file to rehearse on."""
        place = self.history
        if place is None:
            return False
        return place.is_file() or (place.is_dir() and next(place.glob("**/*.parquet"), None) is not None)

    def run(self, task: Task, progress: Progress) -> Outcome | Fault:
        """Do it, or say why it could not be done; what `progress` raises ends the process and goes on to the caller."""
        if task.work == "rehearsal" and not self.has_history():
            return Fault("no-history", "no past items are at hand: set `policies.history` to a folder of Parquet files")
        try:
            process = _started()
        except OSError as error:
            reason = (error.strerror or "no reason is given").lower()
            return Fault("work-failed", f"no process could be started: {reason}")
        try:
            return self._watched(process, self._asked(task), progress)
        finally:
            _end(process)

    def _asked(self, task: Task) -> bytes:
        asked = {
            "work": task.work,
            "old": dict(task.old),
            "new": dict(task.new),
            "as_of": task.as_of,
            "options": dict(task.options),
            "history": None if self.history is None else str(self.history.resolve()),
            "memory": self.memory,
            # The process's own limit counts what it computes and so is the later one; ours counts time as it passes.
            "seconds": int(self.seconds) + 30,
        }
        return json.dumps(asked).encode() + b"\n"

    def _watched(self, process: subprocess.Popen[bytes], asked: bytes, progress: Progress) -> Outcome | Fault:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a process for work has both its pipes")
        with suppress(BrokenPipeError):
            # It stays open: a process that finds its end ends too, so that nothing outlives a clerk that was killed.
            process.stdin.write(asked)
            process.stdin.flush()
        deadline = time.monotonic() + self.seconds
        done, total, words = 0, 0, "starting"
        for line in _lines(process.stdout, deadline):
            said = _read(line) if line is not None else None
            if isinstance(said, Outcome | Fault):
                return said
            if said is not None:
                done, total, words = said
            progress(done, total, words)
        if time.monotonic() >= deadline:
            return Fault("work-timed-out", f"it was not done within {self.seconds:g} seconds; `policies.work_seconds`")
        return _ended(process.wait(timeout=10))


def _started() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    # Our own interpreter and our own module; texts that people wrote come by standard input alone.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", PROCESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _lines(stream: IO[bytes], deadline: float) -> Iterator[bytes | None]:
    """Whole lines as they come, and None where none came for a moment; ends with the stream or the time."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        held = bytearray()
        while time.monotonic() < deadline:
            if not selector.select(_BEAT):
                yield None
                continue
            part = os.read(stream.fileno(), 1 << 16)
            if not part or len(held) > _LONGEST_ANSWER:
                return
            held += part
            *whole, rest = held.split(b"\n")
            held = bytearray(rest)
            yield from map(bytes, whole)


def _read(line: bytes) -> tuple[int, int, str] | Outcome | Fault | None:
    """What the process said; a line that cannot be read says nothing."""
    try:
        said: Mapping[str, Any] = json.loads(line)
        match said["kind"]:
            case "progress":
                return int(said["done"]), int(said["total"]), str(said["words"])
            case "fault":
                return Fault(str(said["slug"]), str(said["words"]))
            case "outcome":
                return Outcome(said["passed"], str(said["words"]), said["document"], str(said["page"]))
            case _:
                return None
    except (ValueError, KeyError, TypeError):
        return None


def _ended(code: int) -> Fault:
    if code == -signal.SIGKILL:
        return Fault(KILLED, "the process that did it was ended from outside")
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return Fault("work-failed", f"the process that did it ended {how}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started are gone afterwards."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
