"""PNG: the XMP text chunk. Every other chunk is copied as it stands."""

from __future__ import annotations

import zlib

from assay.detection.labels.formats.picture.exif import exif_block
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import MEBIBYTE, Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

_XMP = b"XML:com.adobe.xmp"
_KEY = b"AIGC"
MAXIMUM_TEXT = 16 * MEBIBYTE


def rewrite_png(original: Original, marking: Marking) -> list[Piece]:
    """The file with its XMP chunk set; a label in a text chunk of its own is kept up to date beside it."""
    changes: list[tuple[int, int, bytes]] = []
    has_packet, at, behind_header = False, 8, 0
    while True:
        head = original.read(at, at + 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        end = at + 12 + length
        if end > original.size:
            raise malformed(f"a chunk at byte {at} reaches past the end")
        if kind == b"IHDR":
            behind_header = end
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            content = original.read(at + 8, end - 4)
            new = _chunk(kind, content, marking)
            has_packet = has_packet or content.startswith(_XMP + b"\x00")
            if new is not None:
                changes.append((at, end, new))
        if kind == b"IEND":
            break
        at = end
    if not behind_header:
        raise malformed("the file has no header chunk")
    if not has_packet:
        packet = marking.packet(None, "XMP", with_label=True)
        if packet is not None:
            changes.append((behind_header, behind_header, _international(_XMP, packet)))
    return replaced(original.size, changes)


def _chunk(kind: bytes, content: bytes, marking: Marking) -> bytes | None:
    """The chunk that shall stand instead, or None where it stays."""
    if kind == b"eXIf":
        block = exif_block(content, marking)
        return None if block == content else framed(kind, block)
    keyword, _, rest = content.partition(b"\x00")
    if keyword not in (_XMP, _KEY):
        return None
    text = _text(kind, rest)
    if keyword == _XMP:
        packet = marking.packet(text, "XMP", with_label=True)
        return None if packet is None or packet == text else _international(_XMP, packet)
    new = marking.text(text.decode("utf-8", errors="replace"), "a text chunk")
    if new is None or new.encode() == text:
        return None
    return framed(b"tEXt", _KEY + b"\x00" + new.encode("ascii"))


def _text(kind: bytes, rest: bytes) -> bytes:
    if kind == b"zTXt":
        return _unpacked(rest[1:])
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\x01", rest[2:]
        _language, _, rest = rest.partition(b"\x00")
        _translated, _, rest = rest.partition(b"\x00")
        return _unpacked(rest) if packed else rest
    return rest


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, MAXIMUM_TEXT)
    except zlib.error as error:
        raise malformed("a compressed text cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise CannotLabel("too-much-structure", "a compressed text unpacks to more than any true one")
    return unpacked


def _international(keyword: bytes, text: bytes) -> bytes:
    return framed(b"iTXt", keyword + b"\x00\x00\x00\x00\x00" + text)


def framed(kind: bytes, content: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
