"""Sets of small numbers as integers, bit i for the number i. It never says what the numbers stand for."""

from __future__ import annotations


def places_of(bits: int) -> list[int]:
    """The numbers in a set, lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        bits ^= lowest
        found.append(lowest.bit_length() - 1)
    return found
