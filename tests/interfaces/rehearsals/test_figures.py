"""Figures are told with as many digits as their intervals bear out, and never without the interval."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.figures import Bounds, Estimate
from assay.interfaces.rehearsals.figures import Kind, said, said_bounds, spelt


def estimate(value: float | None, low: float | None, high: float | None, rows: int = 40) -> Estimate:
    return Estimate(value, low, high, rows, "stratified")


@pytest.mark.parametrize(
    ("found", "kind", "words"),
    [
        (estimate(0.018, 0.016, 0.020), Kind.SHARE, "1.8 % (1.6 to 2.0 %)"),
        (estimate(412.0, 380.2, 449.9), Kind.COUNT, "410 (380 to 450)"),
        (estimate(412.0, 412.0, 412.0), Kind.COUNT, "412"),
        (estimate(1_234_567.0, 1_234_567.0, 1_234_567.0), Kind.COUNT, "1,234,567"),
        (estimate(41_237.0, 40_310.0, 42_160.0), Kind.COUNT, "41,200 (40,300 to 42,200)"),
        (estimate(0.0, 0.0, 0.00007), Kind.SHARE, "0.000 % (0.000 to 0.007 %)"),
        (estimate(0.0, 0.0, 0.0), Kind.SHARE, "0 %"),
        (estimate(1.0, 1.0, 1.0), Kind.SHARE, "100 %"),
        (estimate(0.018345, 0.018345, 0.018345), Kind.SHARE, "1.83 %"),
        (estimate(12.34, 11.9, 12.8), Kind.AMOUNT, "12.3 (11.9 to 12.8)"),
        (estimate(0.713, 0.66, 0.76), Kind.COEFFICIENT, "0.71 (0.66 to 0.76)"),
        (estimate(412.0, 380.0, math.inf), Kind.COUNT, "412 (380 to any)"),
    ],
)
def test_a_figure_is_told_with_its_interval(found: Estimate, kind: Kind, words: str) -> None:
    assert said(found, kind).together == words


def test_a_change_is_told_with_its_sign() -> None:
    assert said(estimate(790.0, 632.0, 948.0), signed=True).together == "+800 (+600 to +900)"
    assert said(estimate(-12.0, -12.0, -12.0), signed=True).together == "−12"
    assert said(estimate(0.0, 0.0, 0.0), signed=True).together == "0"


def test_a_figure_that_is_kept_back_is_not_a_zero() -> None:
    found = said(Estimate(None, None, None, 3, "stratified", suppressed=True))
    assert (found.value, found.known, found.rows) == ("kept back", False, "3 rows")


def test_a_figure_that_cannot_be_had_is_unknown() -> None:
    assert said(estimate(None, None, None, 1)).value == "unknown"
    assert said(estimate(math.nan, None, None)).value == "unknown"


def test_bounds_without_a_point_are_told_as_bounds() -> None:
    assert said(Estimate(None, 739.0, 11_569.3, 12, "bounds")).together == "at least 739, at most 11,600"
    assert said(Estimate(None, 0.1, 0.3, 12, "bounds"), Kind.SHARE).together == "at least 10.0 %, at most 30.0 %"
    assert said(Estimate(None, 12.0, None, 12, "bounds")).together == "at least 12"


def test_what_missing_signals_leave_open_is_told_as_a_range() -> None:
    least, most = estimate(10.0, 10.0, 10.0), estimate(14.0, 14.0, 14.0)
    assert said_bounds(Bounds(least, most)) == "at least 10, at most 14"
    assert said_bounds(Bounds(least, least)) == "10"


def test_weights_need_no_more_than_one_digit() -> None:
    assert [spelt(number) for number in (1.0, 36.4, 36.44, 1_000_000)] == ["1", "36.4", "36.4", "1,000,000"]


def read(text: str) -> list[float]:
    return [float(one.replace(",", "").replace("−", "-")) for one in re.findall(r"[−+]?[\d,]+(?:\.\d+)?", text)]


@given(st.floats(-1e9, 1e9), st.floats(0, 1e8), st.floats(0, 1e8), st.sampled_from([Kind.COUNT, Kind.AMOUNT]))
def test_what_is_printed_lies_in_its_printed_interval(value: float, below: float, above: float, kind: Kind) -> None:
    found = said(estimate(value, value - below, value + above), kind)
    if found.interval:
        (point,), (low, high) = read(found.value), read(found.interval)
        assert low <= point <= high
        # Rounding may move a bound by half of the last digit that is shown, which is less than a third of the width.
        assert abs(low - (value - below)) <= max(below + above, 0.1)
