"""JPEG: every APP segment and comment up to the end of the image. It never decodes a scan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_PACKET, Field, Malformed, Source, text_of
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.iim import resource_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENSION_HEAD = b"http://ns.adobe.com/xmp/extension/\x00"
EXIF_HEAD = b"Exif\x00\x00"
PHOTOSHOP_HEAD = b"Photoshop 3.0\x00"
SCAN_BLOCK = 256 * 1024

_START_OF_SCAN, _END_OF_IMAGE, _COMMENT = 0xDA, 0xD9, 0xFE
_NAMES = {0xDA: "scan", 0xFE: "comment", 0xDB: "quantisation", 0xC4: "Huffman table", 0xC0: "frame", 0xC2: "frame"}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
# Within a scan, 0xFF is data when 0x00 follows, a restart when D0 to D7 follow, and filler when 0xFF follows.
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def jpeg_fields(source: Source) -> Iterator[Field]:
    """Walks the segments to the end of the image, over every scan."""
    extensions: dict[bytes, dict[int, bytes]] = {}
    at = 2
    while True:
        prefix, marker = source.read(at, 2)
        if prefix != 0xFF:
            raise Malformed(f"no marker stands at byte {at}")
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END_OF_IMAGE:
            break
        if marker in _WITHOUT_LENGTH:
            at += 2
            continue
        source.met(_marker_name(marker))
        length = int.from_bytes(source.read(at + 2, 2), "big")
        if length < 2:
            raise Malformed(f"a segment at byte {at} has no length")
        if 0xE0 <= marker <= 0xEF or marker == _COMMENT:
            yield from source.tolerate(_segment(source, marker, source.value(at + 4, length - 2), extensions))
        at += 2 + length
        if marker == _START_OF_SCAN:
            at = _after_scan(source, at)
    for parts in extensions.values():
        yield from source.tolerate(xmp_fields(b"".join(parts[offset] for offset in sorted(parts))))


def _marker_name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    return _NAMES.get(marker, f"{marker:02X}")


def _after_scan(source: Source, at: int) -> int:
    while at < source.size:
        block = source.peek(at, SCAN_BLOCK)
        found = _MARKER_IN_SCAN.search(block)
        if found:
            return at + found.start()
        # A marker may lie across two blocks.
        at += max(1, len(block) - 1)
    raise Malformed("the image ends within a scan")


def _segment(source: Source, marker: int, body: bytes, extensions: dict[bytes, dict[int, bytes]]) -> Iterator[Field]:
    if marker == 0xE1 and body.startswith(XMP_HEAD):
        yield from xmp_fields(body[len(XMP_HEAD) :])
    elif marker == 0xE1 and body.startswith(EXTENSION_HEAD):
        _keep_extension(source, body[len(EXTENSION_HEAD) :], extensions)
    elif marker == 0xE1 and body.startswith(EXIF_HEAD):
        yield from exif_fields(source.nested(body[len(EXIF_HEAD) :]))
    elif marker == 0xED and body.startswith(PHOTOSHOP_HEAD):
        yield from resource_fields(source.nested(body[len(PHOTOSHOP_HEAD) :]))
    elif marker == 0xEB and body[:2] == b"JP":
        yield Field("jpeg", "APP11", "")
    elif marker == _COMMENT:
        yield Field("jpeg", "COM", text_of(body))
    elif body.startswith(b"AIGC{"):
        yield Field("jpeg", "AIGC", text_of(body[4:]))


def _keep_extension(source: Source, body: bytes, extensions: dict[bytes, dict[int, bytes]]) -> None:
    """One part of an XMP packet that was too long for a segment: GUID, full length, offset, then the part."""
    if len(body) < 40:
        raise Malformed("a part of an extended XMP packet is too short")
    guid, full, offset = body[:32], int.from_bytes(body[32:36], "big"), int.from_bytes(body[36:40], "big")
    if full > MAXIMUM_PACKET or len(extensions) > 8:
        source.note("an extended XMP packet is larger than any true one")
    elif offset + len(body) - 40 <= full:
        extensions.setdefault(guid, {})[offset] = body[40:]
