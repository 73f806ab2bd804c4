from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.history import repeats
from assay.engine.backtest.history.repeats import Repeats, digests_of

WORDS = st.sampled_from(["", "a", "b", "ab", "a\x00", "a" * 7, "a" * 8, "a" * 9, "é", "é" * 9, "x" * 40, "x" * 41])
IDS = st.lists(WORDS | st.text(max_size=20), max_size=60)


def repeated(batches: list[list[str]]) -> list[int]:
    """The rows whose id came before, as both passes find them."""
    arrays: list[Any] = [pa.array(batch, pa.string()) for batch in batches]
    found, first = Repeats(sum(map(len, batches))), 0
    for array in arrays:
        found.see(array)
    rows = []
    for array in arrays:
        rows += sorted((found.compare(array) + first).tolist())
        first += len(array)
    return rows


@given(IDS, st.lists(st.integers(0, 60), max_size=4))
def test_a_row_repeats_another_exactly_where_its_id_came_before_however_rows_are_cut(
    ids: list[str], cuts: list[int]
) -> None:
    places = [0, *sorted(min(cut, len(ids)) for cut in cuts), len(ids)]
    batches = [ids[start:end] for start, end in itertools.pairwise(places)]
    expected = [row for row, name in enumerate(ids) if name in ids[:row]]
    assert repeated(batches) == expected


@given(st.sets(st.text(max_size=30), max_size=80), st.integers(0, 7))
def test_texts_have_one_digest_exactly_where_they_are_equal(texts: set[str], before: int) -> None:
    names = sorted(texts)
    digests = digests_of(pa.array(["x"] * before + names + names, pa.string()).slice(before))
    assert digests[: len(names)].tolist() == digests[len(names) :].tolist()
    assert len(set(digests.tolist())) == len(names)


def test_more_repeats_than_can_be_kept_apart_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_MOST_SUSPECTS", 10)
    found = Repeats(40)
    ids = pa.array([f"i{row}" for row in range(20)])
    found.see(ids)
    assert not found.too_many
    found.see(ids)
    assert found.too_many


def test_what_is_remembered_is_two_bytes_a_row() -> None:
    assert Repeats(1_000_000)._bits.nbytes == 2**21
    assert Repeats(10**10)._bits.nbytes == 2**29


def test_distinct_ids_of_one_form_are_seldom_suspected() -> None:
    found = Repeats(60_000)
    for first in range(0, 60_000, 10_000):
        found.see(pa.array([f"item-{row:09d}" for row in range(first, first + 10_000)]))
    assert found._count < 60_000 * 0.05
    assert np.unique(np.concatenate(found._suspects)).size == found._count
