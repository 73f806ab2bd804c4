from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from assay.engine.backtest.history.facts import Facts
from assay.engine.backtest.history.read import BlockReader
from assay.engine.backtest.history.refusals import Origin, Refusals
from tests.engine.backtest.history.rows import a_batch, needed

LABEL = {"of": "removed", "value": "yes", "by": "ada", "at": None, "final": True}
BATCH = a_batch(
    {"views:DE": [5, 0, None, 7], "views:*": [0, 0, 0, 1]},
    rows=4,
    day=[date(2026, 10, 2), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 2)],
    stratum=["low", "high", "low", "low"],
    probability=[0.25, 1.0, 0.25, 0.5],
    creator=["c1", "", None, "c1"],
    extent=["none", "", None, "altered"],
    technique=["|", "", "face_swap", "face_swap"],
    detector=[0.5, float("nan"), None, 0.1],
    disclosed=[True, None, False, None],
    ordered=pa.array([[("DE", "none")], [("DE", None)], None, [("US", "none")]], pa.map_(pa.string(), pa.string())),
    labels=[[LABEL, LABEL], None, None, [LABEL]],
)


def counted(*batches: pa.RecordBatch) -> list[Facts]:
    reader = BlockReader(needed(), ("DE", "*"))
    found = []
    for batch in batches:
        facts = Facts(["extent", "technique", "detector", "disclosed", "ordered", "caption"])
        block = reader.read(batch, Origin(0, "h.parquet", 0), Refusals())
        if block is not None:
            facts.add(block)
        found.append(facts)
    return found


def test_facts_are_those_of_the_rows() -> None:
    (facts,) = counted(BATCH)
    assert (facts.rows, facts.first_day, facts.last_day, len(facts.days)) == (4, "2026-10-01", "2026-10-02", 2)
    assert (facts.labels, facts.labelled_rows) == (3, 2)
    assert facts.has_creators and facts.has_views and not facts.has_hours
    assert facts.markets == {"DE": (3, 12), "*": (1, 1)}
    low, high = facts.strata["low"], facts.strata["high"]
    assert (low.rows, low.weights, low.squares, low.equal) == (3, 10.0, 36.0, False)
    assert (high.rows, high.weights, high.squares, high.equal) == (1, 1.0, 1.0, True)
    assert facts.effective_rows == pytest.approx(11.0**2 / 37.0)


def test_missing_is_a_share_of_rows_and_a_signal_without_a_column_is_missing_in_all() -> None:
    (facts,) = counted(BATCH)
    assert list(facts.missing.items()) == [
        ("caption", 1.0),
        ("detector", 0.5),
        ("disclosed", 0.5),
        ("extent", 0.5),
        ("ordered", 0.5),
        ("technique", 0.25),
    ]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_facts_of_parts_are_the_facts_of_the_whole(cut: int) -> None:
    (whole,) = counted(BATCH)
    first, second = counted(BATCH.slice(0, cut), BATCH.slice(cut))
    first.merge(second)
    assert vars(first) == vars(whole)


def test_no_rows_have_no_days_and_miss_nothing() -> None:
    facts = Facts(["extent"])
    assert (facts.rows, facts.first_day, facts.last_day) == (0, "", "")
    assert facts.missing == {"extent": 0.0} and facts.effective_rows == 0.0


@pytest.mark.parametrize("cut", [1, 3, 7, 9])
def test_the_weight_of_a_stratum_of_one_probability_does_not_depend_on_the_cut(cut: int) -> None:
    batch = a_batch(rows=10, probability=[0.3] * 10)
    first, second = counted(batch.slice(0, cut), batch.slice(cut))
    first.merge(second)
    assert first.strata == counted(batch)[0].strata and first.strata["all"].weights == 10 * (1 / 0.3)
