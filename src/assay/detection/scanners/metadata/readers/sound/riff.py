"""RIFF: WAV, WebP and AVI chunks. It never reads samples or frames."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, name_of, text_of
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields
from assay.detection.scanners.metadata.readers.sound.id3 import id3_fields

MAXIMUM_DEPTH = 4
_XMP_CHUNKS = frozenset({b"XMP ", b"_PMX"})
_ID3_CHUNKS = frozenset({b"id3 ", b"ID3 "})
# Only lists that hold texts or headers; `movi` holds every frame of a film.
_LISTS = frozenset({b"INFO", b"hdrl", b"strl", b"odml"})


def riff_fields(source: Source) -> Iterator[Field]:
    """Walks the top level, and the lists in it that can hold texts."""
    yield from _level(source, 12, source.size, b"", 0)


def _level(source: Source, start: int, end: int, form: bytes, depth: int) -> Iterator[Field]:
    if depth > MAXIMUM_DEPTH:
        raise Malformed("lists are nested too deeply")
    at = start
    while at + 8 <= end:
        head = source.read(at, 8)
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        source.met(name_of(kind))
        if kind == b"data" and length == 0xFFFFFFFF:
            # RF64 keeps the true length elsewhere, and nothing but samples follows in practice.
            source.note("the chunks behind a 64-bit data chunk were not read")
            return
        if at + 8 + length > end:
            raise Malformed(f"a chunk at byte {at} reaches past its parent")
        yield from source.tolerate(_chunk(source, kind, at + 8, length, form, depth))
        at += 8 + length + (length & 1)


def _chunk(source: Source, kind: bytes, at: int, length: int, form: bytes, depth: int) -> Iterator[Field]:
    if kind == b"LIST" and length >= 4:
        form = source.read(at, 4)
        if form in _LISTS:
            yield from _level(source, at + 4, at + length, form, depth + 1)
    elif kind == b"AIGC":
        yield Field("riff", "INFO:AIGC" if form == b"INFO" else "AIGC", text_of(source.value(at, length)))
    elif form == b"INFO":
        yield Field("riff", f"INFO:{kind.decode('latin-1')}", text_of(source.value(at, length)))
    elif kind in _XMP_CHUNKS:
        yield from xmp_fields(source.value(at, length))
    elif kind == b"EXIF":
        yield from exif_fields(source.nested(source.value(at, length).removeprefix(b"Exif\x00\x00")))
    elif kind in _ID3_CHUNKS:
        yield from id3_fields(source.nested(source.value(at, length)))
    elif kind == b"C2PA":
        yield Field("riff", "C2PA", "")
