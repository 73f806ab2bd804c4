"""Files of rows: the same values in every form, no formula in any cell, and what was left out is said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.exporting import FORMS, Form, as_csv, as_json, as_json_lines, exported, file_name, harmless

NOON = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
COLUMNS = {"item": lambda row: row[0], "times": lambda row: row[1]}


def _text(response: StreamingHttpResponse) -> str:
    content = response.streaming_content
    assert isinstance(content, Iterator)
    return b"".join(content).decode()


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8"), max_size=9), st.integers()), max_size=20))
def test_every_form_holds_the_same_rows(rows: list[tuple[str, int]]) -> None:
    whole = json.loads(_text(as_json(COLUMNS, rows, title="t", at=NOON)))
    lines = [json.loads(line) for line in _text(as_json_lines(COLUMNS, rows, title="t", at=NOON)).split("\n") if line]
    cells = list(csv.reader(io.StringIO(_text(as_csv(COLUMNS, rows, title="t", at=NOON)), newline="")))
    assert whole == {"rows": lines, "complete": True}
    assert [(line["item"], line["times"]) for line in lines] == rows
    assert cells[0] == ["item", "times"]
    assert [(item, int(times)) for item, times in cells[1:]] == [(str(harmless(item)), times) for item, times in rows]


@given(st.sampled_from("=+-@＝＋－＠"), st.text(), st.sampled_from(["", " ", "\u00a0", "\u200b", "\ufeff "]))
def test_no_text_becomes_a_formula(sign: str, rest: str, before: str) -> None:
    assert harmless(f"{before}{sign}{rest}") == f"'{before}{sign}{rest}"


def test_numbers_stay_numbers_and_other_text_stays_as_it_is() -> None:
    assert harmless("\t1") == "'\t1"
    assert [harmless(value) for value in (-3, 2.5, "a=b", True, None, ["=1"])] == [-3, 2.5, "a=b", "yes", "", '["=1"]']


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_what_it_leaves_out(form: Form) -> None:
    rows = [("a", 1), ("b", 2), ("c", 3)]
    whole = _text(exported(form, COLUMNS, rows, title="t", at=NOON, most=3))
    short = _text(exported(form, COLUMNS, rows, title="t", at=NOON, most=2))
    assert "only the first" not in whole
    assert "only the first 2 rows are here; narrow the filters to have the others" in short.splitlines()[-1]
    assert '"c"' not in short


def test_a_file_is_named_by_its_title_and_the_instant_and_never_shown_in_place() -> None:
    response = as_csv(COLUMNS, [], title='Decisions"; x=../', at=NOON)
    assert response["Content-Disposition"] == 'attachment; filename="decisions-x-2026-11-23T1205Z.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert file_name("***", NOON, "json") == "rows-2026-11-23T1205Z.json"


def test_rows_are_read_as_they_are_sent() -> None:
    taken = []

    def source() -> Iterator[tuple[str, int]]:
        for number in range(10_000):
            taken.append(number)
            yield "a", number

    content = as_csv(COLUMNS, source(), title="t", at=NOON).streaming_content
    assert isinstance(content, Iterator)
    next(content)
    assert len(taken) < 1_000
