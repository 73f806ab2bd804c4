"""Rotates a folder in a process of its own, beside whoever answers requests. It never waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from assay.engine.kernel.errors import Fault

_LOOK_EVERY, _TRY_AGAIN, _AFTER_START = 1.0, 600.0, 3.0
_PATIENCE = 5.0


class Background:
    """Starts the program that rotates when a segment was closed, one at a time.

    fault  why the last file that was not rotated was not
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        # Whoever starts has better things to do at first.
        self._wanted, self._next = False, time.monotonic() + _AFTER_START
        self.fault: Fault | None = None

    def sealed(self, path: Path) -> None:
        """There is a closed segment."""
        del path
        self._wanted = True

    def tend(self) -> float:
        """Start what is wanted, look after what runs; the seconds until it wants to be asked again."""
        if self._running is not None and self._running.poll() is not None:
            self._end(self._running)
        if self._running is None and self._wanted and time.monotonic() >= self._next:
            self._wanted = False
            self._start()
        if self._running is not None:
            return _LOOK_EVERY
        return max(_LOOK_EVERY, self._next - time.monotonic()) if self._wanted else 60.0

    def close(self) -> None:
        """End what runs: it can be ended anywhere, and the next start goes on from there."""
        running, self._running = self._running, None
        if running is None:
            return
        running.terminate()
        try:
            running.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()

    def _start(self) -> None:
        # -P keeps the working folder, which anybody may write to, out of where modules are looked for.
        command = [sys.executable, "-P", "-m", "assay.interfaces.stores.rotation", str(self._folder)]
        try:
            self._running = subprocess.Popen(  # noqa: S603 (our own program, and the folder of the settings)
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            self._failed(Fault("rotation-failed", f"rotation cannot be started: {(error.strerror or '').lower()}"))

    def _end(self, ended: subprocess.Popen[bytes]) -> None:
        self._running = None
        output, _ = ended.communicate()
        faults = [fault for line in output.splitlines() if (fault := _fault_of(line)) is not None]
        if faults and faults[-1].slug == "rotation-running":
            # The one that an earlier process of ours started is still at it.
            self._wanted, self._next = True, time.monotonic() + 10 * _LOOK_EVERY
        elif faults:
            self._failed(faults[-1])
        elif ended.returncode:
            self._failed(Fault("rotation-failed", f"rotation ended with {ended.returncode}; it is tried again later"))
        else:
            self.fault = None

    def _failed(self, fault: Fault) -> None:
        self.fault = fault
        self._wanted, self._next = True, time.monotonic() + _TRY_AGAIN


def _fault_of(line: bytes) -> Fault | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("slug"), str):
        return None
    return Fault(said["slug"], str(said.get("words", "")))
