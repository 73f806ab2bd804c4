from __future__ import annotations

from collections import Counter
from dataclasses import replace

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.forecast.gathered.trend import Trend
from assay.engine.backtest.pitfalls import Evidence, pitfalls
from assay.engine.backtest.rehearsal import (
    Agreement,
    Comparison,
    Forecast,
    HistoryFacts,
    MeasureLine,
    Pitfall,
    Scope,
)
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.lower import lower_pack
from tests.engine.backtest.blocks import FIRST_DAY
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

EXACT = Estimate(5.0, 5.0, 5.0, 5, "census")
SAMPLED = Estimate(5.0, 3.0, 8.0, 5, "stratified")
NO_COMPARISON = Comparison((), (), (), EXACT, EXACT)
PACK = a_pack(a_rule("p/a", "disclosed"), vocabulary=a_vocabulary(replace(a_signal(), asserted_by=("reviewer",))))
FACTS = HistoryFacts(
    title="h",
    rows=100,
    refused=0,
    first_day="2026-11-02",
    last_day="2026-11-29",
    design="census",
    strata={"all": (100, 100.0)},
    effective_rows=100.0,
    missing={},
    markets=("DE",),
    has_views=True,
    has_creators=True,
    has_labels=False,
    has_hours=True,
    digest="sha256:0",
)


def some_trend(days: int = 28) -> Trend:
    trend = Trend()
    for day in range(days):
        trend.rows[FIRST_DAY + day] += 10
    return trend


def evidence(**others: object) -> Evidence:
    program = lower_pack(PACK)
    plain = Evidence((program, program), FACTS, NO_COMPARISON, Forecast(28, ()), some_trend())
    return replace(plain, **others)  # type: ignore[arg-type]


def of(slug: str, given: Evidence) -> Pitfall:
    return next(one for one in pitfalls(given) if one.slug == slug)


def test_the_checklist_is_always_whole_and_in_one_order() -> None:
    first, second = pitfalls(evidence()), pitfalls(evidence(trend=Trend(), forecast=Forecast(0, ())))
    assert [one.slug for one in first] == [one.slug for one in second]
    assert len({one.slug for one in first}) == 15
    assert all(one.title and one.words.endswith(".") for one in (*first, *second))


def test_a_census_cannot_show_who_never_came_into_it_and_a_sample_by_design_can() -> None:
    assert of("selection", evidence()).applies is None
    sampled = replace(FACTS, strata={"low": (50, 5000.0), "risky": (50, 50.0)}, effective_rows=61.0)
    found = of("selection", evidence(history=sampled))
    assert found.applies is False
    assert "100 rows" in found.words
    assert "5,050 items" in found.words
    assert "61 rows" in found.words


def test_missing_signals_are_named_with_their_share_and_what_stays_open() -> None:
    assert of("missing", evidence()).applies is False
    facts = replace(FACTS, missing={"disclosed": 0.25, "other": 0.9})
    bounds = Bounds(EXACT, Estimate(25.0, 25.0, 25.0, 25, "census"))
    line = MeasureLine("removed", "Removed", Scope(), bounds, bounds, bounds, EXACT, EXACT)
    found = of("missing", evidence(history=facts, comparison=replace(NO_COMPARISON, measures=(line,))))
    assert found.applies is True
    assert "1 of 1 signals" in found.words
    assert "`disclosed` 25%" in found.words
    assert "“Removed”, where 20 decisions" in found.words
    assert "other" not in found.words


def test_labels_that_shift_between_the_halves_are_found_and_those_that_do_not_are_not() -> None:
    def shares(first: int, second: int) -> Trend:
        trend = some_trend()
        for day, yes in ((0, first), (27, second)):
            trend.labels.setdefault("removed", Counter())[FIRST_DAY + day, "yes"] += yes
            trend.labels["removed"][FIRST_DAY + day, "no"] += 100 - yes
        return trend

    moved, same = of("label-shift", evidence(trend=shares(20, 60))), of("label-shift", evidence(trend=shares(20, 22)))
    assert (moved.applies, same.applies) == (True, False)
    assert "`removed`" in moved.words
    assert of("label-shift", evidence()).applies is None


def test_the_share_of_changed_rows_is_shown_for_both_halves() -> None:
    trend = some_trend(2)
    trend.changed[FIRST_DAY + 1] += 5
    assert (
        "0.00% of the rows of the first half and 50.00% of the second" in of("label-shift", evidence(trend=trend)).words
    )


def test_less_than_four_weeks_is_a_season_and_four_weeks_are_not() -> None:
    assert of("season", evidence()).applies is False
    short = of("season", evidence(forecast=Forecast(27, ())))
    assert short.applies is True
    assert "27 days, 2026-11-02 (Monday) to 2026-11-29" in short.words


def test_a_window_of_the_calendar_applies_from_its_first_to_its_last_moment_in_the_history() -> None:
    def with_window(start: int, until: int) -> Pitfall:
        window = Window(
            "w-1", "election", frozenset({"DE"}), "campaign", start * DAY, until * DAY, None, "s", "c", Span("c", 1, 1)
        )
        program = lower_pack(replace(PACK, windows=(window,)))
        return of("elections", evidence(programs=(program, program)))

    assert with_window(FIRST_DAY + 27, FIRST_DAY + 40).applies is True
    assert "`w-1`" in with_window(FIRST_DAY - 5, FIRST_DAY + 1).words
    assert with_window(FIRST_DAY - 5, FIRST_DAY).applies is False
    assert with_window(FIRST_DAY + 28, FIRST_DAY + 40).applies is False


def test_what_was_done_then_is_compared_with_what_the_policy_in_force_does() -> None:
    assert of("fidelity", evidence()).applies is None
    for share, applies in ((0.8, True), (0.99, False)):
        comparison = replace(NO_COMPARISON, then_as_decided=Estimate(share, share, share, 100, "census"))
        assert of("fidelity", evidence(comparison=comparison)).applies is applies


def test_labels_that_people_disagree_on_apply() -> None:
    assert of("label-quality", evidence()).applies is None
    for alpha, applies in ((0.5, True), (0.85, False)):
        agreement = (Agreement("removed", 40, 3, Estimate(alpha, alpha, alpha, 40, "jackknife"), None),)
        assert of("label-quality", evidence(agreement=agreement)).applies is applies


def test_intervals_are_counted_and_so_is_how_many_of_them_are_expected_to_miss() -> None:
    assert of("many-looks", evidence()).applies is False
    bounds = Bounds(SAMPLED, SAMPLED)
    lines = tuple(
        MeasureLine(f"m{number}", "M", Scope(), bounds, bounds, bounds, SAMPLED, SAMPLED) for number in range(10)
    )
    found = of("many-looks", evidence(comparison=replace(NO_COMPARISON, measures=lines)))
    assert found.applies is True
    assert "80 intervals" in found.words
    assert "about 4 " in found.words


def test_figures_that_are_kept_back_are_counted() -> None:
    kept_back = Estimate(None, None, None, 2, "stratified", suppressed=True)
    found = of("small-cells", evidence(comparison=replace(NO_COMPARISON, items_changed=kept_back)))
    assert (found.applies, found.words.startswith("1 figure")) == (True, True)
    assert of("small-cells", evidence()).applies is False


def test_signals_that_a_model_may_give_are_named() -> None:
    assert of("detectors", evidence()).applies is False
    score = a_signal("detector.score", SignalType.SCORE)
    program = lower_pack(a_pack(a_rule("p/a", "detector.score >= 0.5"), vocabulary=a_vocabulary(score)))
    found = of("detectors", evidence(programs=(program, program)))
    assert found.applies is True
    assert "`detector.score`" in found.words


def test_what_nobody_models_always_applies() -> None:
    other = lower_pack(a_pack(a_rule("p/b", "disclosed"), vocabulary=PACK.vocabulary))
    found = {one.slug: one.applies for one in pitfalls(evidence(programs=(lower_pack(PACK), other)))}
    assert (found["behaviour"], found["own-measure"], found["recommender"]) == (True, True, True)
    assert of("own-measure", evidence()).applies is False
    assert of("recommender", evidence(history=replace(FACTS, has_views=False))).applies is False
