"""Estimates as people read them: a value, its interval, and the rows behind both. It never prints a bare point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from assay.engine.backtest.figures import Bounds, Estimate

KEPT_BACK = "kept back"
UNKNOWN = "unknown"
_MINUS = "−"


class Kind(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    SHARE = "share"
    AMOUNT = "amount"
    COEFFICIENT = "coefficient"


_MOST_DIGITS = {Kind.COUNT: 1, Kind.SHARE: 4, Kind.AMOUNT: 1, Kind.COEFFICIENT: 2}


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in words.

    value     such as `1.8 %`, or why there is none
    interval  such as `1.6 to 2.0 %`; empty where all was counted, or where there is no figure
    rows      how many sampled rows stand behind it, in words
    known     whether there is a figure
    """

    value: str
    interval: str
    rows: str
    known: bool

    @property
    def together(self) -> str:
        """Both on one line."""
        return f"{self.value} ({self.interval})" if self.interval else self.value


def said(estimate: Estimate, kind: Kind = Kind.COUNT, *, signed: bool = False) -> Said:
    """A figure with as many digits as its interval bears out.

    signed  whether it is a change, of which the sign is told
    """
    rows = f"{estimate.rows:,} {'row' if estimate.rows == 1 else 'rows'}"
    if estimate.value is None or not math.isfinite(estimate.value):
        return _without_point(estimate, kind, rows, signed=signed)
    scale, unit = _scale(kind)
    value = estimate.value * scale
    low, high = (value if bound is None else bound * scale for bound in (estimate.low, estimate.high))
    digits = _digits(value, low, high, kind)
    written = _number(value, digits, signed=signed) + unit
    if low == high:
        return Said(written, "", rows, known=True)
    return Said(written, _interval(low, high, digits, signed=signed) + unit, rows, known=True)


def said_bounds(bounds: Bounds, kind: Kind = Kind.COUNT, *, signed: bool = False) -> str:
    """From the least to the most that it can be; one figure where nothing missing leaves it open."""
    least, most = (said(one, kind, signed=signed) for one in (bounds.least, bounds.most))
    if bounds.is_point or least.together == most.together:
        return least.together
    return f"at least {least.together}, at most {most.together}"


def spelt(number: float) -> str:
    """A count that is exact, or a weight that needs no more than a digit behind the point."""
    return _number(number, 0 if number == round(number) or abs(number) >= 100 else 1, signed=False)


def interval_of(estimate: Estimate) -> tuple[float, float, float] | None:
    """Low, value and high for a drawing; None where there is no figure."""
    if estimate.value is None or not math.isfinite(estimate.value):
        return None
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    return low, estimate.value, high


def _without_point(estimate: Estimate, kind: Kind, rows: str, *, signed: bool) -> Said:
    """Why there is no figure; or its bounds, where they are all that can be known."""
    low, high = estimate.low, estimate.high
    if estimate.suppressed or low is None:
        return Said(KEPT_BACK if estimate.suppressed else UNKNOWN, "", rows, known=False)
    scale, unit = _scale(kind)
    least, most = (
        "" if bound is None or not math.isfinite(bound) else _alone(bound * scale, kind, signed=signed) + unit
        for bound in (low, high)
    )
    return Said(f"at least {least}" + (f", at most {most}" if most else ""), "", rows, known=True)


def _alone(value: float, kind: Kind, *, signed: bool) -> str:
    """A bound by itself, of which three digits are enough."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return _number(value, min(digits, 0 if kind is Kind.COUNT else _MOST_DIGITS[kind]), signed=signed)


def _scale(kind: Kind) -> tuple[float, str]:
    return (100.0, " %") if kind is Kind.SHARE else (1.0, "")


def _digits(value: float, low: float, high: float, kind: Kind) -> int:
    """Digits behind the point; below zero, digits before it that are rounded away."""
    width = high - low
    if width > 0 and math.isfinite(width):
        # The nearer bound must stay apart from the value, or an uneven interval would seem to begin at it.
        side = min((one for one in (value - low, high - value) if one > 0), default=width)
        digits = -math.floor(math.log10(max(side, width / 20)))
        return min(max(digits, 0 if kind is Kind.SHARE else -6), _MOST_DIGITS[kind])
    if not value or (kind is not Kind.SHARE and value == round(value)):
        return 0
    # All was counted: three digits are enough to compare by, whole numbers are told in full.
    return min(max(2 - math.floor(math.log10(abs(value))), 0), _MOST_DIGITS[kind])


def _interval(low: float, high: float, digits: int, *, signed: bool) -> str:
    return f"{_number(low, digits, signed=signed)} to {_number(high, digits, signed=signed)}"


def _number(value: float, digits: int, *, signed: bool) -> str:
    # An endless bound would be an interval that says nothing; it is told as such.
    if not math.isfinite(value):
        return "any"
    rounded = round(value, digits)
    text = f"{abs(rounded):,.{max(digits, 0)}f}"
    if rounded < 0:
        return _MINUS + text
    return f"+{text}" if signed and rounded > 0 else text
