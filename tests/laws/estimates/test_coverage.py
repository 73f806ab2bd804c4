"""95 % intervals hold the truth in 93 to 97 of 100 samples; an average of what was reviewed does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assay.engine.backtest.figures import Estimate
from benchmarks.covering.drawing import PLANS, Drawn, Plan
from benchmarks.covering.figures import CAUTIOUS, FIGURES, NAIVE
from benchmarks.covering.population import Population, population
from benchmarks.covering.run import covered

LEAST, MOST = 0.93, 0.97
RESAMPLES, SEED = 1000, 1


@pytest.fixture(scope="module")
def whole() -> Population:
    return population(200_000, SEED)


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.kind.replace(" ", "-"))
def test_every_estimators_intervals_hold_the_truth_as_often_as_they_say(whole: Population, plan: Plan) -> None:
    found = covered(whole, [plan], FIGURES, RESAMPLES, SEED)
    assert found
    assert not [(one.name, one.share) for one in found if not LEAST <= one.share <= MOST]


@pytest.mark.slow
def test_intervals_that_are_wider_on_purpose_hold_it_at_least_as_often(whole: Population) -> None:
    found = covered(whole, PLANS, CAUTIOUS, RESAMPLES // 2, SEED)
    assert not [(one.name, one.design, one.share) for one in found if one.share < LEAST]


@pytest.mark.slow
def test_reviewed_uploads_averaged_as_they_are_never_come_near_the_truth(whole: Population) -> None:
    found = covered(whole, PLANS, [NAIVE], RESAMPLES // 10, SEED)
    assert len(found) == len(NAIVE.designs)
    assert all(one.share < 0.05 for one in found)
    # What is reviewed is what looks risky, so that more of it is removed than of everything.
    assert all(one.bias > 1.0 for one in found)


def test_intervals_of_half_the_width_are_found_out(whole: Population) -> None:
    figure = next(one for one in FIGURES if one.name == "rate")

    def narrowed(drawn: Drawn, chance: np.random.Generator) -> Estimate:
        found = figure.estimate(drawn, chance)
        assert found.value is not None and found.low is not None and found.high is not None
        return replace(found, low=(found.low + found.value) / 2, high=(found.high + found.value) / 2)

    (one,) = covered(whole, PLANS[:1], [replace(figure, estimate=narrowed)], 60, SEED)
    assert one.share < LEAST - 0.1
