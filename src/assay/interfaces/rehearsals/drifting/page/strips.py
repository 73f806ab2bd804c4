"""Small drawings of intervals and of what scores mean, as SVG without a script. They show no figure of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.engine.backtest.drift.calibration import Bin, Reliability
from assay.engine.backtest.figures import Estimate
from assay.interfaces.rehearsals.figures import interval_of

WIDTH, MIDDLE = 160.0, 80.0
_MARGIN = 4.0
SQUARE, _LEFT = 240.0, 28.0
_BESIDE = 2.5


@dataclass(frozen=True, slots=True)
class Strip:
    """An interval and its point on a line that has zero in its middle, in pixels."""

    low: float
    point: float
    high: float

    @property
    def width(self) -> float:
        """How wide the interval is drawn; never too thin to be seen."""
        return max(self.high - self.low, 1.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of a score in the drawing: where it stands, and how far its interval reaches."""

    x: float
    y: float
    low: float
    high: float


def reach_of(estimates: Iterable[Estimate]) -> float:
    """How far from zero the furthest bound is, so that all strips of a table have one scale."""
    found = [interval for one in estimates if (interval := interval_of(one)) is not None]
    return max((max(abs(low), abs(high)) for low, _, high in found), default=0.0)


def strip_of(estimate: Estimate, reach: float) -> Strip | None:
    """A change as a strip; nothing where there is no figure."""
    interval = interval_of(estimate)
    if interval is None or reach <= 0:
        return None
    scale = (MIDDLE - _MARGIN) / reach
    low, point, high = (round(MIDDLE + one * scale, 1) for one in interval)
    return Strip(low, point, high)


def dots_of(reliability: Reliability, *, after: bool) -> tuple[Dot, ...]:
    """How often it was so, by what the score said; the later period a little to the right of the earlier."""
    return tuple([_dot(one, _BESIDE if after else -_BESIDE) for one in reliability.bins])


def _dot(one: Bin, beside: float) -> Dot:
    interval = interval_of(one.found) or (0.0, 0.0, 0.0)
    low, y, high = (round(SQUARE - _LEFT - share * _inner(), 1) for share in interval)
    return Dot(round(_LEFT + one.score * _inner() + beside, 1), y, low, high)


def _inner() -> float:
    return SQUARE - 2 * _LEFT
