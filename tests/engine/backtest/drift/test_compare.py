"""Drift: what was planted is found and named, and where nothing was planted hardly anything is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.drift.compare import compare_periods
from assay.engine.backtest.drift.moved import Drift, Shift, Worth
from assay.engine.backtest.drift.shares import shares_of
from assay.engine.backtest.drift.watch import MIX, OUTCOME, REACH, SIGNAL, Thing, Watch
from tests.engine.backtest.drift.periods import World, blocks_of, period, watched

SAME = World()
EXTENT, LABEL = Thing(SIGNAL, "ai_extent"), Thing(OUTCOME, "label:ai", "", "*")


def drift(old: Watch, new: Watch, worth: Worth | None = None) -> Drift:
    return compare_periods(old, new, ("September", "October"), worth)


def against(world: World, *, rows: int = 200, seed: int = 1, worth: Worth | None = None) -> Drift:
    """A usual month, and a month of some world."""
    return drift(period(SAME, seed, rows=rows), period(world, seed + 1, first=28, rows=rows), worth)


def shift_of(found: Drift, thing: Thing) -> Shift:
    return next(one for one in found.shifts if one.thing == thing)


def moved(found: Drift) -> set[Thing]:
    return {one.thing for one in found.shifts if one.moved}


# -------------------------------------------------------------- what was planted


def test_more_generated_uploads_are_found_with_what_the_policy_makes_of_them() -> None:
    found = against(World(extent=(0.1, 0.5, 0.2, 0.2)))
    assert moved(found) == {EXTENT, LABEL, Thing(OUTCOME, "removed", "", "*")}
    shift = shift_of(found, EXTENT)
    by_name = {move.name: move for move in shift.categories}
    assert [move.name for move in shift.categories][:2] in (["generated", "none"], ["none", "generated"])
    change = by_name["generated"].change
    assert change.low is not None and change.high is not None and change.low < 0.1 < change.high and change.low > 0.07
    assert shift.points == pytest.approx(0.1, abs=0.02)
    assert shift.adjusted < 1e-6


def test_a_signal_that_goes_missing_is_found_as_that() -> None:
    found = against(World(extent=(0.3, 0.4667, 0.1556, 0.0777)))
    assert shift_of(found, EXTENT).categories[0].name == "unknown"


def test_a_set_that_goes_missing_moves_whether_it_is_known_and_not_what_is_in_it() -> None:
    found = against(World(known_sets=0.6))
    assert moved(found) == {Thing(SIGNAL, "made_with")}


def test_uploads_from_elsewhere_are_found() -> None:
    assert moved(against(World(languages=(0.6, 0.4)))) == {Thing(MIX, "language")}


def test_a_market_that_is_reached_less_is_found_and_its_outcomes_stay() -> None:
    old = World(markets=("DE",))
    blocks = blocks_of(old, 5, first=28, rows=300)
    chance = np.random.default_rng(9)
    fewer = [replace(one, views={"DE": np.where(chance.random(one.rows) < 0.3, 0, one.views["DE"])}) for one in blocks]
    found = drift(period(old, 4, rows=300), watched(fewer))
    assert moved(found) == {Thing(REACH, "DE")}
    assert shift_of(found, Thing(OUTCOME, "label:ai", "", "DE")).categories


def test_a_score_that_no_longer_means_what_it_said_is_found() -> None:
    labelled = replace(SAME, labelled=0.3)
    old = period(labelled, 1, rows=200)
    same = drift(old, period(labelled, 2, first=28, rows=200)).calibrated[0]
    off = drift(old, period(replace(labelled, lifted=0.2), 3, first=28, rows=200)).calibrated[0]
    assert (same.moved, off.moved) == (False, True)
    assert off.target == ("risk", "removed", "yes")
    assert off.points == pytest.approx(0.17, abs=0.05)
    assert off.before.error.value is not None and off.before.error.value < 0.06
    assert off.after.error.value is not None and off.after.error.value > 0.12
    # The Brier score would not have shown it: what people find is surer now, and that makes up for it.
    assert off.change.low is not None and off.change.high is not None and off.change.low < 0 < off.change.high


def test_a_rare_outcome_that_doubles_is_told_though_hardly_any_row_moves() -> None:
    rare = World(extent=(0.0, 0.96, 0.037, 0.003), disclosed=1.0)
    more = World(extent=(0.0, 0.96, 0.033, 0.007), disclosed=1.0)
    found = drift(period(rare, 1, rows=1_500), period(more, 2, first=28, rows=1_500))
    shift = shift_of(found, Thing(OUTCOME, "removed", "", "*"))
    assert shift.points < 0.005 and shift.moved
    # As a signal it is too little to be told: so few rows are in another category.
    assert shift_of(found, EXTENT).real and not shift_of(found, EXTENT).moved


def test_what_is_too_small_to_be_told_is_real_and_not_told() -> None:
    found = against(World(languages=(0.69, 0.31)), rows=3_000, worth=Worth(points=0.05))
    shift = shift_of(found, Thing(MIX, "language"))
    assert (shift.real, shift.moved) == (True, False)


# ---------------------------------------------------------- where nothing moved


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [
        World(labelled=0.05, markets=("DE",)),
        World(unlike=0.4),
        World(share=(0.3, 1.0), markets=("DE",)),
    ],
    ids=["every upload", "days that are unlike", "a sample by stratum"],
)
def test_nothing_is_told_of_two_months_alike_in_95_of_100_tries(world: World) -> None:
    tries = 100
    alarms = [
        bool(drift(period(world, 2 * seed, rows=60), period(world, 2 * seed + 1, first=28, rows=60)).moved)
        for seed in range(tries)
    ]
    assert sum(alarms) <= 0.05 * tries


@pytest.mark.slow
def test_days_that_are_unlike_would_raise_alarms_if_rows_were_taken_for_chance() -> None:
    # The same months, each with its days taken for one: what is left is the chance of rows.
    world, alarms = World(unlike=0.4), 0
    for seed in range(20):
        both = [blocks_of(world, 2 * seed + side, first=28 * side, rows=60) for side in (0, 1)]
        one_day = [
            watched([replace(one, block=replace(one.block, as_of=blocks[0].block.as_of)) for one in blocks])
            for blocks in both
        ]
        alarms += EXTENT in moved(drift(one_day[0], one_day[1]))
    assert alarms >= 5


def test_uploaders_who_come_with_all_they_make_are_no_drift_and_those_who_stay_hide_none() -> None:
    # Sixty people a month, other ones each month: as many rows of nobody in particular would raise the alarm.
    worlds = [World(people=60, named=name) for name in ("ada", "bo")]
    both = [blocks_of(world, seed, first=28 * seed) for seed, world in enumerate(worlds)]
    with_people = drift(watched(both[0]), watched(both[1]))
    bare = [[replace(one, creators=None) for one in blocks] for blocks in both]
    nobody = drift(watched(bare[0]), watched(bare[1]))
    language = Thing(MIX, "language")
    assert (language in moved(with_people), language in moved(nobody)) == (False, True)
    # The same people in both months, who turn to something else, are told as surely as without them.
    new = World(people=60, named="ada", extent=(0.1, 0.5, 0.2, 0.2))
    assert EXTENT in moved(drift(period(worlds[0], 1), period(new, 2, first=28)))


@pytest.mark.parametrize("world", [SAME, World(share=(0.25, 1.0))], ids=["census", "sample"])
def test_a_months_shares_stray_as_far_as_is_said(world: World) -> None:
    names = ("unknown", "none", "altered", "generated")
    found = [shares_of(period(world, seed, rows=50, days=14), EXTENT, names) for seed in range(60)]
    spread = np.std([one.share for one in found], axis=0, ddof=1)
    said = np.sqrt(np.mean([one.variance for one in found], axis=0))
    assert np.mean([one.share for one in found], axis=0) == pytest.approx(np.array(world.extent), abs=0.01)
    # The larger of two estimates of the variance is taken, so that it errs on the side of saying nothing.
    assert ((0.8 * spread < said) & (said < 1.6 * spread)).all()


# ----------------------------------------------------------------- odd periods


def test_a_period_of_no_row_is_said_and_nothing_is_told() -> None:
    found = drift(period(SAME, 1), watched([]))
    assert (found.shifts, found.looks, found.moved) == ((), 0, 0)
    assert any("October has no row" in note for note in found.notes)


def test_few_days_overlaps_and_broken_weeks_are_said() -> None:
    short = drift(period(SAME, 1, days=2), period(SAME, 2, first=1, days=10))
    text = " ".join(short.notes)
    assert "September has 2 days" in text and "no whole weeks" in text and "overlap" in text
    assert "calibration of `risk`" in text


def test_a_thing_that_only_one_period_has_is_unknown_in_the_other() -> None:
    old = period(SAME, 1)
    blocks = blocks_of(SAME, 2, first=28)
    bare = [replace(one, block=replace(one.block, columns={}), groups={}) for one in blocks]
    found = drift(old, watched(bare))
    shift = shift_of(found, EXTENT)
    assert {move.name: move.after.value for move in shift.categories}["unknown"] == 1.0
    assert shift.moved


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 9), st.integers(0, 50))
def test_it_is_the_same_however_days_are_gathered(cut: int, seed: int) -> None:
    blocks = blocks_of(World(share=(0.3, 0.8), labelled=0.2, markets=("DE",)), seed, days=10, rows=30)
    first, second = watched(blocks[:cut]), watched(blocks[cut:])
    first.merge(second)
    other = period(SAME, seed + 99, first=28, days=10, rows=30)
    assert drift(first, other) == drift(watched(blocks), other)


def test_many_looks_are_corrected_for() -> None:
    found = against(SAME)
    assert found.looks == len(found.shifts) + len(found.calibrated)
    assert all(one.adjusted >= one.probability for one in found.shifts)
