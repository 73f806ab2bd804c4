"""What is written for others reads back as the same, in every form that keeps everything."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.copies.exchange.given import Given, one_line
from assay.detection.copies.exchange.reading import read_hashes
from assay.detection.copies.exchange.writing import Form, write_hashes
from assay.detection.copies.kinds import HashKind

WORDS = st.text(max_size=30).map(lambda text: one_line(text, 30))
LABELS = st.lists(WORDS.filter(bool), max_size=4, unique=True).map(tuple)
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
FILMS = st.lists(HEX, min_size=1, max_size=3).map(lambda each: json.dumps([f"{value},90,1.000" for value in each]))
HASHES = st.one_of(
    st.tuples(st.just(HashKind.PDQ), HEX, st.none() | st.integers(0, 100)),
    st.tuples(st.just(HashKind.SHA256), HEX, st.none()),
    st.tuples(st.just(HashKind.VPDQ), FILMS, st.none()),
)


@st.composite
def lists(draw: st.DrawFn) -> list[Given]:
    drawn = draw(st.lists(st.tuples(HASHES, LABELS, WORDS, WORDS), min_size=1, max_size=5))
    return [
        Given(0, kind, value, quality, labels, note, source, "2026-11-23T12:00:00+00:00")
        for (kind, value, quality), labels, note, source in drawn
    ]


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON, Form.JSON_LINES])
@given(hashes=lists())
def test_reading_what_was_written_gives_the_same(form: Form, hashes: list[Given]) -> None:
    stream = io.BytesIO()
    assert write_hashes(hashes, form, stream) == len(hashes)
    stream.seek(0)
    found = list(read_hashes(stream, None))
    assert [(each.kind, each.value, each.quality, each.labels, each.note, each.source) for each in hashes] == [
        (each.kind, each.value, each.quality, each.labels, each.note, each.source)
        for each in found
        if isinstance(each, Given)
    ]


@given(hashes=lists())
def test_a_list_keeps_hashes_and_qualities(hashes: list[Given]) -> None:
    for kind in (HashKind.PDQ, HashKind.SHA256, HashKind.VPDQ):
        wanted = [(each.value, each.quality) for each in hashes if each.kind is kind]
        stream = io.BytesIO()
        write_hashes([each for each in hashes if each.kind is kind], Form.LIST, stream)
        stream.seek(0)
        found = list(read_hashes(stream, kind))
        assert [(each.value, each.quality) for each in found if isinstance(each, Given)] == wanted


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", " =", "'=", "''@"])
def test_no_cell_of_csv_is_a_formula_and_reading_gives_it_back(start: str) -> None:
    text = f"{start}cmd('x')".strip()
    made = Given(2, HashKind.PDQ, "ab" * 32, 90, (text,), text, text)
    stream = io.BytesIO()
    write_hashes([made], Form.CSV, stream)
    cells = next(csv.reader([stream.getvalue().decode().splitlines()[1]]))
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@\uff1d")]
    stream.seek(0)
    (found,) = read_hashes(stream, None)
    assert found == made
