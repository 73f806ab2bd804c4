"""Labelled scores are checked, weighed by kind, and dealt into folds that never divide a source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.calibration.sample import Sample, sample_of, too_few
from tests.detection.calibration.made import normal, sampled


def slugs(found: object) -> list[str]:
    return [one.slug for one in found] if isinstance(found, list) else []


def test_a_score_that_is_no_number_is_refused_with_how_many_there_are() -> None:
    found = sample_of([0.1, float("nan"), float("inf")], [True, False, True])
    assert slugs(found) == ["no-number"]
    assert isinstance(found, list)
    assert "2 scores" in found[0].words


def test_every_fault_is_told_at_once() -> None:
    assert slugs(sample_of([float("nan")], [True], weights=[-1.0])) == ["no-number", "bad-weight"]


def test_as_many_labels_as_scores_are_needed() -> None:
    assert slugs(sample_of([0.1, 0.2], [True])) == ["wrong-length"]


def test_one_kind_alone_is_too_few() -> None:
    assert slugs(too_few(sampled(normal(80)[0], []))) == ["one-kind"]


def test_variants_of_one_source_count_as_one_item() -> None:
    by_ai, other = normal(100)
    groups = [f"source {place // 5}" for place in range(100)] + [f"photo {place}" for place in range(100)]
    sample = sampled(by_ai, other, groups)
    assert sample.effective(ai=True) == pytest.approx(20)
    assert sample.effective(ai=False) == pytest.approx(100)
    (fault,) = too_few(sample)
    assert fault.words.startswith("100 rows of items made by AI are worth 20 independent ones")


def test_uneven_weights_are_worth_fewer_items() -> None:
    by_ai, other = normal(100)
    sample = sampled(by_ai, other, weights=[1.0] * 150 + [9.0] * 50)
    assert sample.effective(ai=True) == pytest.approx(100)
    assert sample.effective(ai=False) == pytest.approx(500**2 / (50 + 50 * 81))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_a_source_is_never_divided_between_folds(groups: list[int]) -> None:
    half = len(groups) // 2
    sample = sample_of(
        np.arange(len(groups), dtype=float), [place < half for place in range(len(groups))], list(map(str, groups))
    )
    assert isinstance(sample, Sample)
    folds = sample.folds()
    assert all(len({*folds[sample.group == group].tolist()}) == 1 for group in set(sample.group.tolist()))


def test_folds_are_about_equally_large() -> None:
    folds = sampled(*normal(103)).folds()
    assert max(np.bincount(folds)) - min(np.bincount(folds)) <= 2


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    groups, labels = ["a", "b", "c"], [True, False, True]
    one = sample_of([0.1, 0.2, 0.3], labels, groups)
    other = sample_of([0.3, 0.2, 0.1], labels, groups[::-1])
    changed = sample_of([0.1, 0.2, 0.4], labels, groups)
    assert isinstance(one, Sample)
    assert isinstance(other, Sample)
    assert isinstance(changed, Sample)
    assert one.digest() == other.digest() != changed.digest()
