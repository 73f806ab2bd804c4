from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.forecast.gathered.clocks import UNKNOWN_HOUR, Clocks, running_at
from assay.engine.backtest.replay.seen import NEW, OLD
from assay.engine.backtest.sampling.reached import Reached
from tests.engine.backtest.blocks import Row, both, design_of, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("harmful"))
MEASURES = measures_with_clocks()
NOTHING = a_pack(a_rule("p/a", "harmful", then=("removed",)), vocabulary=VOCABULARY, measures=MEASURES)
CLOCKED = a_pack(
    a_rule("p/a", "harmful", then=("removed", "clock:two_days", "clock:one_hour")),
    vocabulary=VOCABULARY,
    measures=MEASURES,
)


def counted(*rows: Row, hours: bool = True) -> Clocks:
    clocks = Clocks()
    seen = seen_of(rows, both(NOTHING, CLOCKED), hours=hours)
    clocks.add(seen, Reached(seen))
    return clocks


def harmful(name: str, day: int = 0, hour: int = -1, probability: float = 1.0) -> Row:
    return Row(name, {"harmful": True}, day=day, hour=hour, probability=probability)


def test_a_clock_of_three_hours_runs_in_three_hours_of_the_day() -> None:
    rows = [harmful("a", 0, 22), harmful("b", 1, 22), harmful("c", 1, 5)]
    load = counted(*rows).load("clock:two_days", NEW, 3, 2, design_of(rows))
    # Two of the items start at 22 and run until midnight and one hour on; over two days that is one on average.
    assert {hour: one.value for hour, one in enumerate(load) if one.value} == {
        0: 1.0, 22: 1.0, 23: 1.0, 5: 0.5, 6: 0.5, 7: 0.5,
    }  # fmt: skip


def test_a_clock_of_two_days_runs_in_every_hour_twice() -> None:
    rows = [harmful("a", 0, 7)]
    clocks = counted(*rows)
    load = clocks.load("clock:two_days", NEW, 48, 1, design_of(rows))
    assert [one.value for one in load] == [2.0] * 24
    assert clocks.peak("clock:two_days", NEW, 48) == 1


def test_the_peak_counts_clocks_that_overlap() -> None:
    rows = [harmful("a", 0, 10), harmful("b", 0, 12), harmful("c", 0, 13), harmful("d", 1, 10)]
    clocks = counted(*rows)
    assert clocks.peak("clock:two_days", NEW, 1) == 1
    assert clocks.peak("clock:two_days", NEW, 2) == 2
    assert clocks.peak("clock:two_days", NEW, 4) == 3
    assert clocks.peak("clock:two_days", NEW, 48) == 4


def test_a_version_without_clocks_has_no_load() -> None:
    rows = [harmful("a", 0, 10)]
    clocks = counted(*rows)
    assert clocks.measures == ("clock:one_hour", "clock:two_days")
    assert clocks.peak("clock:two_days", OLD, 48) == 0
    assert {one.value for one in clocks.load("clock:two_days", OLD, 48, 1, design_of(rows))} == {0.0}


@pytest.mark.parametrize("hours", [True, False])
def test_uploads_without_an_hour_are_spread_over_the_day(hours: bool) -> None:
    rows = [harmful(f"i{number}") for number in range(12)]
    clocks = counted(*rows, hours=hours)
    assert clocks.without_hours
    load = clocks.load("clock:one_hour", NEW, 1, 1, design_of(rows))
    assert [one.value for one in load] == pytest.approx([0.5] * 24)
    assert clocks.peak("clock:two_days", NEW, 6) == 3


def test_a_sampled_item_counts_for_all_that_it_stands_for() -> None:
    rows = [harmful(f"i{number}", 0, 3, probability=0.1) for number in range(20)]
    clocks = counted(*rows)
    load = clocks.load("clock:one_hour", NEW, 1, 1, design_of(rows, "poisson"))
    assert load[3].value == pytest.approx(200.0)
    assert load[3].low is not None
    assert load[3].high is not None
    assert load[3].low < 200 < load[3].high
    assert clocks.peak("clock:one_hour", NEW, 1) == 200


@given(st.integers(0, 23), st.integers(1, 100))
def test_running_hours_are_those_counted_one_by_one(start: int, length: int) -> None:
    counts = [0] * 24
    for passed in range(length):
        counts[(start + passed) % 24] += 1
    assert [running_at(start, hour, length) for hour in range(24)] == counts
    assert sum(running_at(UNKNOWN_HOUR, hour, length) for hour in range(24)) == pytest.approx(length)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 23)), max_size=12), st.integers(1, 30), st.integers(0, 12))
def test_loads_and_peaks_do_not_depend_on_cuts(slots: list[tuple[int, int]], length: int, cut: int) -> None:
    rows = [harmful(f"i{number}", day, hour, 0.3) for number, (day, hour) in enumerate(slots)]
    whole, first, second = counted(*rows), counted(*rows[cut:]), counted(*rows[:cut])
    first.merge(second)
    assert (first.started, first.arrived) == (whole.started, whole.arrived)
    most = max(
        (
            sum(1 for day, hour in slots if day * 24 + hour <= at < day * 24 + hour + length)
            for at in range(24 * 6)
        ),
        default=0,
    )  # fmt: skip
    assert counted(*[harmful(row.id, row.day, row.hour) for row in rows]).peak("clock:one_hour", NEW, length) == most
