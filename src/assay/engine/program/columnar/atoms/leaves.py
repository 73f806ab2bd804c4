"""Tests on columns, as planes: each value of a dictionary is tested once. It never compares two signals."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from math import ceil, floor, inf, nextafter
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.values import MaybeValue
from assay.engine.program.columnar.planes import Bools, Plane, everything, nothing, pack, union, unpack
from assay.engine.program.columnar.table.columns import Coded, Column, Dictionary, Flags, Numbers, RawNumbers, Sets
from assay.engine.program.core import Among, Between, InRollout, Members, Ordered, Size, Test

# Up to so many values it pays to make a plane for each code that some test names, and to join these.
_FEW = 24
_FIRST, _LAST = -(2**63), 2**63 - 1
# A whole number beyond every float, which a condition may name all the same.
_HUGE = 2**1023


@dataclass(frozen=True, slots=True)
class Passing:
    """The codes of a dictionary that pass a test, and the others; `truths` has both as one truth value a code."""

    codes: tuple[int, ...]
    others: tuple[int, ...]
    size: int
    truths: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Answers:
    """What tests say of the values of dictionaries, kept from block to block."""

    kept: MutableMapping[Dictionary, dict[Test, Passing]] = field(default_factory=WeakKeyDictionary)
    _missing: MutableMapping[Dictionary, tuple[int, ...]] = field(default_factory=WeakKeyDictionary)

    def missing(self, dictionary: Dictionary) -> tuple[int, ...]:
        """The codes that stand for unknown."""
        found = self._missing.get(dictionary)
        if found is None:
            found = tuple([code for code, value in enumerate(dictionary.values) if value is None])
            self._missing[dictionary] = found
        return found

    def passing(self, dictionary: Dictionary, test: Test) -> Passing:
        """The codes that pass a test."""
        by_test = self.kept.setdefault(dictionary, {})
        found = by_test.get(test)
        if found is None:
            assert not isinstance(test, Between | InRollout)  # noqa: S101 (a caller's fault, never an item's)
            truths = [value is not None and test.holds(value) for value in dictionary.values]
            codes = tuple([code for code, passed in enumerate(truths) if passed])
            others = tuple([code for code, passed in enumerate(truths) if not passed])
            found = by_test[test] = Passing(codes, others, len(truths), np.array(truths, np.uint8))
        return found


class Leaves:
    """The tests of one block's columns; planes that several of them need are made once."""

    def __init__(self, rows: int, answers: Answers) -> None:
        self.rows = rows
        self.everything, self.nothing = everything(rows), nothing(rows)
        self._answers = answers
        self._codes: dict[tuple[Column, int], Plane] = {}
        self._known: dict[Column, Plane] = {}
        self._unknown: dict[Column, Plane] = {}

    def known(self, column: Column) -> Plane:
        """The rows of which a column says something."""
        found = self._known.get(column)
        if found is None:
            found = self._known[column] = self._work_out_known(column)
        return found

    def unknown(self, column: Column) -> Plane:
        """The rows of which a column says nothing."""
        found = self._unknown.get(column)
        if found is None:
            found = self._unknown[column] = ~self.known(column)
        return found

    def _work_out_known(self, column: Column) -> Plane:
        known = self.everything if column.known is None else column.known
        match column:
            case Coded(_, dictionary):
                for code in self._answers.missing(dictionary):
                    known = known & ~self.has_code(column, code)
            case Numbers(numbers) if numbers.dtype == np.float64:
                known = known & pack(numbers == numbers)  # noqa: PLR0124 (NaN alone differs from itself)
            case _:
                pass
        return known

    def holds(self, column: Column, test: Test) -> Plane:
        """The rows that certainly pass a test on one signal."""
        found = self._pass(column, test)
        # Codes of unknown pass no test, so a column without a plane of what is known needs nothing more.
        if column.known is None and isinstance(column, Coded):
            return found
        known = self.known(column)
        return found if known is self.everything else found & known

    def _pass(self, column: Column, test: Test) -> Plane:
        match column:
            case Coded():
                return self._coded(column, test)
            case Numbers(numbers):
                return pack(_numbers_pass(numbers, test))
            case Flags(true):
                return self._flags(true, test)
            case Sets():
                return self._sets(column, test)

    def has_code(self, column: Coded, code: int) -> Plane:
        """The rows with a code."""
        key = (column, code)
        found = self._codes.get(key)
        if found is None:
            found = self._codes[key] = pack(column.codes == code)
        return found

    def _coded(self, column: Coded, test: Test) -> Plane:
        passing = self._answers.passing(column.dictionary, test)
        codes = passing.codes
        if not codes:
            return self.nothing
        if len(codes) == 1:
            return self.has_code(column, codes[0])
        if len(codes) == passing.size:
            return self.everything
        if passing.size <= _FEW:
            if 2 * len(codes) <= passing.size:
                return self._any_code(column, codes)
            return ~self._any_code(column, passing.others)
        low, high = codes[0], codes[-1]
        if high - low + 1 == len(codes):
            # Values in order give a test of order as a stretch of codes.
            above: Bools = column.codes >= low
            return pack(above if high + 1 == passing.size else above & (column.codes <= high))
        return pack(passing.truths.take(column.codes, mode="clip").view(np.bool_))

    def _any_code(self, column: Coded, codes: tuple[int, ...]) -> Plane:
        found = self.has_code(column, codes[0])
        for code in codes[1:]:
            found = found | self.has_code(column, code)
        return found

    def _flags(self, true: Plane, test: Test) -> Plane:
        match test:
            case Among(_, values):
                yes = true if True in values else self.nothing
                return yes | ~true if False in values else yes
            case _:
                raise TypeError("flags are asked only whether they are among some values")

    def _sets(self, column: Sets, test: Test) -> Plane:
        match test:
            case Members(_, "all", values):
                found = self.everything
                for value in values:
                    found = found & column.members.get(value, self.nothing)
                return found
            case Members(_, _, values):
                return union((column.members[value] for value in values if value in column.members), self.rows)
            case Size(_, operator, constant):
                sizes = np.zeros(self.rows, np.int64)
                for plane in column.members.values():
                    sizes += unpack(plane, self.rows)
                return pack(_numbers_pass(sizes, Ordered("", operator, constant)))
            case _:
                raise TypeError("sets are asked only for their values and their size")


def _numbers_pass(numbers: RawNumbers, test: Test) -> Bools:
    match test:
        case Ordered(_, "==" | "!=" as operator, constant):
            equal = _equals(numbers, constant)
            return equal if operator == "==" else ~equal
        case Ordered(_, operator, constant):
            return _compared(numbers, operator, constant)
        case Among(_, values):
            found = np.zeros(numbers.shape, np.bool_)
            for value in values:
                found |= _equals(numbers, value)
            return found
        case _:
            raise TypeError("numbers are asked only for their order and whether they are among some values")


def _equals(numbers: RawNumbers, value: MaybeValue) -> Bools:
    """Where numbers are equal to a constant, as Python compares them: exactly."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return np.zeros(numbers.shape, np.bool_)
    if numbers.dtype == np.float64:
        return np.equal(numbers, _least(value) if _least(value) == value else np.nan)
    whole = value == floor(value) if abs(value) < inf else False
    return np.equal(numbers, int(value)) if whole else np.zeros(numbers.shape, np.bool_)


def _compared(numbers: RawNumbers, operator: str, constant: int | float) -> Bools:
    """Where a comparison holds, as Python compares whole numbers and floats: exactly."""
    # `x > c` is `x >= t` for the least number t above c, and so are the opposites; one bound does for all four.
    beyond = operator in (">", "<=")
    if numbers.dtype == np.float64:
        bound: int | float = _least(constant)
        bound = nextafter(bound, inf) if beyond and bound == constant else bound
    elif abs(constant) == inf:
        bound = _LAST + 1 if constant > 0 else _FIRST
    else:
        bound = floor(constant) + 1 if beyond else ceil(constant)
    return numbers >= bound if operator in (">", ">=") else numbers < bound


def _least(constant: int | float) -> float:
    """The least float that is not below a constant."""
    if abs(constant) >= _HUGE:
        return inf if constant > 0 else -inf
    nearest = float(constant)
    return nearest if nearest >= constant else nextafter(nearest, inf)
