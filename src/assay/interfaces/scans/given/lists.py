"""Lists of paths: text, CSV, JSON Lines and Parquet, line by line. A line that cannot be read costs itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.interfaces.records.lines import bounded_lines, text_of
from assay.interfaces.scans.given.entries import LONGEST_PATH, Beside, Entry, entry_of, wrong_entry

PATH_COLUMNS = ("path", "file", "filename")
BESIDE = ("id", "sha256", "surface")
_BLOCK = 64 * 1024
_BATCH_ROWS = 4096
_LARGEST_FOOTER_PIECE = 32 * 1024 * 1024


class NoList(ValueError):
    """A file that was given as a list of paths is none; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the lines of a list are read: its name for people, the column of paths, the folder they are below."""

    name: str
    column: str | None = None
    root: Path | None = None

    def entry(self, row: Mapping[str, object], path_column: str, number: int, what: str = "line") -> Entry:
        """The entry of one row of a table."""
        place = f"{self.name}:{number}"
        said = {column: row.get(column) for column in (path_column, *BESIDE)}
        if _is_number(said["id"]):
            # Numbers are common ids, and are the same text wherever they come from.
            said["id"] = str(said["id"])
        texts = ["" if each is None else each for each in said.values()]
        if not all(isinstance(each, str) for each in texts):
            return wrong_entry(place, Fault("wrong-type", f"path, {', '.join(BESIDE)} of this {what} must be texts"))
        path, name, sha256, surface = map(str, texts)
        return entry_of(path, place, self.root, Beside(name, sha256, surface))

    def path_column(self, names: Sequence[str]) -> str:
        """The column that holds the paths; raises NoList where there is none."""
        if self.column is not None:
            if self.column in names:
                return self.column
            hint = did_you_mean(self.column, names) or f"there are {', '.join(names[:8])}"
            raise NoList(f"`{self.name}` has no column `{self.column}`; {hint}")
        found = next((name for name in PATH_COLUMNS if name in names), None)
        if found is None:
            shown = ", ".join(f"`{name}`" for name in names[:8]) or "none"
            raise NoList(
                f"`{self.name}` has no column `path` or `file` (its columns: {shown}); name the one that holds the "
                "paths by `--column`"
            )
        return found


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def text_entries(stream: BinaryIO, reading: Reading) -> Iterator[Entry]:
    """A path a line, or, where there is a zero byte near the beginning, a path before each zero byte."""
    # What is wrapped here may be a pipe, of which nothing can be read twice.
    ahead = io.BufferedReader(cast(io.RawIOBase, stream), _BLOCK)
    try:
        yield from _between_zeros(ahead, reading) if b"\x00" in ahead.peek(_BLOCK) else _on_lines(ahead, reading)
    finally:
        # Whoever opened the stream closes it, and may have done so already.
        with suppress(ValueError):
            ahead.detach()


def _on_lines(stream: BinaryIO, reading: Reading) -> Iterator[Entry]:
    for number, line in bounded_lines(stream):
        place = f"{reading.name}:{number}"
        if isinstance(line, Fault):
            yield wrong_entry(place, line)
        elif line.strip():
            yield entry_of(line.decode("utf-8", "surrogateescape"), place, reading.root)


def _between_zeros(stream: BinaryIO, reading: Reading) -> Iterator[Entry]:
    number, rest = 0, b""
    while more := stream.read(_BLOCK):
        # What is longer than any path is no path; of it no more is kept than shows that.
        *whole, rest = (rest[: 2 * LONGEST_PATH] + more).split(b"\x00")
        for name in whole:
            number += 1
            yield entry_of(name.decode("utf-8", "surrogateescape"), f"{reading.name}:{number}", reading.root)
    if rest:
        yield entry_of(rest.decode("utf-8", "surrogateescape"), f"{reading.name}:{number + 1}", reading.root)


def csv_entries(stream: BinaryIO, reading: Reading) -> Iterator[Entry]:
    """A row a line below a header; raises NoList for a header without paths."""
    names: list[str] | None = None
    column = ""
    for number, line in bounded_lines(stream):
        row = _cells(line)
        if isinstance(row, Fault):
            yield wrong_entry(f"{reading.name}:{number}", row)
        elif not row:
            continue
        elif names is None:
            names = [name.strip() for name in row]
            column = reading.path_column(names)
        elif len(row) != len(names):
            words = f"the row has {len(row)} fields, and the header has {len(names)}"
            yield wrong_entry(f"{reading.name}:{number}", Fault("wrong-field-count", words))
        else:
            yield reading.entry(dict(zip(names, row, strict=True)), column, number)
    if names is None:
        raise NoList(f"`{reading.name}` has no header; its first line names its columns, such as `id,path`")


def _cells(line: bytes | Fault) -> list[str] | Fault:
    text = line if isinstance(line, Fault) else text_of(line)
    if isinstance(text, Fault):
        return text
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        return Fault("broken-csv", f"this is no row of CSV: {str(error)[:80]}")


def json_entries(stream: BinaryIO, reading: Reading) -> Iterator[Entry]:
    """An object a line."""
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for number, line in bounded_lines(stream):
        if isinstance(line, bytes) and not line.strip():
            continue
        place = f"{reading.name}:{number}"
        if isinstance(line, Fault):
            yield wrong_entry(place, line)
            continue
        try:
            raw = decoder.decode(line)
            wanted = (reading.column, *BESIDE) if reading.column else (*PATH_COLUMNS, *BESIDE)
            row = {name: msgspec.json.decode(raw[name]) for name in wanted if name in raw}
        except (ValueError, RecursionError):
            yield wrong_entry(place, Fault("broken-json", "this line is no JSON object"))
            continue
        column = reading.column or next((name for name in PATH_COLUMNS if name in row), PATH_COLUMNS[0])
        yield reading.entry(row, column, number)


def parquet_entries(path: Path, reading: Reading) -> tuple[Iterator[Entry], int]:
    """A row an entry, batch by batch, and how many there are; raises NoList for a file that is no such table."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    broken = (ArrowException, OSError, ValueError, MemoryError, OverflowError)
    try:
        table = ParquetFile(
            path,
            pre_buffer=False,
            buffer_size=1 << 16,
            thrift_string_size_limit=_LARGEST_FOOTER_PIECE,
            thrift_container_size_limit=1_000_000,
        )
    except broken as error:
        raise NoList(f"`{reading.name}` cannot be read as Parquet: {' '.join(str(error).split())[:120]}") from error
    names = list(table.schema_arrow.names)
    column = reading.path_column(names)
    wanted = [name for name in dict.fromkeys((column, *BESIDE)) if name in names]
    return _rows(table, wanted, column, reading, broken), int(table.metadata.num_rows)


def _rows(
    table: Any, wanted: list[str], column: str, reading: Reading, broken: tuple[type[Exception], ...]
) -> Iterator[Entry]:
    before = 0
    with table:
        for group in range(table.metadata.num_row_groups):
            rows = int(table.metadata.row_group(group).num_rows)
            number = before
            try:
                batches = table.iter_batches(_BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False)
                for batch in batches:
                    for row in batch.to_pylist():
                        number += 1
                        yield reading.entry(row, column, number, "row")
            except broken:
                words = f"rows {number + 1:,} to {before + rows:,} of the table cannot be read"
                yield wrong_entry(f"{reading.name}:{number + 1}", Fault("damaged-rows", words))
            before += rows
