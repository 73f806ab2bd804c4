from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.gathered.strikes import Strike, Strikes, peak_of, points_of
from assay.engine.backtest.forecast.schemes import META, SEVERE_AT_ONCE, YOUTUBE, Step, StrikeScheme
from assay.engine.backtest.replay.seen import NEW, OLD
from assay.engine.backtest.sampling.reached import Reached
from tests.engine.backtest.blocks import Row, both, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("harmful"), a_signal("severe"))
MEASURES = measures_with_clocks()
MILD = a_pack(a_rule("p/a", "severe", then=("strike:severe",)), vocabulary=VOCABULARY, measures=MEASURES)
STRICT = a_pack(
    a_rule("p/a", "severe", then=("strike:severe",)),
    a_rule("p/b", "harmful", then=("strike:minor",)),
    vocabulary=VOCABULARY,
    measures=MEASURES,
)
PLAIN = StrikeScheme("plain", "none", (Step(3, "Out"),), 90)
WEIGHTED = StrikeScheme("weighted", "none", (Step(3, "Out"),), 90, points={"strike:severe": 5})
STRUCK = Estimate(9.0, 6.0, 12.0, 9, "simple")


def counted(*rows: Row, scheme: StrikeScheme = PLAIN, creators: bool = True, most: int = 100) -> Strikes:
    strikes = Strikes(scheme, most)
    seen = seen_of(rows, both(MILD, STRICT), creators=creators)
    reached = Reached(seen)
    strikes.add(seen, reached, points_of(reached, scheme))
    return strikes


def harmful(name: str, creator: str, day: int = 0, probability: float = 1.0, **signals: bool) -> Row:
    return Row(name, {"harmful": True, "severe": False, **signals}, day, creator=creator, probability=probability)


def peaks(days: list[int], scheme: StrikeScheme, points: int = 1) -> int:
    return peak_of([(Strike(day, points, NEW), times) for day, times in sorted(Counter(days).items())], scheme)


def test_three_strikes_in_ninety_days_after_a_warning_end_a_channel() -> None:
    assert peaks([0, 10, 20, 30], YOUTUBE) == 3
    assert peaks([0, 10, 20], YOUTUBE) == 2
    # The first of the three has expired on the ninetieth day after it.
    assert peaks([0, 10, 20, 100], YOUTUBE) == 2
    assert peaks([0, 10, 20, 99], YOUTUBE) == 3


def test_seven_strikes_in_a_year_restrict_an_account() -> None:
    assert peaks(list(range(0, 70, 10)), META) == 7
    assert [step.points for step in META.steps if peaks([0] * 9, META) >= step.points] == [7, 8, 9]


def test_a_severe_strike_ends_an_account_at_once() -> None:
    assert peaks([5], SEVERE_AT_ONCE, SEVERE_AT_ONCE.points_of("strike:severe")) >= SEVERE_AT_ONCE.steps[0].points
    assert peaks([0, 1, 2, 3], SEVERE_AT_ONCE) < SEVERE_AT_ONCE.steps[0].points


def test_accounts_reach_thresholds_under_the_stricter_version_only() -> None:
    rows = [harmful(f"a{number}", "ann", number) for number in range(3)] + [harmful("b", "ben")]
    strikes = counted(*rows)
    assert strikes.peaks(NEW) == {3: 1, 1: 1}
    assert strikes.peaks(OLD) == {}
    assert strikes.reaching(strikes.peaks(NEW), 3, STRUCK) == Estimate(1.0, 1.0, 1.0, 1, "census")


def test_of_two_strikes_on_one_item_the_worse_counts() -> None:
    strikes = counted(harmful("a", "ann", severe=True), scheme=WEIGHTED)
    assert (strikes.peaks(OLD), strikes.peaks(NEW)) == ({5: 1}, {5: 1})


def test_accounts_of_a_sample_have_bounds_and_no_point() -> None:
    rows = [harmful(f"a{number}", "ann", number, probability=0.5) for number in range(3)]
    strikes = counted(*rows)
    assert strikes.partial
    found = strikes.reaching(strikes.peaks(NEW), 3, STRUCK)
    assert (found.value, found.low, found.high, found.method) == (None, 1.0, 4.0, "bounds")


def test_the_upper_bound_is_never_below_what_was_seen() -> None:
    rows = [harmful(f"{name}{number}", name, 0, 0.99) for number in range(3) for name in ("ann", "ben", "cy")]
    strikes = counted(*rows)
    assert strikes.reaching(strikes.peaks(NEW), 3, Estimate(1.0, 1.0, 2.0, 1, "simple")).high == 3.0


def test_a_history_without_uploaders_is_named_and_one_unknown_uploader_is_counted() -> None:
    assert counted(harmful("a", "ann"), creators=False).nameless
    strikes = counted(harmful("a", ""), harmful("b", "ann"))
    assert strikes.unattributed == [0, 1]
    assert list(strikes.accounts) == ["ann"]


def test_no_row_is_no_account() -> None:
    strikes = counted()
    assert (strikes.peaks(NEW), strikes.nameless, strikes.partial) == ({}, False, False)


def test_more_accounts_than_can_be_kept_are_sampled_and_weighted_up() -> None:
    rows = [harmful(f"i{number}-{again}", f"c{number}", 0) for number in range(400) for again in range(3)]
    strikes = counted(*rows, most=100)
    assert len(strikes.accounts) <= 100
    assert strikes.halvings >= 2
    found = strikes.reaching(strikes.peaks(NEW), 3, STRUCK)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 400 <= found.high
    assert found.value == len(strikes.accounts) * 2**strikes.halvings


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.booleans()), max_size=30),
    st.integers(0, 30),
    st.sampled_from((3, 8, 100)),
)
def test_strikes_do_not_depend_on_cuts_or_on_the_order_of_merging(
    drawn: list[tuple[int, int, bool]], cut: int, most: int
) -> None:
    rows = [harmful(f"i{n}", f"c{who}", day, severe=bad) for n, (who, day, bad) in enumerate(drawn)]
    whole = counted(*rows, most=most)
    late, early = counted(*rows[cut:], most=most), counted(*rows[:cut], most=most)
    late.merge(early)
    assert (late.halvings, late.accounts) == (whole.halvings, whole.accounts)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 4)), max_size=12), st.integers(1, 100))
def test_the_peak_is_the_most_points_in_any_window(strikes: list[tuple[int, int]], window: int) -> None:
    scheme = StrikeScheme("any", "none", (), window)
    told = sorted(Counter(Strike(day, points, NEW) for day, points in strikes).items())
    most = max(
        (sum(points for day, points in strikes if at - window < day <= at) for at in range(201)), default=0
    )  # fmt: skip
    assert peak_of(told, scheme) == most


@pytest.mark.parametrize("scheme", [YOUTUBE, META, SEVERE_AT_ONCE])
def test_a_preset_says_where_it_comes_from_and_what_it_does(scheme: StrikeScheme) -> None:
    assert scheme.source
    assert str(scheme.window_days) in scheme.words()
    assert [step.points for step in scheme.steps] == sorted(step.points for step in scheme.steps)
