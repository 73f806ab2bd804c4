"""PNG: every text chunk, before and after the picture data. It never inflates a picture."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Exhausted, Field, Malformed, Source, inflate, name_of, text_of
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.iim import resource_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

_XMP_KEYWORDS = frozenset({"XML:com.adobe.xmp", "Raw profile type xmp"})
_EXIF_KEYWORDS = frozenset({"Raw profile type exif", "Raw profile type APP1"})
_IPTC_KEYWORD = "Raw profile type iptc"


def png_fields(source: Source) -> Iterator[Field]:
    """Walks the chunks to IEND."""
    at = 8
    while True:
        head = source.read(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        source.met(name_of(kind))
        if at + 12 + length > source.size:
            raise Malformed(f"a chunk at byte {at} reaches past the end")
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            content = source.value(at + 8, length)
            # A chunk that was too large to be read is noted already, and is not malformed for that.
            if content or not length:
                yield from source.tolerate(_text(source, kind, content))
        elif kind == b"eXIf":
            yield from source.tolerate(exif_fields(source.nested(source.value(at + 8, length))))
        elif kind == b"caBX":
            yield Field("png", "caBX", "")
        elif kind == b"IEND":
            return
        at += 12 + length


def _text(source: Source, kind: bytes, content: bytes) -> Iterator[Field]:
    raw_keyword, _, rest = content.partition(b"\x00")
    keyword = text_of(raw_keyword)
    if not keyword or len(keyword) > 79:
        raise Malformed("a text chunk has no proper keyword")
    if kind == b"zTXt":
        rest = _unpacked(source, rest[1:])
    elif kind == b"iTXt":
        compressed, rest = rest[:1], rest[2:]
        _language, _, rest = rest.partition(b"\x00")
        _translated, _, rest = rest.partition(b"\x00")
        if compressed == b"\x01":
            rest = _unpacked(source, rest)
    yield from _fields_of(source, keyword, rest)


def _unpacked(source: Source, content: bytes) -> bytes:
    try:
        return inflate(content)
    except Exhausted:
        # One bomb costs its own chunk, and the chunks behind it are still read.
        source.note("a compressed text unpacks to more than any true field")
        return b""


def _fields_of(source: Source, keyword: str, content: bytes) -> Iterator[Field]:
    if keyword in _XMP_KEYWORDS:
        yield from xmp_fields(content if keyword.startswith("XML") else _raw_profile(content))
    elif keyword in _EXIF_KEYWORDS:
        profile = _raw_profile(content)
        if profile.startswith(b"http://ns.adobe.com/xap/1.0/\x00"):
            yield from xmp_fields(profile[29:])
        else:
            yield from exif_fields(source.nested(profile.removeprefix(b"Exif\x00\x00")))
    elif keyword == _IPTC_KEYWORD:
        yield from resource_fields(source.nested(_raw_profile(content)))
    else:
        yield Field("png-text", keyword, text_of(content))


def _raw_profile(content: bytes) -> bytes:
    """ImageMagick's form: a name, a decimal length, then the profile in hexadecimal lines."""
    parts = content.split(None, 2)
    try:
        return bytes.fromhex(parts[2].decode("ascii"))
    except (IndexError, ValueError) as error:
        raise Malformed("a raw profile is not hexadecimal") from error
