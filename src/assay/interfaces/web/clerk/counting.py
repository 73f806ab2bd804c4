"""What the clerk did in this process, for metrics. It keeps nothing after the process."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

Sample = tuple[str, tuple[str, ...], float]


class Counts:
    """Counts of every chore; read and written by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._ended: dict[str, float] = {}

    def finished(self, chore: str, number: int) -> None:
        """A round ended well."""
        with self._lock:
            self._done[chore] += number
            self._ended[chore] = time.time()

    def failed(self, chore: str) -> None:
        """A round ended in a fault."""
        with self._lock:
            self._failures[chore] += 1

    def samples(self) -> Iterator[Sample]:
        """Everything as metrics."""
        with self._lock:
            done, failures, ended = dict(self._done), dict(self._failures), dict(self._ended)
        yield from (("assay_clerk_done", (chore,), count) for chore, count in done.items())
        yield from (("assay_clerk_failures", (chore,), failures.get(chore, 0)) for chore in {*done, *failures})
        yield from (("assay_clerk_round_seconds", (chore,), at) for chore, at in ended.items())


COUNTS = Counts()


def samples() -> Iterator[Sample]:
    """What the clerk of this process did."""
    return COUNTS.samples()
