"""MP4, M4A and MOV: user data, metadata keys and lists, XMP boxes. It never reads a sample."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, text_of
from assay.detection.scanners.metadata.readers.shared.boxes import Box, boxes
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

MAXIMUM_DEPTH = 12
MAXIMUM_KEYS = 4_096
_PARENTS = frozenset({b"moov", b"udta", b"trak", b"mdia"})
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_TEXT_TYPES = frozenset({0, 1, 2})


def movie_fields(source: Source) -> Iterator[Field]:
    """Walks moov, moov.udta, moov.meta and moov.udta.meta, and the tracks' own user data."""
    yield from _level(source, 0, source.size, 0)


def _level(source: Source, start: int, end: int, depth: int) -> Iterator[Field]:
    if depth > MAXIMUM_DEPTH:
        raise Malformed("boxes are nested too deeply")
    for box in boxes(source, start, end):
        if box.kind in _PARENTS:
            yield from source.tolerate(_level(source, box.start, box.end, depth + 1))
        elif box.kind == b"meta":
            yield from source.tolerate(_metadata(source, box))
        elif box.kind == b"uuid":
            yield from source.tolerate(_identified(source, box))
        elif box.kind == b"XMP_":
            yield from source.tolerate(xmp_fields(source.value(box.start, box.end - box.start)))
        elif box.kind[:1] == b"\xa9" and depth > 0:
            yield from source.tolerate(_user_text(source, box))


def _identified(source: Source, box: Box) -> Iterator[Field]:
    identifier = source.read(box.start, 16)
    if identifier == _XMP_UUID:
        yield from xmp_fields(source.value(box.start + 16, box.end - box.start - 16))
    elif identifier == _C2PA_UUID:
        yield Field("mp4", "c2pa", "")


def _user_text(source: Source, box: Box) -> Iterator[Field]:
    """QuickTime's user data text: a length and a language code before each text."""
    body = source.value(box.start, box.end - box.start)
    length = int.from_bytes(body[:2], "big")
    if len(body) >= 4 and 4 + length <= len(body):
        yield Field("mp4", box.kind.decode("latin-1"), text_of(body[4 : 4 + length]))


def _metadata(source: Source, meta: Box) -> Iterator[Field]:
    # MP4 gives this box a version and flags, QuickTime does not; the handler box's place tells which.
    inner = 0 if source.read(meta.start, 8)[4:] == b"hdlr" else 4
    keys: list[str] = []
    for box in boxes(source, meta.start + inner, meta.end):
        if box.kind == b"keys":
            keys = list(_keys(source, box))
        elif box.kind == b"ilst":
            yield from _items(source, box, keys)


def _keys(source: Source, box: Box) -> Iterator[str]:
    count = int.from_bytes(source.read(box.start + 4, 4), "big")
    if count > MAXIMUM_KEYS:
        raise Malformed("a key box has too many keys")
    for entry in boxes(source, box.start + 8, box.end):
        yield text_of(source.value(entry.start, entry.end - entry.start))


def _items(source: Source, ilst: Box, keys: list[str]) -> Iterator[Field]:
    for item in boxes(source, ilst.start, ilst.end):
        index = int.from_bytes(item.kind, "big")
        key = keys[index - 1] if 1 <= index <= len(keys) else item.kind.decode("latin-1")
        names: list[str] = []
        for part in boxes(source, item.start, item.end):
            if part.kind in (b"mean", b"name"):
                names.append(text_of(source.value(part.start, part.end - part.start)[4:]))
            elif part.kind == b"data" and int.from_bytes(source.read(part.start, 4), "big") in _TEXT_TYPES:
                body = source.value(part.start, part.end - part.start)
                yield Field("mp4", names[-1] if item.kind == b"----" and names else key, _text(body))


def _text(data: bytes) -> str:
    if int.from_bytes(data[:4], "big") == 2:
        return data[8:].decode("utf-16-be", errors="replace")
    return text_of(data[8:])
