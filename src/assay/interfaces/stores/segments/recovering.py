"""Closes what a process that ended left open: sound records stay, a torn tail is put aside. It throws nothing away."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xxhash import xxh3_128_hexdigest

from assay.interfaces.stores.segments.frames import (
    FOOTER,
    HEADER_BYTES,
    RECORD,
    Damage,
    footer_frame,
    frames_of,
    other_version,
    read_header,
    read_key,
)
from assay.interfaces.stores.segments.names import ASIDE, SEGMENT, numbered
from assay.interfaces.stores.segments.reading import is_closed, read_whole
from assay.interfaces.stores.segments.sealing import Kept, footer_content
from assay.interfaces.stores.segments.system import RealSystem, write_all


@dataclass(frozen=True, slots=True)
class Recovered:
    """A segment that was closed after its process had ended without doing so.

    records  that are whole
    damages  what is not: a torn tail, which was put aside under `aside`, or frames in the middle, which stay
    """

    path: Path
    records: int
    damages: tuple[Damage, ...]
    aside: Path | None


class OtherVersion(Exception):
    """A segment of another version, which this program must not touch."""

    def __init__(self, path: Path, version: int) -> None:
        self.path, self.version = path, version
        super().__init__(f"{path}: {version}")


def recover(folder: Path) -> list[Recovered]:
    """Close every segment of a folder that is open; the folder is this process's own.

    raises  OSError where a file cannot be read or written
    raises  OtherVersion where another version of this program wrote one; nothing is changed then
    """
    for path in numbered(folder, SEGMENT):
        with path.open("rb") as stream:
            version = other_version(stream.read(HEADER_BYTES))
        if version is not None:
            raise OtherVersion(path, version)
    found = []
    for path in numbered(folder, SEGMENT):
        if not is_closed(path):
            one = _recover(path)
            if one is not None:
                found.append(one)
    return found


def _recover(path: Path) -> Recovered | None:
    content, damages = read_whole(path)
    header = read_header(content)
    if isinstance(header, str):
        # No batch is written before the header is on the disk: nothing that was answered is in there.
        if len(content) < HEADER_BYTES:
            path.unlink()
            return None
        whole = _put_aside(path, content, 0)
        path.unlink()
        return Recovered(path, 0, (Damage(0, len(content), "no-segment", header),), whole)
    seen = _look(content, header.salt)
    torn = seen.damages and seen.damages[-1].slug == "torn-tail"
    aside = _put_aside(path, content[seen.end :], seen.end) if torn else None
    footer = footer_content(seen.kept, xxh3_128_hexdigest(memoryview(content)[: seen.end]))
    _close(path, footer_frame(footer, header.salt, seen.end), seen.end)
    return Recovered(path, seen.kept.records, (*damages, *seen.damages), aside)


@dataclass(slots=True)
class _Seen:
    """What stands in a segment that was left open; `end` is where its last sound frame ends."""

    end: int
    kept: Kept
    damages: list[Damage]


def _look(content: bytes, salt: int) -> _Seen:
    """One pass over the frames. Records are not put together: their own checksums hold, and `verify` does the rest."""
    seen = _Seen(len(content), Kept(), [])
    for frame in frames_of(content, salt):
        if isinstance(frame, Damage):
            seen.damages.append(frame)
            seen.end = frame.offset if frame.slug == "torn-tail" else seen.end
        elif frame.kind == FOOTER:
            seen.end = frame.offset
            break
        elif frame.kind == RECORD:
            kept, key = read_key(frame)
            seen.kept.add(1, kept, [(key, frame.offset)] if key else [])
        else:
            seen.kept.pieces += 1
    return seen


def _put_aside(path: Path, content: bytes, offset: int) -> Path:
    """Keep bytes that are no whole frame beside their file, for whoever wants to look at them."""
    aside = path.with_name(f"{path.name}.{offset}{ASIDE}")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return aside


def _close(path: Path, footer: bytes, end: int) -> None:
    system = RealSystem()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        system.truncate(file, end)
        write_all(system, file, footer)
        system.sync(file)
    finally:
        system.close(file)
    system.sync_folder(path.parent)
