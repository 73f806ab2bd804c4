"""How many pixels a file says it has, from its header alone. It never decodes one."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

from assay.detection.media import Media

HEAD = 256 * 1024
MAXIMUM_DIRECTORY_ENTRIES = 512

# Frame headers of every JPEG process; C4, C8 and CC share the range and are none.
_FRAME_HEADER = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257


def pixel_count(media: Media) -> int | None:
    """Width times height as the header declares them, or None where the container has none or it cannot be read."""
    measure = _MEASURES.get(media.container.name)
    if measure is None:
        return None
    with media.open() as stream:
        head = stream.read(HEAD)
        try:
            return measure(head, stream)
        except (struct.error, IndexError, OverflowError):
            return None


def _png(head: bytes, stream: BinaryIO) -> int | None:
    width, height = struct.unpack_from(">II", head, 16)
    return int(width * height)


def _gif(head: bytes, stream: BinaryIO) -> int | None:
    width, height = struct.unpack_from("<HH", head, 6)
    return int(width * height)


def _bmp(head: bytes, stream: BinaryIO) -> int | None:
    if struct.unpack_from("<I", head, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", head, 18)
    else:
        width, height = struct.unpack_from("<ii", head, 18)
    return abs(int(width) * int(height))


def _jpeg(head: bytes, stream: BinaryIO) -> int | None:
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        frame = _FRAME_HEADER.match(head, at)
        if frame:
            return int.from_bytes(frame[1], "big") * int.from_bytes(frame[2], "big")
        if head[at + 1] == 0xDA:
            return None
        at += 1 if head[at + 1] == 0xFF else 2 + max(2, int.from_bytes(head[at + 2 : at + 4], "big"))
    return None


def _webp(head: bytes, stream: BinaryIO) -> int | None:
    form = head[12:16]
    if form == b"VP8X":
        return (1 + int.from_bytes(head[24:27], "little")) * (1 + int.from_bytes(head[27:30], "little"))
    if form == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return int((1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF)))
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return int(width & 0x3FFF) * int(height & 0x3FFF)
    return None


def _tiff(head: bytes, stream: BinaryIO) -> int | None:
    order = "<" if head[:2] == b"II" else ">"
    if struct.unpack_from(order + "H", head, 2)[0] != 42:
        return None
    stream.seek(struct.unpack_from(order + "I", head, 4)[0])
    count = min(struct.unpack(order + "H", stream.read(2))[0], MAXIMUM_DIRECTORY_ENTRIES)
    sides = {}
    for _ in range(count):
        tag, kind, _length, raw = struct.unpack(order + "HHI4s", stream.read(12))
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT):
            sides[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), raw)[0]
    return int(sides[_TIFF_WIDTH] * sides[_TIFF_HEIGHT]) if len(sides) == 2 else None


_MEASURES = {"png": _png, "gif": _gif, "bmp": _bmp, "jpeg": _jpeg, "webp": _webp, "tiff": _tiff}
