"""FLV: the text properties of onMetaData. It never reads a sound or video tag."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_FIELDS, Field, Malformed, Source, text_of

# The script tag comes first by convention; a few tags of slack cover writers that put a key frame before it.
MAXIMUM_TAGS = 16
_SCRIPT = 18
_NUMBER, _BOOLEAN, _TEXT, _OBJECT, _MAP, _LONG_TEXT = 0, 1, 2, 3, 8, 12
_FIXED_WIDTHS = {_NUMBER: 8, _BOOLEAN: 1, 5: 0, 6: 0, 11: 10}


def flv_fields(source: Source) -> Iterator[Field]:
    """Reads the first script tags."""
    at = int.from_bytes(source.read(5, 4), "big") + 4
    for _ in range(MAXIMUM_TAGS):
        if at + 11 > source.size:
            return
        head = source.read(at, 11)
        length = int.from_bytes(head[1:4], "big")
        source.met({8: "sound", 9: "picture", _SCRIPT: "script"}.get(head[0] & 0x1F, "tag"))
        if head[0] & 0x1F == _SCRIPT:
            yield from source.tolerate(_script(source, source.value(at + 11, length)))
        at += 11 + length + 4


def _script(source: Source, body: bytes) -> Iterator[Field]:
    if body[:1] != bytes([_TEXT]) or body[3:13] != b"onMetaData" or len(body) < 14:
        return
    kind, at = body[13], 14
    if kind == _MAP:
        at += 4
    elif kind != _OBJECT:
        return
    for _ in range(MAXIMUM_FIELDS):
        source.step()
        at, key = _sized(body, at, 2)
        if not key or at >= len(body):
            return
        kind = body[at]
        if kind in (_TEXT, _LONG_TEXT):
            at, value = _sized(body, at + 1, 2 if kind == _TEXT else 4)
            yield Field("flv", text_of(key), text_of(value))
        elif kind in _FIXED_WIDTHS:
            at += 1 + _FIXED_WIDTHS[kind]
        else:
            source.note("a nested property of onMetaData was not read, nor those behind it")
            return


def _sized(body: bytes, at: int, width: int) -> tuple[int, bytes]:
    end = at + width + int.from_bytes(body[at : at + width], "big")
    if at + width > len(body) or end > len(body):
        raise Malformed("a property of onMetaData is cut short")
    return end, body[at + width : end]
