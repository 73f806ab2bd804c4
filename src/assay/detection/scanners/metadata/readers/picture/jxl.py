"""JPEG XL: the XMP and EXIF boxes beside the codestream. It never reads a coded picture, and unpacks nothing."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Source
from assay.detection.scanners.metadata.readers.shared.boxes import boxes
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

_BARE = b"\xff\x0a"
_METADATA = frozenset({b"xml ", b"Exif", b"jumb"})


def jxl_fields(source: Source) -> Iterator[Field]:
    """Walks the boxes at the top; a bare codestream has no place for metadata."""
    if source.read(0, 2) == _BARE:
        return
    for box in boxes(source, 0, source.size):
        if box.kind == b"xml ":
            yield from source.tolerate(xmp_fields(source.value(box.start, box.end - box.start)))
        elif box.kind == b"Exif":
            body = source.value(box.start, box.end - box.start)
            # Four bytes say how far behind them the TIFF header stands.
            yield from source.tolerate(exif_fields(source.nested(body[4 + int.from_bytes(body[:4], "big") :])))
        elif box.kind == b"brob" and source.value(box.start, 4) in _METADATA:
            source.note("a metadata box packed with Brotli was not read")
