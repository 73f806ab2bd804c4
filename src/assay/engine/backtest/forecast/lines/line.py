"""One line of a forecast, put together from three figures. It works none of them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import ForecastLine

# The figure under the old version, under the new one, and the change.
Triple: TypeAlias = tuple[Estimate, Estimate, Estimate]


def line(slug: str, title: str, unit: str, found: Triple, assumptions: tuple[str, ...]) -> ForecastLine:
    """A line of a forecast."""
    return ForecastLine(slug, title, unit, *found, assumptions)


def each(found: Triple, change: Callable[[Estimate], Estimate]) -> Triple:
    """The same made of the old figure, the new one and the change."""
    old, new, difference = (change(one) for one in found)
    return old, new, difference
