from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.measuring.area import area_under_curve
from assay.detection.measuring.operating import operating_points
from assay.detection.measuring.sample import Sample, sample_of

# Few different values, so that ties are common.
scores = st.lists(st.integers(0, 6), min_size=1, max_size=14)


def sample(ai: list[float], real: list[float], groups: list[str] | None = None) -> Sample:
    return sample_of([*ai, *real], [True] * len(ai) + [False] * len(real), groups)


@given(scores, scores)
def test_the_area_is_the_share_of_pairs_won_with_ties_counted_half(ai: list[int], real: list[int]) -> None:
    won = np.mean([(one > other) + (one == other) / 2 for one in ai for other in real])
    found = area_under_curve(sample(ai, real))  # type: ignore[arg-type]
    assert found is not None
    assert found.value == pytest.approx(won)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(scores, scores, st.floats(0.01, 0.6))
def test_what_is_found_breaks_every_tie_against_the_detector(ai: list[int], real: list[int], share: float) -> None:
    (found,) = operating_points(sample(ai, real), (share,))  # type: ignore[arg-type]
    thresholds = [value for value in (-1, *range(8)) if np.mean([one > value for one in real]) <= share]
    # The lowest threshold that accuses no more than it may; a file at the threshold itself is not called AI.
    best = min(thresholds)
    assert np.mean([one > found.threshold for one in real]) <= share + 1e-9
    if found.found is not None:
        assert found.found.value == pytest.approx(np.mean([one > best for one in ai]))
        assert found.found.low <= found.found.value <= found.found.high


@given(scores, scores)
def test_the_order_of_files_changes_nothing(ai: list[int], real: list[int]) -> None:
    forwards, backwards = sample(ai, real), sample(ai[::-1], real[::-1])  # type: ignore[arg-type]
    one, other = area_under_curve(forwards), area_under_curve(backwards)
    assert one is not None and other is not None
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_variants_of_one_picture_make_no_interval_narrower() -> None:
    chance = np.random.default_rng(5)
    ai, real = chance.normal(1, 1, 25).tolist(), chance.normal(0, 1, 25).tolist()
    groups = [str(place) for place in range(50)]
    alone = area_under_curve(sample(ai, real, groups))
    copied = area_under_curve(
        sample_of([*ai * 4, *real * 4], [True] * 100 + [False] * 100, [*groups[:25] * 4, *groups[25:] * 4])
    )
    taken_for_new = area_under_curve(sample(ai * 4, real * 4))
    assert alone is not None and copied is not None and taken_for_new is not None
    assert (copied.value, copied.low, copied.high) == pytest.approx((alone.value, alone.low, alone.high))
    assert taken_for_new.high - taken_for_new.low < 0.6 * (copied.high - copied.low)


def test_variants_make_no_false_accusation_easier_to_tell() -> None:
    ai, real = list(range(50, 100)), list(range(50))
    groups = [str(place) for place in range(100)]
    copied = sample_of(ai * 4 + real * 4, [True] * 200 + [False] * 200, groups[:50] * 4 + groups[50:] * 4)
    assert [point.can_tell for point in operating_points(copied)] == [False, True]
    assert "50 independent real items; 100 are needed" in operating_points(copied)[0].words
    assert [point.can_tell for point in operating_points(sample(ai * 4, real * 4))] == [True, True]  # type: ignore[arg-type]


def test_a_weight_of_two_is_two_files_for_the_value() -> None:
    weighted = sample_of([3, 1, 2], [True, True, False], weights=[2, 1, 1])
    found = area_under_curve(weighted)
    assert found is not None
    assert found.value == pytest.approx(2 / 3)


def test_the_interval_holds_the_true_area_as_often_as_it_says() -> None:
    chance, true, held = np.random.default_rng(11), 0.76025, 0
    for _ in range(400):
        ai, real = chance.normal(1, 1, 40), chance.normal(0, 1, 60)
        found = area_under_curve(sample(ai.tolist(), real.tolist()))
        assert found is not None
        held += found.low <= true <= found.high
    assert 0.93 <= held / 400 <= 0.99


def test_the_interval_of_what_is_found_holds_the_truth() -> None:
    chance, held = np.random.default_rng(12), 0
    true = 0.2595
    for _ in range(24):
        drawn = sample(chance.normal(1, 1, 80).tolist(), chance.normal(0, 1, 120).tolist())
        (found,) = operating_points(drawn, (0.05,))
        assert found.found is not None
        held += found.found.low <= true <= found.found.high
    assert held >= 21


def test_a_perfect_sample_is_no_perfect_detector() -> None:
    found = area_under_curve(sample([3, 4, 5], [0, 1, 2]))
    assert found is not None
    assert (found.value, found.high) == (1, 1)
    assert found.low < 0.5


def test_one_that_always_says_the_same_is_guessing() -> None:
    found = area_under_curve(sample([1.0] * 30, [1.0] * 30))
    assert found is not None
    assert found.value == 0.5
    assert [
        point.found.value for point in operating_points(sample([1.0] * 30, [1.0] * 30), (0.05,)) if point.found
    ] == [0]


def test_one_kind_alone_has_no_figure() -> None:
    assert area_under_curve(sample([1, 2], [])) is None
    assert operating_points(sample([], [1, 2])) == ()


def test_the_same_files_give_the_same_figures() -> None:
    drawn = sample(
        np.random.default_rng(1).normal(1, 1, 60).tolist(), np.random.default_rng(2).normal(0, 1, 60).tolist()
    )
    assert operating_points(drawn) == operating_points(drawn)


def test_pairs_of_one_item_may_stand_on_both_sides() -> None:
    groups = [str(place) for place in range(30)]
    chance = np.random.default_rng(4)
    paired = sample_of(chance.normal(0, 1, 60).tolist(), [True] * 30 + [False] * 30, groups * 2)
    found = area_under_curve(paired)
    assert paired.is_paired
    assert found is not None
    assert found.low < 0.5 < found.high
    assert operating_points(paired, (0.1,))[0].found is not None


def test_uneven_weights_are_worth_fewer_items() -> None:
    # Of fifty of each kind five stand for a hundred uploads each: together they are worth no more than about six.
    values, weights = list(range(100)), [100.0 if place % 20 < 2 else 1.0 for place in range(100)]
    ai = [True, False] * 50
    even, uneven = sample_of(values, ai), sample_of(values, ai, weights=weights)
    assert (even.worth(ai=True), round(uneven.worth(ai=True), 2)) == (50.0, 5.94)
    assert [point.can_tell for point in operating_points(even, (0.02, 0.25))] == [True, True]
    assert [point.can_tell for point in operating_points(uneven, (0.02, 0.25))] == [False, True]
    assert operating_points(even, (0.02,))[0].real_items == 50


def test_the_interval_of_unevenly_weighted_items_holds_the_true_area() -> None:
    chance, true, held = np.random.default_rng(13), 0.76025, 0
    for _ in range(200):
        drawn = [*chance.normal(1, 1, 40), *chance.normal(0, 1, 40)]
        weights = chance.choice([1.0, 20.0], 80, p=[0.9, 0.1]).tolist()
        found = area_under_curve(sample_of(drawn, [True] * 40 + [False] * 40, weights=weights))
        assert found is not None
        held += found.low <= true <= found.high
    assert held >= 182


def test_with_few_real_items_the_lower_end_of_what_is_found_is_not_too_high() -> None:
    chance, true, above = np.random.default_rng(14), 0.0924, 0
    for _ in range(20):
        drawn = sample(chance.normal(1, 1, 100).tolist(), chance.normal(0, 1, 100).tolist())
        (found,) = operating_points(drawn, (0.01,))
        assert found.found is not None
        above += found.found.low > true
    assert above == 0


def test_pairs_that_rise_and_fall_together_tell_more_than_strangers() -> None:
    chance = np.random.default_rng(6)
    base = chance.normal(0, 1, 40)
    scores_of = [*(base + 0.5 + chance.normal(0, 0.3, 40)), *(base + chance.normal(0, 0.3, 40))]
    ai, pairs = [True] * 40 + [False] * 40, [str(place) for place in range(40)] * 2
    paired, strangers = area_under_curve(sample_of(scores_of, ai, pairs)), area_under_curve(sample_of(scores_of, ai))
    assert paired is not None and strangers is not None
    assert paired.value == strangers.value
    assert paired.high - paired.low < 0.7 * (strangers.high - strangers.low)


def test_false_accusations_are_counted_with_their_interval() -> None:
    (found,) = operating_points(sample(list(range(50, 150)), list(range(100))), (0.05,))
    assert (found.false_items, found.real_items, found.threshold) == (5, 100, 94.0)
    # Clopper and Pearson's upper end for 5 of 100.
    assert found.false_high == pytest.approx(0.1128, abs=1e-4)
