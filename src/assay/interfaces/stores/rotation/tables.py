"""Parquet files of records: written with every record's bytes, and read again. They never hold a record half."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetFile, ParquetWriter
from xxhash import xxh3_64_intdigest

from assay.engine.backtest.history.layout import (
    DAY_COLUMN,
    DONE,
    HISTORY_KEY,
    HOUR,
    ID,
    INSTANT,
    LAYOUT_VERSION,
    OF_RECORD,
    SUBJECT,
    WORD,
)
from assay.interfaces.stores.rotation.columns import NUMBER, NUMBERS_BY_MARKET, TEXT, WORDS_BY_MARKET, Columns
from assay.interfaces.stores.segments.frames import Damage
from assay.interfaces.stores.segments.names import SUM
from assay.interfaces.stores.segments.reading import StoredRecord

# A colon is in no signal's name, so that no pack can mean these.
RECORD, BUNDLE, AS_OF = OF_RECORD + "json", OF_RECORD + "bundle", OF_RECORD + "as_of"
KEPT, KEY, ITEM, DIGEST = (OF_RECORD + name for name in ("kept", "key", "item", "digest"))
RECORDS_KEY = b"assay.records"
# Fifty megabytes of records at a time.
GROUP_ROWS = 4096
# Where one row is wanted.
_ROWS_AT_ONCE = 64


def write_table(path: Path, columns: Columns, records: Iterator[StoredRecord], said: dict[str, object]) -> list[int]:
    """Write rows with their records, a group at a time; the records' digests in order.

    records  those of the rows of `columns`, in the same order
    said     what the file says of itself
    """
    arrays = dict(_arrays(columns))
    said = {**said, "left": dict(columns.left)}
    schema = pa.schema(
        [*(pa.field(name, array.type) for name, array in arrays.items()), (RECORD, pa.string()), (DIGEST, pa.uint64())],
        {HISTORY_KEY: LAYOUT_VERSION, RECORDS_KEY: json.dumps(said, sort_keys=True)},
    )
    plain = {ID, KEY, ITEM, RECORD, DIGEST, AS_OF, KEPT}
    words = [name for name in schema.names if name not in plain]
    digests: list[int] = []
    with ParquetWriter(str(path), schema, compression="zstd", use_dictionary=words, write_page_checksum=True) as writer:
        for first in range(0, len(columns.ids), GROUP_ROWS):
            texts = [each.record for _, each in zip(range(GROUP_ROWS), records, strict=False)]
            group = [xxh3_64_intdigest(text) for text in texts]
            digests += group
            rows = [array.slice(first, GROUP_ROWS) for array in arrays.values()]
            content = pa.array(texts, type=pa.binary()).cast(pa.string())
            writer.write_table(pa.Table.from_arrays([*rows, content, pa.array(group, pa.uint64())], schema=schema))
    return digests


def _arrays(columns: Columns) -> Iterator[tuple[str, Any]]:
    yield ID, pa.array(columns.ids, pa.string())
    yield DAY_COLUMN, pa.array(columns.days, pa.int32()).cast(pa.date32())
    yield HOUR, pa.array(columns.hours, pa.int8())
    yield SUBJECT, pa.array(columns.subject, WORD)
    yield DONE, pa.array(columns.done, WORD)
    yield BUNDLE, pa.array(columns.bundle, WORD)
    yield AS_OF, pa.array(columns.as_of, INSTANT)
    yield KEPT, pa.array(columns.kept, INSTANT)
    yield KEY, pa.array(columns.key, pa.string())
    yield ITEM, pa.array(columns.items, pa.string())
    rows = len(columns.ids)
    for name in sorted(columns.signals):
        kind, values = columns.signal(name)
        if kind in (NUMBERS_BY_MARKET, WORDS_BY_MARKET):
            pairs = [sorted(values[row].items()) if row in values else None for row in range(rows)]
            held = pa.float64() if kind == NUMBERS_BY_MARKET else pa.string()
            yield name, pa.array(pairs, pa.map_(pa.string(), held))
        elif kind == NUMBER:
            unknown = float("nan")
            yield name, pa.array([values.get(row, unknown) for row in range(rows)], pa.float64())
        else:
            # A text may be empty, so that only null can say that it is unknown.
            absent = None if kind == TEXT else ""
            yield name, pa.array([values.get(row, absent) for row in range(rows)], WORD)


def facts_of_table(path: Path) -> dict[str, object] | Damage:
    """What a file says of itself, without reading its rows."""
    try:
        with _opened(path) as opened:
            said = (opened.schema_arrow.metadata or {}).get(RECORDS_KEY, b"{}")
            found = json.loads(said)
            return {**found, "records": opened.metadata.num_rows} if isinstance(found, dict) else {}
    except _BROKEN as error:
        return _unreadable(0, error)


def records_in_table(path: Path, wanted: Callable[[int, int], bool] | None = None) -> Iterator[StoredRecord | Damage]:
    """The records of a file in order, and what of it cannot be read.

    wanted  by the first and last instant of a group of rows, whether it is to be read
    """
    row = 0
    try:
        with _opened(path) as opened:
            for group in range(opened.num_row_groups):
                size = opened.metadata.row_group(group).num_rows
                if wanted is None or wanted(*_instants(opened, group)):
                    yield from _of_group(opened, group, row)
                row += size
    except _BROKEN as error:
        yield _unreadable(row, error)


def _of_group(opened: Any, group: int, row: int) -> Iterator[StoredRecord | Damage]:
    try:
        table = opened.read_row_group(group, columns=[ITEM, KEPT, KEY, RECORD, DIGEST], use_threads=False)
        items, kept, keys, texts, digests = (_values(table.column(name)) for name in (ITEM, KEPT, KEY, RECORD, DIGEST))
    except _BROKEN as error:
        yield _unreadable(row, error)
        return
    for place, text in enumerate(texts):
        if text is None or xxh3_64_intdigest(text) != digests[place]:
            words = "the record is not the one that was kept"
            yield Damage(row + place, 0, "wrong-digest", words)
        else:
            yield StoredRecord(row + place, _name(items[place]), _name(keys[place]), kept[place], text)


def record_at(path: Path, row: int) -> bytes | None:
    """The record of one row; None where there is no such row, or it cannot be read, or is damaged.

    Of its group of rows, no more is decoded than up to it.
    """
    try:
        with _opened(path) as opened:
            for group in range(opened.num_row_groups):
                size = opened.metadata.row_group(group).num_rows
                if row < size:
                    return _record_in(opened, group, row)
                row -= size
    except _BROKEN:
        pass
    return None


def _record_in(opened: Any, group: int, row: int) -> bytes | None:
    for batch in opened.iter_batches(_ROWS_AT_ONCE, [group], columns=[RECORD, DIGEST], use_threads=False):
        if row < batch.num_rows:
            (text,), (digest,) = (_values(batch.column(place).slice(row, 1)) for place in (0, 1))
            return text if text is not None and xxh3_64_intdigest(text) == digest else None
        row -= batch.num_rows
    return None


def _values(column: Any) -> Sequence[Any]:
    # As bytes, so that what is no text is damage and not an end.
    if pa.types.is_string(column.type):
        column = column.cast(pa.binary())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    found: list[Any] = column.to_pylist()
    return found


def _name(content: bytes | None) -> str:
    return "" if content is None else content.decode("utf-8", "replace")


def keys_in_table(path: Path) -> list[tuple[str, int]]:
    """The keys in a file, each with its row; none where they cannot be read, or the file is not one of ours."""
    try:
        with _opened(path) as opened:
            if KEY not in opened.schema_arrow.names or _without_keys(opened):
                return []
            keys = _values(opened.read(columns=[KEY], use_threads=False).column(KEY))
            return [(_name(key), row) for row, key in enumerate(keys) if key is not None]
    except _BROKEN:
        return []


def bundles_in_table(path: Path) -> dict[str, int]:
    """How many records each bundle made; none where they cannot be read."""
    try:
        with _opened(path) as opened:
            column = opened.read(columns=[BUNDLE], use_threads=False).column(BUNDLE)
            counts = column.cast(pa.string()).value_counts().to_pylist()
    except _BROKEN:
        return {}
    return {each["values"]: each["counts"] for each in counts if each["values"] is not None}


def _without_keys(opened: Any) -> bool:
    """Whether the file's index says that no row has a key, which is so where records come from a command."""
    groups = map(opened.metadata.row_group, range(opened.num_row_groups))
    said = [_column(group, KEY).statistics for group in groups]
    return all(each is not None and not each.num_values for each in said)


def _column(group: Any, name: str) -> Any:
    for each in map(group.column, range(group.num_columns)):
        if each.path_in_schema == name:
            return each
    raise KeyError(name)


def _instants(opened: Any, group: int) -> tuple[int, int]:
    """When the first and the last record of a group were kept, as its statistics say; all of time where they do not."""
    said = _column(opened.metadata.row_group(group), KEPT).statistics
    if said is None or not said.has_min_max:
        return 0, 1 << 62
    least, most = (round(each.timestamp() * 1_000_000) for each in (said.min, said.max))
    # The statistics go through a float of seconds; a microsecond either way costs a group that is read for nothing.
    return least - 1, most + 1


def write_sum(path: Path, of: Path) -> None:
    """Write down, beside a file, what the checksum of its index is. Pages and records have their own.

    path  of the file once it has its name
    of    where it stands now
    """
    with (path.parent / f"{path.name}{SUM}").open("wb") as stream:
        stream.write(f"{_index_sum(of):016x}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())


def _index_sum(path: Path) -> int:
    """The checksum of a file's last part, without which no row can be found."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 8))
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(max(0, size - 8 - length))
        return xxh3_64_intdigest(stream.read(length + 8))


def _opened(path: Path) -> Any:
    # What is wrong with an index can end the whole process inside of Arrow, so that it is looked at before.
    beside = path.with_name(f"{path.name}{SUM}")
    if beside.exists() and beside.read_bytes().strip() != f"{_index_sum(path):016x}".encode():
        raise ValueError("the file's index is damaged")
    return ParquetFile(str(path), pre_buffer=False, buffer_size=1 << 20, page_checksum_verification=True)


def _unreadable(row: int, error: Exception) -> Damage:
    text = " ".join(str(error).split())
    return Damage(row, 0, "unreadable-rows", f"these rows cannot be read: {text[:120] or 'they are damaged'}")


_BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, KeyError)
