"""A table of text says what it says, and a bad row costs itself."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.records.comma_separated import csv_records
from assay.interfaces.records.reading import Entry, Reject, read_entries
from tests.interfaces.records.vocabulary import PACK, VOCABULARY, items_of, known, outcome


def read(text: str | bytes) -> list[tuple[str, int, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    return outcome(csv_records(io.BytesIO(content), VOCABULARY))


def item(header: str, row: str) -> dict[str, object]:
    (found,) = items_of(csv_records(io.BytesIO(f"id,{header}\nu1,{row}\n".encode()), VOCABULARY))
    return known(found)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("disclosed", "True", True),
        ("disclosed", "no", False),
        ("age", " minor ", "minor"),
        ("extent", "altered", "altered"),
        ("technique", "face_swap|voice_clone", frozenset({"face_swap", "voice_clone"})),
        ("technique", "|", frozenset()),
        ("followers", "12", 12),
        ("followers", "12.0", 12),
        ("detector", "0.25", 0.25),
        ("detector", "1e-2", 0.01),
        ("caption", '" two  spaces "', " two  spaces "),
        ("caption", '"a ""quoted"" word, a comma\n\nand a line"', 'a "quoted" word, a comma\n\nand a line'),
        ("uploaded", "1970-01-01T00:00:01Z", 1_000_000),
        ("runs_for", "1m", 60_000_000),
        ("ordered", '"{""FR"": ""removal""}"', {"FR": "removal"}),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_signal(name: str, cell: str, value: object) -> None:
    assert item(name, cell) == {name: value}


@pytest.mark.parametrize("name", [signal.name for signal in VOCABULARY.signals])
@pytest.mark.parametrize("cell", ["", '""'])
def test_an_empty_cell_is_unknown_whatever_its_type(name: str, cell: str) -> None:
    assert item(name, cell) == {}


@pytest.mark.parametrize(
    ("name", "cell", "slug"),
    [
        ("disclosed", "1", "wrong-type"),
        ("age", "NA", "unknown-value"),
        ("technique", "face_swap|x", "unknown-value"),
        ("followers", "twelve", "wrong-type"),
        ("followers", "1.5", "wrong-type"),
        ("followers", "1_000", "wrong-type"),
        ("followers", "9" * 29, "out-of-range"),
        ("detector", "nan", "not-a-number"),
        ("detector", "-Infinity", "not-a-number"),
        ("detector", "2", "out-of-range"),
        ("detector", "1e9999", "not-a-number"),
        ("uploaded", "yesterday", "wrong-type"),
        ("ordered", "removal", "broken-json"),
        ("colour", "red", "unknown-signal"),
        ("assertions", "{", "broken-json"),
        ("assertions", "7", "wrong-type"),
        ("subject", "planet", "bad-subject"),
    ],
)
def test_a_bad_cell_costs_its_row(name: str, cell: str, slug: str) -> None:
    assert read(f"id,{name}\nbad,{cell}\ngood,\n") == [(slug, 2, "reject"), ("good", 3, "item")]


@pytest.mark.parametrize(
    ("row", "slug"),
    [
        ("u1", "wrong-field-count"),
        ("u1,adult,more", "wrong-field-count"),
        (",adult", "bad-id"),
        ('u1,"adult', "unclosed-quote"),
        ('u1,"adult"x', "broken-csv"),
        ('u1,"' + "x" * 200_000 + '"', "broken-csv"),
    ],
)
def test_a_broken_row_costs_itself(row: str, slug: str) -> None:
    assert read(f"id,age\n{row}\na,adult\nb,\n") == [(slug, 2, "reject"), ("a", 3, "item"), ("b", 4, "item")]


def test_bytes_that_are_no_text_cost_their_row() -> None:
    assert read(b"id,caption\nu1,\xff\nu2,x\n") == [("invalid-utf-8", 2, "reject"), ("u2", 3, "item")]


@pytest.mark.parametrize(
    ("header", "slug"),
    [
        ("name,age", "missing-id-column"),
        ("id,age,age", "duplicate-column"),
        ('"id', "unclosed-quote"),
    ],
)
def test_a_table_without_a_usable_header_is_one_reject(header: str, slug: str) -> None:
    assert read(f"{header}\nu1,adult\n") == [(slug, 1, "reject")]


def test_empty_lines_ends_of_two_bytes_and_a_mark_of_byte_order_are_no_fault() -> None:
    assert read(b"\xef\xbb\xbf\r\nid,age\r\n\r\nu1,adult\r\n") == [("u1", 4, "item")]
    assert read("") == read("\n\n") == []


def test_assertions_stand_in_a_cell_as_json() -> None:
    cell = '"[{""signal"": ""age"", ""value"": ""adult"", ""by"": ""reviewer""}]"'
    (found,) = items_of(csv_records(io.BytesIO(f"id,assertions\nu1,{cell}\n".encode()), VOCABULARY))
    assert [one.signal for one in found.assertions] == ["age"]


def test_many_open_quotes_are_read_in_a_time_that_grows_with_the_file() -> None:
    rows = 'u,"x\n' * 20_000
    assert len(read("id,age\n" + rows)) == 20_000


@given(st.binary(max_size=200))
def test_no_bytes_can_stop_the_reader(content: bytes) -> None:
    for start in (b"", b"id,age,caption\n"):
        for reading in read_entries(csv_records(io.BytesIO(start + content), VOCABULARY), PACK):
            assert isinstance(reading, Entry | Reject)


@given(st.lists(st.lists(st.sampled_from(['"', ",", "\n", "\r", "a", "u1", "|", "{", " "]), max_size=12), max_size=6))
def test_no_mixture_of_separators_can_stop_the_reader(rows: list[list[str]]) -> None:
    text = "id,age,caption\n" + "\n".join("".join(row) for row in rows)
    for reading in read_entries(csv_records(io.BytesIO(text.encode()), VOCABULARY), PACK):
        assert isinstance(reading, Entry | Reject)


def test_columns_may_be_called_otherwise_and_even_change_names() -> None:
    text = io.BytesIO(b"upload,caption,age\nu1,adult,hello\n")
    called = {"upload": "id", "caption": "age", "age": "caption"}
    (item,) = items_of(csv_records(text, VOCABULARY, called))
    assert item.id == "u1" and known(item) == {"age": "adult", "caption": "hello"}
