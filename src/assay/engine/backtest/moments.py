"""Sums over sampled rows from which totals and their variances are worked out. They never hold a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the rows of one stratum that fall into some cell; x is 1 a row, or its views; w is 1 / probability.

    rows  how many sampled rows
    x     sum of x          wx    sum of w x
    xx    sum of x²         wxx   sum of w x²      wwxx  sum of w² x²
    """

    rows: int = 0
    x: float = 0.0
    wx: float = 0.0
    xx: float = 0.0
    wxx: float = 0.0
    wwxx: float = 0.0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.rows + other.rows,
            self.x + other.x,
            self.wx + other.wx,
            self.xx + other.xx,
            self.wxx + other.wxx,
            self.wwxx + other.wwxx,
        )


@dataclass(frozen=True, slots=True)
class Stratum:
    """What the sampling design says of a stratum, and what was found in it.

    rows           sampled rows
    weights        sum of w: how many items they stand for
    squares        sum of w²
    equal          whether all rows of it have one probability
    """

    name: str
    rows: int
    weights: float
    squares: float
    equal: bool


def joined(parts: Iterable[Moments]) -> Moments:
    """The moments of several cells of one stratum together."""
    found = Moments()
    for part in parts:
        found += part
    return found
