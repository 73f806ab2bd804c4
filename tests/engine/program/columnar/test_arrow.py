"""Arrow arrays become columns whatever their type, offset and nulls; a value that its signal refuses is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import nan
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.instants import DAY, SECOND
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.columnar.atoms.leaves import Answers, Leaves
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.arrow import ArrowIds, ArrowReader, Read
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets, misfit
from tests.makers import a_signal
from tests.makers_conditions import signals, values_of

FLAG, SCORE, SET, TEXT = a_signal("f"), a_signal("s", "score"), a_signal("t", "set"), a_signal("x", "text")
CHOICE, TIME, LENGTH = a_signal("c", "choice"), a_signal("at", "time"), a_signal("d", "duration")
COUNT = a_signal("n", "number", minimum=0, maximum=100, integer=True)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
NOON_MICROS = 20_788 * DAY + DAY // 2


def read(signal: Signal, array: Any) -> Read:
    found = ArrowReader().column(signal, array)
    if found.column is not None:
        assert misfit(found.column, signal.type, len(array)) is None
    return found


def values(column: Column | None, rows: int) -> list[MaybeValue]:
    """What a column says of each row, taken apart again."""
    assert column is not None
    said: Sequence[MaybeValue] = ()
    known = unpack(Leaves(rows, Answers()).known(column), rows).tolist()
    match column:
        case Coded(codes, dictionary):
            said = [dictionary.values[code] if sure else None for code, sure in zip(codes.tolist(), known, strict=True)]
        case Numbers(numbers):
            said = numbers.tolist()
        case Flags(true):
            said = unpack(true, rows).tolist()
        case Sets(members):
            held = {name: unpack(plane, rows).tolist() for name, plane in members.items()}
            said = [frozenset(name for name in held if held[name][row]) for row in range(rows)]
    return [value if sure else None for value, sure in zip(said, known, strict=True)]


@pytest.mark.parametrize(
    ("signal", "array", "expected"),
    [
        (FLAG, pa.array([True, None, False]), [True, None, False]),
        (FLAG, pa.array(["yes", "", "no", None]), [True, None, False, None]),
        (SCORE, pa.array([0.25, None, nan]), [0.25, None, None]),
        (SCORE, pa.array([0.5, None], pa.float32()), [0.5, None]),
        (SCORE, pa.array([Decimal("0.25"), None]), [0.25, None]),
        (SCORE, pa.array([0.5, nan, 0.5]).dictionary_encode(), [0.5, None, 0.5]),
        (COUNT, pa.array([3, None], pa.int8()), [3, None]),
        (COUNT, pa.array([3, None], pa.uint64()), [3, None]),
        (COUNT, pa.array([3.0, nan, None]), [3, None, None]),
        (CHOICE, pa.array(["adult", None, "", "minor"]), ["adult", None, None, "minor"]),
        (CHOICE, pa.array(["adult", None], pa.large_string()), ["adult", None]),
        (CHOICE, pa.array([None, None]), [None, None]),
        (CHOICE, pa.array([None, None], pa.string()), [None, None]),
        (TEXT, pa.array(["made with AI", "", None]), ["made with AI", "", None]),
        (SET, pa.array([["face_swap", "inpainting"], [], None]), [{"face_swap", "inpainting"}, set(), None]),
        (SET, pa.array(["face_swap|inpainting", "|", "", None]), [{"face_swap", "inpainting"}, set(), None, None]),
        (TIME, pa.array([NOON, None], pa.timestamp("s", "UTC")), [NOON_MICROS, None]),
        (TIME, pa.array([NOON, None], pa.timestamp("ns", "Europe/Paris")), [NOON_MICROS, None]),
        (TIME, pa.array([NOON, None], pa.timestamp("us", "UTC")).dictionary_encode(), [NOON_MICROS, None]),
        (TIME, pa.array([date(2026, 12, 1), None]), [NOON_MICROS - DAY // 2, None]),
        (TIME, pa.array(["2026-12-01T12:00:00Z", None]), [NOON_MICROS, None]),
        (LENGTH, pa.array([timedelta(seconds=90), None], pa.duration("ms")), [90 * SECOND, None]),
        (LENGTH, pa.array(["90s", None]), [90 * SECOND, None]),
    ],
)
def test_every_type_is_read(signal: Signal, array: Any, expected: list[MaybeValue]) -> None:
    found = read(signal, array)
    assert found.faults == ()
    assert found.refused is None
    assert values(found.column, len(array)) == expected


@given(st.data())
def test_a_slice_is_read_as_its_rows(data: st.DataObject) -> None:
    kinds = {"flag": pa.bool_(), "score": pa.float64(), "set": pa.list_(pa.string()), "choice": pa.string()}
    kind = data.draw(st.sampled_from(sorted(kinds)))
    signal = data.draw(signals(a_signal("s", kind).type, "s"))
    rows = data.draw(st.lists(st.one_of(st.none(), values_of(signal)), max_size=150))
    start, stop = sorted(data.draw(st.tuples(st.integers(0, 150), st.integers(0, 150))))
    given_rows = [sorted(value) if isinstance(value, frozenset) else value for value in rows]
    array = pa.array(given_rows, kinds[kind])
    array = array.dictionary_encode() if kind == "choice" and data.draw(st.booleans()) else array
    found = read(signal, array.slice(start, stop - start))
    assert values(found.column, len(rows[start:stop])) == rows[start:stop]


@pytest.mark.parametrize(
    ("signal", "array", "refused", "fault"),
    [
        (CHOICE, pa.array(["adult", "adlt", None]), [False, True, False], "unknown-value"),
        (FLAG, pa.array(["yes", "perhaps"]), [False, True], "wrong-type"),
        (SCORE, pa.array([0.5, 1.5, None]), [False, True, False], "out-of-range"),
        (SCORE, pa.array([0.5, float("inf")]), [False, True], "not-a-number"),
        (COUNT, pa.array([5, 101, -1]), [False, True, True], "out-of-range"),
        (COUNT, pa.array([5.0, 5.5, nan]), [False, True, False], "wrong-type"),
        (a_signal("n", "number"), pa.array([2**60, 1]), [True, False], "out-of-range"),
        (SET, pa.array([["face_swap"], ["nose_swap", "face_swap"], None]), [False, True, False], "unknown-value"),
        (SET, pa.array([["face_swap", None], []]), [True, False], "wrong-type"),
        (SET, pa.array(["face_swap|nose_swap", "|"]), [True, False], "unknown-value"),
        (TIME, pa.array([2**62, 0], pa.timestamp("s", "UTC")), [True, False], "out-of-range"),
        (LENGTH, pa.array([-(2**62), 0], pa.duration("s")), [True, False], "out-of-range"),
    ],
)
def test_a_value_that_its_signal_refuses_is_named_and_left_unknown(
    signal: Signal, array: Any, refused: list[bool], fault: str
) -> None:
    found = read(signal, array)
    assert found.refused is not None
    assert unpack(found.refused, len(array)).tolist() == refused
    assert [one.slug for one in found.faults] == [fault]
    said = values(found.column, len(array))
    assert [value is None for value, bad in zip(said, refused, strict=True) if bad] == [True] * sum(refused)
    plain = ArrowReader().column(signal, array.filter(pa.array([not bad for bad in refused])))
    assert plain.refused is None
    assert [value for value, bad in zip(said, refused, strict=True) if not bad] == values(
        plain.column, len(array) - sum(refused)
    )


@pytest.mark.parametrize(
    ("signal", "array"),
    [
        (CHOICE, pa.array([1, 2])),
        (SCORE, pa.array([True])),
        (FLAG, pa.array([1, 0])),
        (TIME, pa.array([NOON.replace(tzinfo=None)], pa.timestamp("us"))),
        (TIME, pa.array([5])),
        (TEXT, pa.array([["a"]])),
        (FLAG, pa.array([b"x"])),
    ],
)
def test_a_column_that_can_be_no_signals_is_refused_whole(signal: Signal, array: Any) -> None:
    found = read(signal, array)
    assert found.column is None
    assert [fault.slug for fault in found.faults] == ["wrong-type"]


def test_a_dictionary_that_comes_again_is_the_same_object() -> None:
    reader = ArrowReader()
    one, two, other = (reader.column(CHOICE, pa.array(words)).column for words in (["adult"], ["adult"] * 2, ["minor"]))
    assert isinstance(one, Coded)
    assert isinstance(two, Coded)
    assert isinstance(other, Coded)
    assert one.dictionary is two.dictionary is not other.dictionary


def test_a_dictionary_may_hold_a_bad_value_that_no_row_has() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, None]), pa.array(["adult", "adlt"]))
    found = read(CHOICE, array)
    assert (found.refused, found.faults) == (None, ())


def test_maps_become_a_column_for_each_market() -> None:
    kind = pa.map_(pa.string(), pa.float64())
    array = pa.array([None, [("KR", 0.5), ("*", 0.25)], [], [("KR", 0.75)], [("FR", None)]], kind)
    for start in (0, 1):
        rows = len(array) - start
        found = ArrowReader().by_market(SCORE, array.slice(start))
        said = {market: values(one.column, rows) for market, one in found.items()}
        expected: dict[str, list[MaybeValue]] = {
            "KR": [None, 0.5, None, 0.75, None],
            "*": [None, 0.25, None, None, None],
            "FR": [None] * 5,
        }
        assert said == {market: column[start:] for market, column in expected.items()}


def test_ids_are_taken_from_the_rows_asked_about() -> None:
    assert ArrowIds(pa.array(["a", None, "c"])).at(np.array([2, 1])) == ["c", None]
