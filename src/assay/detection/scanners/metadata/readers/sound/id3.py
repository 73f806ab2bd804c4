"""ID3v2 tags: comments and user texts. It never reads a picture or the sound behind the tag."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, inflate, name_of
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields
from assay.detection.scanners.metadata.readers.sound.vorbis import flac_fields

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_DESCRIBED = {"TXXX": "TXXX", "TXX": "TXXX", "COMM": "COMM", "COM": "COMM", "WXXX": "WXXX"}
_PLAIN = {"TENC": "TENC", "TEN": "TENC", "TSSE": "TSSE", "TSS": "TSSE", "TCOP": "TCOP", "TCR": "TCOP"}
_PRIVATE = frozenset({"PRIV", "PRI"})
_OWNER = b"XMP\x00"


def mp3_fields(source: Source) -> Iterator[Field]:
    """The tag before the sound; a file without one has no field."""
    if source.size < 10 or source.read(0, 3) != b"ID3":
        return
    yield from id3_fields(source)
    behind = 10 + _syncsafe(source.read(6, 4))
    if behind + 4 <= source.size and source.read(behind, 4) == b"fLaC":
        # Some programs put this tag before a FLAC stream, whose own comments count as well.
        yield from flac_fields(source, behind)


def id3_fields(source: Source) -> Iterator[Field]:
    """Every text frame of a tag that starts at the first byte."""
    head = source.read(0, 10)
    version, flags, end = head[3], head[5], 10 + _syncsafe(head[6:10])
    if head[:3] != b"ID3" or not 2 <= version <= 4:
        raise Malformed("an ID3 tag has an unknown version")
    start = 10
    if flags & 0x80 and version < 4:
        # The whole tag is written so that no byte of it looks like sound, and has to be undone before it is read.
        source = source.nested(_resynchronised(source.value(10, end - 10)))
        start, end = 0, source.size
    if end > source.size:
        raise Malformed("an ID3 tag reaches past the end")
    if flags & 0x40 and version > 2:
        raw = source.read(start, 4)
        start += _syncsafe(raw) if version == 4 else 4 + int.from_bytes(raw, "big")
    yield from _frames(source, start, end, version)


def _frames(source: Source, at: int, end: int, version: int) -> Iterator[Field]:
    head = 6 if version == 2 else 10
    while at + head <= end:
        raw = source.read(at, head)
        if not raw[0]:
            return
        if version == 2:
            name, length, flags = raw[:3], int.from_bytes(raw[3:6], "big"), 0
        else:
            size = raw[4:8]
            name, length = raw[:4], _syncsafe(size) if version == 4 else int.from_bytes(size, "big")
            flags = raw[9]
        if at + head + length > end:
            raise Malformed("a frame reaches past its ID3 tag")
        key = name.decode("latin-1")
        source.met(name_of(name))
        if key in _PRIVATE:
            yield from source.tolerate(_packet(source, at + head, length, version, flags))
        elif key in _PLAIN or key in _DESCRIBED:
            yield from source.tolerate(_frame(key, source, at + head, length, version, flags))
        at += head + length


def _packet(source: Source, at: int, length: int, version: int, flags: int) -> Iterator[Field]:
    """An XMP packet in a private frame, which names its owner first."""
    if length >= len(_OWNER) and source.read(at, len(_OWNER)) == _OWNER:
        content = source.value(at, length)
        yield from xmp_fields(_unwrapped(content, version, flags).removeprefix(_OWNER))


def _unwrapped(content: bytes, version: int, flags: int) -> bytes:
    if version == 4:
        # Bits: grouping 0x40, compression 0x08, encryption 0x04, unsynchronised 0x02, length indicator 0x01.
        content = content[(1 if flags & 0x40 else 0) + (4 if flags & 0x01 else 0) :]
        content = _resynchronised(content) if flags & 0x02 else content
        return inflate(content) if flags & 0x08 else content
    if version == 3 and flags & 0x80:
        return inflate(content[4:])
    return content


def _frame(name: str, source: Source, at: int, length: int, version: int, flags: int) -> Iterator[Field]:
    content = _unwrapped(source.value(at, length), version, flags)
    if not content or content[0] not in _ENCODINGS:
        return
    encoding, text = _ENCODINGS[content[0]], content[1:]
    if name in _PLAIN:
        yield Field("id3", _PLAIN[name], _decoded(text, encoding))
    elif name in _DESCRIBED:
        key = _DESCRIBED[name]
        text = text[3:] if key == "COMM" else text
        description, value = _parted(text, wide=content[0] in (1, 2))
        yield Field("id3", f"{key}:{_decoded(description, encoding)}", _decoded(value, encoding))


def _parted(text: bytes, *, wide: bool) -> tuple[bytes, bytes]:
    if not wide:
        description, _, value = text.partition(b"\x00")
        return description, value
    for at in range(0, len(text) - 1, 2):
        if text[at : at + 2] == b"\x00\x00":
            return text[:at], text[at + 2 :]
    return text, b""


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace").strip("\x00\ufeff")


def _syncsafe(content: bytes) -> int:
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
    return value


def _resynchronised(content: bytes) -> bytes:
    return content.replace(b"\xff\x00", b"\xff")
