"""Sums of floating-point numbers without rounding, whatever the order. They never depend on how rows are cut."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Sums are whole numbers of 2^-SCALE; numbers from 2^-100 up lose nothing.
SCALE = 160
_MANTISSA = 53
_HALF = 27


def exact_sums(values: NDArray[np.float64], codes: NDArray[Any], size: int) -> list[int]:
    """For each code from 0 to `size` the sum of its values, exactly, in units of 2^-SCALE."""
    mantissa, exponent = np.frexp(values)
    whole = np.ldexp(mantissa, _MANTISSA).astype(np.int64)
    found = [0] * size
    for power in np.unique(exponent).tolist():
        here = exponent == power
        parts, at = whole[here], codes[here]
        # Half of a mantissa, 2^16 times, is a whole number that a double still holds.
        high = np.bincount(at, weights=(parts >> _HALF).astype(np.float64), minlength=size)
        low = np.bincount(at, weights=(parts & (1 << _HALF) - 1).astype(np.float64), minlength=size)
        shift = SCALE + power - _MANTISSA
        for code in np.flatnonzero((high != 0) | (low != 0)).tolist():
            together = (int(high[code]) << _HALF) + int(low[code])
            found[code] += together << shift if shift >= 0 else together >> -shift
    return found


def exactly(value: float) -> int:
    """A number in units of 2^-SCALE."""
    numerator, denominator = value.as_integer_ratio()
    return (numerator << SCALE) // denominator


def as_float(total: int) -> float:
    """The nearest floating-point number to an exact sum."""
    return total / (1 << SCALE)
