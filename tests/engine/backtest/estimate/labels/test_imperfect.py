"""What people who err find, and what is behind it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.estimate.intervals import share_of_trials
from assay.engine.backtest.estimate.labels.imperfect import apparent_rate, effective_trials, rogan_gladen
from assay.engine.backtest.figures import Estimate


def exactly(share: float, rows: int = 100_000) -> Estimate:
    return Estimate(share, share, share, rows, "census")


def test_errors_swamp_what_is_rare() -> None:
    # One in a thousand, found by people who are right 90 and 99 times in a hundred: eleven times as many appear.
    found = apparent_rate(0.001, 0.90, 0.99)
    assert found == pytest.approx(0.0109, abs=5e-5)
    assert 0.001 * 0.90 / found == pytest.approx(0.08, abs=5e-3)
    assert apparent_rate(0.001, 0.90, 0.999) == pytest.approx(0.0019, abs=5e-5)


def test_the_truth_comes_back_where_the_errors_are_known() -> None:
    found = rogan_gladen(exactly(apparent_rate(0.001, 0.9, 0.99)), (900_000_000, 10**9), (990_000_000, 10**9))
    assert found.value == pytest.approx(0.001, abs=1e-7)
    assert found.low == pytest.approx(0.001, abs=1e-4) and found.high == pytest.approx(0.001, abs=1e-4)


def test_errors_that_are_hardly_known_make_the_truth_hardly_known() -> None:
    sure = rogan_gladen(exactly(0.0109), (9_000, 10_000), (99_000, 100_000))
    unsure = rogan_gladen(exactly(0.0109), (90, 100), (990, 1_000))
    assert unsure.high is not None and sure.high is not None and sure.low is not None
    assert unsure.low == 0.0
    assert unsure.high > 2 * sure.high > 2 * sure.low > 0


def test_a_test_that_is_no_better_than_chance_says_nothing() -> None:
    found = rogan_gladen(exactly(0.4), (3, 10), (6, 10))
    assert (found.value, found.low, found.high) == (None, 0.0, 1.0)
    assert not rogan_gladen(exactly(0.4), (0, 0), (6, 10)).known


def test_a_correction_below_nothing_is_nothing() -> None:
    found = rogan_gladen(share_of_trials(1, 1_000), (95, 100), (960, 1_000))
    assert (found.value, found.low) == (0.0, 0.0)


@given(st.integers(0, 400), st.integers(5, 4_000))
def test_the_trials_behind_an_interval_are_found_again(hits: int, trials: int) -> None:
    estimate = share_of_trials(min(hits, trials), trials)
    assert effective_trials(estimate) == pytest.approx(trials, rel=1e-6)


def test_no_doubt_is_endless_trials() -> None:
    assert math.isinf(effective_trials(exactly(0.2)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("true", "sensitivity", "specificity"), [(0.05, 0.9, 0.97), (0.3, 0.85, 0.9), (0.02, 0.9, 0.99)]
)
def test_the_interval_holds_the_truth_as_often_as_it_says(true: float, sensitivity: float, specificity: float) -> None:
    chance = np.random.default_rng(5)
    seen, ill, well, hits = 2_000, 300, 600, 0
    for _ in range(1_000):
        apparent = share_of_trials(int(chance.binomial(seen, apparent_rate(true, sensitivity, specificity))), seen)
        found = rogan_gladen(
            apparent, (int(chance.binomial(ill, sensitivity)), ill), (int(chance.binomial(well, specificity)), well)
        )
        hits += found.low is not None and found.high is not None and found.low <= true <= found.high
    assert 0.93 <= hits / 1_000 <= 0.98
