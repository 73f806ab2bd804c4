"""Where JPEG, PNG, GIF and TIFF carry a manifest. It reads headers and never a picture."""

from __future__ import annotations

import struct
from typing import BinaryIO

from assay.detection.scanners.c2pa.carried.carrier import (
    ASK,
    MAXIMUM_STORE,
    PROVENANCE,
    Carrier,
    Malformed,
    carried,
    read_at,
)

_MAXIMUM_SEGMENTS = 4_096
_MAXIMUM_CHUNKS = 65_536
_MAXIMUM_TEXT = 1024 * 1024
_MAXIMUM_GIF = 64 * 1024 * 1024
_SCAN, _APP1, _APP11 = 0xDA, 0xE1, 0xEB
_PNG_XMP = b"XML:com.adobe.xmp"
_TIFF_STORE, _TIFF_XMP, _TIFF_SUB, _TIFF_EXIF = 0xCD41, 700, 330, 34665
_MAXIMUM_DIRECTORIES = 64
_MAXIMUM_ENTRIES = 4_096


def jpeg(stream: BinaryIO, size: int) -> Carrier | None:
    """Segments before the first scan: JUMBF in APP11, an address in the XMP of APP1."""
    pieces: list[bytes] = []
    remote = False
    at = 2
    for _ in range(_MAXIMUM_SEGMENTS):
        marker, code, length = struct.unpack(">BBH", read_at(stream, at, 4))
        # Fill bytes and stray bytes are allowed for here and there, and the library has its own way with them.
        if marker != 0xFF or length < 2 or code in (0x00, 0x01, 0xFF) or 0xD0 <= code <= 0xD9:
            raise Malformed
        if code == _SCAN:
            return carried(pieces) if pieces else ASK if remote else None
        if code == _APP11:
            content = read_at(stream, at + 4, length - 2)
            if content[:2] == b"JP" and len(content) > 16:
                # Every segment after the first repeats the box's own header, which belongs into the store only once.
                pieces.append(content[16:] if int.from_bytes(content[4:8], "big") > 1 else content[8:])
        elif code == _APP1 and not remote:
            remote = PROVENANCE in read_at(stream, at + 4, length - 2)
        at += 2 + length
    raise Malformed


def png(stream: BinaryIO, size: int) -> Carrier | None:
    """Chunks before the end: `caBX`, or XMP that names an address."""
    remote = False
    at = 8
    for _ in range(_MAXIMUM_CHUNKS):
        length, kind = struct.unpack(">I4s", read_at(stream, at, 8))
        if kind == b"caBX":
            return carried([read_at(stream, at + 8, length)]) if length <= MAXIMUM_STORE else ASK
        if kind == b"IEND":
            return ASK if remote else None
        if kind == b"iTXt" and not remote:
            text = read_at(stream, at + 8, min(length, _MAXIMUM_TEXT))
            packed = text[len(_PNG_XMP) + 1 : len(_PNG_XMP) + 2] != b"\x00"
            remote = text.startswith(_PNG_XMP) and (packed or length > _MAXIMUM_TEXT or PROVENANCE in text)
        at += 12 + length
    raise Malformed


def gif(stream: BinaryIO, size: int) -> Carrier | None:
    """Application extensions before the trailer: the manifest's own, or XMP, whose text is cut into blocks."""
    if size > _MAXIMUM_GIF:
        return ASK
    content = stream.read()
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    remote = False
    while (introducer := content[at]) != 0x3B:
        if introducer == 0x2C:
            flags = content[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        elif introducer == 0x21:
            name = content[at + 3 : at + 11] if content[at + 1] == 0xFF else b""
            if name == b"C2PA_GIF":
                return carried(_blocks_of(content, at + 3 + content[at + 2]))
            remote = remote or name == b"XMP Data"
            at += 2
        else:
            raise Malformed
        while step := content[at]:
            at += step + 1
        at += 1
    return ASK if remote else None


def _blocks_of(content: bytes, at: int) -> list[bytes]:
    pieces = []
    while step := content[at]:
        pieces.append(content[at + 1 : at + 1 + step])
        at += step + 1
    return pieces


def tiff(stream: BinaryIO, size: int) -> Carrier | None:
    """Every directory: the manifest's own tag, or XMP that names an address."""
    head = read_at(stream, 0, 8)
    order = "<" if head[:2] == b"II" else ">"
    if struct.unpack(order + "H", head[2:4])[0] != 42:
        return ASK
    waiting, seen, remote = [struct.unpack(order + "I", head[4:8])[0]], set(), False
    while waiting:
        at = waiting.pop()
        if at == 0 or at in seen:
            continue
        seen.add(at)
        if len(seen) > _MAXIMUM_DIRECTORIES:
            raise Malformed
        (count,) = struct.unpack(order + "H", read_at(stream, at, 2))
        if count > _MAXIMUM_ENTRIES:
            raise Malformed
        table = read_at(stream, at + 2, 12 * count + 4)
        for tag, kind, length, value in struct.iter_unpack(order + "HHII", table[: 12 * count]):
            if tag == _TIFF_STORE:
                return carried([read_at(stream, value, length)]) if 8 < length <= MAXIMUM_STORE else ASK
            if tag in (_TIFF_SUB, _TIFF_EXIF):
                waiting += _offsets(stream, order, kind, length, value)
            elif tag == _TIFF_XMP:
                remote = remote or length > _MAXIMUM_TEXT or PROVENANCE in read_at(stream, value, length)
        waiting.append(struct.unpack(order + "I", table[12 * count :])[0])
    return ASK if remote else None


def _offsets(stream: BinaryIO, order: str, kind: int, length: int, value: int) -> list[int]:
    if length == 1:
        return [value]
    if kind not in (4, 13) or length > _MAXIMUM_DIRECTORIES:
        raise Malformed
    return list(struct.unpack(f"{order}{length}I", read_at(stream, value, 4 * length)))
