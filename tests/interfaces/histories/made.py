"""Histories as files, for tests. It holds no test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.refusals import Refusals
from assay.interfaces.histories.files import History, open_history
from assay.interfaces.histories.reading import Reading, notes_of, prepare, read_piece
from tests.engine.backtest.history.rows import a_batch, kept, needed


def write(path: Path, *batches: Any, metadata: dict[bytes, bytes] | None = None, **options: Any) -> Path:
    """A Parquet file with a row group for each batch."""
    schema = batches[0].schema.with_metadata(metadata)
    with pq.ParquetWriter(path, schema, **options) as writer:
        for batch in batches:
            writer.write_batch(batch.replace_schema_metadata(metadata))
    return path


def some_rows(first: int, rows: int, **columns: Any) -> Any:
    """A batch whose ids go on from a number."""
    return a_batch({"id": [f"i{row}" for row in range(first, first + rows)], **columns}, rows=rows)


def opened(path: Path) -> History:
    found = open_history(path)
    assert isinstance(found, History), found
    return found


def prepared(path: Path, needs: Needs | None = None, *, unique: bool = True) -> Reading:
    found = prepare(opened(path), needs or needed(), unique=unique)
    assert isinstance(found, Reading), found
    return found


def read_all(reading: Reading) -> tuple[list[HistoryBlock], Refusals]:
    """Every block, and what was refused, its parts merged piece by piece."""
    refusals = notes_of(reading)
    blocks = []
    for piece in reading.history.pieces:
        part = Refusals()
        blocks += list(read_piece(reading, piece, part))
        refusals.merge(part)
    return blocks, refusals


def ids(blocks: list[HistoryBlock]) -> list[str | None]:
    return [name for block in blocks for name in kept(block)]


def faults_of(path: Path) -> list[str]:
    """Why a history cannot be opened or read at all."""
    found = open_history(path)
    if isinstance(found, History):
        reading = prepare(found, needed())
        return [fault.slug for fault in reading] if isinstance(reading, list) else []
    return [fault.slug for fault in found]


def spoil(path: Path, group: int, column: int = 0) -> None:
    """Turn the bytes of a column of a row group into others, as a disk that fails does."""
    place = pq.ParquetFile(path).metadata.row_group(group).column(column)
    content = bytearray(path.read_bytes())
    start = place.dictionary_page_offset or place.data_page_offset
    for at in range(start, start + place.total_compressed_size):
        content[at] ^= 0x5A
    path.write_bytes(bytes(content))


def column(values: list[object], kind: Any) -> Any:
    return pa.array(values, kind)
