"""Work on changes, done beside the other chores: one piece at a time, in a thread of its own. It does none itself."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from django.db import connections


class Working:
    """Begins what waits, and looks at it again each round; a fault of it is this chore's fault.

    waits  whether a round goes on until nothing waits, since there is none after it
    """

    def __init__(self, *, waits: bool) -> None:
        self._waits = waits
        self._ending = threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: Future[int] | None = None

    def step(self, at: datetime) -> int:
        """How many pieces of work came to their end since the last round."""
        from assay.governance.policies.impact import working

        if self._waits:
            return working.work_all(at)
        done = 0
        if self._under_way is not None:
            if not self._under_way.done():
                return 0
            ended, self._under_way = self._under_way, None
            done = ended.result()
        if working.waits(at):
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="work")
            self._under_way = self._pool.submit(self._work, at)
        return done

    def close(self) -> None:
        """Stop what is under way; it is given back, and the next clerk does it."""
        self._ending.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _work(self, at: datetime) -> int:
        from assay.governance.policies.impact import working

        try:
            return working.work_all(at, ending=self._ending.is_set)
        finally:
            connections.close_all()
