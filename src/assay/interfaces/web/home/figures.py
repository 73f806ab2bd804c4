"""A few figures for home: how much was decided today, and how much of it is open. It counts nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, NotAllowed, may


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it says.

    value      a count, or a share in percent
    low, high  the interval of a share
    n          of how many
    """

    words: str
    value: float
    unit: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    url: str = ""


Figures: TypeAlias = Callable[[Actor, datetime], tuple[Figure, ...]]
# The operation that somebody must be able to run, and what then counts; filled by whoever has something to count.
FIGURES: dict[str, Figures] = {}


def figures_for(by: Actor, at: datetime) -> tuple[Figure, ...]:
    """The figures that somebody may see."""
    found: list[Figure] = []
    for operation, figures in FIGURES.items():
        if operation in OPERATIONS and may(by, operation):
            try:
                found += figures(by, at)
            except NotAllowed:
                continue
    return tuple(found)
