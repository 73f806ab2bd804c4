"""The flow and the heat table show what moves, in proportion and in the order of the lanes."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Cell, Matrix
from assay.interfaces.rehearsals.page.flow import flow_of
from assay.interfaces.rehearsals.page.heat import heat_of
from tests.interfaces.rehearsals.made import LANES, exactly, made

NAMES = [lane.id for lane in LANES]


def matrix(*cells: tuple[str, str, float]) -> Matrix:
    found = tuple(Cell(old, new, exactly(number), None) for old, new, number in cells)
    return replace(made().comparison.matrices[0], cells=found, views=None)


def thickness(path: str) -> float:
    """How thick a ribbon is at its right end, as drawn."""
    top, bottom = re.findall(r"100 ([\d.]+)V([\d.]+)", path)[0]
    return float(bottom) - float(top)


def test_the_largest_moves_come_first_and_say_which_way_they_go() -> None:
    flow = flow_of(matrix(("visible", "visible", 900), ("visible", "labelled", 10), ("removed", "visible", 30)), LANES)
    assert [(one.old, one.new, one.side, one.figure.value) for one in flow.moves] == [
        ("Removed", "Visible", "milder", "30"),
        ("Visible", "Visible, labelled", "stricter", "10"),
    ]
    assert [slot.title for slot in flow.slots] == ["Visible", "Visible, labelled", "Removed"]
    assert flow.slots[0].stays == "900 stay"
    assert flow.slots[1].stays == ""


def test_what_is_kept_back_is_counted_and_not_drawn() -> None:
    found = matrix(("visible", "labelled", 100), ("visible", "removed", 3))
    few = replace(found.cells[1], decisions=Estimate(None, None, None, 3, "stratified", suppressed=True))
    flow = flow_of(replace(found, cells=(found.cells[0], few)), LANES)
    assert (len(flow.moves), flow.kept_back) == (1, 1)


def test_nothing_that_moves_is_an_empty_flow() -> None:
    flow = flow_of(matrix(("visible", "visible", 900)), LANES)
    assert (flow.moves, flow.kept_back) == ((), 0)
    assert flow_of(matrix(), LANES).height == 0


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), st.floats(1, 1e6), min_size=1, max_size=20
    )
)
def test_ribbons_are_as_thick_as_their_decisions_and_lie_within_their_lanes(
    cells: dict[tuple[str, str], float],
) -> None:
    flow = flow_of(matrix(*((old, new, number) for (old, new), number in cells.items())), LANES)
    moved = {pair: number for pair, number in cells.items() if pair[0] != pair[1]}
    assert len(flow.moves) == len(moved)
    whole = sum(moved.values())
    titles = {lane.title: lane.id for lane in LANES}
    for move in flow.moves:
        number = moved[titles[move.old], titles[move.new]]
        assert abs(thickness(move.path) - max(260 * number / whole, 1.5)) < 0.2
    for before, after in zip(flow.slots, flow.slots[1:], strict=False):
        assert before.top + max(before.leaving, before.arriving) < after.top


def test_a_heat_table_shades_what_moves_by_direction_and_size() -> None:
    heat = heat_of(
        "Decisions",
        matrix(("visible", "visible", 900), ("visible", "removed", 500), ("removed", "visible", 2)),
        LANES,
    )
    assert heat.columns == ("Visible", "Removed")
    (_, (stays, stricter)), (_, (milder, nobody)) = heat.rows
    assert (stays.look, stricter.look, milder.look) == ("same", "stricter h5", "milder h1")
    assert (nobody.value, nobody.look) == ("0", "same")
