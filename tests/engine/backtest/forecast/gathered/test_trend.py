from __future__ import annotations

from dataclasses import replace

from assay.engine.backtest.forecast.gathered.trend import Trend
from assay.engine.backtest.history.block import Label
from assay.engine.backtest.sampling.reached import Reached
from tests.engine.backtest.blocks import FIRST_DAY, Row
from tests.engine.backtest.blocks import seen_of as decided
from tests.engine.backtest.sampling.test_sampler import columnar


def counted(*rows: Row, labels: tuple[Label, ...] | None = None) -> Trend:
    trend, seen = Trend(), decided(rows, columnar())
    if labels is not None:
        seen = replace(seen, history=replace(seen.history, labels=labels))
    trend.add(seen, Reached(seen))
    return trend


def test_rows_changed_and_open_ones_are_counted_by_day() -> None:
    found = counted(
        Row("a", {"harmful": True, "disclosed": True}),
        Row("b", {"harmful": True}, day=2),
        Row("c", {"harmful": False}, day=2),
    )
    assert found.rows == {FIRST_DAY: 1, FIRST_DAY + 2: 2}
    # Without an answer on disclosure the item is no longer removed, so its lane changes as well.
    assert found.changed == {FIRST_DAY: 1, FIRST_DAY + 2: 1}
    assert found.opened == {FIRST_DAY + 2: 1}
    assert (found.days, found.middle) == (3, FIRST_DAY + 2)


def test_several_opinions_on_one_item_are_one_finding_and_what_settles_it_counts() -> None:
    opinions = [Label(0, "removed", value, by, None, final) for value, by, final in (
        ("no", "p1", False), ("yes", "p2", True), ("no", "p3", False),
    )]  # fmt: skip
    found = counted(Row("a"), Row("b"), labels=(*opinions, Label(1, "removed", "no", "p1", None, final=False)))
    assert found.labels == {"removed": {(FIRST_DAY, "yes"): 1, (FIRST_DAY, "no"): 1}}


def test_counts_of_blocks_add_up() -> None:
    rows = [
        Row(f"i{n}", {"harmful": True, "disclosed": n % 2 == 0}, n % 3, labels=(("removed", "yes"),)) for n in range(9)
    ]
    whole, first, second = counted(*rows), counted(*rows[:4]), counted(*rows[4:])
    first.merge(second)
    assert (first.rows, first.changed, first.labels) == (whole.rows, whole.changed, whole.labels)


def test_a_history_without_rows_spans_no_day() -> None:
    assert (Trend().days, Trend().middle) == (0, 0)
