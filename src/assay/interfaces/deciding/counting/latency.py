"""Times of requests counted into steps, by route. It keeps no single time."""

from __future__ import annotations

from bisect import bisect_left

# Seconds. Two or three steps to each factor of ten, from what one item takes to what nobody waits for.
EDGES = (
    *(0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03),
    *(0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0),
)
MOST_ROUTES = 64
OTHER = "other"


class Latencies:
    """How long requests took. A route that is one too many is counted as `other`, so that nobody fills the memory."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}
        self._answers: dict[tuple[str, int], int] = {}

    def took(self, route: str, status: int, seconds: float) -> None:
        """Count one request. The event loop's thread alone calls it."""
        counts = self._counts.get(route)
        if counts is None:
            route, counts = self._begin(route)
        counts[bisect_left(EDGES, seconds)] += 1
        self._sums[route] += seconds
        key = (route, status)
        self._answers[key] = self._answers.get(key, 0) + 1

    def _begin(self, route: str) -> tuple[str, list[int]]:
        if route not in self._counts and len(self._counts) >= MOST_ROUTES:
            route = OTHER
        self._sums.setdefault(route, 0.0)
        return route, self._counts.setdefault(route, [0] * (len(EDGES) + 1))

    def histograms(self) -> dict[str, tuple[list[int], float]]:
        """By route: requests in each step, the last for all that took longer, and the sum of seconds."""
        return {route: (list(counts), self._sums[route]) for route, counts in list(self._counts.items())}

    def answers(self) -> dict[tuple[str, int], int]:
        """By route and status: how many requests were answered."""
        return dict(self._answers)
