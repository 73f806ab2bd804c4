"""Reads an exchanged file record by record: lists, CSV, JSON Lines and JSON. A bad record costs that record only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from assay.detection.copies.exchange.cells import given
from assay.detection.copies.exchange.documents import Document, Malformed, is_list_name
from assay.detection.copies.exchange.fields import TYPE, as_raw, hashes_in, knows_column, unreadable
from assay.detection.copies.exchange.given import LONGEST_NOTE, Given, Read, Reject, one_line
from assay.detection.copies.exchange.types import is_type, kind_named
from assay.detection.copies.exchange.values import usual_form
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

# A film of twenty hours has 72,000 frames of 76 characters.
LONGEST_LINE: Final = 8 * 1024 * 1024
_BEGINNING = 16
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number from 1; `text` is None where it is too long or not written in UTF-8."""

    number: int
    text: str | None
    fault: Fault | None = None


def read_hashes(stream: BinaryIO, default: HashKind | None) -> Iterator[Read]:
    """Every hash in the file, and a reject for every record that holds none; the form is told by the content.

    stream   seekable, read once from its beginning
    default  the kind of a hash that comes without its type
    """
    head = stream.read(64 * 1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    stream.seek(0)
    # Media and UTF-16 have it at once, and no list of hashes has it there: one reject says more than one a line.
    if b"\0" in head[:_BEGINNING]:
        words = "the file is no text in UTF-8; `assay bank add` hashes media, and a table is exported anew as UTF-8"
        yield Reject(1, Fault("no-text", words))
    elif head[:1] == b"[" or (head[:1] == b"{" and not _is_json_lines(stream)):
        yield from _of_document(stream, default)
    elif head[:1] == b"{":
        yield from _of_json_lines(stream, default)
    else:
        yield from _of_text(stream, default)


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """Every line that is not empty. Of one that is too long no more than the bound is ever held."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
            yield Line(number, None, Fault("long-line", f"the line has more than {LONGEST_LINE:,} bytes"))
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            yield Line(number, None, Fault("not-utf-8", "the line is not written in UTF-8"))
            continue
        if text:
            yield Line(number, text)


def _is_json_lines(stream: BinaryIO) -> bool:
    """Whether the first line is a whole object that is a record itself, and no answer that holds a list of them."""
    line = next(lines_of(stream), None)
    stream.seek(0)
    if line is None or line.text is None:
        return False
    try:
        first = json.loads(line.text)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and not any(
        isinstance(value, list) and is_list_name(name) for name, value in first.items()
    )


def _of_document(stream: BinaryIO, default: HashKind | None) -> Iterator[Read]:
    number = 0
    document = Document(stream)
    try:
        for number, record in enumerate(document.records(), 1):
            yield from _of_object(record, number, default)
    except Malformed as malformed:
        words = f"the document cannot be read on from here: {malformed}"
        yield Reject(number + 1, Fault("malformed-json", words))
        return
    if document.beside.get("hasMoreRecords") is True or document.beside.get("next"):
        words = "the document says that it is one page of several; import the other pages, too"
        yield Reject(number + 1, Fault("more-pages", words))


def _of_json_lines(stream: BinaryIO, default: HashKind | None) -> Iterator[Read]:
    for line in lines_of(stream):
        if line.text is None:
            yield Reject(line.number, line.fault or Fault("no-line", "it cannot be read"))
            continue
        try:
            record = json.loads(line.text)
        except (ValueError, RecursionError):
            yield unreadable(line.number, Fault("malformed-json", "the line is no JSON object"), line.text)
            continue
        yield from _of_object(record, line.number, default)


def _of_object(record: object, number: int, default: HashKind | None) -> Iterator[Read]:
    if isinstance(record, Mapping):
        yield from hashes_in(record, number, default)
    elif isinstance(record, str):
        yield _listed([record], number, default, record)
    else:
        yield unreadable(number, Fault("no-hash", "a record is an object or a text", "hash"), as_raw(record))


def _of_text(stream: BinaryIO, default: HashKind | None) -> Iterator[Read]:
    """CSV where the first line names a column of hashes, else a list: one hash a line, alone or with more beside it."""
    columns: list[str] = []
    cells_of: Callable[[str], list[str] | Fault] | None = None
    for line in lines_of(stream):
        if line.text is None:
            yield Reject(line.number, line.fault or Fault("no-line", "it cannot be read"))
            continue
        if cells_of is None:
            delimiter = max(_DELIMITERS, key=line.text.count)
            cells_of = _cells(delimiter)
            names = cells_of(line.text)
            if not isinstance(names, Fault) and any(knows_column(name) for name in names):
                columns = names
                continue
        if line.text.startswith("#"):
            continue
        cells = cells_of(line.text)
        if isinstance(cells, Fault):
            yield unreadable(line.number, cells, line.text)
        elif columns:
            yield from _of_row(columns, cells, line, default)
        else:
            yield _listed(cells, line.number, default, line.text)


def _cells(delimiter: str) -> Callable[[str], list[str] | Fault]:
    def split(text: str) -> list[str] | Fault:
        try:
            # One line at a time: a quote that is never closed costs its own line, and not all that follow.
            return next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            return Fault("malformed-csv", f"the line is no row of CSV: {error}"[:200])

    return split


def _of_row(columns: Sequence[str], cells: Sequence[str], line: Line, default: HashKind | None) -> Iterator[Read]:
    if len(cells) > len(columns):
        words = f"the row has {len(cells)} cells under {len(columns)} columns"
        yield unreadable(line.number, Fault("malformed-csv", words), line.text or "")
        return
    yield from hashes_in(dict(zip(columns, map(given, cells), strict=False)), line.number, default)


def _listed(cells: Sequence[str], number: int, default: HashKind | None, raw: str) -> Read:
    """`HASH`, `HASH,QUALITY`, `HASH,QUALITY,NOTE` or `TYPE HASH`, with spaces or a delimiter between them."""
    words = [each.strip() for each in cells]
    if len(words) == 1 and not words[0].startswith("["):
        # A film's hash has spaces of its own.
        words = words[0].split(None, 2)
    kind = default
    if len(words) > 1 and is_type(words[0]):
        found = next(hashes_in({TYPE[0]: words[0], "hash": words[1]}, number, default))
        if isinstance(found, Reject):
            return found
        kind, words = kind_named(words[0]), words[1:]
    if kind is None:
        fault = Fault("unsupported-hash", "it names no type of hash, and none was given; name it with --kind", "type")
        return unreadable(number, fault, raw)
    value = usual_form(kind, words[0] if words else "")
    if isinstance(value, Fault):
        return unreadable(number, value, raw)
    quality: int | None = None
    rest = words[1:]
    if rest and rest[0].isdecimal() and len(rest[0]) <= 3:
        quality, rest = int(rest[0]), rest[1:]
        if quality > 100:
            fault = Fault("bad-quality", "`quality` is a whole number from 0 to 100", "quality")
            return unreadable(number, fault, raw)
    return Given(number, kind, value, quality, note=one_line(" ".join(rest), LONGEST_NOTE))
