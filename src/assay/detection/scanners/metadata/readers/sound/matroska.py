"""Matroska and WebM: the simple tags. It never reads a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source, text_of

MAXIMUM_DEPTH = 8
_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG = 0x18538067, 0x1254C367, 0x7373, 0x67C8
_NAME, _TEXT, _CLUSTER = 0x45A3, 0x4487, 0x1F43B675
_NAMES = {
    0x1A45DFA3: "EBML", _SEGMENT: "segment", 0x114D9B74: "seek head", 0x1549A966: "info", 0x1654AE6B: "tracks",
    0x1C53BB6B: "cues", _CLUSTER: "cluster", _TAGS: "tags", _TAG: "tag", _SIMPLE_TAG: "simple tag", 0xEC: "void",
    0x1941A469: "attachments", 0x1043A770: "chapters", _NAME: "tag name", _TEXT: "tag text", 0x63C0: "targets",
}  # fmt: skip
_PARENTS = frozenset({_SEGMENT, _TAGS, _TAG})


@dataclass(frozen=True, slots=True)
class _Element:
    identifier: int
    start: int
    end: int


def matroska_fields(source: Source) -> Iterator[Field]:
    """Walks Segment, Tags, Tag and SimpleTag, and seeks past everything else."""
    yield from _level(source, 0, source.size, 0)


def _level(source: Source, start: int, end: int, depth: int) -> Iterator[Field]:
    if depth > MAXIMUM_DEPTH:
        raise Malformed("tags are nested too deeply")
    for element in _elements(source, start, end):
        if element.identifier in _PARENTS:
            yield from source.tolerate(_level(source, element.start, element.end, depth + 1))
        elif element.identifier == _SIMPLE_TAG:
            yield from source.tolerate(_simple_tag(source, element, depth))


def _simple_tag(source: Source, tag: _Element, depth: int) -> Iterator[Field]:
    if depth > MAXIMUM_DEPTH:
        raise Malformed("tags are nested too deeply")
    name = text = ""
    for part in _elements(source, tag.start, tag.end):
        if part.identifier == _NAME:
            name = text_of(source.value(part.start, part.end - part.start))
        elif part.identifier == _TEXT:
            text = text_of(source.value(part.start, part.end - part.start))
        elif part.identifier == _SIMPLE_TAG:
            yield from _simple_tag(source, part, depth + 1)
    yield Field("matroska", name, text)


def _elements(source: Source, start: int, end: int) -> Iterator[_Element]:
    at = start
    while at < end:
        head = source.peek(at, min(12, end - at))
        width = _width(head, 4)
        identifier = int.from_bytes(head[:width], "big")
        length_width = _width(head[width:], 8)
        length = int.from_bytes(head[width : width + length_width], "big") & (1 << 7 * length_width) - 1
        content = at + width + length_width
        if length == (1 << 7 * length_width) - 1:
            if identifier == _CLUSTER:
                source.note("a live recording's tags behind its first cluster were not read")
                return
            length = end - content
        source.met(_NAMES.get(identifier, f"{identifier:X}"))
        if content + length > end:
            raise Malformed(f"an element at byte {at} reaches past its parent")
        yield _Element(identifier, content, content + length)
        at = content + length


def _width(head: bytes, most: int) -> int:
    """The width of a number whose leading zero bits count its further bytes."""
    if head and head[0]:
        width = 9 - head[0].bit_length()
        if width <= most and len(head) >= width:
            return width
    raise Malformed("an element has no proper head")
