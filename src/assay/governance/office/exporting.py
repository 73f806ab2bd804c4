"""Rows as files that a browser takes: CSV, JSON, JSON Lines, as they are read. It never makes a cell that a sheet runs.

What was left out because a file would be too long is said in the file itself.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Literal, TypeAlias, TypeVar, get_args

from django.http import StreamingHttpResponse

T = TypeVar("T")
Form: TypeAlias = Literal["csv", "json", "jsonl"]
FORMS: tuple[Form, ...] = get_args(Form)
# By its name in the file: what a column shows of a row.
Columns: TypeAlias = Mapping[str, Callable[[T], object]]

MOST_ROWS = 100_000
# Spreadsheets take a cell that begins so for a formula; some of them skip blanks before it, or know the wide forms.
_FORMULA = re.compile(r"[\s\x00-\x20\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_TYPES: Mapping[Form, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
}
_CHUNK_ROWS = 200
_ROOMS = re.compile(r"[^a-z0-9]+")


class _Echo:
    """A file for the csv module that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def as_csv(
    columns: Columns[T], rows: Iterable[T], *, title: str, at: datetime, most: int = MOST_ROWS
) -> StreamingHttpResponse:
    """A CSV file in UTF-8 whose first line names the columns; the last line says so where rows were left out."""
    return _file("csv", _csv_lines(columns, rows, most), title, at)


def as_json(
    columns: Columns[T], rows: Iterable[T], *, title: str, at: datetime, most: int = MOST_ROWS
) -> StreamingHttpResponse:
    """One JSON object: `rows`, then `complete`, then `note` where it is not."""
    return _file("json", _json_lines(columns, rows, most), title, at)


def as_json_lines(
    columns: Columns[T], rows: Iterable[T], *, title: str, at: datetime, most: int = MOST_ROWS
) -> StreamingHttpResponse:
    """An object a line; where rows were left out the last one has `complete` and `note` alone."""
    return _file("jsonl", _lines(columns, rows, most), title, at)


def exported(
    form: Form, columns: Columns[T], rows: Iterable[T], *, title: str, at: datetime, most: int = MOST_ROWS
) -> StreamingHttpResponse:
    """A file of the form that somebody chose."""
    make = {"csv": as_csv, "json": as_json, "jsonl": as_json_lines}[form]
    return make(columns, rows, title=title, at=at, most=most)


def harmless(value: object) -> object:
    """A cell as a sheet may show it: numbers stay numbers, and text that would be a formula has a quote before it."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list | dict):
        plain = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return f"'{plain}" if isinstance(plain, str) and _FORMULA.match(plain) else plain


def file_name(title: str, at: datetime, form: Form) -> str:
    """`decisions-2026-11-23T0512Z.csv`; of the title, what is safe in every file system."""
    return f"{_ROOMS.sub('-', title.lower()).strip('-')[:60] or 'rows'}-{at.strftime('%Y-%m-%dT%H%MZ')}.{form}"


def _file(form: Form, lines: Iterator[str], title: str, at: datetime) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_chunks(lines), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(title, at, form)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    """Many lines at once: a write for each would cost more than making it."""
    while chunk := "".join(islice(lines, _CHUNK_ROWS)):
        yield chunk.encode("utf-8", "replace")


def _csv_lines(columns: Columns[T], rows: Iterable[T], most: int) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield writer.writerow(columns)
    source = iter(rows)
    for row in islice(source, most):
        yield writer.writerow([harmless(value(row)) for value in columns.values()])
    if _has_more(source):
        yield writer.writerow([_left_out(most)])


def _json_lines(columns: Columns[T], rows: Iterable[T], most: int) -> Iterator[str]:
    source = iter(rows)
    yield '{"rows":['
    comma = ""
    for row in islice(source, most):
        yield f"{comma}\n{_object(columns, row)}"
        comma = ","
    note = f',"note":{json.dumps(_left_out(most))}' if (more := _has_more(source)) else ""
    yield f'\n],"complete":{"false" if more else "true"}{note}}}\n'


def _lines(columns: Columns[T], rows: Iterable[T], most: int) -> Iterator[str]:
    source = iter(rows)
    for row in islice(source, most):
        yield f"{_object(columns, row)}\n"
    if _has_more(source):
        yield json.dumps({"complete": False, "note": _left_out(most)}) + "\n"


def _object(columns: Columns[T], row: T) -> str:
    made = {name: _plain(value(row)) for name, value in columns.items()}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _has_more(source: Iterator[object]) -> bool:
    return next(source, _END) is not _END


def _left_out(most: int) -> str:
    return f"only the first {most:,} rows are here; narrow the filters to have the others"


_END = object()
