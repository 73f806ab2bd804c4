"""The comparison as a report has it: cells, shares, bounds, what is kept back. Figures are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assay.engine.backtest.compare.comparison import compared
from assay.engine.backtest.compare.figured import Asked
from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import Group
from assay.engine.backtest.rehearsal import Comparison, Matrix, MeasureLine, Scope
from assay.engine.backtest.replay.tally import Tally
from assay.engine.language.pack.pack import Pack
from tests.engine.backtest.blocks import Row, both, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("disclosed"), a_signal("edited"))


def a_version(*rules: tuple[str, str, tuple[str, ...]]) -> Pack:
    return a_pack(
        *[a_rule(f"p/{name}", when, then=then) for name, when, then in rules],
        vocabulary=VOCABULARY,
        measures=measures_with_clocks(),
    )


OLD = a_version(("label", "disclosed", ("label:ai",)))
NEW = a_version(("label", "disclosed", ("label:ai",)), ("gone", "edited", ("removed",)))


def compare(
    rows: list[Row], old: Pack = OLD, new: Pack = NEW, asked: Asked | None = None, languages: list[str] | None = None
) -> Comparison:
    seen = seen_of(rows, both(old, new))
    if languages is not None:
        names = tuple(sorted(set(languages)))
        codes = np.array([names.index(language) for language in languages], np.int64)
        seen = replace(seen, history=replace(seen.history, groups={"language": Group(codes, names)}))
    tally = Tally(seen.ways)
    tally.add(seen)
    versions = (old.measures, new.measures)
    return compared(tally, Design.of(tally.strata.all), versions, asked or Asked(least_rows=1))


def rows_of(*kinds: tuple[int, bool | None, bool | None], **others: object) -> list[Row]:
    """So many rows with `disclosed` and `edited`; unknown is left out."""
    return [
        Row(
            f"{place}-{number}",
            {name: value for name, value in (("disclosed", disclosed), ("edited", edited)) if value is not None},
            **others,  # type: ignore[arg-type]
        )
        for place, (count, disclosed, edited) in enumerate(kinds)
        for number in range(count)
    ]


def matrix(found: Comparison, scope: Scope = Scope()) -> Matrix:  # noqa: B008 (a constant)
    return next(one for one in found.matrices if one.scope == scope)


def cells(found: Matrix) -> dict[tuple[str, str], float | None]:
    return {(cell.old, cell.new): cell.decisions.value for cell in found.cells}


def line(found: Comparison, measure: str, scope: Scope = Scope()) -> MeasureLine:  # noqa: B008 (a constant)
    return next(one for one in found.measures if one.measure == measure and one.scope == scope)


def known(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def test_decisions_are_items_in_markets_and_items_are_counted_once() -> None:
    rows = rows_of((4, True, False), (3, True, True), (1, False, True), views={"DE": 10, "FR": 5})
    found = compare([*rows, Row("far", {"disclosed": False, "edited": False}, views={"FR": 7})])
    whole = matrix(found)
    assert cells(whole) == {
        ("visible", "visible"): 1,
        ("labelled", "labelled"): 8,
        ("labelled", "removed"): 6,
        ("visible", "removed"): 2,
    }
    assert (whole.decisions.value, whole.decisions.rows) == (17, 9)
    assert whole.views is not None
    assert whole.views.value == 8 * 15 + 7
    assert whole.changed.value == 8 / 17
    assert whole.stricter.value == 8 / 17
    assert whole.milder.value == 0
    assert whole.changed_views is not None
    assert whole.changed_views.value == pytest.approx(60 / 127)
    assert (found.items.value, found.items_changed.value) == (9, 4)
    assert cells(matrix(found, Scope("DE"))) == {
        ("labelled", "labelled"): 4,
        ("labelled", "removed"): 3,
        ("visible", "removed"): 1,
    }


def test_what_is_unknown_is_open_and_never_a_no() -> None:
    found = compare(rows_of((2, False, None), (3, False, False), (5, True, True)))
    whole = matrix(found)
    assert cells(whole) == {("visible", "visible"): 5, ("labelled", "removed"): 5}
    assert whole.opened.value == 0.2
    assert whole.settled.value == 0
    removed = line(found, "removed")
    assert (removed.old.least.value, removed.old.most.value) == (0, 0)
    assert (removed.new.least.value, removed.new.most.value) == (5, 7)
    assert (removed.change.least.value, removed.change.most.value) == (5, 7)
    assert (removed.gained.value, removed.lost.value) == (5, 0)


def test_what_both_versions_leave_unknown_by_the_same_rule_changes_nothing() -> None:
    label = line(compare(rows_of((6, None, False), (2, True, False))), "label:ai")
    assert (label.old.least.value, label.old.most.value) == (2, 8)
    assert (label.change.least.value, label.change.most.value) == (0, 0)


def test_a_rule_that_is_replaced_may_take_away_as_much_as_is_unknown() -> None:
    new = a_version(("label", "edited", ("label:ai",)))
    label = line(compare(rows_of((6, None, False), (2, True, None), (1, True, True)), new=new), "label:ai")
    assert (label.old.least.value, label.old.most.value) == (3, 9)
    assert (label.new.least.value, label.new.most.value) == (1, 3)
    assert (label.change.least.value, label.change.most.value) == (-8, 0)


def test_views_under_a_measure_are_a_share_of_all_views() -> None:
    rows = [
        Row("a", {"disclosed": True, "edited": False}, views={"DE": 10, "FR": 30}),
        Row("b", {"disclosed": False, "edited": True}, views={"DE": 0, "FR": 60}),
    ]
    found = compare(rows)
    shares = line(found, "removed").view_share, line(found, "label:ai", Scope("FR")).view_share
    assert [[one.value for one in share or ()] for share in shares] == [[0.0, 0.6], [1 / 3, 1 / 3]]


def test_few_rows_are_kept_back_and_none_are_told() -> None:
    found = compare(rows_of((20, True, False), (3, True, True)), asked=Asked(least_rows=5))
    whole = matrix(found)
    few = next(cell for cell in whole.cells if cell.new == "removed")
    assert few.decisions == Estimate(None, None, None, 3, "census", suppressed=True)
    assert few.views is not None
    assert few.views.suppressed
    assert whole.changed.suppressed
    assert whole.milder.value == 0
    assert found.items_changed.suppressed
    assert line(found, "removed").gained.suppressed


def test_a_sample_stands_for_more_and_its_intervals_hold_it() -> None:
    rows = rows_of((40, True, False), (10, True, True), probability=0.1, stratum="low")
    certain = rows_of((5, False, True))
    found = compare([*rows, *[replace(row, id=f"c{row.id}") for row in certain]])
    whole = matrix(found)
    gone = next(cell for cell in whole.cells if (cell.old, cell.new) == ("labelled", "removed")).decisions
    assert gone.value == 100
    assert gone.low is not None
    assert gone.high is not None
    assert 10 <= gone.low < 100 < gone.high
    assert whole.changed.value == pytest.approx(105 / 505)
    assert found.items.value == 505
    assert known(found.items_changed) == 105


def test_shares_over_several_markets_count_an_item_as_one_draw() -> None:
    changed, same = {"disclosed": True, "edited": True}, {"disclosed": True, "edited": False}
    one = [Row(f"{n}", changed if n < 20 else same, probability=0.1, views={"DE": 1}) for n in range(100)]
    many = [replace(row, views={"DE": 1, "FR": 1, "US": 1, "IN": 1}) for row in one]
    alone, together = (matrix(compare(rows)).changed for rows in (one, many))
    # Four decisions of one item are no four draws: the interval must not become half as wide.
    assert together.value == alone.value
    assert together.high is not None
    assert alone.high is not None
    assert together.low is not None
    assert alone.low is not None
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_uploaders_are_bounded_where_only_a_sample_was_seen() -> None:
    rows = [Row(f"{n}", {"edited": True}, creator=f"c{n % 4}", probability=0.5) for n in range(12)]
    found = compare(rows).creators_changed
    assert found is not None
    assert (found.least.value, found.most.value) == (4, 24)
    all_seen = compare([replace(row, probability=1.0) for row in rows]).creators_changed
    assert all_seen is not None
    assert all_seen.is_point
    unnamed = compare(
        [replace(row, probability=1.0, creator="" if n < 3 else row.creator) for n, row in enumerate(rows)]
    )
    assert unnamed.creators_changed is not None
    assert (unnamed.creators_changed.least.value, unnamed.creators_changed.most.value) == (4, 7)


def test_known_totals_weigh_each_language_by_its_true_size() -> None:
    rows = rows_of((8, False, True), (2, False, False), (10, False, False), probability=0.1)
    languages = ["de"] * 10 + ["fr"] * 10
    asked = Asked(least_rows=1, totals={"language": {"de": 100, "fr": 900}})
    found = compare(rows, asked=asked, languages=languages)
    assert matrix(found).changed.value == pytest.approx(0.4)
    assert found.post_stratified is not None
    assert found.post_stratified.value == pytest.approx(0.08)
    assert [one.scope.value for one in found.matrices if one.scope.dimension == "language"] == ["de", "fr"]
    unseen = compare(rows, asked=Asked(totals={"language": {"it": 5}}), languages=languages)
    assert unseen.post_stratified is not None
    assert unseen.post_stratified.value is None


def test_a_history_without_rows_has_no_matrix_and_breaks_nothing() -> None:
    found = compare([])
    assert found.matrices == ()
    assert found.measures == ()
    assert found.items.value == 0
    assert found.creators_changed is None


def test_matrices_come_in_one_order_whatever_the_order_of_rows() -> None:
    rows = [
        Row(f"{n}", {"disclosed": n % 2 == 0, "edited": n % 3 == 0}, views={"US": n, "DE": n + 1, "*": 1}, day=n % 4)
        for n in range(60)
    ]
    languages = [("fr", "de", "en", "")[n % 4] for n in range(60)]
    forward = compare(rows, languages=languages)
    backward = compare(rows[::-1], languages=languages[::-1])
    assert forward == backward
    assert [one.scope.market for one in forward.matrices[1:4]] == ["DE", "US", "*"]
