"""HEIF and AVIF: the EXIF and XMP items of the meta box. It never reads a coded picture."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_VALUE, Field, Malformed, Source
from assay.detection.scanners.metadata.readers.shared.boxes import Box, boxes
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

MAXIMUM_ITEMS = 4_096
_XMP_TYPE = b"application/rdf+xml"


def heif_fields(source: Source) -> Iterator[Field]:
    """Finds the items that hold metadata, then reads each from its extents."""
    for box in boxes(source, 0, source.size):
        if box.kind != b"meta":
            continue
        parts = {inner.kind: inner for inner in boxes(source, box.start + 4, box.end)}
        if b"iinf" not in parts or b"iloc" not in parts:
            continue
        wanted = _wanted_items(source, parts[b"iinf"])
        extents = _extents(source, parts[b"iloc"], parts.get(b"idat"))
        for item, kind in wanted.items():
            yield from source.tolerate(_item_fields(source, kind, extents.get(item, ())))


def _item_fields(source: Source, kind: bytes, extents: tuple[tuple[int, int], ...]) -> Iterator[Field]:
    if sum(length for _, length in extents) > MAXIMUM_VALUE:
        raise Malformed("a metadata item is larger than any true one")
    content = b"".join(source.read(offset, length) for offset, length in extents)
    if kind == b"mime":
        yield from xmp_fields(content)
    elif len(content) > 4:
        # Four bytes say how far behind them the TIFF header stands.
        yield from exif_fields(source.nested(content[4 + int.from_bytes(content[:4], "big") :]))


def _wanted_items(source: Source, iinf: Box) -> dict[int, bytes]:
    wide = source.read(iinf.start, 1)[0] > 0
    wanted = {}
    for entry in boxes(source, iinf.start + (8 if wide else 6), iinf.end):
        body = source.value(entry.start, entry.end - entry.start)
        if entry.kind != b"infe" or len(body) < 12 or body[0] < 2:
            continue
        width = 4 if body[0] >= 3 else 2
        item, kind = int.from_bytes(body[4 : 4 + width], "big"), body[6 + width : 10 + width]
        if kind == b"Exif" or (kind == b"mime" and _XMP_TYPE in body[10 + width :].split(b"\x00")):
            wanted[item] = kind
    return wanted


def _extents(source: Source, iloc: Box, idat: Box | None) -> dict[int, tuple[tuple[int, int], ...]]:
    body = source.value(iloc.start, iloc.end - iloc.start)
    cursor = _Cursor(body, 4)
    version = body[0] if body else 0
    sizes = cursor.take(2)
    offset_width, length_width, base_width = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_width = sizes & 15 if version in (1, 2) else 0
    found = {}
    for _ in range(min(cursor.take(4 if version == 2 else 2), MAXIMUM_ITEMS)):
        item = cursor.take(4 if version == 2 else 2)
        method = cursor.take(2) & 15 if version in (1, 2) else 0
        cursor.take(2)
        base = cursor.take(base_width) + (idat.start if method == 1 and idat else 0)
        extents = []
        for _ in range(min(cursor.take(2), MAXIMUM_ITEMS)):
            source.step()
            cursor.take(index_width)
            extents.append((base + cursor.take(offset_width), cursor.take(length_width)))
        if method in (0, 1):
            found[item] = tuple(extents)
    return found


class _Cursor:
    def __init__(self, content: bytes, at: int) -> None:
        self._content, self._at = content, at

    def take(self, width: int) -> int:
        if self._at + width > len(self._content):
            raise Malformed("an item location box is cut short")
        self._at += width
        return int.from_bytes(self._content[self._at - width : self._at], "big")
