"""TIFF directories as in EXIF: the text tags in them, with XMP and IPTC blocks. It never follows an offset twice."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, text_of
from assay.detection.scanners.metadata.readers.shared.iim import iim_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

MAXIMUM_DIRECTORIES = 64
MAXIMUM_ENTRIES = 1_000

TEXT_TAGS = {
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software",
    0x013B: "Artist", 0x013C: "HostComputer", 0x8298: "Copyright", 0x9286: "UserComment", 0x9C9B: "XPTitle",
    0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
}  # fmt: skip
_XMP, _IIM, _POINTERS = 0x02BC, 0x83BB, frozenset({0x8769, 0x014A})
_SIZE_OF_TYPE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def exif_fields(source: Source) -> Iterator[Field]:
    """Every text tag of every directory, from a source that starts with a TIFF header."""
    yield from _Directories(source).fields()


class _Directories:
    def __init__(self, source: Source) -> None:
        header = source.read(0, 8)
        if header[:2] not in (b"II", b"MM"):
            raise Malformed("an EXIF block has no byte order")
        self._source = source
        self._order = "<" if header[:2] == b"II" else ">"
        magic = self._number(header[2:4])
        if magic not in (42, 43):
            raise Malformed("an EXIF block has no TIFF header")
        self._big = magic == 43
        self._first = self._number(source.read(8, 8) if self._big else header[4:8])

    def fields(self) -> Iterator[Field]:
        waiting, seen = [self._first], set[int]()
        while waiting:
            offset = waiting.pop(0)
            if offset == 0 or offset in seen:
                continue
            seen.add(offset)
            self._source.met("directory")
            if len(seen) > MAXIMUM_DIRECTORIES:
                raise Malformed("an EXIF block has too many directories")
            for tag, kind, count, at in self._entries(offset, waiting):
                if tag in _POINTERS:
                    waiting += self._pointers(kind, min(count, MAXIMUM_DIRECTORIES), at)
                else:
                    yield from self._field(tag, kind, count, at)

    def _entries(self, offset: int, waiting: list[int]) -> list[tuple[int, int, int, int]]:
        width, step, value = (8, 20, 8) if self._big else (2, 12, 4)
        count = self._number(self._source.read(offset, width))
        if count > MAXIMUM_ENTRIES:
            raise Malformed("an EXIF directory has too many entries")
        table = self._source.read(offset + width, count * step)
        entries = []
        for index in range(count):
            row = table[index * step : (index + 1) * step]
            tag, kind, items = self._number(row[:2]), self._number(row[2:4]), self._number(row[4 : 4 + value])
            length = items * _SIZE_OF_TYPE.get(kind, 1)
            inline = offset + width + index * step + 4 + value
            entries.append((tag, kind, items, inline if length <= value else self._number(row[4 + value :])))
        following = offset + width + count * step
        # Writers of bare EXIF blocks often leave out the link to a next directory.
        if following + value <= self._source.size:
            waiting.append(self._number(self._source.read(following, value)))
        return entries

    def _pointers(self, kind: int, count: int, at: int) -> list[int]:
        width = _SIZE_OF_TYPE.get(kind, 4)
        table = self._source.read(at, count * width)
        return [self._number(table[index * width : (index + 1) * width]) for index in range(count)]

    def _field(self, tag: int, kind: int, count: int, at: int) -> Iterator[Field]:
        if tag not in TEXT_TAGS and tag not in (_XMP, _IIM):
            return
        content = self._source.value(at, count * _SIZE_OF_TYPE.get(kind, 1))
        if tag == _XMP:
            yield from self._source.tolerate(xmp_fields(content))
        elif tag == _IIM:
            yield from self._source.tolerate(iim_fields(self._source.nested(content)))
        else:
            yield Field("exif", TEXT_TAGS[tag], self._text(tag, content))

    def _text(self, tag: int, content: bytes) -> str:
        if tag == 0x9286:
            return self._comment(content)
        if 0x9C9B <= tag <= 0x9C9F:
            return content.decode("utf-16-le", errors="replace").rstrip("\x00")
        return text_of(content)

    def _comment(self, content: bytes) -> str:
        code, rest = content[:8], content[8:]
        if code == b"UNICODE\x00":
            # The standard leaves the byte order to the file's, and half of the writers use the other one.
            order = "utf-16-le" if rest[1::2].count(0) > rest[::2].count(0) else "utf-16-be"
            return rest.decode(order, errors="replace").rstrip("\x00")
        if code in (b"ASCII\x00\x00\x00", b"JIS\x00\x00\x00\x00\x00", bytes(8)):
            return text_of(rest)
        return text_of(content)

    def _number(self, content: bytes) -> int:
        return int.from_bytes(content, "little" if self._order == "<" else "big")


def is_tiff_header(head: bytes) -> bool:
    """Whether four bytes or more open a TIFF structure."""
    return len(head) >= 4 and struct.pack("<4s", head[:4]) in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
