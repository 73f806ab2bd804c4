"""A test on a column says of each row what the core says of its value, in every form that a column can have."""

from __future__ import annotations

from math import inf, nan, nextafter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.values import MaybeValue
from assay.engine.program.columnar.atoms.between import compare
from assay.engine.program.columnar.atoms.leaves import Answers, Leaves
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.columns import Coded, Column, Dictionary, Numbers, column_of
from assay.engine.program.core import Among, Ordered, Size, Test, TextTest

CONSTANTS = (0, 1, -1, 3, 0.5, -0.0, 2.5, 2**53, 2**53 + 1, -(2**53) - 1, 2**63, 2**64 + 1, 10**400, -(10**400), inf)


def holds(column: Column, test: Test, rows: int) -> list[bool]:
    found: list[bool] = unpack(Leaves(rows, Answers()).holds(column, test), rows).tolist()
    return found


def by_the_core(values: list[MaybeValue], test: Test) -> list[bool]:
    return [value is not None and test.holds(value) for value in values]  # type: ignore[union-attr]


@pytest.mark.parametrize("constant", CONSTANTS)
@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_numbers_are_compared_exactly(operator: str, constant: float) -> None:
    test = Ordered("s", operator, constant)
    floats = [0.0, -0.0, 1.0, 0.5, nextafter(0.5, 1), 2.0**53, 2.0**53 + 2, -1e300, 1e300, 2.5, 3.0]
    wholes = [0, 1, -1, 3, 2**53, 2**53 + 1, 2**53 + 2, -(2**53) - 1, 2**63 - 1, -(2**63)]
    assert holds(Numbers(np.array(floats)), test, len(floats)) == by_the_core([*floats], test)
    assert holds(Numbers(np.array(wholes, np.int64)), test, len(wholes)) == by_the_core([*wholes], test)


@pytest.mark.parametrize("constants", [{0.5}, {1, 2}, {2**53 + 1}, {inf}, {-0.0}])
def test_numbers_are_among_constants_exactly(constants: set[int | float]) -> None:
    test = Among("s", frozenset(constants))
    floats, wholes = [0.0, 0.5, 1.0, 2.0, 2.0**53, 2.0**53 + 2], [0, 1, 2, 2**53, 2**53 + 1]
    assert holds(Numbers(np.array(floats)), test, len(floats)) == by_the_core([*floats], test)
    assert holds(Numbers(np.array(wholes, np.int64)), test, len(wholes)) == by_the_core([*wholes], test)


def test_not_a_number_is_unknown_and_passes_nothing() -> None:
    column = Numbers(np.array([nan, 0.5]))
    leaves = Leaves(2, Answers())
    assert unpack(leaves.known(column), 2).tolist() == [False, True]
    assert holds(column, Ordered("s", "<", 1), 2) == holds(column, Ordered("s", "!=", 2), 2) == [False, True]


@given(st.data())
def test_large_dictionaries_are_tested_value_by_value(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from((1, 2, 23, 24, 25, 300)))
    values: list[MaybeValue] = [number / 7 for number in range(size)]
    if data.draw(st.booleans()):
        values = data.draw(st.permutations(values))
    if data.draw(st.booleans()):
        values[data.draw(st.integers(0, size - 1))] = None
    codes = data.draw(st.lists(st.integers(0, size - 1), max_size=100))
    rows = [values[code] for code in codes]
    column = Coded(np.array(codes, data.draw(st.sampled_from((np.uint16, np.int32)))), Dictionary(tuple(values)))
    test: Test = Ordered("s", data.draw(st.sampled_from(("<", ">="))), data.draw(st.integers(0, 45)))
    assert holds(column, test, len(rows)) == by_the_core(rows, test)
    test = Among("s", frozenset(data.draw(st.lists(st.sampled_from([v for v in values if v is not None] or [1.5])))))
    assert holds(column, test, len(rows)) == by_the_core(rows, test)


def test_each_text_is_looked_at_once_however_often_it_comes() -> None:
    class Counted(str):
        __slots__ = ()
        times = 0

        def __contains__(self, part: object) -> bool:
            Counted.times += 1
            return str.__contains__(self, str(part))

    column = Coded(np.zeros(1000, np.uint8), Dictionary((Counted("made with AI"),)))
    answers, test = Answers(), TextTest("s", "contains", "AI")
    for _ in range(3):
        assert unpack(Leaves(1000, answers).holds(column, test), 1000).all()
    assert Counted.times == 1


def test_characters_are_counted_not_bytes() -> None:
    values: list[MaybeValue] = ["𝔸b", "ab", "", None, "日本語"]
    test = Size("s", "==", 2)
    assert holds(column_of(values), test, 5) == by_the_core(values, test)


def test_what_a_code_of_an_unknown_row_says_does_not_matter() -> None:
    known = np.array([1], np.uint64)
    column = Coded(np.array([0, 99], np.int32), Dictionary((*[float(n) for n in range(50)],)), known)
    assert holds(column, Among("s", frozenset((0.0, 7.0))), 2) == [True, False]


def test_signals_of_two_dictionaries_are_compared_by_their_values() -> None:
    first, second = column_of(["a", "b", None, "c"]), column_of(["c", "b", "a", "c"])
    true, known = compare(Leaves(4, Answers()), "==", [first], [second])
    assert unpack(true, 4).tolist() == [False, True, False, True]
    assert unpack(known, 4).tolist() == [True, True, False, True]


def test_columns_that_mean_different_things_are_not_compared() -> None:
    with pytest.raises(TypeError):
        compare(Leaves(1, Answers()), "==", [Numbers(np.array([1.0]))], [column_of(["a"])])


def test_of_several_columns_the_first_that_knows_a_value_gives_it() -> None:
    of_market, of_all = column_of([5, None, None, 1]), Numbers(np.array([1.0, 5.0, nan, 5.0]))
    true, known = compare(Leaves(4, Answers()), ">", [of_market, of_all], [Numbers(np.array([3, 3, 3, 3]))])
    assert unpack(true, 4).tolist() == [True, True, False, False]
    assert unpack(known, 4).tolist() == [True, True, False, True]
