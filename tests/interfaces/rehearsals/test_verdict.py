"""The first sentence says how much changes, with its interval, and claims nothing that the figures do not bear."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.rehearsal import Rehearsal
from assay.interfaces.rehearsals.verdict import NOTHING, verdict_of
from tests.interfaces.rehearsals.made import around, exactly, made


def with_changed(found: Rehearsal, changed: Estimate) -> Rehearsal:
    whole, *rest = found.comparison.matrices
    matrices = (replace(whole, changed=changed), *rest)
    return replace(found, comparison=replace(found.comparison, matrices=matrices))


def test_the_verdict_names_the_share_and_the_strongest_measure() -> None:
    assert verdict_of(made()) == (
        "1.83 % of decisions change (1.74 to 1.92 %); “Removed” is newly done in 2,500 decisions (2,400 to 2,700), "
        "and no longer done in 520 (460 to 580)."
    )


def test_a_history_that_was_counted_in_full_has_no_interval() -> None:
    found = made()
    measures = tuple(replace(one, gained=exactly(12), lost=exactly(0)) for one in found.comparison.measures)
    found = replace(found, comparison=replace(found.comparison, measures=measures))
    assert verdict_of(with_changed(found, exactly(0.02))) == (
        "2.00 % of decisions change; “Removed” is newly done in 12 decisions."
    )


def with_change(found: Rehearsal, least: float, most: float) -> Rehearsal:
    change = Bounds(exactly(least), exactly(most))
    measures = tuple(replace(one, change=change) for one in found.comparison.measures)
    return replace(found, comparison=replace(found.comparison, measures=measures))


def test_nothing_that_changes_is_said_to_be_nothing() -> None:
    assert verdict_of(with_change(with_changed(made(), exactly(0.0)), 0, 0)) == "No decision changes."


def test_what_is_missing_is_not_said_to_change_nothing() -> None:
    found = with_change(with_changed(made(), exactly(0.0)), -30, 8_000)
    assert verdict_of(found) == (
        "No decision changes by what is known. Signals are missing: with them, “Removed” may change by at least −30, "
        "at most +8,000 decisions."
    )


def test_a_sample_without_a_change_does_not_say_that_nothing_changes() -> None:
    found = verdict_of(with_changed(made(), Estimate(0.0, 0.0, 0.0003, 10_000, "stratified")))
    assert found.startswith("0.00 % of decisions change (0.00 to 0.03 %)")


def test_a_figure_that_is_kept_back_is_not_told_as_nothing() -> None:
    found = verdict_of(with_changed(made(), around(2.0, rows=3)))
    assert "cannot be told" in found


def test_without_rows_there_is_no_verdict() -> None:
    found = made()
    assert verdict_of(replace(found, history=replace(found.history, rows=0))) == NOTHING
