"""Finds the files that a scan is given: in folders, in lists, in tables, or one by one. It holds no list in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.detection.run import media_paths
from assay.interfaces.scans.given.entries import Entries, Entry
from assay.interfaces.scans.given.lists import (
    Reading,
    csv_entries,
    json_entries,
    parquet_entries,
    text_entries,
)

STANDARD_INPUT = "-"
_PARQUET = (".parquet", ".pq")
_JSON_LINES = (".jsonl", ".ndjson")
TABLES = (*_PARQUET, *_JSON_LINES, ".csv")


@dataclass(frozen=True, slots=True)
class Given:
    """What a scan is given.

    paths   files, folders of files, and tables of paths by their suffix
    lists   lists of paths, whatever they are called; `-` is standard input
    column  the column of a table that holds the paths; `path` or `file` where None
    root    the folder that paths in lists are below, and never leave; where None they are as they are, from here
    """

    paths: tuple[Path, ...] = ()
    lists: tuple[str, ...] = ()
    column: str | None = None
    root: Path | None = None


@contextmanager
def open_entries(given: Given) -> Iterator[Entries]:
    """Every file of a scan in a stable order.

    raises  NoList where something is no list of paths, OSError where a list cannot be opened
    """
    with ExitStack() as opened:
        parts = [_part(path, given, opened) for path in given.paths]
        parts += [_list(name, given, opened) for name in given.lists]
        if len(parts) == 1:
            yield parts[0]
            return
        known = [part.total for part in parts if part.done is None]
        total = sum(filter(None, known)) if len(known) == len(parts) and None not in known else None
        yield Entries((entry for part in parts for entry in part.coming), total)


def count_files(paths: Sequence[Path]) -> int | None:
    """How many files there are in all, where only files and folders are given; a walk over the folders."""
    if any(not path.is_dir() and path.suffix.lower() in TABLES for path in paths):
        return None
    return sum(sum(1 for _ in media_paths(path)) if path.is_dir() else 1 for path in paths)


def _part(path: Path, given: Given, opened: ExitStack) -> Entries:
    if path.is_dir():
        return Entries((_plain(each) for each in media_paths(path)), None)
    if path.suffix.lower() in TABLES:
        return _list(str(path), given, opened)
    # What is not there is reported like any file that cannot be read, beside the results of the others.
    return Entries(iter((_plain(path),)), 1)


def _plain(path: Path) -> Entry:
    return Entry(str(path.absolute()), str(path))


def _list(name: str, given: Given, opened: ExitStack) -> Entries:
    root = given.root.resolve() if given.root is not None else None
    reading = Reading("standard input" if name == STANDARD_INPUT else name, given.column, root)
    if name == STANDARD_INPUT:
        return Entries(text_entries(sys.stdin.buffer, reading), None)
    path = Path(name)
    suffix = path.suffix.lower()
    if suffix in _PARQUET:
        return Entries(*parquet_entries(path, reading))
    stream = opened.enter_context(path.open("rb"))
    # What comes through a pipe has neither a size nor a place in it.
    sized = path.is_file()
    read = json_entries if suffix in _JSON_LINES else csv_entries if suffix == ".csv" else text_entries
    coming = read(stream, reading)
    return Entries(coming, path.stat().st_size if sized else None, stream.tell if sized else None)
