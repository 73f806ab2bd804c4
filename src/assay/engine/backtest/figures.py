"""Figures with their uncertainty, as everything here gives them. They never hide how many rows stand behind them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONFIDENCE = 0.95


class Unit(StrEnum):
    """What a figure counts."""

    DECISIONS = "decisions"
    ITEMS = "items"
    VIEWS = "views"
    CREATORS = "creators"
    HOURS = "hours"
    SECONDS = "seconds"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the bounds of its 95 % interval.

    value, low, high  None where the figure is suppressed or cannot be had
    rows              sampled rows that stand behind it
    method            how it was estimated: `census`, `stratified`, `unequal`, `wilson`, `rogan-gladen`, `simulated`
    suppressed        whether it was kept back because too few rows stand behind it
    """

    value: float | None
    low: float | None
    high: float | None
    rows: int
    method: str
    suppressed: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that something can be where signals are missing; never a point between them."""

    least: Estimate
    most: Estimate

    @property
    def is_point(self) -> bool:
        """Whether nothing missing leaves it open."""
        return self.least == self.most
