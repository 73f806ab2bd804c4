"""Kleene's strong logic: true, false and unknown. It never guesses: unknown stays unknown until something decides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """A truth value. Its value is the word that people and records use."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        # A truth value in an `if` would turn unknown into yes or no without anybody noticing.
        raise TypeError("a Truth is not a bool: compare it with Truth.YES, Truth.NO or Truth.UNKNOWN")


YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


def truth_of(value: bool | None) -> Truth:
    """The truth value of a flag that may be missing."""
    if value is None:
        return UNKNOWN
    return YES if value else NO


def negate(value: Truth) -> Truth:
    """Kleene's not."""
    if value is UNKNOWN:
        return UNKNOWN
    return NO if value is YES else YES


def all_of(values: Iterable[Truth]) -> Truth:
    """Kleene's and: one no decides; otherwise one unknown leaves it open."""
    result = YES
    for value in values:
        if value is NO:
            return NO
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Kleene's or: one yes decides; otherwise one unknown leaves it open."""
    result = NO
    for value in values:
        if value is YES:
            return YES
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def from_planes(true: bool | int, possible: bool | int) -> Truth:
    """The truth value of two planes: whether it is certainly true, and whether it may be."""
    if true:
        return YES
    return UNKNOWN if possible else NO
