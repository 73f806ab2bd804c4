"""Codes of paths, lanes of two versions, and what a block keeps of them."""

from __future__ import annotations

import numpy as np
import pytest

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.seen import NEW, OLD
from assay.engine.backtest.replay.treatment import LABELLED, Lanes, Treatment
from assay.engine.language.pack.measures import Ladder, Measures
from tests.engine.backtest.blocks import Row, both, measures_with_clocks, seen_of
from tests.makers import a_measure, a_pack, a_rule


def ladder_of(*names: str) -> Measures:
    steps = tuple(a_measure(name, "step", rank) for rank, name in enumerate(names, 1))
    return Measures(all=steps, ladders=(Ladder("visibility", "Visibility", a_measure("visible", "step"), steps),))


def test_every_code_says_both_lanes_and_what_is_open() -> None:
    ways = Paths(Lanes(measures_with_clocks()))
    code = ways.code("visible", "removed", is_open=True)
    assert ways.lanes.all[ways.old[code]].id == "visible"
    assert ways.lanes.all[ways.new[code]].id == "removed"
    assert ways.stricter[code]
    assert ways.changed[code]
    assert ways.opened[code]
    assert not ways.milder[code]
    assert not ways.settled[code]
    assert ways.cell[code] == ways.code("visible", "removed")


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 20, 100])
def test_lanes_of_any_ladder_find_room_in_a_code(steps: int) -> None:
    names = [f"step{number}" for number in range(steps)]
    ways = Paths(Lanes(ladder_of(*names)))
    lanes = [lane.id for lane in ways.lanes.all]
    codes = {
        ways.code(old, new, was_open=one, is_open=two)
        for old in lanes
        for new in lanes
        for one in (False, True)
        for two in (False, True)
    }
    assert len(codes) == 4 * len(lanes) ** 2
    assert max(codes) < ways.size


def test_a_row_is_in_its_strongest_lane_only() -> None:
    rules = [
        a_rule("p/a", "disclosed", then=("label:ai",)),
        a_rule("p/b", "disclosed", then=("not_recommended",)),
        a_rule("p/c", "disclosed", then=("removed",)),
    ]
    measures = measures_with_clocks()
    old, new = a_pack(rules[0], measures=measures), a_pack(*rules, measures=measures)
    seen = seen_of([Row("a", {"disclosed": True}), Row("b", {"disclosed": False}), Row("c")], both(old, new))
    found = [
        (int(seen.ways.old[code]), int(seen.ways.new[code]), bool(seen.ways.is_open[code])) for code in seen.paths("DE")
    ]
    rank = {lane.id: lane.rank for lane in seen.ways.lanes.all}
    assert found == [(rank[LABELLED], rank["removed"], False), (0, 0, False), (0, 0, True)]


def test_many_lanes_take_two_bytes_and_still_say_what_single_rows_do() -> None:
    names = [f"step{number}" for number in range(20)]
    measures = ladder_of(*names)
    rules = [a_rule(f"p/{name}", "disclosed", then=(name,)) for name in names]
    seen = seen_of(
        [Row("a", {"disclosed": True})], both(a_pack(rules[4], measures=measures), a_pack(*rules, measures=measures))
    )
    (code,) = seen.paths("DE")
    assert code.dtype == np.uint16
    assert (seen.ways.lanes.all[seen.ways.old[code]].id, seen.ways.lanes.all[seen.ways.new[code]].id) == (
        "step4",
        "step19",
    )


def test_markets_of_one_class_share_what_is_worked_out() -> None:
    rule = a_rule("p/a", "disclosed", markets=("EU",))
    seen = seen_of([Row("a", {"disclosed": True}, views={"DE": 1, "FR": 2, "US": 3})], both(a_pack(rule), a_pack(rule)))
    assert seen.place(OLD, "DE") == seen.place(OLD, "FR") == "EU"
    assert seen.place(NEW, "US") == seen.place(NEW, ELSEWHERE) == "rest"
    assert seen.paths("DE") is seen.paths("FR")
    assert seen.standing(OLD, "DE") is seen.standing(OLD, "FR")
    assert seen.paths("DE") is not seen.paths("US")


def test_versions_without_a_ladder_have_two_lanes() -> None:
    lanes = Lanes(Measures(all=(a_measure("label:ai", "member"),)))
    assert [lane.id for lane in lanes.all] == ["none", LABELLED]
    assert lanes.lane(Treatment(("label:ai",), ())).id == LABELLED
