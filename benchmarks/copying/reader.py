"""A process of its own that opens an index and asks it, and says how long that took and what memory it has."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from assay.detection.copies.search.index import HammingIndex
from benchmarks.copying.hashes import FARTHEST


def main(folder: Path, asked: Path) -> None:
    """Prints milliseconds to open and to the first answer, and megabytes before and after all queries."""
    queries, before = np.load(asked, allow_pickle=False), memory()
    began = time.perf_counter()
    index = HammingIndex(folder)
    opened = time.perf_counter()
    index.search(queries[:1], FARTHEST)
    answered = time.perf_counter()
    index.search(queries, FARTHEST)
    after = memory()
    told = {
        "open_ms": (opened - began) * 1000,
        "first_ms": (answered - opened) * 1000,
        "own_mb": after["RssAnon"] - before["RssAnon"],
        "mapped_mb": after["RssFile"] - before["RssFile"],
    }
    sys.stdout.write(json.dumps(told))


def memory() -> dict[str, float]:
    """Megabytes of this process that are its own, and that are pages of files; zero where the system does not say."""
    told = {"RssAnon": 0.0, "RssFile": 0.0}
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        name, _, value = line.partition(":")
        if name in told:
            told[name] = int(value.split()[0]) / 1000
    return told


def own_memory() -> float:
    """Megabytes of this process that are no files' pages."""
    return memory()["RssAnon"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
