"""TIFF and DNG: the tags of every directory. It never reads a strip or a tile."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Source
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields


def tiff_fields(source: Source) -> Iterator[Field]:
    """The file is one TIFF structure from its first byte."""
    yield from exif_fields(source)
