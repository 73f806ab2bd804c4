"""Imports a source as a history, whatever it is: the file appears once all is written. It never leaves half of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from assay.engine.backtest.history.block import DIMENSIONS
from assay.engine.backtest.history.layout import (
    CREATOR,
    DESIGN_KEY,
    DONE,
    HOUR,
    LABELS,
    PROBABILITY,
    STRATUM,
    SUBJECT,
    history_schema,
)
from assay.engine.backtest.history.needs import Needs
from assay.engine.kernel.errors import Fault
from assay.interfaces.histories.files import open_history
from assay.interfaces.histories.importing.from_parquet import Tables
from assay.interfaces.histories.importing.from_text import Text
from assay.interfaces.histories.importing.incoming import Asked, Imported, Incoming, NotReadable, Reached
from assay.interfaces.histories.writing import GROUP_ROWS, history_file
from assay.interfaces.records.rejects import Rejects

OPTIONAL = (HOUR, SUBJECT, CREATOR, STRATUM, PROBABILITY, DONE, LABELS)
LINES, COMMAS, PARQUET = (".jsonl", ".ndjson", ".json"), (".csv",), (".parquet", ".pq")


def import_history(
    asked: Asked, rejects: BinaryIO | None = None, reached: Reached | None = None
) -> Imported | list[Fault]:
    """Import a source, or say why it cannot be read at all.

    rejects  where rows that are wrong are written
    raises   OSError where a file cannot be opened or written
    """
    refused = Rejects(rejects)
    vocabulary, measures = asked.pack.vocabulary, asked.pack.measures
    needs = Needs.of_vocabulary(vocabulary, asked.pack.markets.codes, frozenset(each.id for each in measures.all))
    kept = 0
    try:
        with _opened(asked, needs, refused) as incoming:
            schema = history_schema(vocabulary, incoming.markets, DIMENSIONS, OPTIONAL)
            design = asked.design or incoming.design
            schema = schema.with_metadata({**schema.metadata, DESIGN_KEY: design})
            with history_file(asked.out, schema) as writer:
                for table in _gathered(incoming.tables(schema, reached)):
                    writer.write_table(table)
                    kept += table.num_rows
            return Imported(incoming.given, kept, refused, incoming.aside)
    except NotReadable as error:
        return list(error.faults)


@contextmanager
def _opened(asked: Asked, needs: Needs, rejects: Rejects) -> Iterator[Incoming]:
    suffix = asked.source.suffix.lower()
    if asked.source.is_dir() or suffix in PARQUET:
        history = open_history(asked.source)
        if isinstance(history, list):
            raise NotReadable(history)
        yield Tables(history, asked, needs, rejects)
        return
    with asked.source.open("rb") as stream:
        # What comes through a pipe has neither a size nor a place in it.
        size = asked.source.stat().st_size if asked.source.is_file() else None
        yield Text(stream, asked, needs, rejects, is_csv=suffix in COMMAS, size=size)


def _gathered(tables: Iterator[Any]) -> Iterator[Any]:
    """Small tables joined to row groups of one size."""
    import pyarrow as pa

    waiting: list[Any] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        while rows >= GROUP_ROWS:
            joined = pa.concat_tables(waiting).unify_dictionaries()
            yield joined.slice(0, GROUP_ROWS).combine_chunks()
            rest = joined.slice(GROUP_ROWS)
            waiting, rows = [rest], rest.num_rows
    if rows:
        yield pa.concat_tables(waiting).unify_dictionaries().combine_chunks()


def is_known_kind(source: Path) -> bool:
    """Whether a source's name says how it is read."""
    return source.is_dir() or source.suffix.lower() in (*LINES, *COMMAS, *PARQUET)
