"""How much a client has used of what it may: a bucket of requests, a bucket of items. It never waits itself."""

from __future__ import annotations

from assay.interfaces.service.guard.settings import GuardSettings


class Bucket:
    """So many each second, so many at once after a pause.

    It may go into debt: a batch is counted while it is read, and its client is made to wait until the debt is paid.
    """

    __slots__ = ("_burst", "_left", "_rate", "_since")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._since = float(burst), now

    def take(self, amount: float, now: float) -> float:
        """Take some if nothing is owed; else the seconds until the debt is paid, and nothing is taken."""
        waiting = self.owed(now)
        if waiting <= 0.0:
            self._left -= amount
            return 0.0
        return waiting

    def charge(self, amount: float, now: float) -> float:
        """Take some whatever is left; the seconds until the debt is paid."""
        self.owed(now)
        self._left -= amount
        return -self._left / self._rate if self._left < 0 else 0.0

    def owed(self, now: float) -> float:
        """The seconds until less than nothing is owed."""
        left = self._left + (now - self._since) * self._rate
        self._left = left = min(left, self._burst)
        self._since = now
        # Less than one whole is as good as nothing: half a request cannot be sent.
        return (1.0 - left) / self._rate if left < 1.0 else 0.0


class Meter:
    """What one client uses."""

    __slots__ = ("items", "requests", "under_way")

    def __init__(self, settings: GuardSettings, now: float) -> None:
        self.requests = Bucket(settings.requests_per_second, settings.requests_burst, now)
        self.items = Bucket(settings.items_per_second, settings.items_burst, now)
        self.under_way = 0
