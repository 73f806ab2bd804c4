"""Keeps count of what could not be decided, and writes it down where that was asked for. It never stops a run."""

from __future__ import annotations

import json
from collections import Counter
from typing import BinaryIO

from assay.interfaces.records.reading import Reject

SHOWN = 5


class Rejects:
    """Rejects by slug, and the first few in full. Faults beside records that were decided are counted apart."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.beside: Counter[str] = Counter()
        self.first: list[Reject] = []
        self._stream = stream

    def add(self, reject: Reject) -> None:
        """Count one, and write it."""
        (self.beside if reject.decided else self.counts)[reject.slug] += 1
        if len(self.first) < SHOWN:
            self.first.append(reject)
        if self._stream is not None:
            line = json.dumps(reject.as_mapping(), ensure_ascii=False, allow_nan=False)
            self._stream.write(line.encode("utf-8", errors="backslashreplace") + b"\n")

    def __len__(self) -> int:
        return sum(self.counts.values())


def counted(counts: Counter[str]) -> str:
    """Counts by slug in words, the most frequent first: `2 wrong-type, 1 broken-json`."""
    return ", ".join(f"{number:,} {slug}" for slug, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair)))
