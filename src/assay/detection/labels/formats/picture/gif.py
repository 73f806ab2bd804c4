"""GIF: the XMP application extension. Every picture and every other block is copied as it stands."""

from __future__ import annotations

from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import malformed

_HEAD = b"\x21\xff\x0bXMP DataXMP"
# A reader that walks length-prefixed blocks through the bare packet is brought to the end by this slope.
_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
WINDOW = 64 * 1024


def rewrite_gif(original: Original, marking: Marking) -> list[Piece]:
    """The file with its XMP extension set, before the trailer where there was none."""
    changes: list[tuple[int, int, bytes]] = []
    at = 13 + _table_size(original.read(10, 11)[0])
    has_packet = False
    while (introducer := original.read(at, at + 1)[0]) != 0x3B:
        start = at
        if introducer == 0x2C:
            at = _behind_blocks(original, at + 11 + _table_size(original.read(at + 9, at + 10)[0]))
        elif introducer == 0x21:
            is_packet = original.read(at, min(at + 14, original.size)) == _HEAD
            at = _behind_blocks(original, at + (14 if is_packet else 2))
            if is_packet:
                has_packet = True
                found = original.read(start + 14, max(start + 14, at - len(_TRAILER)))
                packet = marking.packet(found, "XMP", with_label=True)
                if packet is not None and packet != found:
                    changes.append((start, at, _HEAD + packet + _TRAILER))
        else:
            raise malformed(f"no block stands at byte {at}")
    if not has_packet:
        packet = marking.packet(None, "XMP", with_label=True)
        if packet is not None:
            changes.append((at, at, _HEAD + packet + _TRAILER))
            if original.read(0, 6) == b"GIF87a":
                # Extensions came with the later version, and differ in nothing else.
                changes.append((0, 6, b"GIF89a"))
    return replaced(original.size, changes)


def _table_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind_blocks(original: Original, at: int) -> int:
    """Where the length-prefixed blocks from `at` on end, read a window at a time."""
    while at < original.size:
        window = original.peek(at, at + WINDOW)
        inside = 0
        while inside < len(window):
            if window[inside] == 0:
                return at + inside + 1
            if inside + 1 + window[inside] > len(window):
                break
            inside += 1 + window[inside]
        if inside == 0:
            break
        at += inside
    raise malformed("the file ends within a block")
