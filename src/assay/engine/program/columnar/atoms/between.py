"""Two signals compared with each other, row by row. It never compares values that mean different things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.values import MaybeValue
from assay.engine.program.columnar.atoms.leaves import Leaves
from assay.engine.program.columnar.planes import Bools, Plane, pack, unpack
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers

_OPERATORS: dict[str, Callable[[NDArray[Any], NDArray[Any]], Bools]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


@dataclass(frozen=True, slots=True)
class _Named:
    """Values that are no numbers, and the numbers that stand for them in one comparison."""

    places: dict[MaybeValue, int] = field(default_factory=dict)

    def of(self, values: Sequence[MaybeValue]) -> NDArray[np.int64]:
        return np.array([self.places.setdefault(value, len(self.places)) for value in values], np.int64)


def compare(leaves: Leaves, operator: str, left: Sequence[Column], right: Sequence[Column]) -> tuple[Plane, Plane]:
    """The rows that certainly pass, and those in which both sides are known.

    left, right  for each side its columns, of which the first that knows a row's value gives it
    """
    if not left or not right:
        return leaves.nothing, leaves.nothing
    as_numbers = all(_is_of_numbers(column) for column in (*left, *right))
    named = None if as_numbers else _Named()
    first, first_known = _side(leaves, left, named)
    second, second_known = _side(leaves, right, named)
    known = first_known & second_known
    return pack(_OPERATORS[operator](first, second)) & known, known


def _side(leaves: Leaves, columns: Sequence[Column], named: _Named | None) -> tuple[NDArray[Any], Plane]:
    values, known = _values(leaves, columns[0], named), leaves.known(columns[0])
    for column in columns[1:]:
        values = np.where(unpack(known, leaves.rows), values, _values(leaves, column, named))
        known = known | leaves.known(column)
    return values, known


def _is_of_numbers(column: Column) -> bool:
    if isinstance(column, Coded):
        known = [value for value in column.dictionary.values if value is not None]
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    return isinstance(column, Numbers)


def _values(leaves: Leaves, column: Column, named: _Named | None) -> NDArray[Any]:
    """A number a row; what stands in rows that are not known says nothing."""
    match column:
        case Numbers(numbers) if named is None:
            return numbers
        case Coded(codes, dictionary) if named is None:
            whole = all(isinstance(value, int) for value in dictionary.values if value is not None)
            filled = [0 if value is None else value for value in dictionary.values]
            return np.array(filled, np.int64 if whole else np.float64).take(codes, mode="clip")
        case Coded(codes, dictionary) if named is not None:
            return named.of(dictionary.values).take(codes, mode="clip")
        case Flags(true) if named is not None:
            return named.of((False, True)).take(unpack(true, leaves.rows).view(np.uint8))
        case _:
            raise TypeError("these columns cannot be compared with each other")
