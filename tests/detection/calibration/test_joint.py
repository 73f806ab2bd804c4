"""Detectors of one group count together as often as they bring something new, in any order, and never twice."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.calibration.calibration import Calibration, Count
from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.joint.fitting import Scored, _held_out, combine
from assay.detection.calibration.joint.model import Joint, Member, strongest
from assay.detection.calibration.joint.weights import joint_weights
from assay.detection.calibration.joint.written import joints_from_json, joints_to_json, sealed_joint
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.costs import cllr
from assay.detection.calibration.measures.resampled import Figure
from tests.detection.calibration.made import calibrated, normal, sampled

DAY = "2026-11-23"
COUNT = 300
ratios = st.floats(-4, 4).map(lambda value: round(value, 3))
several = st.lists(ratios, max_size=6)


def scores(seed: int, *, apart: float = 1.6) -> Floats:
    return np.concatenate(normal(COUNT, apart=apart, seed=seed))


def combined(by_name: dict[str, Floats]) -> Joint:
    sample = sampled(*normal(COUNT))
    calibrations: dict[str, Calibration] = {
        name: calibrated(sampled(np.nan_to_num(column[:COUNT]), np.nan_to_num(column[COUNT:])))
        for name, column in by_name.items()
    }
    found = combine("pixels", Scored(sample, by_name), calibrations, DAY)
    assert isinstance(found, Joint), found
    return found


def written(weights: tuple[float, ...]) -> Joint:
    """A joint of members `a`, `b`, … with these weights."""
    members = tuple(Member(name, f"sha256:{name}", weight) for name, weight in zip("abcdef", weights, strict=False))
    figure, count = Figure(0.5, 0.4, 0.6), Count(60, 60.0)
    alone = (figure,) * len(members)
    joint = Joint("pixels", members, Bounds(-1.5, 1.8), figure, alone, figure, count, count, "sha256:sample", DAY)
    return sealed_joint(joint)


def test_an_exact_twin_counts_nothing_more() -> None:
    one, other = scores(11), scores(12)
    pair, trio = combined({"a": one, "b": other}), combined({"a": one, "b": other, "twin": one.copy()})
    assert trio.cllr.value == pytest.approx(pair.cllr.value, abs=0.004)
    weights = {member.detector: member.weight for member in trio.members}
    assert weights["a"] + weights["twin"] == pytest.approx(pair.members[0].weight, abs=0.03)
    assert trio.added.value > trio.cllr.value + 0.03


def test_twins_alone_count_as_one() -> None:
    one = scores(11)
    found = combined({"a": one, "twin": one.copy()})
    assert sum(member.weight for member in found.members) <= 1.0 + 1e-6
    assert found.cllr.value == pytest.approx(found.alone[0].value, abs=0.004)


def test_strangers_add_up() -> None:
    found = combined({"a": scores(11), "b": scores(12)})
    assert min(member.weight for member in found.members) > 0.8
    assert found.cllr.value < min(one.value for one in found.alone) - 0.1


def test_a_detector_that_guesses_is_not_heard() -> None:
    found = combined({"good": scores(11), "blind": scores(14, apart=0.0)})
    assert found.cllr.value == pytest.approx(found.alone[1].value, abs=0.01)


def test_a_member_that_is_often_missing_is_still_heard_where_it_speaks() -> None:
    half = scores(12)
    half[::2] = np.nan
    found = combined({"a": scores(11), "half": half})
    assert found.log10_lr({"half": 1.0}) > 0.5


def test_the_strongest_for_and_the_strongest_against_are_set_off() -> None:
    assert strongest([]) == 0.0
    assert strongest([0.5, 2.0]) == 2.0
    assert strongest([2.0, -0.5, 1.0, -0.2]) == 1.5


@given(several)
def test_the_strongest_is_the_same_in_every_order(values: list[float]) -> None:
    assert strongest(values) == strongest(values[::-1]) == strongest(sorted(values))


@given(several)
def test_the_strongest_is_no_stronger_for_a_twin(values: list[float]) -> None:
    assert strongest([*values, *values[:1]]) == strongest(values)


@given(several, st.integers(0, 5), st.floats(0, 3))
def test_the_strongest_rises_with_every_value(values: list[float], place: int, more: float) -> None:
    raised = [value + more if number == place else value for number, value in enumerate(values)]
    assert strongest(raised) >= strongest(values)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=5), several, st.integers(0, 4), st.floats(0, 3))
def test_a_joint_rises_with_every_value_and_stops_at_its_bounds(
    weights: list[float], values: list[float], place: int, more: float
) -> None:
    joint = written(tuple(weights))
    before = dict(zip("abcdef", values, strict=False))
    after = {name: value + more if name == "abcdef"[place] else value for name, value in before.items()}
    assert -1.5 <= joint.log10_lr(before) <= joint.log10_lr(after) <= 1.8


@given(several)
def test_the_order_of_values_does_not_matter(values: list[float]) -> None:
    joint = written((0.3, 0.7, 1.0, 0.2))
    found = dict(zip("abcdef", values, strict=False))
    assert joint.log10_lr(found) == joint.log10_lr(dict(reversed(found.items())))


def test_a_missing_member_and_a_value_that_is_no_number_add_nothing() -> None:
    joint = written((0.5, 1.0))
    assert joint.log10_lr({}) == 0.0
    assert joint.log10_lr({"a": 1.0, "b": math.nan, "stranger": 9.0}) == 0.5


def test_a_joint_no_longer_fits_where_a_member_was_calibrated_anew() -> None:
    joint = written((0.5, 1.0))
    assert joint.fits({"a": "sha256:a"})
    assert not joint.fits({"a": "sha256:a", "b": "sha256:newer"})


def test_joints_are_the_same_after_writing_and_reading() -> None:
    joints = {"pixels": combined({"a": scores(11), "b": scores(12)})}
    assert joints_from_json(joints_to_json(joints)) == joints


def test_a_joint_that_was_changed_is_refused() -> None:
    changed = replace(written((0.5, 1.0)), bounds=Bounds(-9.0, 9.0))
    found = joints_from_json(joints_to_json({"pixels": changed}))
    assert isinstance(found, list)
    assert [one.slug for one in found] == ["changed-joint"]


def test_a_weight_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        written((1.5, 0.2))


def test_a_detector_without_a_score_for_any_item_is_named() -> None:
    one = scores(11)
    found = combine(
        "pixels",
        Scored(sampled(*normal(COUNT)), {"a": one, "b": np.full(2 * COUNT, np.nan)}),
        dict.fromkeys("ab", calibrated(sampled(one[:COUNT], one[COUNT:]))),
        DAY,
    )
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == ["no-scores"]


def test_a_detector_of_which_nothing_is_believed_can_be_a_member() -> None:
    blind = np.tile([1.0, -1.0], COUNT)
    found = combined({"good": scores(11), "blind": blind})
    assert found.cllr.value == pytest.approx(found.alone[1].value, abs=0.01)


def test_a_detector_without_a_calibration_is_named() -> None:
    one = scores(11)
    found = combine("pixels", Scored(sampled(*normal(COUNT)), {"a": one, "b": one}), {}, DAY)
    assert isinstance(found, list)
    assert [one.words.split("`")[1] for one in found] == ["a", "b"]


def test_weights_that_fit_chance_alone_are_not_told_as_knowledge() -> None:
    chance, sample = np.random.default_rng(9), sampled(*normal(60))
    guesses = chance.normal(0, 0.6, (120, 10))
    fitted = cllr(guesses @ joint_weights(sample, guesses), sample.ai, sample.balanced())
    # On the items that the weights were fitted on, guesses look like knowledge; on others they are none.
    assert fitted < 0.97
    assert cllr(_held_out(sample, guesses), sample.ai, sample.balanced()) > 0.99
