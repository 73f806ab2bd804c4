"""Item records from Parquet, batch by batch. It never takes a null for anything but unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, format_duration, format_instant
from assay.engine.language.pack.vocabulary import SignalType, Vocabulary
from assay.interfaces.records.cells import columns_fault, read_json_cell, record_of
from assay.interfaces.records.reading import Place, Record, readable_id

BATCH_ROWS = 1024
_MARK = b"PAR1"
# A footer that claims more than this is no footer of a table of signals.
_LARGEST_FOOTER_PIECE = 32 * 1024 * 1024
# Python's calendar, and with it every record, runs from the year 1 to the year 9999.
_FIRST_INSTANT = -719_162 * DAY
_LAST_INSTANT = 2_932_897 * DAY - 1


def parquet_records(path: Path, vocabulary: Vocabulary) -> Iterator[Record]:
    """A record for each row; rows that cannot be read cost themselves, and the row groups after them are tried."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    broken = (ArrowException, OSError, ValueError, MemoryError, OverflowError, UnicodeDecodeError)
    fault = _marks_fault(path)
    if fault is not None:
        yield Record(Place("row"), faults=(fault,))
        return
    try:
        table = ParquetFile(
            path,
            pre_buffer=False,
            buffer_size=1 << 16,
            thrift_string_size_limit=_LARGEST_FOOTER_PIECE,
            thrift_container_size_limit=1_000_000,
        )
        names = list(table.schema_arrow.names)
    except broken as error:
        yield Record(Place("row"), faults=(Fault("damaged-file", f"the file's index cannot be read: {_words(error)}"),))
        return
    with table:
        fault = columns_fault(names, "table")
        if fault is not None:
            yield Record(Place("row"), faults=(fault,))
            return
        yield from _row_groups(table, names, vocabulary, broken)


def row_count(path: Path) -> int | None:
    """How many rows the file says it has, or None where it cannot say."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    if _marks_fault(path) is not None:
        return None
    try:
        return int(read_metadata(path).num_rows)
    except (ArrowException, OSError, ValueError, MemoryError):
        return None


def _marks_fault(path: Path) -> Fault | None:
    with path.open("rb") as stream:
        first = stream.read(4)
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 4))
        last = stream.read(4)
    if not first:
        return Fault("empty-file", "the file has no bytes")
    if first != _MARK:
        return Fault("not-parquet", "the file does not begin as Parquet does")
    if last != _MARK or size < 12:
        return Fault("truncated-file", "the file ends before its index, without which no row can be found")
    return None


def _row_groups(
    table: Any, names: list[str], vocabulary: Vocabulary, broken: tuple[type[Exception], ...]
) -> Iterator[Record]:
    done = 0
    for group in range(table.metadata.num_row_groups):
        rows = int(table.metadata.row_group(group).num_rows)
        start = row = done
        try:
            for batch in table.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], use_threads=False):
                for record in _records(batch, names, vocabulary, row):
                    yield record
                    row += 1
        except broken as error:
            words = f"rows {row + 1} to {start + rows} cannot be read: {_words(error)}"
            yield Record(Place("row", row + 1), faults=(Fault("damaged-rows", words),))
        done = start + rows


def _records(batch: Any, names: list[str], vocabulary: Vocabulary, before: int) -> Iterator[Record]:
    columns = [_column(name, batch.column(place), vocabulary) for place, name in enumerate(names)]
    for number, row in enumerate(zip(*columns, strict=True), before + 1):
        content, faults = record_of(dict(zip(names, row, strict=True)))
        yield Record(Place("row", number), content, faults, readable_id(content) if faults else None)


def _column(name: str, column: Any, vocabulary: Vocabulary) -> Sequence[object]:
    """A column's values as JSON values, with a fault in the place of each that has none."""
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type):
        return _instants(name, column)
    if types.is_duration(column.type):
        return [None if value is None else format_duration(value) for value in _microseconds(column)]
    signal = vocabulary.by_name.get(name)
    by_json = name == "assertions" or (signal is not None and signal.by_market)
    read = _reader(name, by_json=by_json, is_set=signal is not None and signal.type is SignalType.SET)
    try:
        values = column.to_pylist(maps_as_pydicts="lossy")
    except ValueError:
        # One value that is no text must not cost the rows around it, so they are read one by one.
        values = [_single(name, value) for value in column]
    return [value if value is None or isinstance(value, Fault) else read(value) for value in values]


def _single(name: str, value: Any) -> object:
    try:
        return value.as_py(maps_as_pydicts="lossy")
    except ValueError:
        return Fault("invalid-utf-8", "the text is not UTF-8", name)


def _reader(name: str, *, by_json: bool, is_set: bool) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, str):
            return read_json_cell(name, value) if by_json and value.strip() else value
        if isinstance(value, Decimal):
            # Only a decimal can be outside every double; the signal's own reader refuses what is left.
            return float(value)
        if isinstance(value, list) and is_set and None in value:
            return Fault("wrong-type", "a list with a null among its values is neither known nor unknown", name)
        if isinstance(value, bool | int | float | list | dict):
            return value
        return Fault("wrong-type", f"a column of {type(value).__name__} values cannot be read as a signal", name)

    return read


def _instants(name: str, column: Any) -> list[object]:
    if column.type.tz is None:
        fault = Fault("wrong-type", "a time without a time zone is no instant; store it as UTC", name)
        return [None if value is None else fault for value in _microseconds(column)]
    return [None if value is None else _instant(name, value) for value in _microseconds(column)]


def _microseconds(column: Any) -> list[int | None]:
    # Python's integers have no end, so that an absurd time cannot turn round into a plausible one.
    counts = column.cast("int64").to_pylist()
    if column.type.unit == "ns":
        return [None if count is None else count // 1000 for count in counts]
    factor = {"s": 1_000_000, "ms": 1000, "us": 1}[column.type.unit]
    return [None if count is None else count * factor for count in counts]


def _instant(name: str, micros: int) -> object:
    if not _FIRST_INSTANT <= micros <= _LAST_INSTANT:
        return Fault("out-of-range", "the time is outside the years 1 to 9999", name)
    return format_instant(micros)


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:120] if text else "it is damaged"
