from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.sampling.exact import SCALE, as_float, exact_sums, exactly

numbers = st.floats(1e-6, 1e12, allow_nan=False)


@given(st.lists(st.tuples(numbers, st.integers(0, 3)), max_size=60))
def test_sums_are_those_of_fractions(rows: list[tuple[float, int]]) -> None:
    values, codes = np.array([value for value, _ in rows]), np.array([code for _, code in rows], np.int64)
    found = exact_sums(values, codes, 4)
    expected = [sum((Fraction(value) for value, code in rows if code == one), Fraction()) for one in range(4)]
    assert [Fraction(total, 1 << SCALE) for total in found] == expected


@given(st.lists(numbers, min_size=1, max_size=40), st.integers(0, 40))
def test_sums_do_not_depend_on_how_rows_are_cut(values: list[float], cut: int) -> None:
    def total(part: list[float]) -> int:
        return exact_sums(np.array(part), np.zeros(len(part), np.int64), 1)[0]

    assert total(values) == total(values[cut:]) + total(values[:cut])


def test_numbers_below_zero_are_summed_as_well() -> None:
    assert as_float(exact_sums(np.array([-2.5, 1.0, -0.25]), np.zeros(3, np.int64), 1)[0]) == -1.75


@given(numbers)
def test_a_number_is_itself(value: float) -> None:
    assert as_float(exactly(value)) == value
