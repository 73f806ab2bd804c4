"""ISO base media boxes for writing: where each stands, how it is framed, and tables that follow the media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.labels.pieces import Original
from assay.detection.labels.refused import CannotLabel, malformed

MAXIMUM_TABLE = 32 * 1024 * 1024
_PARENTS = frozenset({b"trak", b"mdia", b"minf", b"stbl"})


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its four letters, its own start, where its content starts, and its end."""

    kind: bytes
    at: int
    start: int
    end: int


def boxes(original: Original, start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side."""
    at = start
    while at + 8 <= end:
        head = original.read(at, at + 8)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:], at + 8
        if length == 1:
            length, content = original.number(at + 8, 8), at + 16
        elif length == 0:
            if kind == bytes(4):
                # QuickTime closes some lists with four zero bytes or more.
                return
            length = end - at
        if at + length > end or content > at + length:
            raise malformed(f"a box at byte {at} reaches past its parent")
        yield Box(kind, at, content, at + length)
        at += length


def framed(kind: bytes, *parts: bytes) -> bytes:
    """A box around its content."""
    body = b"".join(parts)
    if len(body) + 8 >= 1 << 32:
        raise CannotLabel("no-room", "a box would grow beyond what its format can hold")
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def moved(original: Original, box: Box, threshold: int, by: int) -> list[tuple[int, int, bytes]]:
    """Changes to every table inside a `moov` that names a place in the file behind `threshold`."""
    changes: list[tuple[int, int, bytes]] = []
    for inner in boxes(original, box.start, box.end):
        if inner.kind in _PARENTS:
            changes += moved(original, inner, threshold, by)
        elif inner.kind in (b"stco", b"co64"):
            changes.append(_offsets(original, inner, 4 if inner.kind == b"stco" else 8, threshold, by))
        elif inner.kind in (b"saio", b"cmov"):
            raise CannotLabel("unsupported-structure", "the film is encrypted or packed, and its places cannot move")
    return changes


def _offsets(original: Original, box: Box, width: int, threshold: int, by: int) -> tuple[int, int, bytes]:
    count = original.number(box.start + 4, 4)
    start = box.start + 8
    if count * width > min(MAXIMUM_TABLE, box.end - start):
        raise malformed("a table of chunk offsets is larger than its box")
    table = original.read(start, start + count * width)
    values = (int.from_bytes(table[at : at + width], "big") for at in range(0, len(table), width))
    shifted = [value + by if value >= threshold else value for value in values]
    if any(value >= 1 << 8 * width for value in shifted):
        raise CannotLabel("no-room", "the film's places would grow beyond what its tables can hold")
    return (start, start + len(table), b"".join(value.to_bytes(width, "big") for value in shifted))
