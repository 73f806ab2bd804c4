"""GIF: comment and application extensions. It never unpacks a picture."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_VALUE, Field, Malformed, Source, text_of
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

_MAGIC_TRAILER = 257
_EXTENSIONS = {0xF9: "control", 0xFE: "comment", 0xFF: "application", 0x01: "plain text"}
WINDOW = 64 * 1024


def gif_fields(source: Source) -> Iterator[Field]:
    """Walks the blocks to the trailer."""
    flags = source.read(10, 1)[0]
    at = 13 + _table_size(flags)
    while True:
        introducer = source.read(at, 1)[0]
        if introducer == 0x3B:
            return
        if introducer == 0x2C:
            source.met("picture")
            at += 11 + _table_size(source.read(at + 9, 1)[0])
            at, _ = _sub_blocks(source, at, keep=False)
        elif introducer == 0x21:
            label = source.read(at + 1, 1)[0]
            source.met(_EXTENSIONS.get(label, f"extension {label:02X}"))
            if label == 0xFF and source.read(at + 2, 12) == b"\x0bXMP DataXMP":
                at, packet = _xmp(source, at + 14)
                yield from source.tolerate(xmp_fields(packet))
                continue
            at, content = _sub_blocks(source, at + 2, keep=label == 0xFE)
            if label == 0xFE:
                yield Field("gif", "comment", text_of(content))
        else:
            raise Malformed(f"no block stands at byte {at}")


def _table_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _sub_blocks(source: Source, at: int, *, keep: bool) -> tuple[int, bytes]:
    """Walks the length-prefixed blocks to their end, a window at a time, since a picture has thousands of them."""
    content = bytearray()
    while at < source.size:
        window = source.peek(at, WINDOW)
        inside = 0
        while inside < len(window):
            length = window[inside]
            if length == 0:
                return at + inside + 1, bytes(content)
            if inside + 1 + length > len(window):
                break
            if keep and len(content) < MAXIMUM_VALUE:
                content += window[inside + 1 : inside + 1 + length]
            inside += 1 + length
        if inside == 0:
            break
        at += inside
    raise Malformed("the file ends within a block")


def _xmp(source: Source, at: int) -> tuple[int, bytes]:
    """The packet stands bare, not in sub-blocks; its magic trailer makes a naive walk land at the block's end."""
    end, _ = _sub_blocks(source, at, keep=False)
    return end, source.value(at, max(0, end - at - _MAGIC_TRAILER - 1))
