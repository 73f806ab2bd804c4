"""IPTC-IIM datasets, and the Photoshop resource blocks that carry them. It never reads a picture resource."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, text_of

_IPTC_RESOURCE, _XMP_RESOURCE = 0x0404, 0x0424


def iim_fields(source: Source) -> Iterator[Field]:
    """Datasets of record 2 as `2:number`."""
    at = 0
    while at + 5 <= source.size:
        marker, record, dataset, high, low = source.read(at, 5)
        if marker != 0x1C:
            return
        length = high << 8 | low
        if length & 0x8000:
            raise Malformed("an IPTC dataset is longer than any true one")
        if record == 2:
            yield Field("iim", f"2:{dataset}", text_of(source.value(at + 5, length)))
        at += 5 + length


def resource_fields(source: Source) -> Iterator[Field]:
    """The IPTC datasets in a run of `8BIM` resource blocks."""
    at = 0
    while at + 12 <= source.size:
        signature, name = source.read(at, 4), source.read(at + 6, 1)[0]
        if signature != b"8BIM":
            raise Malformed("a Photoshop resource block has no signature")
        identifier = int.from_bytes(source.read(at + 4, 2), "big")
        # The name and the content are each padded to an even length.
        start = at + 6 + (name + 2 & ~1)
        length = int.from_bytes(source.read(start, 4), "big")
        if identifier == _IPTC_RESOURCE:
            yield from iim_fields(source.nested(source.value(start + 4, length)))
        at = start + 4 + (length + 1 & ~1)
