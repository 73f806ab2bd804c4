"""Drift is told where newer items are not what a calibration was made on, and nowhere else."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.drift.compare import compare_with
from assay.detection.calibration.drift.labelled import cost_shift
from assay.detection.calibration.drift.outlook import Outlook, worst_of
from assay.detection.calibration.drift.unlabelled import ScoreShift, score_shift
from assay.detection.calibration.scores.table import Scores
from tests.detection.calibration.made import calibrated, normal, sampled


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return calibrated(sampled(*normal(1500, seed=21)))


def mixed(
    count: int, share: float, *, shift: float = 0.0, ai_shift: float = 0.0, seed: int = 3
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    by_ai, other = normal(count, seed=seed)
    made = int(count * share)
    return np.concatenate((by_ai[:made] + ai_shift, other[made:])) + shift


def shift_of(calibration: Calibration, scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> ScoreShift:
    found = score_shift(calibration, scores, np.ones(len(scores)))
    assert found is not None
    return found


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_another_share_of_ai_is_no_drift(calibration: Calibration, share: float) -> None:
    found = shift_of(calibration, mixed(4000, share))
    assert found.outlook is Outlook.STEADY
    assert found.share_of_ai.value == pytest.approx(share, abs=0.04)


def test_shares_whose_digits_add_up_to_more_than_one_can_be_drawn_from(calibration: Calibration) -> None:
    thirds = (0.3333333334, 0.3333333334, 0.3333333334)
    reference = replace(calibration.whole.reference, edges=(-1.0, 1.0), ai=thirds, other=thirds)
    found = replace(calibration, whole=replace(calibration.whole, reference=reference))
    assert shift_of(found, mixed(900, 0.5)).items == 900


def test_scores_that_no_mixture_gives_are_drift(calibration: Calibration) -> None:
    found = shift_of(calibration, mixed(4000, 0.3, shift=0.8))
    assert found.outlook is Outlook.RECALIBRATE
    assert found.probability < 0.01
    assert found.psi.low > 0.02


def test_few_new_scores_cannot_tell(calibration: Calibration) -> None:
    assert shift_of(calibration, mixed(80, 0.3, shift=0.8)).outlook is Outlook.CANNOT_TELL
    assert shift_of(calibration, mixed(150, 0.3)).outlook is Outlook.CANNOT_TELL


def test_heavy_weights_are_worth_fewer_items(calibration: Calibration) -> None:
    scores = mixed(4000, 0.3)
    found = score_shift(calibration, scores, np.where(np.arange(4000) < 20, 1000.0, 0.1))
    assert found is not None
    assert (found.items, found.outlook) == (20, Outlook.CANNOT_TELL)


def test_a_bucket_without_figures_and_a_file_without_scores_are_not_compared(calibration: Calibration) -> None:
    assert score_shift(calibration, np.ones(9), np.ones(9), "sketch") is None
    assert score_shift(calibration, np.zeros(0), np.zeros(0)) is None


def test_labels_show_that_the_same_scores_mean_something_else(calibration: Calibration) -> None:
    by_ai, other = normal(200, seed=4)
    steady = cost_shift(calibration, sampled(*normal(3000, seed=4)))
    lower = cost_shift(calibration, sampled(by_ai - 1.5, other))
    assert steady is not None
    assert lower is not None
    assert (steady.outlook, lower.outlook) == (Outlook.STEADY, Outlook.RECALIBRATE)
    assert lower.change.low > 0
    assert lower.now.value > lower.least


def test_few_labels_cannot_tell(calibration: Calibration) -> None:
    found = cost_shift(calibration, sampled(*normal(30, seed=4)))
    assert found is not None
    assert found.outlook is Outlook.CANNOT_TELL


def test_a_broken_promise_alone_calls_for_a_new_calibration(calibration: Calibration) -> None:
    # Only twenty items by AI, far too few for a cost; but of the others every fifth is accused.
    by_ai, other = normal(400, seed=6)
    found = cost_shift(calibration, sampled(by_ai[:20], np.where(np.arange(400) % 5 == 0, 3.0, other)))
    assert found is not None
    accused = found.kept[0]
    assert accused.broken
    assert accused.seen.value == pytest.approx(0.24, abs=0.05)
    assert found.outlook is Outlook.RECALIBRATE


def test_one_kind_alone_has_no_cost(calibration: Calibration) -> None:
    assert cost_shift(calibration, sampled([], [0.0, 1.0])) is None


def scores_of(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], labels: list[bool | None], bucket: str = ""
) -> Scores:
    names = tuple(map(str, range(len(values))))
    return Scores(names, values, tuple(labels), names, (bucket,) * len(values), np.ones(len(values)), ())


def test_a_file_is_compared_whole_by_its_labels_as_far_as_it_has_some(calibration: Calibration) -> None:
    values = mixed(4000, 0.3)
    labels: list[bool | None] = [place < 1200 if place % 10 == 0 else None for place in range(4000)]
    found = compare_with(calibration, scores_of(values, labels))
    assert not isinstance(found, list)
    assert (len(found.scores), len(found.costs), found.unlabelled) == (1, 1, 3600)
    assert found.digest == calibration.digest


def test_a_bucket_that_drifts_is_seen_among_others() -> None:
    buckets = (["photo"] * 300 + ["sketch"] * 300) * 2
    found = calibrated(sampled(*normal(600), buckets=buckets))
    newer = scores_of(mixed(3000, 0.4, shift=-1.2), [None] * 3000, "sketch")
    told = compare_with(found, newer)
    assert not isinstance(told, list)
    assert {one.bucket: one.outlook for one in told.scores}["sketch"] is Outlook.RECALIBRATE
    assert told.outlook is Outlook.RECALIBRATE


def test_of_nothing_nothing_can_be_told() -> None:
    assert worst_of([]) is Outlook.CANNOT_TELL
    assert worst_of([Outlook.STEADY, Outlook.CANNOT_TELL]) is Outlook.CANNOT_TELL


def test_many_buckets_that_are_as_they_were_share_one_chance_of_a_false_alarm() -> None:
    names = [f"kind {place % 12}" for place in range(1200)]
    found = calibrated(sampled(*normal(1200, seed=5), buckets=names * 2))
    assert len(found.buckets) == 12
    told = []
    for seed in range(12):
        values = np.concatenate(normal(1200, seed=600 + seed))
        labels: list[bool | None] = [place < 1200 for place in range(2400)]
        newer = replace(scores_of(values, labels), buckets=tuple(names * 2))
        compared = compare_with(found, newer)
        assert not isinstance(compared, list)
        told.append(compared.outlook is Outlook.RECALIBRATE)
    assert sum(told) <= 1


def test_among_many_buckets_a_look_asks_for_more_than_alone(calibration: Calibration) -> None:
    by_ai, other = normal(70, seed=4)
    newer = sampled(by_ai - 0.6, other)
    alone, among = (cost_shift(calibration, newer, looks=looks) for looks in (1, 100_000))
    assert alone is not None
    assert among is not None
    assert (alone.outlook, among.outlook) == (Outlook.RECALIBRATE, Outlook.CANNOT_TELL)
    assert (alone.now, alone.change) == (among.now, among.change)
    weak, strong = mixed(600, 0.4, shift=0.65), mixed(1500, 0.4, shift=0.6)
    found = [
        score_shift(calibration, one, np.ones(len(one)), "", looks) for one in (weak, strong) for looks in (1, 100)
    ]
    outlooks = [one.outlook for one in found if one is not None]
    assert outlooks == [Outlook.RECALIBRATE, Outlook.CANNOT_TELL, Outlook.RECALIBRATE, Outlook.RECALIBRATE]


def test_a_change_is_less_certain_than_either_cost(calibration: Calibration) -> None:
    found = cost_shift(calibration, sampled(*normal(300, seed=9)))
    assert found is not None
    reference = calibration.whole.reference
    then = 1.959964 * math.sqrt(reference.variance_ai + reference.variance_other) / 2
    now, change = found.now.high - found.now.value, found.change.high - found.change.value
    assert change == pytest.approx(math.hypot(now, then), rel=1e-4)


def test_what_chance_alone_gives_is_no_shift(calibration: Calibration) -> None:
    found = [shift_of(calibration, mixed(400, 0.4, seed=seed)).psi for seed in range(70, 78)]
    assert min(one.value for one in found) == 0.0
    assert sum(one.low == 0.0 for one in found) >= 7
