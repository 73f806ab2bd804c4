"""Numbers as people read them, with their unit, their sample and their interval. It estimates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TypeAlias, TypeGuard

Number: TypeAlias = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, ready to be shown; `value` is None where nobody knows it."""

    value: str | None
    unit: str
    interval: str
    sample: str

    @property
    def close(self) -> bool:
        """Whether the unit stands against the number, as a degree or percent sign of English text does."""
        return self.unit in {"%", "°"}


def figure(value: object, unit: str, n: int | None, low: object, high: object) -> Figure:
    """A number with what is known of it. An interval takes both of its ends, or there is none."""
    interval = f"{grouped(low)} to {grouped(high)}" if is_number(low) and is_number(high) else ""
    return Figure(grouped(value) if is_number(value) else None, unit, interval, "" if n is None else grouped(n))


def is_number(value: object) -> TypeGuard[Number]:
    """Whether there is a number: not where there is nothing, nor where a template found no such name, nor for NaN."""
    return isinstance(value, int | float | Decimal) and isfinite(value)


def grouped(value: Number) -> str:
    """`12,480`, `0.38`, `−3`: thousands apart, a real minus, and no more decimals than the number was given."""
    whole = isinstance(value, int) or value == int(value)
    # Six significant digits are more than any of our figures can promise.
    text = f"{int(value):,}" if whole else f"{float(value):,.6g}"
    return text.replace("-", "\N{MINUS SIGN}")


def counted(count: int, one: str, many: str = "") -> str:
    """`1 rule`, `41 rules`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
