"""Records written out for somebody else, byte by byte as they were kept. It changes none of them."""

from __future__ import annotations

from typing import Any, BinaryIO, Self

from assay.interfaces.stores.segments.reading import StoredRecord

_GROUP_BYTES = 64 << 20


class LinesOut:
    """One record a line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.flush()

    def write(self, found: StoredRecord) -> None:
        """One record more."""
        self._stream.write(found.record)
        self._stream.write(b"\n")


class ParquetOut:
    """One record a row, beside its item, its key and when it was kept."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        instant = pa.timestamp("us", "UTC")
        self._schema: Any = pa.schema(
            [("item", pa.string()), ("key", pa.string()), ("kept", instant), ("record", pa.string())]
        )
        self._writer = ParquetWriter(stream, self._schema, compression="zstd", use_dictionary=False)
        self._rows: list[StoredRecord] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._flush()
        self._writer.close()

    def write(self, found: StoredRecord) -> None:
        """One record more."""
        self._rows.append(found)
        self._bytes += len(found.record)
        if self._bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        rows, self._rows, self._bytes = self._rows, [], 0
        columns = [
            [row.item for row in rows],
            [row.key or None for row in rows],
            [row.kept for row in rows],
            [row.record.decode("utf-8") for row in rows],
        ]
        arrays = [pa.array(column, each.type) for column, each in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
