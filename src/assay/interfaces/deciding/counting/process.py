"""What the operating system says of this process: memory and processor time. It says nothing where it cannot know."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from assay.interfaces.deciding.counting.sources import Sample

_STATM = Path("/proc/self/statm")


def process_samples(began: float) -> Iterator[Sample]:
    """Memory, processor time, and when it began."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
        yield "assay_process_resident_bytes", (), pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        # Other systems than Linux have no such file; a number made up would be worse than none.
        pass
    yield "assay_process_cpu_seconds", (), time.process_time()
    yield "assay_process_started_seconds", (), began
