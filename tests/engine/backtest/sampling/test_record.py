from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.sampling.record import records_of, values_at
from assay.engine.language.pack.vocabulary import SignalType, Vocabulary
from assay.engine.program.columnar.table.arrow import ArrowReader
from assay.engine.program.columnar.table.columns import Numbers, column_of
from tests.engine.backtest.blocks import FIRST_DAY, Row, a_block
from tests.makers import a_pack, a_signal, a_vocabulary, signals_for, vocabularies

DAY = 86_400_000_000


@given(st.data())
def test_a_row_comes_back_as_the_item_that_it_was(data: st.DataObject) -> None:
    vocabulary: Vocabulary = data.draw(vocabularies(most=6))
    given_signals = [data.draw(signals_for(vocabulary)) for _ in range(data.draw(st.integers(1, 5)))]
    rows = [Row(f"i{number}", signals, day=number) for number, signals in enumerate(given_signals)]
    history = a_block(rows, a_pack(vocabulary=vocabulary))
    for row, record in zip(rows, records_of(history, range(len(rows))), strict=True):
        item = record.item(vocabulary)
        assert item.id == row.id
        assert record.as_of == (FIRST_DAY + row.day) * DAY
        # Values by market stand in no column of their own here.
        known = (None if signal.by_market else row.signals.get(signal.name) for signal in vocabulary.signals)
        assert item.values == tuple(known)


def test_every_form_of_column_says_what_was_put_in() -> None:
    reader = ArrowReader()
    flag, some = a_signal("disclosed"), a_signal("technique", SignalType.SET)
    number = a_signal("edits", SignalType.NUMBER)
    for signal, array, values in (
        (flag, pa.array([True, None, False]), [True, None, False]),
        (some, pa.array([["face_swap"], None, []]), [frozenset({"face_swap"}), None, frozenset()]),
        (some, pa.array(["face_swap|inpainting", None, "|"]), [{"face_swap", "inpainting"}, None, frozenset()]),
        (number, pa.array([1.5, None, float("nan")]), [1.5, None, None]),
        (a_signal("kind", SignalType.CHOICE), pa.array(["minor", None, ""]), ["minor", None, None]),
    ):
        column = reader.column(signal, array).column
        assert column is not None
        assert values_at(column, np.arange(3)) == values


def test_nan_is_unknown_and_rows_beyond_the_first_word_are_found() -> None:
    numbers = np.arange(200, dtype=np.float64)
    numbers[150] = np.nan
    column = Numbers(numbers)
    found = values_at(column, np.array([0, 70, 150, 199]))
    assert found == [0.0, 70.0, None, 199.0]


def test_a_market_that_an_item_did_not_reach_is_left_out_and_unknown_views_are_not() -> None:
    pack = a_pack(vocabulary=a_vocabulary(a_signal()))
    history = a_block([Row("a", views={"DE": 0, "US": -1}), Row("b", views={"DE": 3})], pack)
    first, second = records_of(history, [0, 1])
    assert (first.views, second.views) == ({"US": -1}, {"DE": 3})


def test_values_by_market_come_back_by_market() -> None:
    noisy = a_signal("order", scope="market")
    history = a_block([Row("a"), Row("b")], a_pack(vocabulary=a_vocabulary(noisy)))
    columns = {"DE": column_of([True, None]), "*": column_of([None, False])}
    scoped = replace(history, block=replace(history.block, by_market={"order": columns}))
    first, second = records_of(scoped, [0, 1])
    assert first.item(a_vocabulary(noisy)).by_market == {"order": {"DE": True}}
    assert second.by_market == {"order": {"*": False}}
