"""Item records from CSV: one column a signal, and `id`. A quote that never ends costs its own line only."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.records.cells import columns_fault, read_cell, read_json_cell, record_of
from assay.interfaces.records.lines import LONGEST_LINE, bounded_lines, text_of
from assay.interfaces.records.reading import Place, Record, readable_id

_UNFINISHED = "unexpected end of data"


@dataclass(slots=True)
class _Lines:
    """Lines as text, to which some can be given back."""

    source: Iterator[tuple[int, bytes | Fault]]
    returned: deque[tuple[int, str | Fault]] = field(default_factory=deque)

    def __iter__(self) -> Iterator[tuple[int, str | Fault]]:
        return self

    def __next__(self) -> tuple[int, str | Fault]:
        if self.returned:
            return self.returned.popleft()
        number, line = next(self.source)
        return number, line if isinstance(line, Fault) else text_of(line)

    def give_back(self, lines: list[tuple[int, str | Fault]]) -> None:
        self.returned.extendleft(reversed(lines))


def csv_records(
    stream: BinaryIO, vocabulary: Vocabulary, called: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Record]:
    """A record for each row below the header; `called` says what a column stands for, where its name does not."""
    lines = _Lines(bounded_lines(stream))
    first = next((each for each in lines if not _is_blank(each[1])), None)
    if first is None:
        return
    names = _row(first[1], lines, None)
    header = [] if isinstance(names, Fault) else [called.get(name.strip(), name.strip()) for name in names]
    fault = names if isinstance(names, Fault) else columns_fault(header, "header")
    if fault is not None:
        yield Record(Place("line", first[0]), faults=(fault,))
        return
    for number, line in lines:
        if not _is_blank(line):
            yield _record(number, _row(line, lines, len(header)), header, vocabulary)


def _record(number: int, row: list[str] | Fault, header: list[str], vocabulary: Vocabulary) -> Record:
    place = Place("line", number)
    if isinstance(row, Fault):
        return Record(place, faults=(row,))
    cells: dict[str, object] = {}
    for name, cell in zip(header, row, strict=True):
        if name == "id":
            cells[name] = cell.strip()
        elif name == "assertions":
            cells[name] = read_json_cell(name, cell) if cell.strip() else None
        elif name == "subject":
            cells[name] = cell.strip() or None
        else:
            cells[name] = read_cell(name, cell, vocabulary)
    content, faults = record_of(cells)
    return Record(place, content, faults, readable_id(content) if faults else None)


def _is_blank(line: str | Fault) -> bool:
    return isinstance(line, str) and not line.strip()


def _row(line: str | Fault, lines: _Lines, width: int | None) -> list[str] | Fault:
    """The fields of the row that begins with a line; further lines are taken only where a quoted field runs on."""
    if isinstance(line, Fault):
        return line
    try:
        return _checked(next(csv.reader([line], strict=True)), width)
    except csv.Error as error:
        if _UNFINISHED not in str(error):
            return Fault("broken-csv", f"this is no row of CSV: {str(error)[:80]}")
    taken: list[tuple[int, str | Fault]] = []
    try:
        row = _checked(next(csv.reader(_running_on(line, lines, taken), strict=True)), width)
    except csv.Error:
        row = Fault("unclosed-quote", "a quote opens on this line and is not closed")
    if isinstance(row, Fault):
        # The lines below are more likely rows of their own than part of this one.
        lines.give_back(taken)
        return Fault("unclosed-quote", "a quote opens on this line and is not closed")
    return row


def _running_on(first: str, lines: _Lines, taken: list[tuple[int, str | Fault]]) -> Iterator[str]:
    yield first + "\n"
    size = len(first)
    for number, line in lines:
        taken.append((number, line))
        if isinstance(line, Fault) or size + len(line) > LONGEST_LINE:
            return
        size += len(line)
        # However the file ends its lines, inside a cell they end one way.
        yield line + "\n"


def _checked(row: list[str], width: int | None) -> list[str] | Fault:
    if width is None or len(row) == width:
        return row
    return Fault("wrong-field-count", f"the row has {len(row)} fields, and the header has {width}")
