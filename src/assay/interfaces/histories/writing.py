"""Writes a history as one Parquet file. It never leaves half a file behind: a name is taken once all is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assay.engine.backtest.history.layout import ID

# Two blocks: what one reader takes at a time, and few enough that a damaged one costs little.
GROUP_ROWS = 1 << 17


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A name beside a file's, to be written to; it becomes the file when all went well, and is gone otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def history_file(path: Path, schema: Any) -> Iterator[Any]:
    """A writer of tables and batches of a schema; the file appears when all went well, and not before.

    raises  OSError where the file cannot be written
    """
    from pyarrow.parquet import ParquetWriter

    # LZ4 is read a sixth faster than what packs a tenth smaller; checksums tell damage from data.
    with (
        unfinished(path) as beside,
        ParquetWriter(
            str(beside),
            schema,
            compression="lz4",
            use_dictionary=[name for name in schema.names if name != ID],
            write_page_checksum=True,
        ) as writer,
    ):
        yield writer
