"""What a block says is done to each row is what single rows come to; bounds hold whatever is answered."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.measures import Kind
from assay.engine.backtest.replay.counting.states import Count
from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.backtest.replay.tally import Tally
from assay.engine.backtest.replay.treatment import Treatment
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.planes import unpack
from tests.laws.backtest.histories import OneByOne, Past, history_block, worlds
from tests.laws.backtest.test_tally import both, tally_of
from tests.makers import signals_for

World = tuple[Pack, Pack, list[Past]]


@given(worlds())
def test_treatments_and_paths_are_what_rules_impose_on_each_row(world: World) -> None:
    old, new, rows = world
    seen = Seen.of(history_block(rows, new), both(old, new))
    single = OneByOne(old, new, rows, seen.ways)
    for market in rows[0].views or (ELSEWHERE,):
        paths = seen.paths(market)
        for place, row in enumerate(rows):
            if market in row.markets:
                for version in (OLD, NEW):
                    assert treatment(seen, version, market, place) == single.stood[place][market][version].treatment
                assert int(paths[place]) == single.path(place, market)


def treatment(seen: Seen, version: int, market: str, row: int) -> Treatment:
    standing = seen.standing(version, market)
    names = [measure.id for measure in seen.programs[version].pack.measures.all]
    applied, unsettled = (
        tuple([name for name, plane in zip(names, planes, strict=True) if unpack(plane, row + 1)[row]])
        for planes in (standing.applied, standing.unsettled)
    )
    return Treatment(applied, unsettled)


@given(worlds(), st.data())
def test_no_answer_to_what_is_unknown_leads_out_of_the_bounds(world: World, data: st.DataObject) -> None:
    old, new, rows = world
    # An item without an id may or may not be in a rollout, and no answer settles that.
    rows = [replace(row, case=replace(row.case, item=row.case.item or "item-9"), probability=1.0) for row in rows]
    columnar = both(old, new)
    answered = [
        replace(row, case=replace(row.case, signals=data.draw(signals_for(new.vocabulary, missing=0.0)) | known(row)))
        for row in rows
    ]
    before, after = tally_of(rows, columnar, new), tally_of(answered, columnar, new)
    for scope in after.lanes.scopes:
        if scope.dimension:
            continue
        for measure in {*before.measures.measures(scope), *after.measures.measures(scope)}:
            least, most = (total(before, scope, measure, of) for of in (Count.CHANGE_LEAST, Count.CHANGE_MOST))
            truth = total(after, scope, measure, Count.NEW_LEAST) - total(after, scope, measure, Count.OLD_LEAST)
            open_old = total(after, scope, measure, Count.OLD_MOST) - total(after, scope, measure, Count.OLD_LEAST)
            open_new = total(after, scope, measure, Count.NEW_MOST) - total(after, scope, measure, Count.NEW_LEAST)
            # What is market-scoped and in no calendar stays unknown in this block.
            assert least <= truth + open_new
            assert truth - open_old <= most
            if not open_old and not open_new:
                assert least <= truth <= most


def known(row: Past) -> dict[str, MaybeValue]:
    return {name: value for name, value in row.case.signals.items() if value is not None}


def total(tally: Tally, scope: Scope, measure: str, count: Count) -> float:
    found = tally.measures.moments(scope, Kind(measure, count), Unit.DECISIONS, tally.weights())
    return sum(moments.x for moments in found.values())
