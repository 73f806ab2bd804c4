"""Structural readers, one a container family. They find fields, and never say what a field means."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assay.detection.scanners.metadata.bounded import Field, Source
from assay.detection.scanners.metadata.readers.document.front_matter import text_fields
from assay.detection.scanners.metadata.readers.document.office import office_fields
from assay.detection.scanners.metadata.readers.document.pdf import pdf_fields
from assay.detection.scanners.metadata.readers.picture.gif import gif_fields
from assay.detection.scanners.metadata.readers.picture.heif import heif_fields
from assay.detection.scanners.metadata.readers.picture.jpeg import jpeg_fields
from assay.detection.scanners.metadata.readers.picture.jxl import jxl_fields
from assay.detection.scanners.metadata.readers.picture.png import png_fields
from assay.detection.scanners.metadata.readers.picture.svg import svg_fields
from assay.detection.scanners.metadata.readers.picture.tiff import tiff_fields
from assay.detection.scanners.metadata.readers.sound.flv import flv_fields
from assay.detection.scanners.metadata.readers.sound.id3 import mp3_fields
from assay.detection.scanners.metadata.readers.sound.matroska import matroska_fields
from assay.detection.scanners.metadata.readers.sound.movie import movie_fields
from assay.detection.scanners.metadata.readers.sound.riff import riff_fields
from assay.detection.scanners.metadata.readers.sound.vorbis import flac_fields, ogg_fields

READERS: dict[str, Callable[[Source], Iterator[Field]]] = {
    "png": png_fields,
    "jpeg": jpeg_fields,
    "gif": gif_fields,
    "tiff": tiff_fields,
    "svg": svg_fields,
    "heif": heif_fields,
    "jxl": jxl_fields,
    "webp": riff_fields,
    "wav": riff_fields,
    "avi": riff_fields,
    "mp4": movie_fields,
    "mov": movie_fields,
    "mp3": mp3_fields,
    "flac": flac_fields,
    "ogg": ogg_fields,
    "matroska": matroska_fields,
    "flv": flv_fields,
    "pdf": pdf_fields,
    "ooxml": office_fields,
    "text": text_fields,
}
