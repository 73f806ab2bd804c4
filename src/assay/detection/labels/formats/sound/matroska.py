"""Matroska and WebM: the label in a simple tag. Every cluster is copied as it stands, at the place where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.labels.implicit import KEY
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import MEBIBYTE, Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

MAXIMUM_TAGS = 16 * MEBIBYTE
_SEGMENT, _CLUSTER, _TAGS, _TAG, _SIMPLE = 0x18538067, 0x1F43B675, 0x1254C367, 0x7373, 0x67C8
_NAME, _TEXT, _TARGETS, _VOID, _HEADS, _SEEK = 0x45A3, 0x4487, 0x63C0, 0xEC, 0x114D9B74, 0x4DBB
_SEEK_NAME, _SEEK_PLACE, _CHECKSUM = 0x53AB, 0x53AC, 0xBF
_PLACE = "a simple tag"


@dataclass(frozen=True, slots=True)
class _Element:
    identifier: int
    at: int
    start: int
    end: int


def rewrite_matroska(original: Original, marking: Marking) -> list[Piece]:
    """The film with its tags behind everything, and a pointer to them where the film's head has room for one."""
    if marking.has_properties:
        raise CannotLabel(
            "no-place", "Matroska has no place for IPTC's properties", "write the label alone, without them"
        )
    segment = next((each for each in _elements(original, 0, original.size) if each.identifier == _SEGMENT), None)
    if segment is None:
        raise malformed("the film has no segment")
    inner = list(_elements(original, segment.start, segment.end))
    changes: list[tuple[int, int, bytes]] = []
    behind, found = b"", False
    for tags in (each for each in inner if each.identifier == _TAGS):
        texts = [text for simple in _label_tags(original, tags) if (text := _text(original, simple)) is not None]
        if not texts:
            continue
        found = True
        new = marking.one_of(texts, _PLACE) or ""
        if any(text != new for text in texts):
            changes.append(_voided(tags))
            behind += _renewed(original, tags, new)
    if not found:
        text = marking.text(None, _PLACE)
        if text is not None:
            behind += _element(_TAGS, _tag(text))
    if behind:
        changes.append((segment.end, segment.end, behind))
        changes.append(_resized(original, segment, len(behind)))
        changes += _pointer(original, inner, changes, segment.end - segment.start)
    return replaced(original.size, changes)


def _label_tags(original: Original, tags: _Element) -> Iterator[_Element]:
    for tag in _elements(original, tags.start, tags.end):
        if tag.identifier == _TAG:
            for simple in _elements(original, tag.start, tag.end):
                if simple.identifier == _SIMPLE and _part(original, simple, _NAME) == KEY.encode():
                    yield simple


def _part(original: Original, simple: _Element, identifier: int) -> bytes | None:
    parts = _elements(original, simple.start, simple.end)
    return next((original.read(each.start, each.end) for each in parts if each.identifier == identifier), None)


def _text(original: Original, simple: _Element) -> str | None:
    text = _part(original, simple, _TEXT)
    return text.rstrip(b"\x00").decode("utf-8", errors="replace") if text is not None else None


def _renewed(original: Original, tags: _Element, text: str) -> bytes:
    """The tags with the label in place of the first old one, and every other tag as it stands."""
    if tags.end - tags.start > MAXIMUM_TAGS:
        raise CannotLabel("too-much-structure", "the film's tags are larger than any true ones")
    mine = list(_label_tags(original, tags))
    body = b""
    for tag in _elements(original, tags.start, tags.end):
        if tag.identifier == _CHECKSUM:
            # It is over the old tags, and no element needs one.
            continue
        if not any(tag.start <= simple.at < tag.end for simple in mine):
            body += original.read(tag.at, tag.end)
            continue
        content = b""
        for part in _elements(original, tag.start, tag.end):
            if part not in mine:
                content += original.read(part.at, part.end)
            elif part == mine[0]:
                content += _simple(text)
        body += _element(_TAG, content) if _has_texts(content) else b""
    return _element(_TAGS, body)


def _has_texts(content: bytes) -> bool:
    return _SIMPLE.to_bytes(2, "big") in content


def _tag(text: str) -> bytes:
    # Targets without a number inside speak of the whole film.
    return _element(_TAG, _element(_TARGETS, b"") + _simple(text))


def _simple(text: str) -> bytes:
    return _element(_SIMPLE, _element(_NAME, KEY.encode()) + _element(_TEXT, text.encode()))


def _voided(element: _Element) -> tuple[int, int, bytes]:
    """An element's whole place as a void one, so that nothing behind it moves."""
    return (element.at, element.end, _void(element.end - element.at))


def _void(size: int) -> bytes:
    width = 8 if size >= 9 + 1 else 1
    if size < 2:
        raise malformed("an element is too small")
    return bytes([_VOID]) + _length(size - 1 - width, width) + bytes(size - 1 - width)


def _pointer(
    original: Original, inner: list[_Element], changes: list[tuple[int, int, bytes]], place: int
) -> list[tuple[int, int, bytes]]:
    """The list of what stands where, with the tags in it, if blank space directly behind it gives way."""
    heads = next((each for each in inner if each.identifier == _HEADS), None)
    if heads is None:
        return []
    kept = b""
    for seek in _elements(original, heads.start, heads.end):
        name = _part(original, seek, _SEEK_NAME) if seek.identifier == _SEEK else None
        gone = [start for start, _, content in changes if content[:1] == bytes([_VOID])]
        if seek.identifier == _CHECKSUM or (name == _TAGS.to_bytes(4, "big") and gone):
            # It was over the old list, or pointed to the tags that now stand elsewhere.
            continue
        kept += original.read(seek.at, seek.end)
    name = _element(_SEEK_NAME, _TAGS.to_bytes(4, "big"))
    entry = _element(_SEEK, name + _element(_SEEK_PLACE, place.to_bytes(8, "big")))
    new = _element(_HEADS, kept + entry)
    index = inner.index(heads)
    void = inner[index + 1] if index + 1 < len(inner) and inner[index + 1].identifier == _VOID else None
    room = (void.end if void is not None else heads.end) - heads.at
    left = room - len(new)
    if left != 0 and left < 2:
        return []
    return [(heads.at, heads.at + room, new + (_void(left) if left else b""))]


def _resized(original: Original, segment: _Element, by: int) -> tuple[int, int, bytes]:
    at = segment.at + 4
    width = segment.start - at
    size = segment.end - segment.start
    unknown = original.number(at, width) & (1 << 7 * width) - 1 == (1 << 7 * width) - 1
    if unknown or size + by >= (1 << 7 * width) - 1:
        raise CannotLabel(
            "unsupported-structure", "the film does not say how long it is, as live recordings do", "remux it first"
        )
    return (at, segment.start, _length(size + by, width))


def _elements(original: Original, start: int, end: int) -> Iterator[_Element]:
    at = start
    while at < end:
        head = original.read(at, min(at + 12, end))
        width = _width(head, 4)
        identifier = int.from_bytes(head[:width], "big")
        length_width = _width(head[width:], 8)
        length = int.from_bytes(head[width : width + length_width], "big") & (1 << 7 * length_width) - 1
        content = at + width + length_width
        if length == (1 << 7 * length_width) - 1:
            if identifier == _CLUSTER:
                raise CannotLabel(
                    "unsupported-structure", "the film is a live recording without lengths", "remux it first"
                )
            length = end - content
        if content + length > end:
            raise malformed(f"an element at byte {at} reaches past its parent")
        yield _Element(identifier, at, content, content + length)
        at = content + length


def _width(head: bytes, most: int) -> int:
    if head and head[0]:
        width = 9 - head[0].bit_length()
        if width <= most and len(head) >= width:
            return width
    raise malformed("an element has no proper head")


def _element(identifier: int, content: bytes) -> bytes:
    width = (identifier.bit_length() + 7) // 8
    return identifier.to_bytes(width, "big") + _length(len(content), 8 if len(content) > 120 else 1) + content


def _length(value: int, width: int) -> bytes:
    return (value | 1 << 7 * width).to_bytes(width, "big")
