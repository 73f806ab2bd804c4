"""The names of a record folder's files: a number that grows, and when the file was begun. It never reads a clock."""

from __future__ import annotations

import re
from pathlib import Path

from assay.engine.kernel.instants import format_instant

SEGMENT, PARQUET, SUM, ASIDE, PART = ".segment", ".parquet", ".sum", ".aside", ".part"
LOCK, ROTATING = ".lock", ".rotating"
_NUMBERED = re.compile(r"(\d{8,})-\d{8}T\d{6}Z")


def segment_name(number: int, begun: int) -> str:
    """The name of a new segment: in order of numbers is in order of time, whatever clocks do."""
    stamp = format_instant(begun - begun % 1_000_000).replace("-", "").replace(":", "")
    return f"{number:08d}-{stamp}{SEGMENT}"


def number_of(path: Path) -> int | None:
    """The number in a file's name; None where it has none."""
    found = _NUMBERED.match(path.name)
    return int(found.group(1)) if found else None


def numbered(folder: Path, suffix: str) -> list[Path]:
    """The folder's files of a kind, in the order of their numbers.

    raises  OSError where the folder cannot be read
    """
    found = [
        (number, path) for path in folder.iterdir() if path.suffix == suffix and (number := number_of(path)) is not None
    ]
    return [path for _, path in sorted(found)]
