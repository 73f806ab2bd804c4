"""ISO base media boxes, one level at a time. It never descends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.scanners.metadata.bounded import Malformed, Source, name_of


@dataclass(frozen=True, slots=True)
class Box:
    """A box's four letters, and where its content starts and ends."""

    kind: bytes
    start: int
    end: int


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side from `start` to `end`."""
    at = start
    while at + 8 <= end:
        head = source.read(at, 8)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:], at + 8
        if length == 1:
            length, content = int.from_bytes(source.read(at + 8, 8), "big"), at + 16
        elif length == 0:
            length = end - at
        if kind == b"\x00\x00\x00\x00" and length == end - at:
            # QuickTime closes some lists with four zero bytes, which read as an empty box.
            return
        if at + length > end or content > at + length:
            raise Malformed(f"a box at byte {at} reaches past its parent")
        source.met(name_of(kind))
        yield Box(kind, content, at + length)
        at += length
