"""How often measures are right, from a sample of labels within a sample of items. It never takes labels for all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.backtest.estimate.design import Design, Kind
from assay.engine.backtest.estimate.intervals import most_unseen, quantile, score_bounds
from assay.engine.backtest.estimate.variance import Residuals, spread
from assay.engine.backtest.figures import Estimate

TWO_PHASE = "two-phase"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one stratum of which one thing is done: how many, and the sums of w and of w²."""

    rows: int = 0
    weights: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Rows) -> Rows:
        return Rows(self.rows + other.rows, self.weights + other.weights, self.squares + other.squares)


@dataclass(frozen=True, slots=True)
class Found:
    """What people found of some of these rows; x is 1 where the measure is right, or the share of those who say so.

    rows  how many       w    sum of w       ww    sum of w²
    x     sum of x       wx   sum of w x     wwx   sum of w² x     wwxx   sum of w² x²
    """

    rows: int = 0
    x: float = 0.0
    w: float = 0.0
    ww: float = 0.0
    wx: float = 0.0
    wwx: float = 0.0
    wwxx: float = 0.0

    def __add__(self, other: Found) -> Found:
        return Found(
            self.rows + other.rows,
            self.x + other.x,
            self.w + other.w,
            self.ww + other.ww,
            self.wx + other.wx,
            self.wwx + other.wwx,
            self.wwxx + other.wwxx,
        )

    @property
    def share(self) -> float:
        """The share of the rows for which it is right, weighted."""
        return self.wx / self.w if self.w else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum and what is done to its rows: all of them, and what people found of some."""

    stratum: str
    state: int
    all: Rows
    found: Found


@dataclass(frozen=True, slots=True)
class Line:
    """By what is done, how a row counts as a straight line in x: base + slope x."""

    base: tuple[float, ...]
    slope: tuple[float, ...]


Parts: TypeAlias = tuple[Part, ...]
# By state: not done, open, done.
NEVER = (0.0, 0.0, 0.0)
ALWAYS = (1.0, 1.0, 1.0)
WHERE_DONE = (0.0, 0.0, 1.0)
RIGHT, EVERY = Line(NEVER, ALWAYS), Line(ALWAYS, NEVER)
DONE_AND_RIGHT, DONE_AT_ALL = Line(NEVER, WHERE_DONE), Line(WHERE_DONE, NEVER)
DONE_AND_WRONG = Line(WHERE_DONE, tuple([-one for one in WHERE_DONE]))


def precision(design: Design, parts: Parts) -> Estimate:
    """Of items that it is done to, the share for which it is right."""
    return _ratio(design, parts, DONE_AND_RIGHT, DONE_AT_ALL)


def recall(design: Design, parts: Parts) -> Estimate:
    """Of items for which it is right, the share that it is done to."""
    return _ratio(design, parts, DONE_AND_RIGHT, RIGHT)


def overturn(design: Design, parts: Parts) -> Estimate:
    """Of items that it is done to, the share that a fresh look would reverse."""
    return _ratio(design, parts, DONE_AND_WRONG, DONE_AT_ALL)


def prevalence(design: Design, parts: Parts) -> Estimate:
    """The share of items for which people say that it is right."""
    return _ratio(design, parts, RIGHT, EVERY)


def _ratio(design: Design, parts: Parts, upper: Line, lower: Line) -> Estimate:
    """A ratio from labels that were taken at random among rows of one stratum to which one thing was done.

    source  double sampling for stratification: Neyman 1938, doi:10.1080/01621459.1938.10503378; Cochran 1977,
            Sampling Techniques, §12.2; Särndal, Swensson and Wretman 1992, §9.4
    """
    used = [part for part in parts if part.found.rows and part.all.rows]
    top = sum(part.all.weights * _at(upper, part) for part in used)
    size = sum(part.all.weights * _at(lower, part) for part in used)
    behind = round(sum(_labelled(lower, part) for part in used))
    if size <= 0:
        return Estimate(None, None, None, behind, TWO_PHASE)
    value = top / size
    lines = [(part, *_residual(upper, lower, value, part.state)) for part in used]
    first = _first_phase(design, lines)
    second, degrees = _second_phase(lines)
    variance = (first + second) / size**2
    if variance <= 0 and design.kind is Kind.CENSUS:
        return Estimate(value, value, value, behind, Kind.CENSUS)
    low, high = _bounds(value, variance, _effective(used, lower), degrees)
    return Estimate(value, low, high, behind, TWO_PHASE)


def _at(line: Line, part: Part) -> float:
    return line.base[part.state] + line.slope[part.state] * part.found.share


def _labelled(line: Line, part: Part) -> float:
    return line.base[part.state] * part.found.rows + line.slope[part.state] * part.found.x


def _residual(upper: Line, lower: Line, value: float, state: int) -> tuple[float, float]:
    """By how much a row moves the ratio: again a straight line in x."""
    return upper.base[state] - value * lower.base[state], upper.slope[state] - value * lower.slope[state]


def _first_phase(design: Design, lines: list[tuple[Part, float, float]]) -> float:
    """The variance that the sample of items brings: every row with the mean of the rows like it."""
    found: dict[str, Residuals] = {}
    for part, base, slope in lines:
        mean = base + slope * part.found.share
        rows = part.all
        sums = Residuals(rows.rows * mean, rows.rows * mean**2, rows.weights * mean**2, rows.squares * mean**2)
        found[part.stratum] = found.get(part.stratum, Residuals()) + sums
    return spread(design, found).variance


def _second_phase(lines: list[tuple[Part, float, float]]) -> tuple[float, float]:
    """The variance that the choice of labelled rows brings, and the degrees of freedom with which it is known."""
    variance = by_degrees = 0.0
    for part, _, slope in lines:
        found, rows = part.found, part.all
        left_out = max(0.0, 1 - found.rows / rows.weights)
        # None, or all, of a few rows has a variance too: it is told as if one more row had been seen, half of it right.
        share = found.share
        smooth = (found.rows * share + 0.5) / (found.rows + 1)
        more = 0.0 if 0 < share < 1 else smooth * (1 - smooth)
        about = max(0.0, found.wwxx - 2 * share * found.wwx + share**2 * found.ww) / found.w**2
        about *= found.rows / (found.rows - 1) if found.rows > 1 else 0.0
        one = slope**2 * rows.weights**2 * left_out * (about + more * found.ww / found.w**2)
        variance += one
        by_degrees += one**2 / max(found.rows - 1, 1)
    return variance, variance**2 / by_degrees if by_degrees else math.inf


def _effective(used: list[Part], lower: Line) -> float:
    """Labelled rows of the whole that would say as much if all counted alike."""
    weights = [part.all.weights * _at(lower, part) for part in used]
    squares = [
        weight**2 / max(part.found.w**2 / part.found.ww * _at(lower, part), 1e-9)
        for part, weight in zip(used, weights, strict=True)
        if weight
    ]
    return sum(weights) ** 2 / sum(squares) if squares else 0.0


def _bounds(value: float, variance: float, rows: float, degrees: float) -> tuple[float, float]:
    value = min(max(value, 0.0), 1.0)
    if value == 0.0:
        return 0.0, most_unseen(rows)
    if value == 1.0:
        return 1 - most_unseen(rows), 1.0
    return score_bounds(value, value * (1 - value) / variance if variance > 0 else rows, quantile(degrees))
