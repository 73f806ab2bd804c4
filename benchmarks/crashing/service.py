"""`assay serve` as a process that is killed and started again in one folder. It sends no load."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 60.0
# Small segments, so that many are sealed and turned into Parquet while the service is killed.
SMALL = {
    "ASSAY_STORE__SEGMENT_BYTES": str(1 << 20),
    "ASSAY_BUNDLES__POLL": "0.5",
    "ASSAY_SERVICE__LOG_LEVEL": "warning",
}


@dataclass(slots=True)
class Service:
    """A service in a folder of its own: records, state, tokens and its log are there.

    pack     a folder, or None where the settings say where bundles come from
    started  seconds from each start until the service was ready
    """

    folder: Path
    pack: Path | None
    port: int
    settings: dict[str, str] = field(default_factory=lambda: dict(SMALL))
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def records(self) -> Path:
        """The folder of its records."""
        return self.folder / "records"

    def start(self) -> float:
        """Start it; the seconds until it says that it is ready.

        raises  RuntimeError with the end of its log, where it does not become ready
        """
        began = time.monotonic()
        command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench"]
        command += ["--port", str(self.port), *([] if self.pack is None else ["--pack", str(self.pack)])]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, env={**os.environ, **self.settings}
            )
        while time.monotonic() < began + _PATIENCE and self.process.poll() is None:
            if self._ready():
                self.started.append(time.monotonic() - began)
                return self.started[-1]
            time.sleep(0.01)
        said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the service did not become ready:\n{said}")

    def _ready(self) -> bool:
        # Nothing that takes the processor from the service that starts: no context for encryption, no pool.
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1.0)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def bundle(self, token: str) -> dict[str, Any]:
        """What it says of its bundles."""
        answer = httpx.get(f"{self.address}/v1/bundle", headers={"Authorization": f"Bearer {token}"}, timeout=10.0)
        found: dict[str, Any] = answer.json()
        return found

    def kill(self) -> None:
        """End it as a power cut of the process would: nothing of it runs any further."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> int:
        """Ask it to end; what it ended with."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE)
