"""Sums by scope and stratum: exact, bounded in memory, and the same however they are joined."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.history.block import Group
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.creators import Distinct
from assay.engine.backtest.replay.counting.draw import CERTAIN, Draw, Strata
from assay.engine.backtest.replay.counting.grid import HIGH, LOW, VIEWS, Grid, moments_of, summed
from assay.engine.backtest.replay.counting.groups import MOST_VALUES, OTHER, Groups
from assay.engine.backtest.replay.tally import Tally
from tests.engine.backtest.blocks import Row, a_block, both, seen_of
from tests.makers import a_pack, a_rule

PACK = a_pack(a_rule("p/a", "disclosed"))
EMPTY = a_pack(a_rule("p/a", "disclosed && !disclosed"))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**40)), min_size=1, max_size=50))
def test_sums_and_squares_of_views_are_exact_however_large(entries: list[tuple[int, int]]) -> None:
    cells = np.array([cell for cell, _ in entries])
    found = summed(cells, 4, views=np.array([views for _, views in entries], np.int64)).whole.tolist()
    for cell in range(4):
        views = [each for of, each in entries if of == cell]
        assert found[cell][VIEWS] == sum(views)
        assert (found[cell][HIGH] << 32) + found[cell][LOW] == sum(each * each for each in views)


def test_a_grid_keeps_squares_that_no_single_number_holds() -> None:
    grid, huge = Grid(), 2**40
    for _ in range(300):
        sums = summed(np.zeros(1, np.int64), 1, views=np.array([huge])).shaped(1, 1, 1)
        grid.add(("everywhere",), ("s",), ("k",), sums)
    found = moments_of(grid.of("everywhere", "s", ("k",)), Unit.VIEWS, 2.0)
    assert (found.rows, found.x, found.xx) == (300, 300 * huge, float(300 * huge * huge))
    assert found.wwxx == 4 * found.xx


def test_rows_taken_with_certainty_are_a_stratum_of_their_own() -> None:
    rows = [
        Row("a", probability=0.5, stratum="risky"),
        Row("b", stratum="risky"),
        Row("c", probability=0.5, stratum="low"),
    ]
    draw = Draw.of(a_block(rows, PACK))
    assert [draw.names[place] for place in draw.strata] == ["risky", CERTAIN, "low"]
    strata = Strata()
    strata.add(draw)
    assert {name: (one.rows, one.weights) for name, one in strata.all.items()} == {
        "low": (1, 2.0),
        "risky": (1, 2.0),
        CERTAIN: (1, 1.0),
    }
    assert all(one.equal for one in strata.all.values())


def test_a_stratum_whose_rows_differ_between_blocks_has_several_weights() -> None:
    strata = Strata()
    for probability in (0.5, 0.25):
        strata.add(Draw.of(a_block([Row("a", probability=probability)], PACK)))
    assert strata.weight("all") is None
    assert not strata.all["all"].equal
    assert strata.all["all"].weights == 6.0


@given(st.lists(st.text(min_size=1, max_size=4), max_size=80), st.integers(0, 80), st.integers(1, 30))
def test_distinct_names_are_the_same_in_any_order_and_any_parts(names: list[str], cut: int, limit: int) -> None:
    whole, first, second = Distinct(limit), Distinct(limit), Distinct(limit)
    whole.add(names)
    first.add(reversed(names[cut:]))
    second.add(names[:cut])
    first.merge(second)
    assert first.estimate() == whole.estimate()
    if len(set(names)) <= limit:
        assert whole.estimate().value == len(set(names))


def test_more_names_than_fit_are_estimated_with_bounds_that_hold_the_truth() -> None:
    found = Distinct(2000)
    found.add(f"creator-{number}" for number in range(50_000))
    estimate = found.estimate()
    assert estimate.method == "hashed"
    assert estimate.rows <= 2000
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < 50_000 < estimate.high
    assert estimate.high - estimate.low < 10_000


def test_too_many_values_of_a_dimension_are_counted_together() -> None:
    columnar = both(EMPTY, PACK)
    whole, parts = Tally(seen_of([], columnar).ways), []
    for first in (0, 150, 300):
        names = tuple(f"l{number}" for number in range(first, first + 200))
        rows = [Row(f"{number}", {"disclosed": number % 3 == 0}) for number in range(200)]
        seen = seen_of(rows, columnar)
        seen = replace(seen, history=replace(seen.history, groups={"language": Group(np.arange(200), names)}))
        part = Tally(whole.ways)
        for tally in (whole, part):
            tally.add(seen)
        parts.append(part)
    parts[2].merge(parts[0])
    parts[2].merge(parts[1])
    scopes = [scope for scope in whole.lanes.scopes if scope.dimension]
    assert len(scopes) == MOST_VALUES + 1
    assert Scope(dimension="language", value=OTHER) in scopes
    assert whole.lanes.groups.joined == ("language",)
    weights = whole.weights()
    by_scope = {
        scope: [tally.lanes.moments(scope, of, Unit.VIEWS, weights) for of in tally.lanes.cells(scope)]
        for tally in (whole, parts[2])
        for scope in tally.lanes.scopes
    }
    assert sum(moments.rows for scope in scopes for cell in by_scope[scope] for moments in cell.values()) == 600
    assert parts[2].lanes.scopes == whole.lanes.scopes
    for scope in scopes:
        assert by_scope[scope] == [
            whole.lanes.moments(scope, of, Unit.VIEWS, weights) for of in whole.lanes.cells(scope)
        ]


def test_values_that_are_left_out_are_so_in_every_block_that_follows() -> None:
    groups, names = Groups(), tuple(f"l{number}" for number in range(500))
    block = replace(a_block([Row("a")] * 500, PACK), groups={"cohort": Group(np.arange(500), names)})
    list(groups.of(block))
    gone = {scope.value for scope in groups.crowded()}
    _, again = list(groups.of(block))
    assert len(gone) == 500 - MOST_VALUES
    assert gone.isdisjoint(scope.value for scope in again.scopes)


def test_unknown_views_count_as_none_and_are_counted() -> None:
    columnar = both(EMPTY, PACK)
    seen = seen_of([Row("a", views={"DE": -1, "FR": 3}), Row("b", views={"DE": -1, "FR": -1})], columnar)
    tally = Tally(seen.ways)
    tally.add(seen)
    assert tally.lanes.views_unknown == {"DE": 2, "FR": 1}
    (cell,) = tally.lanes.cells(Scope())
    (decisions,) = tally.lanes.moments(Scope(), cell, Unit.DECISIONS, tally.weights()).values()
    (views,) = tally.lanes.moments(Scope(), cell, Unit.VIEWS, tally.weights()).values()
    assert (decisions.rows, decisions.x) == (2, 4)
    assert (views.rows, views.x) == (1, 3)


@pytest.mark.parametrize(
    ("done", "agrees"),
    [
        ("|", 0),
        ("removed", 1),
        ("visible|removed", 1),
        ("not_recommended|removed", 1),
        ("nobody_knows|removed", 0),
        ("", None),
    ],
)
def test_what_was_done_then_is_held_against_the_old_version(done: str, agrees: int | None) -> None:
    seen = seen_of([Row("a", {"disclosed": True}, views={"DE": 1, "FR": 1})], both(PACK, EMPTY))
    seen = replace(seen, history=replace(seen.history, done=Group(np.zeros(1, np.int64), (done,))))
    tally = Tally(seen.ways)
    tally.add(seen)
    found, known = tally.then.moments(tally.weights())
    assert known[CERTAIN].rows == (0 if agrees is None else 1)
    assert found[CERTAIN].rows == (agrees or 0)


def test_a_tally_survives_the_way_to_another_process() -> None:
    seen = seen_of([Row("a", {"disclosed": True}, creator="ann", probability=0.5), Row("b")], both(EMPTY, PACK))
    tally = Tally(seen.ways)
    tally.add(seen)
    again = pickle.loads(pickle.dumps(tally))
    again.merge(tally)
    assert again.rows == 4
    assert again.creators.of(None).value == 1


def test_a_block_without_rows_counts_nothing_and_breaks_nothing() -> None:
    seen = seen_of([], both(EMPTY, PACK))
    tally = Tally(seen.ways)
    tally.add(seen)
    assert tally.rows == 0
    assert tally.lanes.scopes == []
    tally.merge(Tally(seen.ways))
    assert tally.weights() == {}
