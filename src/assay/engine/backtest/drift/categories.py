"""A column of any type as a few categories, of which unknown is one. It makes nothing of what a value means."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.instants import DAY
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.columnar.planes import Plane, unpack
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets

UNKNOWN, GIVEN = "unknown", "given"
WITHOUT, WITH = "without", "with"
# Rows that a thing is not about, such as those of which a set is not known: they have no category.
NO_CATEGORY = ""
_HOUR, _MINUTE = DAY // 24, DAY // 1440
_DURATIONS = (
    (_MINUTE, "a minute"),
    (10 * _MINUTE, "ten minutes"),
    (_HOUR, "an hour"),
    (6 * _HOUR, "six hours"),
    (DAY, "a day"),
    (7 * DAY, "a week"),
    (30 * DAY, "30 days"),
    (90 * DAY, "90 days"),
    (365 * DAY, "a year"),
)
_NUMBERS = tuple([factor * 10.0**power for power in range(-2, 10) for factor in (1, 2, 5)])
_STEPS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Rows by category.

    part   the value of a set that it is about; empty for what has one value a row
    names  the categories, unknown first; of a set's value, those of rows of which the set is known
    codes  places in `names`, one a row
    """

    part: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]


def sorted_rows(signal: Signal, column: Column | None, rows: int) -> Iterator[Sorted]:
    """The categories of a column; for a set whether it is known, and for each of its values whether it is in it."""
    if signal.type is SignalType.SET:
        yield from _members(signal, column, rows)
        return
    names = names_of(signal)
    match column:
        case None | Sets():
            yield Sorted("", names, np.zeros(rows, np.int64))
        case Coded(codes, dictionary, known):
            places = [_place(signal, names, value) for value in dictionary.values]
            yield Sorted("", names, _looked_up(places, codes, known, rows))
        case Flags(true, known):
            yield Sorted("", names, _where(unpack(true, rows) + np.int64(1), known, rows))
        case Numbers(numbers, known):
            yield Sorted("", names, _where(_binned(signal, numbers), known, rows))


def _members(signal: Signal, column: Column | None, rows: int) -> Iterator[Sorted]:
    members = [_member(member, column, rows) for member in signal.value_names]
    yield Sorted("", (UNKNOWN, GIVEN), (members[0] > 0).astype(np.int64) if members else np.zeros(rows, np.int64))
    for member, codes in zip(signal.value_names, members, strict=True):
        yield Sorted(member, (NO_CATEGORY, WITHOUT, WITH), codes)


def names_of(signal: Signal) -> tuple[str, ...]:
    """The categories of a signal that has one value a row, unknown first."""
    match signal.type:
        case SignalType.FLAG:
            return UNKNOWN, "no", "yes"
        case SignalType.CHOICE | SignalType.SCALE:
            return UNKNOWN, *signal.value_names
        case SignalType.TEXT | SignalType.TIME:
            # Texts are hardly ever alike, and times go on: only whether there is one can be held against another day.
            return UNKNOWN, GIVEN
        case _:
            return UNKNOWN, *_between(signal)


def edges_of(signal: Signal) -> tuple[float, ...]:
    """Where one bin of a number ends and the next begins; the same for every history."""
    match signal.type:
        case SignalType.DURATION:
            return tuple([float(length) for length, _ in _DURATIONS])
        case SignalType.SCORE:
            return _even(0.0, 1.0)
        case _ if signal.minimum is not None and signal.maximum is not None and signal.minimum < signal.maximum:
            return _even(signal.minimum, signal.maximum)
        case _:
            low = (0.0,) if signal.minimum == 0 else (*[-edge for edge in reversed(_NUMBERS)], 0.0)
            return (*low, *_NUMBERS)


@cache
def _even(low: float, high: float) -> tuple[float, ...]:
    return tuple([round(low + (high - low) * step / _STEPS, 12) for step in range(1, _STEPS)])


def _between(signal: Signal) -> tuple[str, ...]:
    edges = edges_of(signal)
    words = [name for _, name in _DURATIONS] if signal.type is SignalType.DURATION else [f"{edge:g}" for edge in edges]
    inner = [f"{one} to {other}" for one, other in pairwise(words)]
    return f"below {words[0]}", *inner, f"{words[-1]} and more"


def _place(signal: Signal, names: Sequence[str], value: MaybeValue) -> int:
    if value is None:
        return 0
    match signal.type:
        case SignalType.FLAG:
            return 2 if value is True else 1
        case SignalType.CHOICE | SignalType.SCALE:
            return names.index(value) if isinstance(value, str) and value in names[1:] else 0
        case SignalType.TEXT | SignalType.TIME:
            return 1
        case _:
            return 1 + bisect_right(edges_of(signal), value) if isinstance(value, int | float) else 0


def _binned(signal: Signal, numbers: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.int64]:
    if signal.type is SignalType.TIME:
        return np.ones(numbers.size, np.int64)
    found = 1 + np.searchsorted(np.array(edges_of(signal)), numbers, side="right").astype(np.int64)
    return np.where(np.isnan(numbers), 0, found)


def _member(member: str, column: Column | None, rows: int) -> NDArray[np.int64]:
    match column:
        case Sets(members, known):
            plane = members.get(member)
            held = np.zeros(rows, np.bool_) if plane is None else unpack(plane, rows)
            return _where(held + np.int64(1), known, rows)
        case Coded(codes, dictionary, known):
            places = [0 if not isinstance(value, frozenset) else 1 + (member in value) for value in dictionary.values]
            return _looked_up(places, codes, known, rows)
        case _:
            return np.zeros(rows, np.int64)


def _looked_up(places: Sequence[int], codes: NDArray[np.integer], known: Plane | None, rows: int) -> NDArray[np.int64]:
    # A row that is not known may hold any code.
    found = np.array(places or [0], np.int64).take(codes, mode="clip")
    return _where(found, known, rows)


def _where(found: NDArray[np.int64], known: Plane | None, rows: int) -> NDArray[np.int64]:
    return found if known is None else np.where(unpack(known, rows), found, 0)
