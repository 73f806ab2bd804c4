from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.refusals import Refusals
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.lower import lower_pack
from tests.engine.backtest.history.rows import (
    PACK,
    VOCABULARY,
    a_batch,
    kept,
    needed,
    needs_of_rules,
    read,
    reasons,
    value_at,
)
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

NAN = float("nan")


def test_a_row_is_decided_as_of_the_first_moment_of_its_day() -> None:
    block, _ = read(a_batch(day=[date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 1)]))
    assert block is not None and isinstance(block.block.as_of, np.ndarray)
    first = parse_instant("2026-10-01")
    assert first is not None
    assert block.block.as_of.tolist() == [first, first + DAY, first]


def test_a_block_of_one_day_says_so_once() -> None:
    block, _ = read(a_batch())
    assert block is not None and block.block.as_of == parse_instant("2026-10-01")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", None])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_counts_as_its_day_in_utc_whatever_its_zone_and_unit(unit: str, zone: str | None) -> None:
    moment = datetime(2026, 10, 1, 23, 30, tzinfo=UTC)
    given = moment if zone else moment.replace(tzinfo=None)
    block, found = read(a_batch(day=pa.array([given] * 3, pa.timestamp(unit, zone))))
    assert block is not None and not found.rows
    assert block.block.as_of == parse_instant("2026-10-01")


def test_without_a_design_every_row_was_taken() -> None:
    block, _ = read(a_batch())
    assert block is not None
    assert block.stratum.names == ("all",) and block.probability.tolist() == [1.0] * 3 and block.weights.sum() == 3


def test_unknown_views_count_as_present_and_no_views_do_not() -> None:
    block, _ = read(a_batch({"views:DE": [5, 0, None], "views:*": [0, 0, 1]}), markets=("DE", "*"))
    assert block is not None
    assert block.present("DE").tolist() == [True, False, True] and block.views["DE"].tolist() == [5, 0, -1]
    assert block.markets == ("DE", "*")


def test_a_signal_that_names_a_dimension_is_its_column() -> None:
    block, _ = read(a_batch(surface=["feed", "ads", ""], language=["de", None, "en"]))
    assert block is not None
    words = {name: [group.names[code] for code in group.codes] for name, group in block.groups.items()}
    assert words == {"surface": ["feed", "ads", ""], "language": ["de", "", "en"]}
    assert [value_at(block.block.columns["surface"], row) for row in range(3)] == ["feed", "ads", None]


def test_a_signal_without_a_column_is_unknown_and_refuses_nothing() -> None:
    block, found = read(a_batch())
    assert block is not None and not block.block.columns and not found.rows


@pytest.mark.parametrize(
    ("name", "given", "unknown"),
    [
        ("disclosed", pa.array([True, None, False]), [1]),
        ("disclosed", pa.array(["yes", "", "no"]), [1]),
        ("extent", pa.array(["altered", None, ""]), [1, 2]),
        ("extent", pa.array(["altered", None, ""]).dictionary_encode(), [1, 2]),
        ("extent", pa.nulls(3), [0, 1, 2]),
        ("detector", pa.array([0.5, NAN, None]), [1, 2]),
        ("technique", pa.array(["|", "", "face_swap|voice_clone"]), [1]),
        ("technique", pa.array([[], None, ["face_swap"]]), [1]),
        ("followers", pa.array([1.0, NAN, 3.0]), [1]),
    ],
)
def test_null_nan_and_the_empty_word_are_one_thing(name: str, given: Any, unknown: list[int]) -> None:
    block, found = read(a_batch({name: given}))
    assert block is not None and not found.rows
    values = [value_at(block.block.columns[name], row) for row in range(3)]
    assert [row for row, value in enumerate(values) if value is None] == unknown


@pytest.mark.parametrize(
    ("columns", "reason", "left"),
    [
        ({"day": [None, date(2026, 10, 1), date(2026, 10, 1)]}, ("missing-day", "day", 1, "h.parquet:1"), 2),
        (
            {"day": [date(2026, 10, 1), date(1999, 12, 31), date(2101, 1, 1)]},
            ("day-outside", "day", 2, "h.parquet:2"),
            1,
        ),
        ({"probability": [0.5, None, 1.0]}, ("missing-probability", "probability", 1, "h.parquet:2"), 2),
        ({"probability": [0.0, 0.5, 1.0]}, ("bad-probability", "probability", 1, "h.parquet:1"), 2),
        ({"probability": [-0.1, 1.5, 1.0]}, ("bad-probability", "probability", 2, "h.parquet:1"), 1),
        ({"probability": [0.5, NAN, float("inf")]}, ("bad-probability", "probability", 2, "h.parquet:2"), 1),
        ({"probability": [0.5, 1e-300, 1e-9]}, ("bad-probability", "probability", 1, "h.parquet:2"), 2),
        ({"hour": [0, 24, 23]}, ("bad-hour", "hour", 1, "h.parquet:2"), 2),
        ({"hour": [0, None, -1]}, ("bad-hour", "hour", 1, "h.parquet:3"), 2),
        ({"subject": ["item", None, "post"]}, ("bad-subject", "subject", 1, "h.parquet:3"), 2),
        ({"extent": ["altred", "none", "none"]}, ("unknown-value", "extent", 1, "h.parquet:1"), 2),
        ({"technique": ["face_swap", "a|face_swap", ""]}, ("unknown-value", "technique", 1, "h.parquet:2"), 2),
        ({"technique": [["face_swap"], [None], []]}, ("wrong-type", "technique", 1, "h.parquet:2"), 2),
        ({"disclosed": ["yes", "maybe", "no"]}, ("wrong-type", "disclosed", 1, "h.parquet:2"), 2),
        ({"detector": [0.1, 1.1, -0.1]}, ("out-of-range", "detector", 2, "h.parquet:2"), 1),
        ({"followers": [1.5, 2.0, 3.0]}, ("wrong-type", "followers", 1, "h.parquet:1"), 2),
        ({"followers": [1, -2, 3]}, ("out-of-range", "followers", 1, "h.parquet:2"), 2),
    ],
)
def test_a_wrong_value_costs_its_row_which_is_named_and_counted(
    columns: dict[str, Any], reason: tuple[str, str, int, str], left: int
) -> None:
    block, found = read(a_batch(columns))
    assert reasons(found) == [reason]
    assert (0 if block is None else block.rows) == left == 3 - found.rows


@pytest.mark.parametrize("wrong", [-1, 2**53, 2**60])
def test_views_that_nobody_can_count_cost_their_row(wrong: int) -> None:
    block, found = read(a_batch({"views:DE": [1, wrong, None]}), markets=("DE",))
    assert reasons(found) == [("bad-views", "views:DE", 1, "h.parquet:2")] and kept(block) == ["i0", "i2"]
    assert block is not None and block.views["DE"].tolist() == [1, -1]


def test_the_words_are_those_of_the_first_wrong_row_and_not_of_the_first_wrong_word() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([2, 1, 1]), pa.array(["never", "altred", "none"]))
    _, found = read(a_batch(extent=words))
    (refusal,) = found.listed()
    assert refusal.words.startswith("`altred`") and "did you mean `altered`?" in refusal.words
    assert (refusal.rows, refusal.first) == (2, "h.parquet:2")


def test_a_dictionary_may_hold_wrong_words_that_no_row_has() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 0, None]), pa.array(["none", "altred"]))
    block, found = read(a_batch(extent=words))
    assert kept(block) == ["i0", "i1", "i2"] and not found.rows


def test_a_row_with_two_faults_is_one_row_and_two_reasons() -> None:
    block, found = read(a_batch(extent=["altred", "none", "none"], probability=[2.0, 1.0, 1.0]))
    assert found.rows == 1 and len(found.listed()) == 2 and kept(block) == ["i1", "i2"]


def test_when_every_row_is_wrong_there_is_no_block() -> None:
    block, found = read(a_batch(probability=[0.0, 0.0, 0.0]))
    assert block is None and found.rows == 3


def test_a_batch_of_no_rows_gives_no_block() -> None:
    assert read(a_batch(rows=3).slice(0, 0))[0] is None


def test_rows_outside_the_period_asked_for_are_set_aside_and_not_refused() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2)]
    block, found = read(
        a_batch(day=days, extent=["altred", "none", "none"]), needed(since="2026-10-01", until="2026-10-01")
    )
    assert kept(block) == ["i1"]
    assert (found.aside, found.rows, found.listed()) == (2, 0, ())


def test_a_market_that_nobody_knows_in_a_map_costs_its_row() -> None:
    given = pa.array([[("US", "none")], [("UX", "removal")], None], pa.map_(pa.string(), pa.string()))
    block, found = read(a_batch(ordered=given))
    assert reasons(found) == [("unknown-market", "ordered", 1, "h.parquet:2")] and kept(block) == ["i0", "i2"]
    assert block is not None and set(block.block.by_market["ordered"]) == {"US"}


def test_a_wrong_value_for_one_market_costs_its_row() -> None:
    given = pa.array([[("US", "none"), ("*", "gone")], [("DE", "removal")], []], pa.map_(pa.string(), pa.string()))
    block, found = read(a_batch(ordered=given))
    assert reasons(found) == [("unknown-value", "ordered", 1, "h.parquet:1")] and kept(block) == ["i1", "i2"]


def test_places_are_those_of_the_rows_before_any_was_left_out() -> None:
    label = {"of": "removed", "value": "perhaps", "by": "ada", "at": None, "final": False}
    labels = pa.array([None, None, [label]])
    block, found = read(a_batch(probability=[0.0, 1.0, 1.0], labels=labels))
    assert kept(block) == ["i1", "i2"] and block is not None and block.labels == ()
    assert {(each.slug, each.rows, each.first) for each in found.listed()} == {
        ("bad-probability", 1, "h.parquet:1"),
        ("bad-label", 1, "h.parquet:3"),
    }
    assert found.rows == 1


def test_only_signals_that_a_rule_reads_are_read_and_can_cost_a_row() -> None:
    batch = a_batch(caption=["a", "b", "c"], technique=["x", "y", "z"], extent=["none", "none", "altred"])
    block, found = read(batch, needs_of_rules())
    assert block is not None and set(block.block.columns) == {"extent"}
    assert reasons(found) == [("unknown-value", "extent", 1, "h.parquet:3")]


def test_a_wrong_value_of_a_signal_that_is_only_shown_is_left_unknown_and_counted() -> None:
    batch = a_batch(technique=["x", "face_swap", "x"], extent=["none", "none", "altred"])
    block, found = read(batch, needs_of_rules(shown=True))
    assert block is not None and kept(block) == ["i0", "i1"] and found.rows == 1
    assert [value_at(block.block.columns["technique"], row) for row in range(2)] == [None, frozenset({"face_swap"})]
    assert ("left-unknown", "technique", 1, "h.parquet:1") in reasons(found)


def two_versions(old: tuple[str, ...], new: tuple[str, ...]) -> Needs:
    rule = a_rule("likeness/made", 'extent == "none"')
    packs = [
        a_pack(rule, vocabulary=a_vocabulary(a_signal("extent", SignalType.SCALE, values))) for values in (old, new)
    ]
    found = Needs.of([lower_pack(pack) for pack in packs])
    assert isinstance(found, Needs)
    return found


@pytest.mark.parametrize(
    "versions", [(("none", "altered"), ("none", "altered", "new")), (("none", "altered", "new"), ("none", "altered"))]
)
def test_a_value_that_one_version_does_not_know_costs_its_row(versions: tuple[tuple[str, ...], ...]) -> None:
    block, found = read(a_batch(extent=["none", "altered", "new"]), two_versions(*versions))
    assert reasons(found) == [("unknown-value", "extent", 1, "h.parquet:3")] and kept(block) == ["i0", "i1"]


def test_a_value_that_both_versions_refuse_is_counted_once() -> None:
    _, found = read(a_batch(extent=["none", "gone", "gone"]), two_versions(("none", "altered"), ("none", "new")))
    assert reasons(found) == [("unknown-value", "extent", 2, "h.parquet:2")] and found.rows == 2


def test_what_was_found_in_parts_is_the_same_as_what_was_found_at_once() -> None:
    batch = a_batch(
        rows=6,
        extent=["none", "altred", "x", "none", "altred", "none"],
        probability=[1.0, 1.0, 0.0, 0.0, 1.0, 1.0],
    )
    whole = read(batch)[1]
    from assay.engine.backtest.history.read import BlockReader
    from assay.engine.backtest.history.refusals import Origin

    parts = []
    for first in (0, 2, 4):
        part = Refusals()
        BlockReader(needed(), ()).read(batch.slice(first, 2), Origin(0, "h.parquet", first), part)
        parts.append(part)
    merged = Refusals()
    for part in parts:
        merged.merge(part)
    assert (merged.listed(), merged.rows) == (whole.listed(), whole.rows)


def test_needs_of_two_versions_with_one_signal_of_two_types_are_a_fault() -> None:
    rule = a_rule("likeness/made", "size(caption) > 3"), a_rule("likeness/made", 'caption == "a"')
    kinds = a_signal("caption", SignalType.TEXT), a_signal("caption", SignalType.CHOICE, ("a", "b"))
    packs = [a_pack(one, vocabulary=a_vocabulary(kind)) for one, kind in zip(rule, kinds, strict=True)]
    found = Needs.of([lower_pack(pack) for pack in packs])
    assert isinstance(found, list) and [fault.slug for fault in found] == ["two-types"]


def test_versions_that_differ_in_words_alone_need_a_signal_once() -> None:
    rule = a_rule("likeness/made", "disclosed")
    packs = [a_pack(rule, vocabulary=a_vocabulary(a_signal("disclosed", phrase=words))) for words in ("one", "other")]
    found = Needs.of([lower_pack(pack) for pack in packs])
    assert isinstance(found, Needs) and [len(declared) for declared in found.signals] == [1]


@pytest.mark.parametrize(("since", "until"), [("2026-10-40", None), (None, "soon"), ("2026-10-02", "2026-10-01")])
def test_a_period_that_is_none_is_a_fault(since: str | None, until: str | None) -> None:
    measures = frozenset([measure.id for measure in PACK.measures.all])
    found = Needs.of_vocabulary(VOCABULARY, PACK.markets.codes, measures).within(since, until)
    assert isinstance(found, list) and found[0].slug == "bad-date"
