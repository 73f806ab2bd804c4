"""A table of columns says what it says, a null is unknown, and what is damaged costs itself."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from assay.interfaces.records.parquet_rows import parquet_records, row_count
from assay.interfaces.records.reading import Entry, Reject, read_entries
from tests.interfaces.records.vocabulary import PACK, VOCABULARY, items_of, known, outcome


def table(path: Path, columns: dict[str, Any], rows: int = 0) -> Path:
    """A file of these columns; ids are made up where there are none."""
    size = rows or max(len(column) for column in columns.values())
    whole = {"id": [f"u{number}" for number in range(1, size + 1)], **columns}
    parquet.write_table(pa.table(whole), path)
    return path


def item(path: Path, name: str, column: Any) -> dict[str, object]:
    (found,) = items_of(parquet_records(table(path / "one.parquet", {name: column}), VOCABULARY))
    return known(found)


UTC = dt.timezone.utc  # noqa: UP017
MOMENT = dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("disclosed", pa.array([True]), True),
        ("age", pa.array(["minor"]), "minor"),
        ("age", pa.array(["minor"]).dictionary_encode(), "minor"),
        ("age", pa.array(["minor"], pa.large_string()), "minor"),
        ("technique", pa.array([["face_swap"]]), frozenset({"face_swap"})),
        ("technique", pa.array([[]], pa.list_(pa.string())), frozenset()),
        ("followers", pa.array([12], pa.int8()), 12),
        ("followers", pa.array([12.0]), 12),
        ("followers", pa.array([Decimal(12)]), 12),
        ("detector", pa.array([0.25], pa.float32()), 0.25),
        ("caption", pa.array([" a\nb "]), " a\nb "),
        ("uploaded", pa.array(["1970-01-01T00:00:01Z"]), 1_000_000),
        ("uploaded", pa.array([MOMENT], pa.timestamp("ns", "UTC")), 1_000_000),
        ("uploaded", pa.array([MOMENT], pa.timestamp("s", "Europe/Berlin")), 1_000_000),
        ("runs_for", pa.array([dt.timedelta(minutes=1)], pa.duration("ms")), 60_000_000),
        ("ordered", pa.array([{"FR": "removal", "DE": None}]), {"FR": "removal"}),
        ("ordered", pa.array([[("FR", "removal")]], pa.map_(pa.string(), pa.string())), {"FR": "removal"}),
        ("ordered", pa.array(['{"FR": "removal"}']), {"FR": "removal"}),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_signal(tmp_path: Path, name: str, column: Any, value: object) -> None:
    assert item(tmp_path, name, column) == {name: value}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("disclosed", pa.bool_()),
        ("age", pa.string()),
        ("age", pa.dictionary(pa.int8(), pa.string())),
        ("extent", pa.string()),
        ("technique", pa.list_(pa.string())),
        ("followers", pa.int64()),
        ("detector", pa.float64()),
        ("caption", pa.string()),
        ("uploaded", pa.timestamp("us", "UTC")),
        ("uploaded", pa.timestamp("us")),
        ("runs_for", pa.duration("us")),
        ("ordered", pa.struct([("FR", pa.string())])),
        ("colour", pa.null()),
        ("assertions", pa.string()),
        ("subject", pa.string()),
    ],
)
def test_a_null_is_unknown_whatever_its_type(tmp_path: Path, name: str, kind: Any) -> None:
    assert item(tmp_path, name, pa.array([None], kind)) == {}


@pytest.mark.parametrize(
    ("name", "column", "slug"),
    [
        ("disclosed", pa.array(["yes", None]), "wrong-type"),
        ("disclosed", pa.array([1, None]), "wrong-type"),
        ("age", pa.array([1, None]), "wrong-type"),
        ("age", pa.array([b"minor", None]), "wrong-type"),
        ("age", pa.array(["x", None]), "unknown-value"),
        ("technique", pa.array(["face_swap", None]), "wrong-type"),
        ("technique", pa.array([["face_swap", None], None]), "wrong-type"),
        ("followers", pa.array(["12", None]), "wrong-type"),
        ("followers", pa.array([2**60, None]), "out-of-range"),
        ("detector", pa.array([float("nan"), None]), "not-a-number"),
        ("detector", pa.array([float("inf"), None]), "not-a-number"),
        ("uploaded", pa.array([MOMENT.replace(tzinfo=None), None]), "wrong-type"),
        ("uploaded", pa.array([2**62, None]).cast(pa.timestamp("us", "UTC")), "out-of-range"),
        ("uploaded", pa.array([dt.date(2026, 1, 1), None]), "wrong-type"),
        ("colour", pa.array(["red", None]), "unknown-signal"),
        ("id", pa.array([None, "u2"]), "bad-id"),
        ("id", pa.array(["", "u2"]), "bad-id"),
    ],
)
def test_a_bad_cell_costs_its_row(tmp_path: Path, name: str, column: Any, slug: str) -> None:
    path = table(tmp_path / "two.parquet", {name: column})
    assert outcome(parquet_records(path, VOCABULARY)) == [(slug, 1, "reject"), ("u2", 2, "item")]


def test_text_that_is_no_text_costs_its_row(tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", {"caption": pa.array([b"\xff", b"fine"]).cast(pa.string(), safe=False)})
    assert outcome(parquet_records(path, VOCABULARY)) == [("invalid-utf-8", 1, "reject"), ("u2", 2, "item")]


@pytest.mark.parametrize(
    ("columns", "slug"),
    [({"name": ["a"]}, "missing-id-column"), ({"id": [1]}, "bad-id")],
)
def test_a_table_without_usable_ids_is_refused(tmp_path: Path, columns: dict[str, Any], slug: str) -> None:
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    assert [found[0] for found in outcome(parquet_records(tmp_path / "t.parquet", VOCABULARY))] == [slug]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    doubled = pa.Table.from_arrays([pa.array(["u1"]), pa.array(["x"]), pa.array(["y"])], names=["id", "age", "age"])
    parquet.write_table(doubled, tmp_path / "t.parquet")
    assert outcome(parquet_records(tmp_path / "t.parquet", VOCABULARY)) == [("duplicate-column", 0, "reject")]


@pytest.mark.parametrize(
    ("content", "slug"),
    [(b"", "empty-file"), (b"id,age\nu1,adult\n", "not-parquet"), (b"PAR1", "truncated-file")],
)
def test_what_is_no_parquet_is_one_reject(tmp_path: Path, content: bytes, slug: str) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(content)
    assert outcome(parquet_records(path, VOCABULARY)) == [(slug, 0, "reject")]
    assert row_count(path) is None


def test_a_file_cut_short_is_one_reject(tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", {"age": ["adult"] * 100})
    path.write_bytes(path.read_bytes()[:-20])
    assert outcome(parquet_records(path, VOCABULARY)) == [("truncated-file", 0, "reject")]


def test_a_damaged_part_costs_its_rows_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rows = pa.table({"id": [f"u{number}" for number in range(300)]})
    parquet.write_table(rows, path, row_group_size=100, compression="zstd", use_dictionary=False)
    content = bytearray(path.read_bytes())
    column = parquet.read_metadata(path).row_group(1).column(0)
    middle = column.data_page_offset + column.total_compressed_size // 2
    content[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(content)
    found = outcome(parquet_records(path, VOCABULARY))
    assert sum(kind == "item" for *_, kind in found) == 200
    assert [(slug, number) for slug, number, kind in found if kind == "reject"] == [("damaged-rows", 101)]
    assert found[-1] == ("u299", 300, "item")


@given(st.integers(0, 2**32), st.integers(1, 6))
def test_no_damage_can_stop_the_reader(tmp_path_factory: pytest.TempPathFactory, seed: int, places: int) -> None:
    chance = random.Random(seed)
    path = tmp_path_factory.mktemp("damaged") / "t.parquet"
    columns: dict[str, Any] = {"age": ["adult", None] * 20, "technique": [["face_swap"], None] * 20}
    content = bytearray(table(path, columns).read_bytes())
    for _ in range(places):
        content[chance.randrange(4, len(content) - 4)] = chance.randrange(256)
    path.write_bytes(content)
    row_count(path)
    for reading in read_entries(parquet_records(path, VOCABULARY), PACK):
        assert isinstance(reading, Entry | Reject)
