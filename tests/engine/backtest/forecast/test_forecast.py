from __future__ import annotations

import pickle
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.assumptions import Assumptions, Range
from assay.engine.backtest.forecast.forecast import NO_ROWS, forecast
from assay.engine.backtest.forecast.foreseen import Foreseen
from assay.engine.backtest.forecast.schemes import Step, StrikeScheme
from assay.engine.backtest.rehearsal import Forecast, ForecastLine, Quality
from assay.engine.decision.decide import Decider
from tests.engine.backtest.blocks import Row, both, design_of, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("harmful"), a_signal("disclosed"))
MEASURES = measures_with_clocks()
OLD = a_pack(
    a_rule("p/a", "harmful", then=("removed", "strike:minor")), vocabulary=VOCABULARY, measures=MEASURES
)  # fmt: skip
NEW = a_pack(
    a_rule("p/a", "harmful && !disclosed", then=("removed", "strike:minor", "clock:two_days"), severity="S4"),
    a_rule("p/b", "disclosed", then=("label:ai",)),
    vocabulary=VOCABULARY,
    measures=MEASURES,
)
OLD_DECIDER, NEW_DECIDER = Decider(OLD), Decider(NEW)
COLUMNAR = both(OLD, NEW)
SLUGS = [
    "review-items", "review-items-a-day", "questions", "reviewer-hours", "reviewers", "severe-hours", "exposure",
    "appeals", "overturned", "labelled-items", "removed-views", "strikes",
]  # fmt: skip


def gathered(rows: list[Row], assumptions: Assumptions | None = None, **columns: bool) -> Foreseen:
    found = Foreseen(assumptions)
    found.add(seen_of(rows, COLUMNAR, **columns))
    return found


def foretold(
    rows: list[Row], assumptions: Assumptions | None = None, quality: tuple[Quality, ...] = (), **columns: bool
) -> Forecast:
    found = gathered(rows, assumptions, **columns)
    return forecast(found, design_of(rows), OLD_DECIDER, NEW_DECIDER, quality)


def line(found: Forecast, slug: str) -> ForecastLine:
    return next(one for one in found.lines if one.slug == slug)


def points(one: ForecastLine) -> tuple[float | None, float | None, float | None]:
    return one.old.value, one.new.value, one.change.value


def bounds(one: Estimate) -> tuple[float, float, float]:
    assert one.low is not None
    assert one.value is not None
    assert one.high is not None
    return one.low, one.value, one.high


def some_rows() -> list[Row]:
    return [
        *[Row(f"h{n}", {"harmful": True, "disclosed": False}, n % 4, 9, f"c{n % 2}") for n in range(8)],
        *[Row(f"d{n}", {"harmful": True, "disclosed": True}, n % 4, 3, "c9") for n in range(4)],
        *[Row(f"o{n}", {"harmful": None, "disclosed": False}, n % 4, 0, "c8") for n in range(6)],
        *[Row(f"q{n}", {"harmful": False, "disclosed": False}, n % 4, 0, "c7") for n in range(10)],
    ]


def test_every_line_says_what_it_assumes() -> None:
    found = foretold(some_rows())
    assert [one.slug for one in found.lines] == SLUGS
    assert found.days == 4
    assert all(one.assumptions and all(words.endswith(".") for words in one.assumptions) for one in found.lines)
    assert all(words.endswith(".") for words in found.assumptions)


def test_counts_of_a_census_are_exact() -> None:
    found = foretold(some_rows())
    assert points(line(found, "review-items")) == (6.0, 6.0, 0.0)
    assert points(line(found, "review-items-a-day")) == (1.5, 1.5, 0.0)
    assert points(line(found, "labelled-items")) == (0.0, 4.0, 4.0)
    assert points(line(found, "removed-views")) == (120.0, 80.0, -40.0)
    assert points(line(found, "strikes")) == (12.0, 8.0, -4.0)
    assert points(line(found, "questions")) == (6.0, 6.0, 0.0)
    strikes = line(found, "strikes").new
    assert (strikes.low, strikes.high, strikes.method) == (8.0, 8.0, "census")


def test_accounts_over_thresholds_are_counted_under_both_versions() -> None:
    plain = StrikeScheme("plain", "given", (Step(4, "Frozen"), Step(5, "Removed")), 90)
    found = foretold(some_rows(), Assumptions(strikes=plain))
    assert [(one.points, one.old.value, one.new.value) for one in found.thresholds] == [(4, 3.0, 2.0), (5, 0.0, 0.0)]


def test_appeals_are_items_times_rates_and_carry_their_ranges() -> None:
    assumptions = Assumptions(
        appealed={"removed": Range(0.1, 0.3), "labelled": Range(0.5, 0.5)}, overturned=Range(0.2, 0.4)
    )
    appeals = line(foretold(some_rows(), assumptions), "appeals")
    assert bounds(appeals.old) == pytest.approx((1.2, 2.4, 3.6))
    assert appeals.new.value == pytest.approx(8 * 0.2 + 4 * 0.5)
    assert bounds(appeals.change)[::2] == pytest.approx((0.8, 1.6))
    overturned = line(foretold(some_rows(), assumptions), "overturned")
    assert overturned.old.value == pytest.approx(12 * 0.2 * 0.3)
    assert bounds(overturned.old)[::2] == pytest.approx((12 * 0.02, 12 * 0.12))


def test_labels_say_how_often_appeals_succeed_where_there_are_any() -> None:
    known, unknown = Estimate(0.5, 0.4, 0.9, 40, "wilson"), Estimate(None, None, None, 0, "wilson")
    quality = tuple(
        Quality("removed", "Removed", side, unknown, unknown, known, unknown, None) for side in ("old", "new")
    )
    assumptions = Assumptions(appealed={"removed": Range(0.5, 0.5), "labelled": Range(0.0, 0.0)})
    overturned = line(foretold(some_rows(), assumptions, quality), "overturned")
    assert bounds(overturned.old) == pytest.approx((12 * 0.5 * 0.4, 12 * 0.5 * 0.5, 12 * 0.5 * 0.9))
    assert any("labels say" in words for words in overturned.assumptions)
    without = line(foretold(some_rows(), assumptions), "overturned")
    assert without.old.value == pytest.approx(12 * 0.5 * 0.3)
    assert any("165 million" in words for words in without.assumptions)


def test_what_labels_say_of_both_versions_may_miss_in_opposite_ways() -> None:
    unknown = Estimate(None, None, None, 0, "wilson")
    overturns = {"old": Estimate(0.2, 0.1, 0.3, 40, "wilson"), "new": Estimate(0.2, 0.05, 0.4, 40, "wilson")}
    quality = tuple(
        Quality("removed", "Removed", side, unknown, unknown, found, unknown, None) for side, found in overturns.items()
    )
    assumptions = Assumptions(appealed={"removed": Range(1.0, 1.0), "labelled": Range(0.0, 0.0)})
    change = line(foretold(some_rows(), assumptions, quality), "overturned").change
    # Twelve items are removed under the old version and eight under the new one.
    assert bounds(change) == pytest.approx((8 * 0.05 - 12 * 0.3, 8 * 0.2 - 12 * 0.2, 8 * 0.4 - 12 * 0.1))


def test_the_share_that_is_reviewed_scales_work_and_carries_its_range() -> None:
    hours = line(foretold(some_rows(), Assumptions(reviewed=Range(0.5, 1.0))), "reviewer-hours")
    whole = line(foretold(some_rows()), "reviewer-hours")
    exact = whole.new.value or 0.0
    assert bounds(hours.new) == pytest.approx((exact * 0.5, exact * 0.75, exact))


def test_reviewers_are_hours_over_a_working_week() -> None:
    found = foretold(some_rows(), Assumptions(hours_a_week=Range(20.0, 40.0)))
    hours, people = line(found, "reviewer-hours").new, line(found, "reviewers").new
    assert hours.value is not None
    weeks = 4 / 7
    assert bounds(people) == pytest.approx([hours.value / weeks / week for week in (40, 30, 20)])


def test_a_history_without_rows_has_no_line_and_says_so() -> None:
    found = forecast(Foreseen(), Design.of({}), OLD_DECIDER, NEW_DECIDER)
    assert (found.days, found.lines, found.assumptions) == (0, (), (NO_ROWS,))
    empty = gathered([])
    assert forecast(empty, Design.of({}), OLD_DECIDER, NEW_DECIDER) == found


def test_a_history_without_uploaders_hours_or_views_leaves_out_what_rests_on_them_and_says_so() -> None:
    rows = [Row(row.id, row.signals, row.day, views={}) for row in some_rows()]
    found = foretold(rows, creators=False, hours=False)
    assert "removed-views" not in [one.slug for one in found.lines]
    assert found.thresholds == ()
    assert any("who uploaded what" in words for words in found.assumptions)
    assert any("spread evenly" in words for words in found.assumptions)
    assert len({one.value for one in found.clocks[0].new}) == 1


def test_a_clock_whose_length_nobody_gave_is_named() -> None:
    found = foretold(some_rows(), Assumptions(clocks={}))
    assert found.clocks == ()
    assert any("`clock:two_days`" in words for words in found.assumptions)


def test_a_sample_gives_the_same_figures_scaled_up_with_intervals_around_them() -> None:
    rows = [Row(r.id, r.signals, r.day, r.hour, r.creator, probability=0.25) for r in some_rows()]
    whole, sample = foretold(some_rows()), foretold(rows)
    for slug in SLUGS:
        exact, found = line(whole, slug), line(sample, slug)
        assert found.old.value == pytest.approx(4 * (exact.old.value or 0.0))
        assert found.change.low is not None
        assert found.change.high is not None
        assert found.change.low <= 4 * (exact.change.value or 0.0) <= found.change.high
    assert line(sample, "strikes").new.low != line(sample, "strikes").new.high
    assert sample.thresholds[0].new.value is None
    assert any("no account's strikes are all seen" in words for words in sample.assumptions)
    assert not any("no sampling error" in words for words in sample.assumptions)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 28), st.integers(0, 10_000))
def test_a_forecast_does_not_depend_on_cuts_order_merging_or_pickling(cut: int, seed: int) -> None:
    rows = [
        Row(r.id, r.signals, r.day, r.hour, r.creator, (0.3, 0.7, 1.0)[n % 3], ("a", "b")[n % 2])
        for n, r in enumerate(some_rows())
    ]
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)
    first, second = gathered(shuffled[:cut]), gathered(shuffled[cut:])
    first = pickle.loads(pickle.dumps(first))
    first.merge(second)
    design = design_of(rows)
    assert forecast(first, design, OLD_DECIDER, NEW_DECIDER) == forecast(
        gathered(rows), design, OLD_DECIDER, NEW_DECIDER
    )
