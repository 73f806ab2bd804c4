"""Where RIFF, ISO media, JPEG XL, ID3, SVG and ZIP carry a manifest. It reads headers and never picture or sound."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
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

MAXIMUM_TEXT = 16 * 1024 * 1024
_MAXIMUM_PARTS = 65_536
_MAXIMUM_XMP = 1024 * 1024
_MAXIMUM_TAG = 64 * 1024 * 1024
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PURPOSE = b"manifest\x00"
_ARCHIVE_END, _MAXIMUM_LISTED = 66_000, 8 * 1024 * 1024
_ARCHIVE_STORE = "content_credential.c2pa"
_SVG_STORE = re.compile(rb"<c2pa:manifest[^>]*>([A-Za-z0-9+/=\s]*)</c2pa:manifest>")


def riff(stream: BinaryIO, size: int) -> Carrier | None:
    """Chunks of the outermost list: the manifest's own, or XMP that names an address."""
    (length,) = struct.unpack("<I", read_at(stream, 4, 4))
    # The library takes what stands behind the list's end differently from one container to the next.
    if length + 8 > size:
        raise Malformed
    end, at, remote = 8 + length, 12, False
    for _ in range(_MAXIMUM_PARTS):
        if at + 8 > end:
            return ASK if remote else None
        kind, length = struct.unpack("<4sI", read_at(stream, at, 8))
        if kind == b"C2PA":
            return carried([read_at(stream, at + 8, length)]) if length <= MAXIMUM_STORE else ASK
        if kind in (b"XMP ", b"_PMX"):
            remote = remote or length > _MAXIMUM_XMP or PROVENANCE in read_at(stream, at + 8, length)
        at += 8 + length + (length & 1)
    raise Malformed


def movie(stream: BinaryIO, size: int) -> Carrier | None:
    """Outermost boxes: the manifest's own, or XMP that names an address."""
    at, remote = 0, False
    pieces: list[bytes] = []
    for _ in range(_MAXIMUM_PARTS):
        if at == size:
            return carried(pieces) if pieces else ASK if remote else None
        length, kind, header = _box(stream, at, size)
        if kind == b"uuid":
            body = at + header + 16
            identifier = read_at(stream, at + header, 16)
            if identifier == _C2PA:
                if header != 8 or length > MAXIMUM_STORE:
                    return ASK
                pieces.append(_purposed(read_at(stream, body, at + length - body)))
            elif identifier == _XMP:
                remote = remote or length > _MAXIMUM_XMP or PROVENANCE in read_at(stream, body, at + length - body)
        at += length
    raise Malformed


def _box(stream: BinaryIO, at: int, size: int) -> tuple[int, bytes, int]:
    """A box's whole length, its kind and the length of its header."""
    length, kind = struct.unpack(">I4s", read_at(stream, at, 8))
    header = 8
    if length == 1:
        (length,), header = struct.unpack(">Q", read_at(stream, at + 8, 8)), 16
    elif length == 0:
        length = size - at
    if length < header or at + length > size:
        raise Malformed
    return length, kind, header


def _purposed(body: bytes) -> bytes:
    # Version and flags, what the box is for, and the place of the hashes of a film in pieces stand before the store.
    at = body.find(_PURPOSE, 4, 4 + len(_PURPOSE))
    return body[at + len(_PURPOSE) + 8 :] if at == 4 else b""


def jxl(stream: BinaryIO, size: int) -> Carrier | None:
    """Outermost boxes of the boxed form; the bare one has no room for a manifest."""
    if read_at(stream, 0, 2) == b"\xff\x0a":
        return None
    at = 0
    for _ in range(_MAXIMUM_PARTS):
        if at == size:
            return None
        length, kind, _header = _box(stream, at, size)
        if kind == b"jumb" and length <= MAXIMUM_STORE:
            return carried([read_at(stream, at, length)])
        # A packed box can hold anything.
        if kind in (b"jumb", b"brob", b"xml "):
            return ASK
        at += length
    raise Malformed


def tagged(stream: BinaryIO, size: int) -> Carrier | None:
    """The ID3 tag in front of sound: a frame for a file, or a private one, which XMP stands in."""
    head = stream.read(10)
    if head[:3] != b"ID3":
        return None
    length = 0
    for each in head[6:10]:
        length = length << 7 | (each & 0x7F)
    if length > _MAXIMUM_TAG:
        return ASK
    tag = stream.read(length)
    if b"GEO" not in tag and b"PRI" not in tag and b"CRM" not in tag:
        return None
    at = tag.find(b"jumb") - 4
    whole = head[5] == 0 and at >= 0 and b"GEOB" in tag[:at]
    return carried([tag[at : at + int.from_bytes(tag[at : at + 4], "big")]]) if whole else ASK


def archive(stream: BinaryIO, size: int) -> Carrier | None:
    """The member of that name in the list at the end, which stands there even where every member is packed."""
    length = min(size, _ARCHIVE_END)
    stream.seek(size - length)
    tail = stream.read(length)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise Malformed
    listed = struct.unpack_from("<I", tail, at + 12)[0]
    if listed > _MAXIMUM_LISTED:
        return ASK
    with zipfile.ZipFile(stream) as members:
        names = [name for name in members.namelist() if name.endswith(_ARCHIVE_STORE)]
        if not names:
            return None
        member = members.getinfo(names[0])
        stored = member.compress_type == zipfile.ZIP_STORED and member.file_size <= MAXIMUM_STORE
        return carried([members.read(member)]) if stored and len(names) == 1 else ASK


def svg(content: bytes, size: int) -> Carrier | None:
    """The element of that name, or any word that could begin an address."""
    if b"c2pa" not in content and PROVENANCE not in content:
        return None
    found = _SVG_STORE.search(content)
    return carried([base64.b64decode(found[1])]) if found else ASK
