"""Labels on real blocks: what was right, found by people, whichever way rows come."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.estimate.labels.gathered import Labels
from assay.engine.backtest.estimate.labels.redecided import value_of, values_in, with_values
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import Group, HistoryBlock, Label
from assay.engine.backtest.rehearsal import Quality
from assay.engine.backtest.replay.seen import Seen
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.columnar.planes import pack as packed
from assay.engine.program.columnar.table.block import Block, ListedIds
from assay.engine.program.columnar.table.columns import Column, Flags, Numbers, Sets, column_of
from assay.engine.program.lower import lower_pack
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

EXTENT = a_signal("ai_extent", "scale")
VOCABULARY = a_vocabulary(a_signal("disclosed"), EXTENT, a_signal("risk", "score"))
OLD = a_pack(a_rule("p/gone", 'ai_extent.atLeast("altered") && !disclosed'), vocabulary=VOCABULARY)
NEW = a_pack(a_rule("p/gone", 'ai_extent == "generated" && !disclosed'), vocabulary=VOCABULARY)
# What an item can be, and what happens to it under the old version and the new one.
KINDS = (("generated", False), ("altered", False), ("none", False), ("generated", True), (None, False))


def columnar_of(*packs: Pack) -> Columnar:
    return compile_columnar([lower_pack(pack) for pack in packs])


BOTH = columnar_of(OLD, NEW)


def a_block(
    kinds: Sequence[int],
    labels: Sequence[Label] = (),
    *,
    probability: Sequence[float] | None = None,
    strata: Sequence[int] | None = None,
) -> HistoryBlock:
    rows = len(kinds)
    columns = {
        "ai_extent": column_of([KINDS[kind][0] for kind in kinds]),
        "disclosed": column_of([KINDS[kind][1] for kind in kinds]),
    }
    block = Block(rows, columns, SOME_DAY, ids=ListedIds([f"item-{row}" for row in range(rows)]))
    codes = np.zeros(rows, np.int64) if strata is None else np.array(strata, np.int64)
    chances = np.ones(rows) if probability is None else np.array(probability)
    return HistoryBlock(block, Group(codes, ("low", "high")), chances, {}, {}, labels=tuple(labels))


def says(row: int, value: str, *, of: str = "removed", by: str = "ada", final: bool = False, at: int = 0) -> Label:
    return Label(row, of, value, by, at, final)


def gathered(*blocks: HistoryBlock) -> Labels:
    found = Labels(BOTH)
    for block in blocks:
        found.add(Seen.of(block, BOTH))
    return found


def of_side(found: Sequence[Quality], side: str, measure: str = "removed") -> Quality:
    return next(one for one in found if (one.side, one.measure) == (side, measure))


def a_point(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def test_where_everything_was_labelled_quality_is_counted_and_certain() -> None:
    # Ten generated, ten altered, ten of neither. People say that all generated and half of the altered are right to go.
    kinds = [0] * 10 + [1] * 10 + [2] * 10
    labels = [says(row, "yes" if row < 15 else "no") for row in range(30)]
    found = gathered(a_block(kinds, labels)).quality()
    old, new = of_side(found, "old"), of_side(found, "new")
    assert a_point(old.precision) == (0.75, 0.75, 0.75)
    assert a_point(old.recall) == (1.0, 1.0, 1.0)
    assert a_point(old.overturn) == (0.25, 0.25, 0.25)
    assert a_point(new.precision) == (1.0, 1.0, 1.0)
    assert new.recall.value == pytest.approx(2 / 3)
    assert a_point(new.apparent) == (0.5, 0.5, 0.5)
    assert old.corrected is None


def test_labels_taken_mostly_of_what_was_removed_do_no_harm() -> None:
    # 400 removed, 4,000 not; half of the removed and one in forty of the others were looked at.
    kinds = [0] * 400 + [2] * 4_000
    labels = [says(row, "yes" if row % 4 else "no") for row in range(200)]
    labels += [says(row, "yes" if row < 420 else "no") for row in range(400, 500)]
    found = of_side(gathered(a_block(kinds, labels)).quality(), "old")
    # One in five of the others is right to go as well, by the sample: 800 beside the 300.
    assert found.apparent.value == pytest.approx((300 + 800) / 4_400)
    assert found.recall.value == pytest.approx(300 / 1_100)
    assert found.precision.value == pytest.approx(0.75)
    assert found.precision.low is not None and 0.68 < found.precision.low < 0.75


def test_what_settles_a_matter_outweighs_opinions_and_tells_how_good_they_are() -> None:
    labels = []
    for row in range(40):
        labels.append(says(row, "yes" if row % 10 else "no", by="ada"))
        labels.append(says(row, "yes", by="bo"))
        labels.append(says(row, "yes", by="cy", final=True))
    for row in range(40, 80):
        labels.append(says(row, "yes" if row % 20 == 0 else "no", by="ada"))
        labels.append(says(row, "no", by="cy", final=True))
    found = of_side(gathered(a_block([0] * 40 + [2] * 40, labels)).quality(), "old")
    assert found.precision.value == 1.0
    # Of the opinions on what is removed, two in forty say no.
    assert found.overturn.value == pytest.approx(0.05)
    assert found.apparent.value == pytest.approx((38 + 2) / 80)
    assert found.corrected is not None
    assert found.corrected.value == pytest.approx(0.5, abs=1e-9)
    assert found.corrected.method == "rogan-gladen"


def test_a_label_of_a_signal_is_decided_again_by_each_version() -> None:
    # All are recorded as generated; people find that half are only altered, which the new version leaves alone.
    labels = [says(row, "altered" if row % 2 else "generated", of="ai_extent") for row in range(20)]
    found = gathered(a_block([0] * 20, labels)).quality()
    assert of_side(found, "old").precision.value == 1.0
    assert of_side(found, "new").precision.value == 0.5


def test_a_label_of_a_signal_that_no_rule_of_a_measure_reads_says_nothing_of_it() -> None:
    labels = [says(row, "0.5", of="risk") for row in range(20)]
    assert gathered(a_block([0] * 20, labels)).quality() == ()


def test_a_row_that_stays_open_with_its_labels_is_not_judged() -> None:
    labels = [says(row, "no", of="disclosed") for row in range(20)]
    found = gathered(a_block([4] * 20, labels))
    assert (found.quality(), found.rows) == ((), 0)


def test_unknown_is_not_taken_for_not_done() -> None:
    # Twenty rows of which it is not known whether they go: nothing is done, and precision does not speak of them.
    labels = [says(row, "yes") for row in range(40)]
    found = of_side(gathered(a_block([0] * 20 + [4] * 20, labels)).quality(), "old")
    assert found.precision.rows == 20
    assert found.recall.value == 0.5


def test_people_who_are_split_settle_nothing() -> None:
    labels = [says(0, "yes", by="ada"), says(0, "no", by="bo")]
    found = gathered(a_block([0], labels))
    assert found.quality() == ()
    assert found.agreement()[0].items == 1


def test_the_later_word_of_a_person_counts() -> None:
    labels = [says(0, "no", at=9), says(0, "yes", at=5)]
    assert of_side(gathered(a_block([0], labels)).quality(least_rows=1), "old").precision.value == 0.0


def test_few_labels_are_kept_back() -> None:
    labels = [says(row, "yes") for row in range(4)]
    found = of_side(gathered(a_block([0] * 4, labels)).quality(), "old")
    assert found.precision.suppressed and found.precision.value is None


def test_weights_count_and_strata_are_kept_apart() -> None:
    # Ten rows that stand for ten each, all right; ten that stand for themselves, all wrong.
    labels = [says(row, "yes" if row < 10 else "no") for row in range(20)]
    block = a_block([0] * 20, labels, probability=[0.1] * 10 + [1.0] * 10, strata=[0] * 10 + [1] * 10)
    found = of_side(gathered(block).quality(), "old").precision
    assert found.value == pytest.approx(100 / 110)
    assert found.low is not None and found.high is not None and found.low < 0.9 < found.high


def test_labels_from_another_process_are_merged_and_nothing_is_added_to_them() -> None:
    block = a_block([0] * 10, [says(row, "yes") for row in range(10)])
    away = copy.deepcopy(gathered(block))
    found = Labels(BOTH)
    found.merge(away)
    assert found.quality() == gathered(block).quality()
    with pytest.raises(ValueError, match="another process"):
        away.add(Seen.of(block, BOTH))


Row = tuple[int, int, dict[tuple[str, bool], tuple[str, str]]]
rows_of_history = st.lists(
    st.tuples(
        st.integers(0, len(KINDS) - 1),
        st.integers(0, 1),
        st.dictionaries(
            st.tuples(st.sampled_from(("ada", "bo", "")), st.booleans()),
            st.sampled_from((("removed", "yes"), ("removed", "no"), ("ai_extent", "generated"), ("ai_extent", "none"))),
            max_size=3,
        ),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(rows_of_history, st.integers(1, 29))
def test_it_is_the_same_however_rows_are_cut_into_blocks(rows: list[Row], cut: int) -> None:
    def block(part: list[Row]) -> HistoryBlock:
        labels = [
            says(row, value, of=of, by=by, final=final)
            for row, (_, _, said) in enumerate(part)
            for (by, final), (of, value) in said.items()
        ]
        strata = [stratum for _, stratum, _ in part]
        chances = [(1.0, 0.3)[stratum] for stratum in strata]
        return a_block([kind for kind, _, _ in part], labels, probability=chances, strata=strata)

    whole = gathered(block(rows))
    parts = [gathered(block(part)) for part in (rows[:cut], rows[cut:]) if part]
    first = parts[0]
    for other in parts[1:]:
        first.merge(other)
    assert first.quality(least_rows=1) == whole.quality(least_rows=1)
    assert first.agreement() == whole.agreement()


# ------------------------------------------------------------- deciding again


def test_rows_are_taken_with_their_values_of_every_type() -> None:
    known = packed(np.array([True, True, False]))
    columns: dict[str, Column] = {
        "disclosed": Flags(packed(np.array([True, False, True])), known),
        "risk": Numbers(np.array([0.5, np.nan, 0.1])),
        "made_with": Sets({"inpainting": packed(np.array([True, False, True]))}, known),
        "ai_extent": column_of(["none", None, "altered"]),
    }
    block = Block(3, columns, np.array([1, 2, 3], np.int64), ids=ListedIds(["a", "b", "c"]))
    found = with_values(block, [2, 0, 0], [{}, {"ai_extent": "generated"}, {"fresh": "x"}])
    every = np.arange(3)
    read = {name: values_in(column, every) for name, column in found.columns.items()}
    assert read["disclosed"] == [None, True, True]
    assert read["risk"] == [0.1, 0.5, 0.5]
    assert read["made_with"] == [None, frozenset({"inpainting"}), frozenset({"inpainting"})]
    assert read["ai_extent"] == ["altered", "generated", "none"]
    assert read["fresh"] == [None, None, "x"]
    assert not isinstance(found.as_of, int) and found.as_of.tolist() == [3, 1, 1]
    assert found.ids is not None and list(found.ids.at(every)) == ["c", "a", "a"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("flag", "yes", True),
        ("flag", "no", False),
        ("flag", "maybe", None),
        ("scale", "altered", "altered"),
        ("scale", "alterd", None),
        ("set", "face_swap|inpainting", frozenset({"face_swap", "inpainting"})),
        ("set", "|", frozenset()),
        ("score", "0.25", 0.25),
        ("score", "high", None),
        ("time", "2026-10-01", 1_790_812_800_000_000),
    ],
)
def test_a_labels_text_is_read_as_its_signal_says(kind: str, text: str, value: object) -> None:
    assert value_of(a_signal("x", kind), text) == value
