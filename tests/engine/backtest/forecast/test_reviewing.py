from __future__ import annotations

from dataclasses import replace

import pytest

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.reviewing import Reviewing
from assay.engine.backtest.forecast.walk import Walker
from assay.engine.backtest.sampling.sampler import Sampler, Sizes
from assay.engine.decision.decide import Decider
from assay.engine.program.columnar.compile import Columnar
from tests.engine.backtest.blocks import Row, both, design_of, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(replace(a_signal("harmful"), seconds=20.0), replace(a_signal("disclosed"), seconds=5.0))
MEASURES = measures_with_clocks()
OLD = a_pack(a_rule("p/a", "harmful", then=("removed",)), vocabulary=VOCABULARY, measures=MEASURES)
NEW = a_pack(a_rule("p/a", "harmful || disclosed", then=("removed",)), vocabulary=VOCABULARY, measures=MEASURES)


@pytest.fixture(scope="module")
def walkers() -> tuple[Walker, Walker]:
    return Walker(Decider(OLD), Assumptions()), Walker(Decider(NEW), Assumptions())


@pytest.fixture(scope="module")
def columnar() -> Columnar:
    return both(OLD, NEW)


def reviewing(rows: list[Row], columnar: Columnar, walkers: tuple[Walker, Walker], most: int = 1000) -> Reviewing:
    sampler = Sampler(Sizes(waiting=1000))
    sampler.add(seen_of(rows, columnar))
    return Reviewing(sampler, *walkers, design_of(rows), most)


def open_rows(count: int, salt: str = "", probability: float = 1.0) -> list[Row]:
    return [Row(f"{salt}i{number}", {}, probability=probability) for number in range(count)]


def test_all_open_items_walked_through_give_the_exact_sum(columnar: Columnar, walkers: tuple[Walker, Walker]) -> None:
    found = reviewing(open_rows(40), columnar, walkers)
    # Under the old version there is one question of 20 seconds on each item, whatever the answer is.
    total = found.total(lambda old, new: old.seconds)
    assert (total.value, total.low, total.high, total.rows) == (800.0, 800.0, 800.0, 40)
    change = found.total(lambda old, new: new.seconds - old.seconds, signed=True)
    new = found.total(lambda old, new: new.seconds)
    assert change.value is not None
    assert new.value == pytest.approx(800.0 + change.value)


def test_settled_items_and_an_empty_history_cost_nothing(columnar: Columnar, walkers: tuple[Walker, Walker]) -> None:
    rows = [Row("a", {"harmful": True, "disclosed": True})]
    assert reviewing(rows, columnar, walkers).total(lambda old, new: new.seconds).value == 0.0
    empty = Reviewing(Sampler(), *walkers, Design.of({}), 10)
    assert empty.total(lambda old, new: new.seconds).value == 0.0


def test_a_sample_without_an_open_item_leaves_open_that_there_are_some(
    columnar: Columnar, walkers: tuple[Walker, Walker]
) -> None:
    rows = [Row(f"i{number}", {"harmful": True, "disclosed": True}, probability=0.1) for number in range(50)]
    total = reviewing(rows, columnar, walkers).total(lambda old, new: new.seconds)
    assert (total.value, total.low) == (0.0, 0.0)
    # About three in fifty may be open, each of which costs two questions of 25 seconds together.
    assert total.high == pytest.approx(0.06 * 500 * 25, rel=0.2)


def test_items_open_under_one_version_only_cost_only_there(columnar: Columnar, walkers: tuple[Walker, Walker]) -> None:
    found = reviewing([Row(f"i{n}", {"harmful": False}) for n in range(10)], columnar, walkers)
    assert found.total(lambda old, new: float(old.questions)).value == 0.0
    assert found.total(lambda old, new: float(new.questions)).value == 10.0


def test_a_sample_of_items_is_weighted_up_with_an_interval(columnar: Columnar, walkers: tuple[Walker, Walker]) -> None:
    rows = open_rows(60, probability=0.5) + [
        Row(f"s{n}", {"harmful": False, "disclosed": False}, probability=0.5) for n in range(60)
    ]
    total = reviewing(rows, columnar, walkers).total(lambda old, new: old.seconds)
    assert total.value == pytest.approx(60 * 2 * 20.0)
    assert total.value is not None
    assert total.low is not None
    assert total.high is not None
    assert total.low < total.value < total.high


def test_walking_through_fewer_items_keeps_the_figure_and_widens_the_interval(
    columnar: Columnar, walkers: tuple[Walker, Walker]
) -> None:
    rows = open_rows(300)
    few, all_of_them = (
        reviewing(rows, columnar, walkers, most).total(lambda old, new: new.seconds) for most in (60, 1000)
    )
    assert all_of_them.low == all_of_them.high == all_of_them.value
    assert few.rows == 60
    assert few.low is not None
    assert few.high is not None
    assert all_of_them.value is not None
    assert few.low < all_of_them.value < few.high


@pytest.mark.slow
def test_intervals_of_walks_hold_the_truth_as_often_as_they_promise(
    columnar: Columnar, walkers: tuple[Walker, Walker]
) -> None:
    held = 0
    for again in range(200):
        rows = open_rows(150, f"{again}-")
        found = reviewing(rows, columnar, walkers)
        truth = found.total(lambda old, new: new.seconds).value
        sampler = Sampler(Sizes(waiting=1000))
        sampler.add(seen_of(rows, columnar))
        few = Reviewing(sampler, *walkers, design_of(rows), 40).total(lambda old, new: new.seconds)
        assert truth is not None
        assert few.low is not None
        assert few.high is not None
        held += few.low <= truth <= few.high
    assert 182 <= held <= 199
