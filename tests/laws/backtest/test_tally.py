"""What a replay counts is what counting row by row by the reference meaning gives, however the rows are cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.draw import CERTAIN
from assay.engine.backtest.replay.counting.measures import Kind
from assay.engine.backtest.replay.counting.mixed import PARTS, CellOf, Of, Rest
from assay.engine.backtest.replay.counting.states import Count
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.seen import Seen
from assay.engine.backtest.replay.tally import Tally
from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.lower import lower_pack
from tests.laws.backtest.histories import OneByOne, Past, counted_by, history_block, is_near, worlds

World = tuple[Pack, Pack, list[Past]]


def both(old: Pack, new: Pack) -> Columnar:
    return compile_columnar([lower_pack(old), lower_pack(new)])


def tally_of(rows: Sequence[Past], columnar: Columnar, pack: Pack) -> Tally:
    found = Tally(Paths(Lanes(*[bundle.program.pack.measures for bundle in columnar.bundles])))
    found.add(Seen.of(history_block(rows, pack), columnar, found.ways))
    return found


# Every figure of every cell is computed twice, so one example here is worth many elsewhere.
@settings(max_examples=max(10, settings().max_examples // 3))
@given(st.one_of(worlds(), worlds(equal=False)))
def test_decisions_and_views_by_lane_are_those_of_single_rows(world: World) -> None:
    old, new, rows = world
    tally = tally_of(rows, both(old, new), new)
    single = OneByOne(old, new, rows, tally.ways)
    weights = tally.weights()
    has_views = bool(rows[0].views)
    cells = [CellOf(cell) for cell in sorted({int(cell) for cell in tally.ways.cell})]
    for scope in single.scopes():
        for of in (*Of, *cells):
            for unit in (Unit.DECISIONS, Unit.VIEWS) if has_views else (Unit.DECISIONS,):
                expected = single.moments(single.figures(scope, of, views=unit is Unit.VIEWS))
                found = tally.lanes.moments(scope, of, unit, weights)
                assert all(is_near(found[name], expected[name]) for name in expected), (scope, of, unit)


@given(st.one_of(worlds(), worlds(equal=False)))
def test_the_rest_of_each_row_is_what_it_has_beside_a_part(world: World) -> None:
    old, new, rows = world
    tally = tally_of(rows, both(old, new), new)
    single = OneByOne(old, new, rows, tally.ways)
    weights = tally.weights()
    for of in PARTS:
        for views in (True, False) if rows[0].views else (False,):
            expected = single.moments(single.figures(Scope(), Rest(of), views=views))
            found = tally.lanes.moments(Scope(), Rest(of), Unit.VIEWS if views else Unit.DECISIONS, weights)
            assert all(is_near(found[name], expected[name]) for name in expected if name != CERTAIN)


@given(st.one_of(worlds(), worlds(equal=False)))
def test_measures_are_counted_as_single_rows_have_them(world: World) -> None:
    old, new, rows = world
    tally = tally_of(rows, both(old, new), new)
    single = OneByOne(old, new, rows, tally.ways)
    weights = tally.weights()
    scopes = [scope for scope in single.scopes() if not scope.dimension]
    for scope in scopes:
        for measure in old.measures.by_id:
            for count in Count:
                if count in (Count.CHANGE_LEAST, Count.CHANGE_MOST):
                    continue
                figures = [
                    sum(
                        counts(single, row, market, measure, count)
                        for market in single.rows[row].markets
                        if scope.market in ("every market", market)
                    )
                    for row in range(len(rows))
                ]
                expected = single.moments(figures)
                found = tally.measures.moments(scope, Kind(measure, count), Unit.DECISIONS, weights)
                assert all(is_near(found[name], expected[name]) for name in expected), (scope, measure, count)


def counts(single: OneByOne, row: int, market: str, measure: str, count: Count) -> bool:
    old, new = single.stood[row][market]
    match count:
        case Count.OLD_LEAST:
            return measure in old.true
        case Count.OLD_MOST:
            return measure in old.possible
        case Count.NEW_LEAST:
            return measure in new.true
        case Count.NEW_MOST:
            return measure in new.possible
        case Count.DONE_OLD:
            return measure in old.treatment.applied
        case Count.DONE_NEW:
            return measure in new.treatment.applied
        case Count.GAINED:
            return measure in new.treatment.applied and measure not in old.treatment.applied
        case _:
            return measure in old.treatment.applied and measure not in new.treatment.applied


@given(st.one_of(worlds(), worlds(equal=False)))
def test_views_under_a_measure_and_beside_it_make_up_all_views(world: World) -> None:
    old, new, rows = world
    tally = tally_of(rows, both(old, new), new)
    single = OneByOne(old, new, rows, tally.ways)
    weights = tally.weights()
    if not rows[0].views:
        return
    everything = single.figures(Scope(), Of.ALL, views=True)
    for measure in tally.measures.measures(Scope()):
        under = [
            sum(
                max(views, 0)
                for market, views in row.views.items()
                if views and measure in single.stood[place][market][1].treatment.applied
            )
            for place, row in enumerate(rows)
        ]
        beside = [whole - own for whole, own in zip(everything, under, strict=True)]
        for figures, rest in ((under, False), (beside, True)):
            expected = single.moments(figures)
            found = tally.measures.moments(Scope(), Kind(measure, Count.DONE_NEW, rest=rest), Unit.VIEWS, weights)
            among = single.moments(everything)
            names = [name for name in expected if not rest or name != CERTAIN]
            assert all(is_near(found[name], expected[name], among[name]) for name in names)


@given(worlds())
def test_items_and_uploaders_of_what_changes_are_counted_once(world: World) -> None:
    old, new, rows = world
    tally = tally_of(rows, both(old, new), new)
    single = OneByOne(old, new, rows, tally.ways)
    changed = [
        row
        for place, row in enumerate(rows)
        if any(tally.ways.changed[single.path(place, market)] for market in row.markets)
    ]
    found = tally.items_changed(tally.weights())
    assert sum(moments.rows for moments in found.values()) == len(changed)
    assert abs(sum(moments.wx for moments in found.values()) - sum(row.weight for row in changed)) < 1e-6
    assert tally.creators.of(None).value == len({row.creator for row in changed} - {""})
    assert tally.creators.unnamed(None) == sum(1 for row in changed if not row.creator)


@given(worlds(), st.data())
def test_it_does_not_matter_how_rows_are_cut_and_in_which_order_parts_are_joined(
    world: World, data: st.DataObject
) -> None:
    old, new, rows = world
    columnar = both(old, new)
    whole = tally_of(rows, columnar, new)
    ends = sorted({0, len(rows), *data.draw(st.lists(st.integers(0, len(rows)), max_size=4))})
    parts = [tally_of(rows[start:end], columnar, new) for start, end in pairwise(ends)]
    while len(parts) > 1:
        place = data.draw(st.integers(0, len(parts) - 2))
        parts[place].merge(parts.pop(place + 1))
    assert counted_by(parts[0]) == counted_by(whole)
    one_after_the_other = Tally(whole.ways)
    for start, end in pairwise(ends):
        one_after_the_other.add(Seen.of(history_block(rows[start:end], new), columnar, whole.ways))
    assert counted_by(one_after_the_other) == counted_by(whole)


@given(worlds())
def test_a_version_compared_with_itself_changes_nothing_whatever_is_unknown(world: World) -> None:
    old, _, rows = world
    tally = tally_of(rows, both(old, old), old)
    found = counted_by(tally)
    for scope in tally.lanes.scopes:
        for of in PARTS:
            assert all(not moments.rows for moments in found[scope, of, Unit.DECISIONS].values())  # type: ignore[attr-defined]
        for measure in tally.measures.measures(scope):
            for count in (Count.CHANGE_LEAST, Count.CHANGE_MOST, Count.GAINED, Count.LOST):
                assert all(not moments.rows for moments in found[scope, Kind(measure, count)].values())  # type: ignore[attr-defined]
