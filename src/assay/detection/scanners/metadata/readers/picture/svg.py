"""SVG: XMP packets inside its metadata elements. It never resolves a reference or an entity."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_VALUE, Field, Source
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

MAXIMUM_PACKETS = 16
_ELEMENT, _ELEMENT_END = b"<metadata", b"</metadata>"
_PACKET, _PACKET_END = b"<x:xmpmeta", b"</x:xmpmeta>"


def svg_fields(source: Source) -> Iterator[Field]:
    """The packet stands whole between its own tags, which carry their namespaces with them."""
    if source.size > MAXIMUM_VALUE:
        source.note("a drawing larger than 2 MiB was read only in part")
    content = source.peek(0, MAXIMUM_VALUE)
    for element in _between(content, _ELEMENT, _ELEMENT_END):
        for packet in _between(element, _PACKET, _PACKET_END):
            yield from source.tolerate(xmp_fields(packet))


def _between(content: bytes, opening: bytes, closing: bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(MAXIMUM_PACKETS):
        start = content.find(opening, at)
        end = content.find(closing, start) if start >= 0 else -1
        if end < 0:
            return
        at = end + len(closing)
        yield content[start:at]
