"""The thread that looks at a source again and again. It never ends by a fault of what it calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Event, Thread


class Polling:
    """Calls something now and then, each wait a little longer or shorter, so that many services spread out."""

    def __init__(
        self, look: Callable[[], object], seconds: float, jitter: float, failed: Callable[[Exception], None]
    ) -> None:
        self._look, self._seconds, self._jitter, self._failed = look, seconds, jitter, failed
        self._woken = Event()
        self._closing = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; the first look is after the first wait."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="assay-bundles", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    def close(self) -> None:
        """Stop; a look that is under way is not waited for longer than a moment."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._closing.is_set():
            # Waiting counts what has passed and not what a clock shows, so a clock that jumps changes nothing.
            self._woken.wait(self._seconds * (1 + self._jitter * random.uniform(-1, 1)))
            self._woken.clear()
            if self._closing.is_set():
                return
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 (the outer edge of a job: recorded, and tried again)
                self._failed(error)
