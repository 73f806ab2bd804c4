"""Costs, areas and bounds agree with how they are defined, computed the slow way."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assay.detection.calibration.curves.isotonic import fit_isotonic, pooled_by
from assay.detection.calibration.drift.reference import clustered_mean
from assay.detection.calibration.measures.bounds import supported_by
from assay.detection.calibration.measures.costs import auc_by, cllr, cllr_min, error_by
from assay.detection.calibration.measures.diagrams import diagrams_of
from assay.detection.calibration.measures.resampled import figures_of
from assay.detection.calibration.sample import Sample
from tests.detection.calibration.made import normal, sampled

scores = st.lists(st.integers(-6, 6).map(lambda value: value / 4), min_size=1, max_size=12)


@given(scores, scores)
def test_auc_is_the_share_of_pairs_in_order(by_ai: list[float], other: list[float]) -> None:
    sample = sampled(by_ai, other)
    pairs = [1.0 if one > two else 0.5 if one == two else 0.0 for one in by_ai for two in other]
    assert auc_by(sample.score, sample.ai)(sample.balanced()) == pytest.approx(float(np.mean(pairs)))


@given(scores, scores)
def test_pools_are_the_largest_least_means(by_ai: list[float], other: list[float]) -> None:
    sample = sampled(by_ai, other)
    weights = sample.balanced()
    distinct = sorted({*by_ai, *other})
    sums = np.array(
        [[weights[(sample.score == value) & kind].sum() for kind in (sample.ai, ~sample.ai)] for value in distinct]
    )

    def mean(first: int, last: int) -> float:
        part = sums[first : last + 1].sum(0)
        return float(part[0] / part.sum())

    size = len(distinct)
    slow = [max(min(mean(i, j) for j in range(k, size)) for i in range(k + 1)) for k in range(size)]
    assert pooled_by(sample.score, sample.ai)(weights)[2].tolist() == pytest.approx(slow)


@given(scores, scores)
def test_no_rising_reading_costs_less_than_the_least(by_ai: list[float], other: list[float]) -> None:
    sample = sampled(by_ai, other)
    weights = sample.balanced()
    least = cllr_min(sample.score, sample.ai, weights)
    assert least <= cllr(sample.score, sample.ai, weights) + 1e-12
    assert -1e-12 <= least <= 1 + 1e-12


def test_saying_nothing_costs_one_bit() -> None:
    sample = sampled(*normal(20))
    assert cllr(np.zeros(40), sample.ai, sample.balanced()) == pytest.approx(1.0)


def test_cost_is_what_bayes_pays_at_even_odds() -> None:
    sample = sampled([1.0], [1.0])
    # A likelihood ratio of ten for both: the one by AI is believed with 10/11, the other with 1/11.
    expected = (-math.log2(10 / 11) - math.log2(1 / 11)) / 2
    assert cllr(sample.score, sample.ai, sample.balanced()) == pytest.approx(expected)


def harm(sample: Sample, log10_lr: list[float], threshold: float) -> float:
    """What decisions at a threshold cost with one more misleading item of each kind, beside saying nothing."""
    ratios = 10.0 ** np.array(log10_lr)
    one_more = 1 / sample.effective(ai=True), 1 / sample.effective(ai=False)
    missed = float((ratios[sample.ai] <= threshold).mean()) + one_more[0]
    alarms = float((ratios[~sample.ai] > threshold).mean()) + one_more[1]
    return missed + threshold * alarms - min(1.0, threshold)


@given(st.lists(st.integers(-3, 8), min_size=20, max_size=30), st.lists(st.integers(-8, 3), min_size=20, max_size=30))
def test_up_to_the_bound_no_decision_does_worse_than_saying_nothing(by_ai: list[int], other: list[int]) -> None:
    sample = sampled([value / 4 for value in by_ai], [value / 4 for value in other])
    bounds = supported_by(sample, sample.score)
    assume(bounds.upper > 0)
    told = bounds.clip(sample.score).tolist()
    for share in np.linspace(0.001, 0.999, 40):
        assert harm(sample, told, float(10 ** (bounds.upper * share))) <= 1e-9


@given(st.integers(10, 400), st.floats(0.5, 50))
def test_no_bound_goes_beyond_the_number_of_items(count: int, apart: float) -> None:
    sample = sampled(np.full(count, apart), np.full(count, -apart))
    bounds = supported_by(sample, np.clip(sample.score, -12, 12))
    assert 0 <= bounds.upper <= math.log10(count)
    assert 0 <= -bounds.lower <= math.log10(count)


def test_more_items_support_more() -> None:
    bounds = [
        supported_by(sampled([9.0] * count, [-9.0] * count), np.array([9.0] * count + [-9.0] * count))
        for count in (50, 500)
    ]
    assert bounds[0].upper + 0.5 < bounds[1].upper


def test_scores_that_mean_nothing_support_nothing() -> None:
    sample = sampled([1.0, -1.0] * 50, [1.0, -1.0] * 50)
    assert supported_by(sample, sample.score).upper == 0.0


def test_an_interval_holds_its_value_and_narrows_with_more_items() -> None:
    found = [figures_of(sampled(*normal(count)), np.concatenate(normal(count))).cllr for count in (60, 960)]
    assert all(one.low <= one.value <= one.high for one in found)
    assert found[1].high - found[1].low < (found[0].high - found[0].low) / 2


def test_variants_of_one_source_do_not_narrow_an_interval() -> None:
    by_ai, other = normal(60)
    groups = [str(place) for place in range(120)]
    once = figures_of(sampled(by_ai, other, groups), np.concatenate((by_ai, other)))
    four = sampled(np.repeat(by_ai, 4), np.repeat(other, 4), np.repeat(groups, 4).tolist())
    assert figures_of(four, four.score).cllr == once.cllr


def test_without_an_error_the_bound_is_what_chance_could_have_hidden() -> None:
    sample = sampled(np.full(100, 5.0), np.full(100, -5.0))
    # None of 100 was misleading; at 95 % up to 2.95 in a hundred could have been.
    assert 10 ** supported_by(sample, sample.score).upper == pytest.approx(1 / (1 - 0.05**0.01), rel=1e-4)


@given(scores, scores, st.randoms(use_true_random=False))
def test_the_calibration_error_does_not_depend_on_the_order_of_rows(
    by_ai: list[float], other: list[float], chance: random.Random
) -> None:
    sample = sampled(by_ai, other)
    order = chance.sample(range(sample.rows), sample.rows)
    mixed = sample.taken(np.array(order))
    found = [error_by(one.score, one.ai)(one.balanced()) for one in (sample, mixed)]
    assert found[0] == pytest.approx(found[1], abs=1e-12)


@given(scores, scores)
def test_the_calibration_error_is_that_of_the_diagram(by_ai: list[float], other: list[float]) -> None:
    sample = sampled(by_ai, other)
    weights = sample.balanced()
    bins = diagrams_of(sample, sample.score).reliability
    edges = np.unique(1 / (1 + 10.0**-sample.score))
    shares = {value: float(weights[1 / (1 + 10.0**-sample.score) == value].sum()) / 2 for value in edges.tolist()}
    # Bins hold neighbouring values, so that their weights can be counted off one after another.
    left, gaps = list(shares.items()), 0.0
    for one in bins:
        taken = [left.pop(0)]
        while left and sum(v * w for v, w in taken) / sum(w for _, w in taken) < one.said - 1e-9:
            taken.append(left.pop(0))
        gaps += sum(w for _, w in taken) * abs(one.said - one.found)
    assert error_by(sample.score, sample.ai)(weights) == pytest.approx(gaps, abs=1e-6)


def test_two_values_that_mean_what_they_say_are_off_by_little_whatever_the_order() -> None:
    # Of items that say 10 times for AI ten in eleven are AI's, and the other way round; the file is sorted by label.
    sample = sampled([1.0] * 100 + [-1.0] * 10, [1.0] * 10 + [-1.0] * 100)
    assert figures_of(sample, sample.score).error.value == pytest.approx(0.0, abs=1e-9)


def test_an_error_that_is_chance_alone_is_not_told_as_proved() -> None:
    held = 0
    for seed in range(20):
        by_ai, other = normal(150, seed=seed)
        # The true ratio of two normal kinds that lie 2 apart: there is no error at all.
        found = figures_of(sampled(by_ai, other), 2 * np.concatenate((by_ai, other)) / math.log(10)).error
        held += found.low <= 0.02 <= found.high
    assert held >= 18


def test_each_side_is_bounded_by_the_items_that_could_have_misled_on_it() -> None:
    sample = sampled(np.full(60, 5.0), np.full(2000, -5.0))
    bounds = supported_by(sample, sample.score)
    # What misleads towards AI is an item of the others, of which there were 2,000; against it, one of the 60.
    assert 10**bounds.upper == pytest.approx(1 / (1 - 0.05 ** (1 / 2000)), rel=1e-4)
    assert 10**-bounds.lower == pytest.approx(1 / (1 - 0.05 ** (1 / 60)), rel=1e-4)


def test_a_pool_that_saw_none_of_a_kind_has_not_shown_that_there_are_none() -> None:
    curve = fit_isotonic(sampled(np.full(60, 5.0), np.full(60, -5.0)))
    # Half an item is added to either kind in each pool: 60.5 against 0.5.
    assert curve.values[-1] == pytest.approx(math.log10(60.5 / 0.5))
    assert curve.values[0] == pytest.approx(-math.log10(60.5 / 0.5))


def test_variants_of_one_source_do_not_make_a_mean_more_certain() -> None:
    values, groups = np.array([1.0, 2.0, 4.0, 9.0]), np.arange(4)
    mean, variance = clustered_mean(values, np.ones(4), groups)
    assert (mean, variance) == pytest.approx((4.0, float(np.var(values, ddof=1)) / 4))
    assert clustered_mean(np.repeat(values, 5), np.ones(20), np.repeat(groups, 5)) == pytest.approx((mean, variance))
