"""A verdict errs as seldom as it promises, by the ranks alone, and otherwise abstains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.calibration.measures.band import Verdict, band_of, least_items
from tests.detection.calibration.made import normal, sampled

distinct = st.lists(st.integers(-1000, 1000), min_size=3, max_size=60, unique=True)
alphas = st.sampled_from((0.01, 0.05, 0.1, 0.25))


@given(distinct, alphas)
def test_of_any_items_that_are_left_out_in_turn_no_more_are_accused_than_promised(
    scores: list[int], alpha: float
) -> None:
    accused = 0
    for place, score in enumerate(scores):
        rest = scores[:place] + scores[place + 1 :]
        accused += band_of(sampled([2000.0], rest), alpha, alpha).verdict(score) is Verdict.FOR
    assert accused <= alpha * len(scores)


@given(distinct, alphas)
def test_of_any_items_by_ai_that_are_left_out_in_turn_no_more_are_cleared_than_promised(
    scores: list[int], alpha: float
) -> None:
    cleared = 0
    for place, score in enumerate(scores):
        rest = scores[:place] + scores[place + 1 :]
        cleared += band_of(sampled(rest, [-2000.0]), alpha, alpha).verdict(score) is Verdict.AGAINST
    assert cleared <= alpha * len(scores)


def test_a_promise_needs_enough_items_of_the_other_kind() -> None:
    assert least_items(0.05) == 19
    assert band_of(sampled([5.0], list(range(18)))).above.beyond is None
    assert band_of(sampled([5.0], list(range(19)))).above.beyond == 18.0


def test_variants_count_once() -> None:
    groups = ["ai", *[f"photo {place // 10}" for place in range(180)]]
    side = band_of(sampled([5.0], list(range(180)), groups)).above
    assert (side.items, side.beyond) == (18, None)


def test_a_heavy_new_item_may_lie_above_all_that_were_seen() -> None:
    other = list(range(40))
    light = band_of(sampled([99.0], other, weights=[1.0] * 41)).above
    heavy = band_of(sampled([99.0], other, weights=[1.0] + [1.0] * 39 + [20.0])).above
    assert light.beyond is not None
    assert heavy.beyond is None


def test_what_is_like_neither_kind_abstains() -> None:
    by_ai, other = normal(200, apart=12)
    band = band_of(sampled(by_ai, other))
    assert band.above.beyond is not None
    assert band.below.beyond is not None
    assert band.above.beyond < 0 < band.below.beyond
    assert band.verdict(0.0) is Verdict.ABSTAINS
    assert (band.verdict(6.0), band.verdict(-6.0)) == (Verdict.FOR, Verdict.AGAINST)


def test_a_score_that_is_no_number_abstains() -> None:
    assert band_of(sampled(*normal(100))).verdict(float("nan")) is Verdict.ABSTAINS


def test_the_bound_for_this_very_sample_holds_for_95_of_100_samples() -> None:
    exceeded = 0
    for seed in range(200):
        side = band_of(sampled([9.0], np.random.default_rng(seed).random(100))).above
        assert side.beyond is not None
        # Scores that are evenly spread err exactly as often as a score lies above the threshold.
        exceeded += 1 - side.beyond > side.likely
    assert exceeded / 200 == pytest.approx(0.05, abs=0.045)
