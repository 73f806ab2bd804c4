"""Consumers as processes of their own, as an operator runs them: killed, stopped, started. It leaves none running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings

_BEGINS_WITHIN = 60.0


@dataclass
class Process:
    """`assay consume` with a folder of its own."""

    folder: Path
    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "ASSAY_BUNDLES__STATE": str(self.folder / "state"),
            "ASSAY_STORE__FOLDER": str(self.folder / "records"),
            "ASSAY_STORE__DURABILITY": "written",
            "ASSAY_STREAM__PORT": "0",
            **self.environment,
        }
        self.log.write_bytes(b"")
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "assay.interfaces.cli.app", "consume", *self.words]
            self.running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        if wait:
            self.wait_for("Ctrl-C ends it")

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def wait_for(self, words: str, seconds: float = _BEGINS_WITHIN) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if words in self.log.read_text():
                return
            assert self.running is None or self.running.poll() is None, self.log.read_text()
            time.sleep(0.01)
        raise AssertionError(f"it never said `{words}`: {self.log.read_text()}")

    def wait_until_busy(self, seconds: float) -> None:
        """Until its record folder grows, or the time is over."""
        before = self._size()
        until = time.monotonic() + seconds
        while self._size() == before and time.monotonic() < until:
            time.sleep(0.005)

    def _size(self) -> int:
        return sum(path.stat().st_size for path in (self.folder / "records").glob("*.segment"))

    def kill(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait(20)
            self.running = None

    def stop(self, seconds: float = 30.0) -> int:
        assert self.running is not None
        self.running.send_signal(signal.SIGTERM)
        code = self.running.wait(seconds)
        self.running = None
        return code

    def kept(self) -> list[tuple[str, bytes]]:
        """Every record by its key, the oldest first; only while the process does not run."""
        keeper = open_store(StoreSettings(folder=self.folder / "records", parquet=False))
        assert isinstance(keeper, Keeper)
        try:
            return list(keeper.kept_keys())
        finally:
            keeper.close()


@contextmanager
def consuming(*processes: Process) -> Iterator[None]:
    """Whatever happens, none of them outlives the test."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()
