"""Keeps requests and tokens within so many a minute, over all threads that ask. It drops none; it makes them wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

# A rough count for text in any script, on the careful side; the endpoint's own count comes too late to wait for it.
BYTES_A_TOKEN = 3


class Pace:
    """Requests leave evenly, none before its turn."""

    def __init__(
        self,
        requests_per_minute: int,
        tokens_per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._for_request = 60.0 / requests_per_minute
        self._for_token = 60.0 / tokens_per_minute
        self._clock, self._sleep = clock, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, tokens: int) -> None:
        """Let a request's turn come, and book the time until the one after it."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + max(self._for_request, tokens * self._for_token)
        if turn > now:
            self._sleep(turn - now)
