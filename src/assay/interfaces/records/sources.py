"""Finds the reader for an input: a file, a folder of media, or standard input. It never looks inside a record."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.records.reading import Record

if TYPE_CHECKING:
    from assay.detection.scanner import Settings

STANDARD_INPUT = "-"
_JSON_LINES = {".jsonl", ".ndjson", ".json"}
_PARQUET = {".parquet", ".pq"}


@dataclass(frozen=True, slots=True)
class Source:
    """Records on their way in.

    total  how much there is, in bytes, rows or files; None where nobody can say
    done   how much of it has been read; None where each record counts one
    """

    records: Iterator[Record]
    total: int | None
    done: Callable[[], int] | None = None


@contextmanager
def open_source(given: str, vocabulary: Vocabulary, settings: Settings | None = None) -> Iterator[Source]:
    """The records of an input.

    settings  what scanners are given where the input is media
    raises    OSError where it cannot be opened
    """
    from assay.interfaces.records.comma_separated import csv_records
    from assay.interfaces.records.json_lines import json_records

    path = Path(given)
    suffix = path.suffix.lower()
    if given == STANDARD_INPUT:
        yield Source(json_records(sys.stdin.buffer), None)
    elif path.is_dir():
        yield _folder(path, vocabulary, settings)
    elif suffix in _PARQUET:
        yield _parquet(path, vocabulary)
    elif suffix in _JSON_LINES or suffix == ".csv":
        with path.open("rb") as stream:
            read = json_records(stream) if suffix in _JSON_LINES else csv_records(stream, vocabulary)
            # What comes through a pipe has neither a size nor a place in it.
            sized = path.is_file()
            yield Source(read, path.stat().st_size if sized else None, stream.tell if sized else None)
    else:
        from assay.interfaces.records.media import media_records

        with path.open("rb"):
            yield Source(media_records([path], None, vocabulary, settings), 1)


def _folder(path: Path, vocabulary: Vocabulary, settings: Settings | None) -> Source:
    from assay.interfaces.records.media import media_files, media_records

    files = media_files(path)
    return Source(media_records(files, path, vocabulary, settings), len(files))


def _parquet(path: Path, vocabulary: Vocabulary) -> Source:
    from assay.interfaces.records.parquet_rows import parquet_records, row_count

    return Source(parquet_records(path, vocabulary), row_count(path))
