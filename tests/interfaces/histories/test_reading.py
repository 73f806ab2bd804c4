from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.history.layout import LABEL
from assay.interfaces.histories.facts import count_facts, facts_of
from assay.interfaces.histories.files import open_history
from assay.interfaces.histories.reading import prepare
from tests.engine.backtest.history.rows import a_batch, needed, reasons
from tests.interfaces.histories.made import ids, opened, prepared, read_all, some_rows, spoil, write


def test_a_large_row_group_comes_in_blocks(tmp_path: Path) -> None:
    rows = 70_000
    batch = some_rows(0, rows, extent=["none", "altered"] * (rows // 2))
    blocks, _ = read_all(prepared(write(tmp_path / "h.parquet", batch)))
    assert [(block.rows, block.first_row) for block in blocks] == [(65_536, 0), (4464, 65_536)]


def test_ids_are_read_only_where_they_are_asked_for(tmp_path: Path) -> None:
    from dataclasses import replace

    path = write(tmp_path / "h.parquet", a_batch({"id": ["a", "a", "b"]}))
    blocks, refusals = read_all(prepared(path, replace(needed(), ids=False)))
    assert blocks[0].block.ids is None and blocks[0].rows == 2
    assert reasons(refusals) == [("duplicate-id", "id", 1, "h.parquet:2")]


@pytest.mark.parametrize(
    ("given", "reason", "left"),
    [
        (["a", None, "b"], ("missing-id", "id", 1, "h.parquet:2"), ["a", "b"]),
        (["a", "", "b"], ("bad-id", "id", 1, "h.parquet:2"), ["a", "b"]),
        (["x" * 512, "x" * 513, "é" * 512], ("bad-id", "id", 1, "h.parquet:2"), ["x" * 512, "é" * 512]),
        (["a", "b", "a"], ("duplicate-id", "id", 1, "h.parquet:3"), ["a", "b"]),
    ],
)
def test_an_id_that_is_none_or_comes_again_costs_its_row(
    tmp_path: Path, given: list[str | None], reason: tuple[str, str, int, str], left: list[str]
) -> None:
    blocks, refusals = read_all(prepared(write(tmp_path / "h.parquet", a_batch({"id": given}))))
    assert reasons(refusals) == [reason] and ids(blocks) == left and refusals.rows == 1


def test_a_later_row_of_an_id_is_refused_in_whichever_file_it_is(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", some_rows(0, 3), some_rows(2, 3))
    write(tmp_path / "b.parquet", some_rows(4, 3))
    blocks, refusals = read_all(prepared(tmp_path))
    assert ids(blocks) == [f"i{row}" for row in range(7)]
    assert reasons(refusals) == [("duplicate-id", "id", 2, "a.parquet:4")]


def test_ids_can_be_taken_on_trust(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch({"id": ["a", "a", "b"]}))
    blocks, refusals = read_all(prepared(path, unique=False))
    assert ids(blocks) == ["a", "a", "b"] and not refusals.rows


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["a", "b", "c", "", None, "x" * 600]), max_size=12), st.integers(1, 5))
def test_the_first_row_of_every_id_is_kept_and_all_others_are_counted(
    tmp_path_factory: pytest.TempPathFactory, given: list[str | None], group: int
) -> None:
    path = tmp_path_factory.mktemp("h") / "h.parquet"
    batch = a_batch({"id": pa.array(given, pa.string())}, rows=len(given))
    write(path, *[batch.slice(first, group) for first in range(0, max(len(given), 1), group)])
    blocks, refusals = read_all(prepared(path))
    sound = [name for name in given if name and len(name) <= 512]
    assert ids(blocks) == list(dict.fromkeys(sound))
    assert refusals.rows == len(given) - len(set(sound))


def test_a_row_group_that_cannot_be_read_is_named_and_counted_and_the_others_go_on(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", some_rows(0, 3), some_rows(3, 4), some_rows(7, 2), write_page_checksum=True)
    spoil(path, 1, column=1)
    blocks, refusals = read_all(prepared(path))
    assert ids(blocks) == ["i0", "i1", "i2", "i7", "i8"]
    assert reasons(refusals) == [("unreadable-rows", "", 4, "h.parquet:4")] and refusals.rows == 4


def test_damaged_ids_are_named_once_the_rows_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", some_rows(0, 3), some_rows(3, 4), write_page_checksum=True)
    spoil(path, 0, column=0)
    blocks, refusals = read_all(prepared(path))
    assert ids(blocks) == ["i3", "i4", "i5", "i6"]
    assert reasons(refusals) == [("unreadable-rows", "", 3, "h.parquet:1")]


def not_text(*values: bytes | None) -> Any:
    """Text that is none, as a program that checks nothing writes it."""
    kept = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(kept), kept.buffers(), kept.null_count)


@pytest.mark.parametrize("name", ["extent", "caption", "language", "creator", "id"])
def test_text_that_is_no_utf_8_costs_its_row_only(tmp_path: Path, name: str) -> None:
    values = not_text(b"none", b"\xff\xfe", b"altered")
    blocks, refusals = read_all(prepared(write(tmp_path / "h.parquet", a_batch({name: values}))))
    assert sum(block.rows for block in blocks) == 2 and refusals.rows == 1
    slug = "bad-id" if name == "id" else "invalid-utf-8"
    assert reasons(refusals) == [(slug, name, 1, "h.parquet:2")]


def test_columns_that_nobody_knows_are_noted_and_refuse_nothing(tmp_path: Path) -> None:
    blocks, refusals = read_all(prepared(write(tmp_path / "h.parquet", a_batch({"title": ["x", "y", "z"]}))))
    assert reasons(refusals) == [("unknown-column", "title", 0, "")] and refusals.rows == 0
    assert ids(blocks) == ["i0", "i1", "i2"]


def test_row_groups_outside_the_period_are_not_read_at_all(tmp_path: Path) -> None:
    days = [[date(2026, 10, day)] * 2 for day in (1, 2, 3)]
    path = write(tmp_path / "h.parquet", *[some_rows(2 * place, 2, day=day) for place, day in enumerate(days)])
    reading = prepared(path, needed(since="2026-10-02", until="2026-10-02"))
    spoil(path, 0, column=1)
    blocks, refusals = read_all(reading)
    assert ids(blocks) == ["i2", "i3"] and (refusals.aside, refusals.rows) == (4, 0)


def test_how_far_it_is_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", some_rows(0, 3), some_rows(3, 4))
    told: list[int] = []
    prepare(opened(path), needed(), reached=told.append)
    count_facts(prepared(path), told.append)
    assert told == [3, 7, 3, 7]


def test_facts_of_a_history_are_those_of_its_rows(tmp_path: Path) -> None:
    columns = {"views:DE": [5, 0, None], "probability": [0.5, 1.0, 2.0], "stratum": ["a", "b", "b"]}
    path = write(tmp_path / "h.parquet", a_batch({**columns, "extent": ["none", None, "none"]}))
    reading = prepared(path)
    facts, refusals = count_facts(reading)
    found = facts_of(reading.history, facts, refusals)
    assert (found.rows, found.refused, found.title) == (2, 1, "h.parquet")
    assert found.strata == {"a": (1, 2.0), "b": (1, 1.0)} and found.markets == ("DE",)
    assert found.missing["extent"] == 0.5 and found.missing["caption"] == 1.0
    assert found.design == "a stratified random sample" and found.has_views and not found.has_labels
    assert np.isclose(found.effective_rows, 9 / 5)


def test_a_history_of_which_every_item_was_taken_is_no_sample(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", a_batch({"probability": [1.0, 1.0, 1.0], "stratum": ["a", "a", "b"]}))
    reading = prepared(path)
    facts, refusals = count_facts(reading)
    assert facts_of(reading.history, facts, refusals).design == "every item"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), min_size=1, max_size=3), st.booleans())
def test_whatever_is_damaged_is_named_and_every_row_is_kept_or_refused(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]], checked: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.parquet"
    label = [{"of": "removed", "value": "yes", "by": "ada", "at": None, "final": True}]
    columns: dict[str, Any] = {
        "views:DE": [1, None, 3],
        "extent": ["none", "altered", ""],
        "caption": ["é", None, "x"],
        "ordered": pa.array([[("DE", "none")], None, []], pa.map_(pa.string(), pa.string())),
        "labels": pa.array([label, None, label], pa.list_(LABEL)),
        "language": ["de", "en", None],
    }
    write(path, some_rows(0, 3, **columns), some_rows(3, 3, **columns), write_page_checksum=checked)
    content = bytearray(path.read_bytes())
    for place, change in damage:
        content[place % len(content)] ^= change
    path.write_bytes(bytes(content))
    history = open_history(path)
    if isinstance(history, list):
        return
    reading = prepare(history, needed())
    if isinstance(reading, list):
        return
    blocks, refusals = read_all(reading)
    assert sum(block.rows for block in blocks) + refusals.rows == history.rows
