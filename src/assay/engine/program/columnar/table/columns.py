"""Columns of signals, as the columnar back end takes them. They never tell why a value is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.columnar.planes import Plane

Codes: TypeAlias = NDArray[np.integer[Any]]
RawNumbers: TypeAlias = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Dictionary:
    """The values that codes stand for; None is unknown.

    What is worked out for a dictionary is kept as long as the object: blocks of one table should share it.
    """

    values: tuple[MaybeValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of any type as codes into a dictionary. A row outside `known` may hold any code."""

    codes: Codes
    dictionary: Dictionary
    known: Plane | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column of numbers, scores, times or durations: 64-bit floats, of which NaN is unknown, or whole numbers."""

    numbers: RawNumbers
    known: Plane | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Flags:
    """A column of flags, packed."""

    true: Plane
    known: Plane | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """A column of sets: for each value the rows whose set has it. A value without a plane is in no set."""

    members: Mapping[str, Plane]
    known: Plane | None = None


Column: TypeAlias = Coded | Numbers | Flags | Sets

_ORDERED = frozenset((SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION))


def column_of(values: Sequence[MaybeValue]) -> Coded:
    """A column from values as items hold them; None is unknown."""
    places: dict[MaybeValue, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Coded(np.array(codes, np.int64).astype(smallest_codes(len(places))), Dictionary(tuple(places)))


def smallest_codes(values: int) -> type[np.uint8 | np.uint16 | np.uint32]:
    """The smallest type of codes for a dictionary of some values."""
    return np.uint8 if values <= 1 << 8 else np.uint16 if values <= 1 << 16 else np.uint32


def misfit(column: Column, kind: SignalType, rows: int) -> str | None:
    """Why a column cannot be a signal's of some type in a block of some rows, or None where it can."""
    words = -(-rows // 64)
    planes: tuple[Plane, ...] = ()
    match column:
        case Coded(codes, dictionary):
            if codes.shape != (rows,) or codes.dtype.kind not in "iu":
                return "its codes are not one whole number a row"
            if rows and not dictionary.values:
                return "its dictionary is empty"
        case Numbers(numbers):
            if kind not in _ORDERED:
                return f"numbers stand in a column of a {kind}"
            if numbers.shape != (rows,) or numbers.dtype not in (np.dtype(np.int64), np.dtype(np.float64)):
                return "its numbers are not one 64-bit number a row"
        case Flags(true):
            if kind is not SignalType.FLAG:
                return f"flags stand in a column of a {kind}"
            planes = (true,)
        case Sets(members):
            if kind is not SignalType.SET:
                return f"sets stand in a column of a {kind}"
            planes = tuple(members.values())
    planes += () if column.known is None else (column.known,)
    if any(plane.shape != (words,) or plane.dtype != np.uint64 for plane in planes):
        return "its planes are not one bit a row in 64-bit words"
    return None
