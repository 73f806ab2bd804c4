"""Lanes of two versions are in the order of both ladders, whichever of them lacks a step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.engine.backtest.replay.treatment import LABELLED, Lanes, Treatment
from assay.engine.language.pack.measures import Measures
from tests.makers import some_measures

WHOLE = some_measures()
LADDER = WHOLE.ladders[0]
NAMES = [LADDER.base.id, LABELLED, *(step.id for step in LADDER.steps)]


def without(*names: str) -> Measures:
    steps = tuple(step for step in LADDER.steps if step.id not in names)
    return replace(WHOLE, ladders=(replace(LADDER, steps=steps), *WHOLE.ladders[1:]))


def unlabelled() -> Measures:
    return replace(WHOLE, all=tuple(one for one in WHOLE.all if one.family != "label"))


@pytest.mark.parametrize("name", [step.id for step in LADDER.steps])
def test_a_step_that_one_version_lacks_stands_where_the_other_has_it(name: str) -> None:
    for versions in ((WHOLE, without(name)), (without(name), WHOLE)):
        lanes = Lanes(*versions)
        assert [lane.id for lane in lanes.all] == NAMES
        assert [lane.rank for lane in lanes.all] == list(range(len(NAMES)))


def test_labels_that_only_the_old_version_has_are_weaker_than_every_step() -> None:
    for versions in ((WHOLE, unlabelled()), (unlabelled(), WHOLE)):
        assert [lane.id for lane in Lanes(*versions).all] == NAMES


def test_the_newer_version_decides_where_both_differ() -> None:
    turned = replace(WHOLE, ladders=(replace(LADDER, steps=LADDER.steps[::-1]), *WHOLE.ladders[1:]))
    assert [lane.id for lane in Lanes(turned, WHOLE).all] == NAMES


def test_an_item_belongs_to_the_strongest_lane_of_what_is_done_to_it() -> None:
    first, *_, last = LADDER.steps
    lanes = Lanes(WHOLE, without(first.id))
    assert lanes.lane(Treatment((first.id, last.id), ())).id == last.id
    assert lanes.lane(Treatment((), ())).id == LADDER.base.id
