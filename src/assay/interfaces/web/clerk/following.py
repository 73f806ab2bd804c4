"""Keeps the list of decisions up to the records, a little at a time. It never writes to the records themselves."""

from __future__ import annotations

from datetime import datetime

import structlog

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.following import Follower
from assay.interfaces.stores.indexing.opening import follower_of
from assay.interfaces.stores.settings import StoreSettings
from assay.interfaces.web.site.given import told

# Whoever decides in this process gets the rest of every second; a clerk of its own reads on as long as there is more.
_SECONDS_BESIDE, _SECONDS_ALONE = 0.2, 1.0


class Undone(RuntimeError):
    """A chore that cannot be done now; carries the slug of why."""


class Following:
    """Reads on where it stopped. Opened when it is first asked, and by one thread.

    alone  whether nothing is decided in this process
    """

    def __init__(self, *, alone: bool) -> None:
        self._seconds = _SECONDS_ALONE if alone else _SECONDS_BESIDE
        self._follower: Follower | None = None
        self._has_list = True

    def step(self, at: datetime) -> int:
        """Read what is new, for a bounded time; how many records that were.

        raises  Undone, where they cannot be read
        """
        if not self._has_list:
            return 0
        if self._follower is None:
            opened = follower_of(told(StoreSettings))
            if isinstance(opened, Fault):
                self._has_list = False
                structlog.get_logger("assay.clerk").info("no-list", slug=opened.slug, reason=opened.words)
                return 0
            self._follower = opened
        step = self._follower.follow(seconds=self._seconds)
        if step.fault is not None:
            raise Undone(step.fault.slug)
        return step.added

    def close(self) -> None:
        """Give the list back."""
        if self._follower is not None:
            self._follower.close()
            self._follower = None
