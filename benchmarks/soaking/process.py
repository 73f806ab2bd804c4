"""What a process holds, read from the system while it runs: memory, descriptors, threads. It changes nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at one moment; memory in megabytes."""

    seconds: float
    memory: float
    descriptors: int
    threads: int


def sample(process: int) -> Sample:
    """How a process is now."""
    fields = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
        if ":" in line
    )
    descriptors = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return Sample(time.monotonic(), int(fields["VmRSS"].split()[0]) / 1024, descriptors, int(fields["Threads"]))
