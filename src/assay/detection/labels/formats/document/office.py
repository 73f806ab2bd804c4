"""OOXML packages: the custom property `AIGC`. Every other part is copied packed, as it stands."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, unescape

from assay.detection.labels.implicit import KEY
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import MEBIBYTE, Kept, Original, Piece
from assay.detection.labels.refused import CannotLabel, malformed

MAXIMUM_DIRECTORY = 4 * MEBIBYTE
MAXIMUM_PART = 4 * MEBIBYTE
IS_FINAL = True
_CUSTOM, _TYPES, _RELATIONS = "docProps/custom.xml", "[Content_Types].xml", "_rels/.rels"
_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_NO_NUMBERS, _DESCRIPTOR, _ENCRYPTED = 0xFFFFFFFF, 0x0008, 0x0001
_MINE = re.compile(r'<property\b[^>]*\bname="AIGC"[^>]*>.*?</property>', re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?lpwstr\b[^>]*>(.*?)</(?:\w+:)?lpwstr>", re.DOTALL)
_IDENTIFIER = re.compile(r'\bpid="(\d{1,9})"')
_RELATION = re.compile(r'\bId="([^"]{1,200})"')


@dataclass(frozen=True, slots=True)
class _Part:
    """One entry of the package's directory, with the row and the names that follow it."""

    name: str
    row: tuple[bytes, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int]
    tail: bytes
    offset: int


def rewrite_office(original: Original, marking: Marking) -> list[Piece]:
    """The package with the property set; the two parts that must announce it follow where they do not yet."""
    if marking.has_properties:
        raise CannotLabel("no-place", "OOXML has no place for IPTC's properties", "write the label alone, without them")
    parts, directory_at = _directory(original)
    by_name = {part.name: part for part in parts}
    texts = {name: _unpacked(original, by_name[name]) for name in (_CUSTOM, _TYPES, _RELATIONS) if name in by_name}
    if _TYPES not in texts or _RELATIONS not in texts:
        raise malformed("the package does not say what its parts are")
    new = _with_property(texts.get(_CUSTOM), marking)
    if new is None or new == texts.get(_CUSTOM):
        return [Kept(0, original.size)]
    changed = {_CUSTOM: new}
    if "/docProps/custom.xml" not in texts[_TYPES]:
        override = f'<Override PartName="/{_CUSTOM}" ContentType="{_CUSTOM_TYPE}"/>'
        changed[_TYPES] = _before(texts[_TYPES], "</Types>", override)
    if _CUSTOM not in texts[_RELATIONS]:
        taken = set(_RELATION.findall(texts[_RELATIONS]))
        name = next(f"rId{number}" for number in range(1, 10_000) if f"rId{number}" not in taken)
        relation = f'<Relationship Id="{name}" Type="{_SPACE}relationships/custom-properties" Target="{_CUSTOM}"/>'
        changed[_RELATIONS] = _before(texts[_RELATIONS], "</Relationships>", relation)
    for text in changed.values():
        _must_be_xml(text)
    return _package(original, parts, directory_at, {name: text.encode() for name, text in changed.items()})


def _with_property(text: str | None, marking: Marking) -> str | None:
    mine = _MINE.findall(text) if text is not None else []
    new = marking.one_of([_value(each) for each in mine], "a custom property", wrapped=True)
    if new is None:
        return text
    if text is None:
        text = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<Properties xmlns="{_SPACE}custom-properties" xmlns:vt="{_SPACE}docPropsVTypes"></Properties>'
        )
    text = re.sub(r"<Properties\b([^>]*)/>", r"<Properties\1></Properties>", text)
    body = _MINE.sub("", text)
    number = max([1, *(int(each) for each in _IDENTIFIER.findall(body))]) + 1
    value = f'<vt:lpwstr xmlns:vt="{_SPACE}docPropsVTypes">{escape(new)}</vt:lpwstr>'
    return _before(body, "</Properties>", f'<property fmtid="{_FORMAT}" pid="{number}" name="{KEY}">{value}</property>')


def _value(element: str) -> str:
    found = _TEXT.search(element)
    return unescape(found[1], {"&quot;": '"', "&apos;": "'"}) if found else ""


def _before(text: str, closing: str, addition: str) -> str:
    head, found, tail = text.rpartition(closing)
    if not found:
        raise malformed("a part of the package is not in the form that programs write")
    return head + addition + found + tail


def _must_be_xml(text: str) -> None:
    parser = expat.ParserCreate()
    refuse: Callable[..., int] = _refuse
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode(), IS_FINAL)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise malformed("a part of the package is no plain XML") from error


def _refuse(*_: object) -> int:
    raise malformed("a part of the package declares entities or a document type")


def _directory(original: Original) -> tuple[list[_Part], int]:
    tail_at = max(0, original.size - 65_557)
    tail = original.read(tail_at, original.size)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise malformed("the package has no directory")
    count, size, at = struct.unpack("<HII", tail[end + 10 : end + 20])
    if _NO_NUMBERS in (size, at) or count == 0xFFFF:
        raise CannotLabel("unsupported-structure", "the package is in the 64-bit form")
    if size > MAXIMUM_DIRECTORY:
        raise CannotLabel("too-much-structure", "the package's directory is larger than any true one")
    directory = original.read(at, at + size)
    parts: list[_Part] = []
    place = 0
    while place + _ENTRY.size <= len(directory) and len(parts) < count:
        row = _ENTRY.unpack_from(directory, place)
        if row[0] != b"PK\x01\x02":
            raise malformed("the package's directory is broken")
        names = row[10] + row[11] + row[12]
        tail_bytes = directory[place + _ENTRY.size : place + _ENTRY.size + names]
        name = tail_bytes[: row[10]].decode("utf-8", errors="replace")
        parts.append(_Part(name, row, tail_bytes, row[16]))
        place += _ENTRY.size + names
    if len(parts) != count or len({part.name for part in parts}) != count:
        raise malformed("the package's directory is broken")
    return parts, at


def _unpacked(original: Original, part: _Part) -> str:
    flags, method, packed = part.row[3], part.row[4], part.row[8]
    if flags & _ENCRYPTED or method not in (0, 8):
        raise CannotLabel("unsupported-structure", "the package is encrypted or packed in a rare way")
    head = _LOCAL.unpack(original.read(part.offset, part.offset + _LOCAL.size))
    start = part.offset + _LOCAL.size + head[9] + head[10]
    content = original.read(start, start + packed)
    if method == 8:
        unpacker = zlib.decompressobj(-15)
        try:
            content = unpacker.decompress(content, MAXIMUM_PART)
        except zlib.error as error:
            raise malformed("a part of the package cannot be unpacked") from error
        if unpacker.unconsumed_tail:
            raise CannotLabel("too-much-structure", "a part of the package unpacks to more than any true one")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise malformed("a part of the package is not in UTF-8") from error


def _package(original: Original, parts: list[_Part], directory_at: int, changed: dict[str, bytes]) -> list[Piece]:
    """The parts in the order in which they stand, each copied with whatever stands up to the next one."""
    ordered = sorted(parts, key=lambda part: part.offset)
    ends = [part.offset for part in ordered[1:]] + [directory_at]
    pieces: list[Piece] = [Kept(0, ordered[0].offset)] if ordered and ordered[0].offset else []
    at = ordered[0].offset if ordered else 0
    rows: dict[str, bytes] = {}
    for part, end in zip(ordered, ends, strict=True):
        if end < part.offset:
            raise malformed("the package's directory is broken")
        if part.name in changed:
            local, rows[part.name] = _stored(part.name, changed[part.name], at)
            pieces.append(local)
            at += len(local)
        else:
            pieces.append(Kept(part.offset, end))
            rows[part.name] = _ENTRY.pack(*part.row[:16], at) + part.tail
            at += end - part.offset
    for name in (each for each in changed if each not in rows):
        local, rows[name] = _stored(name, changed[name], at)
        pieces.append(local)
        at += len(local)
    order = [*(part.name for part in parts), *(name for name in rows if name not in {part.name for part in parts})]
    directory = b"".join(rows[name] for name in order)
    end_record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(rows), len(rows), len(directory), at, 0)
    return [*pieces, directory, end_record]


def _stored(name: str, content: bytes, at: int) -> tuple[bytes, bytes]:
    """A part packed anew, at the first date the format knows, with its row in the directory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    checksum, raw = zlib.crc32(content), name.encode()
    shared = (20, 0x0800, 8, 0, 0x21, checksum, len(packed), len(content), len(raw), 0)
    local = _LOCAL.pack(b"PK\x03\x04", *shared) + raw + packed
    return local, _ENTRY.pack(b"PK\x01\x02", 20, *shared, 0, 0, 0, 0, at) + raw
