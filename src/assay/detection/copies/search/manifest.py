"""Which segments make up an index, and the span of entries that each covers. It reads no segment."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

MANIFEST = "manifest.json"
_VERSION = 1
_MAXIMUM = 1 << 20
_NAME = re.compile(r"[0-9]{8}\.segment", re.ASCII)
_LEFT_OVER = re.compile(r"\.?[0-9]{8}\.segment(\.making)?|\.manifest\.json\.making", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One segment: its file, and the entries numbered from `after` (without) to `until` (with) that it covers."""

    file: str
    after: int
    until: int


def read_manifest(folder: Path) -> tuple[Part, ...]:
    """The segments in order of what they cover; none where there is no manifest or it is not one."""
    try:
        content = (folder / MANIFEST).read_bytes()
        raw = json.loads(content)
        if len(content) > _MAXIMUM or raw["version"] != _VERSION:
            return ()
        parts = tuple(Part(str(row["file"]), int(row["after"]), int(row["until"])) for row in raw["segments"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # The index is derived: without its manifest it is made again from the entries.
        return ()
    follow = all(left.until == right.after for left, right in pairwise(parts))
    sound = all(_NAME.fullmatch(part.file) and part.after < part.until for part in parts)
    return parts if follow and sound and (not parts or parts[0].after == 0) else ()


def write_manifest(folder: Path, parts: Sequence[Part]) -> None:
    """Replaces the manifest in one step, on the disk before it returns; raises OSError."""
    rows = [{"file": part.file, "after": part.after, "until": part.until} for part in parts]
    taking = folder / f".{MANIFEST}.making"
    try:
        with taking.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps({"version": _VERSION, "segments": rows}, indent=2) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        taking.replace(folder / MANIFEST)
        settle(folder)
    except OSError:
        taking.unlink(missing_ok=True)
        raise


def settle(folder: Path) -> None:
    """Makes the names in a folder durable; raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def next_name(folder: Path, parts: Sequence[Part]) -> str:
    """A name that no segment here has or had while somebody may still read it."""
    there = [path.name for path in folder.glob("*.segment")] + [part.file for part in parts]
    last = max((int(name[:8]) for name in there if _NAME.fullmatch(name)), default=0)
    return f"{last + 1:08d}.segment"


def sweep(folder: Path, parts: Sequence[Part]) -> None:
    """Removes what a killed writer left and what was merged; who still maps a removed file keeps it."""
    kept = {part.file for part in parts}
    for path in folder.iterdir():
        if _LEFT_OVER.fullmatch(path.name) and path.name not in kept:
            path.unlink(missing_ok=True)
