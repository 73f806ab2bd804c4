"""Intervals of shares, and the figures that teams plan samples with."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from assay.engine.backtest.estimate.intervals import (
    EmptySample,
    exact_interval,
    most_unseen,
    quantile,
    required_sample,
    score_bounds,
    share_of_trials,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("share", "rows"), [(0.01, 9_507), (0.005, 19_111), (0.0016, 59_928), (0.001, 95_943), (0.0001, 960_303)]
)
def test_the_rows_for_a_rate_within_a_fifth_of_itself(share: float, rows: int) -> None:
    # The figures that are passed around take the quantile for 1.96.
    assert required_sample(share) == pytest.approx(rows, rel=1e-4, abs=1)


def test_no_hit_in_n_rows_leaves_three_in_n_open() -> None:
    assert most_unseen(1_000) == pytest.approx(0.003, rel=0.01)
    assert most_unseen(30_000) == pytest.approx(0.0001, rel=0.01)
    assert share_of_trials(0, 1_000).low == 0.0
    assert share_of_trials(1_000, 1_000).high == 1.0


def test_wilson_of_a_worked_example() -> None:
    # Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I: 15 of 148.
    low, high = wilson_interval(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    low, high = exact_interval(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0578, 0.1617)


@given(st.integers(1, 5_000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_effective_trials_that_are_whole_give_wilsons_interval(counts: tuple[int, int]) -> None:
    hits, trials = counts
    found = score_bounds(hits / trials, trials, quantile())
    assert found == pytest.approx(proportion_confint(hits, trials, method="wilson"), abs=1e-9)


@given(st.integers(1, 5_000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_every_interval_holds_its_share_and_stays_between_nothing_and_all(counts: tuple[int, int]) -> None:
    hits, trials = counts
    for low, high in (wilson_interval(hits, trials), exact_interval(hits, trials)):
        assert 0 <= low <= hits / trials + 1e-12 <= high + 2e-12 <= 1 + 3e-12


def test_students_quantile_becomes_the_normal_one() -> None:
    assert quantile(1) == pytest.approx(12.706, abs=1e-3)
    assert quantile(10) == pytest.approx(2.228, abs=1e-3)
    assert quantile(math.inf) == pytest.approx(1.95996, abs=1e-5)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(EmptySample):
        wilson_interval(0, 0)
    assert not share_of_trials(0, 0).known
