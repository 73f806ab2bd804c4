"""HEIF and AVIF: the XMP item of the meta box. Every coded picture is copied as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.labels.formats.sound.boxes import Box, boxes, framed, moved
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

_XMP_TYPE = b"application/rdf+xml"
MAXIMUM_ITEMS = 4_096
LARGEST = 1 << 32


@dataclass(frozen=True, slots=True)
class _Item:
    """One row of the item locations: its number, its method, and its extents by place and length."""

    number: int
    method: int
    reference: int
    extents: tuple[tuple[int, int], ...]


def rewrite_heif(original: Original, marking: Marking) -> list[Piece]:
    """The picture with its XMP item set; the packet stands behind everything, in a box of its own."""
    top = list(boxes(original, 0, original.size))
    meta = next((box for box in top if box.kind == b"meta"), None)
    if meta is None:
        raise malformed("the picture has no `meta` box")
    parts = {box.kind: box for box in boxes(original, meta.start + 4, meta.end)}
    missing = {b"iinf", b"iloc", b"pitm"} - parts.keys()
    if missing:
        raise malformed("the picture's `meta` box lacks a table")
    items = _items(original, parts[b"iloc"])
    known = _packet_item(original, parts[b"iinf"])
    found = _content(original, next((item for item in items if item.number == known), None), parts.get(b"idat"))
    packet = marking.packet(found, "XMP", with_label=True)
    if packet is None or packet == found:
        return replaced(original.size, [])
    number = known if known is not None else max([0, *(item.number for item in items)]) + 1
    kept = [item for item in items if item.number != number]
    return _rebuilt(original, top, meta, parts, kept, number, packet, is_new=known is None)


def _rebuilt(
    original: Original,
    top: list[Box],
    meta: Box,
    parts: dict[bytes, Box],
    kept: list[_Item],
    number: int,
    packet: bytes,
    *,
    is_new: bool,
) -> list[Piece]:
    """The file with a new meta box. Its length depends on no place in it, so that the places can be filled in after."""
    changed = {b"iloc": _locations([*kept, _Item(number, 0, 0, ((0, len(packet)),))])}
    if is_new:
        changed[b"iinf"] = _listed(original, parts[b"iinf"], number)
        primary = original.number(parts[b"pitm"].start + 4, 4 if original.number(parts[b"pitm"].start, 1) else 2)
        changed[b"iref"] = _referred(original, parts.get(b"iref"), number, primary)
    by = len(_meta(original, meta, changed)) - (meta.end - meta.at)
    if any(box.kind == b"moof" for box in top):
        raise CannotLabel("unsupported-structure", "the picture holds a fragmented film, whose places would move")
    shifted = [_shifted(item, meta, by) for item in kept]
    packet_at = original.size + by + 8
    changed[b"iloc"] = _locations([*shifted, _Item(number, 0, 0, ((packet_at, len(packet)),))])
    changes = [(meta.at, meta.end, _meta(original, meta, changed))]
    for box in top:
        if box.kind == b"moov":
            changes += moved(original, box, meta.end, by)
    last = top[-1]
    if original.number(last.at, 4) == 0:
        changes.append((last.at, last.at + 4, (last.end - last.at).to_bytes(4, "big")))
    return [*replaced(original.size, changes), framed(b"mdat", packet)]


def _shifted(item: _Item, meta: Box, by: int) -> _Item:
    if item.method == 1:
        return item
    if item.method != 0 or item.reference:
        raise CannotLabel("unsupported-structure", "the picture's items are found in a way that cannot be moved")
    if any(meta.at < place < meta.end for place, _ in item.extents):
        raise CannotLabel("unsupported-structure", "an item of the picture stands inside the table that changes")
    moved_extents = tuple((place + by if place >= meta.end else place, length) for place, length in item.extents)
    return _Item(item.number, item.method, item.reference, moved_extents)


def _meta(original: Original, meta: Box, changed: dict[bytes, bytes]) -> bytes:
    body = original.read(meta.start, meta.start + 4)
    present = set()
    for box in boxes(original, meta.start + 4, meta.end):
        present.add(box.kind)
        body += changed.get(box.kind) or original.read(box.at, box.end)
    return framed(b"meta", body, *(box for kind, box in changed.items() if kind not in present))


def _packet_item(original: Original, iinf: Box) -> int | None:
    wide = original.number(iinf.start, 1) > 0
    for entry in boxes(original, iinf.start + (8 if wide else 6), iinf.end):
        body = original.read(entry.start, entry.end)
        if entry.kind != b"infe" or len(body) < 12 or body[0] < 2:
            continue
        width = 4 if body[0] >= 3 else 2
        if body[6 + width : 10 + width] == b"mime" and _XMP_TYPE in body[10 + width :].split(b"\x00"):
            return int.from_bytes(body[4 : 4 + width], "big")
    return None


def _listed(original: Original, iinf: Box, number: int) -> bytes:
    body = original.read(iinf.start, iinf.end)
    width = 4 if body[0] else 2
    count = int.from_bytes(body[4 : 4 + width], "big") + 1
    if count >= 1 << 8 * width:
        raise CannotLabel("no-room", "the picture has more items than its table can hold")
    wide = number > 0xFFFF
    version = bytes([3 if wide else 2, 0, 0, 0])
    entry = framed(
        b"infe", version, number.to_bytes(4 if wide else 2, "big"), bytes(2), b"mime\x00", _XMP_TYPE, b"\x00"
    )
    return framed(b"iinf", body[:4], count.to_bytes(width, "big"), body[4 + width :], entry)


def _referred(original: Original, iref: Box | None, number: int, primary: int) -> bytes:
    """The packet describes the primary item."""
    body = original.read(iref.start, iref.end) if iref is not None else bytes(4)
    width = 4 if body[0] else 2
    if max(number, primary) >= 1 << 8 * width:
        raise CannotLabel("no-room", "the picture has more items than its table can hold")
    reference = number.to_bytes(width, "big") + (1).to_bytes(2, "big") + primary.to_bytes(width, "big")
    return framed(b"iref", body, framed(b"cdsc", reference))


def _locations(items: list[_Item]) -> bytes:
    """The item locations in version 1, or 2 for high numbers, with places and lengths of one width."""
    wide = any(item.number > 0xFFFF for item in items)
    width = 8 if any(place >= LARGEST or length >= LARGEST for item in items for place, length in item.extents) else 4
    body = bytes([2 if wide else 1, 0, 0, 0, width << 4 | width, 0]) + len(items).to_bytes(4 if wide else 2, "big")
    for item in items:
        body += item.number.to_bytes(4 if wide else 2, "big") + item.method.to_bytes(2, "big")
        body += item.reference.to_bytes(2, "big") + len(item.extents).to_bytes(2, "big")
        for place, length in item.extents:
            body += place.to_bytes(width, "big") + length.to_bytes(width, "big")
    return framed(b"iloc", body)


def _items(original: Original, iloc: Box) -> list[_Item]:
    body = original.read(iloc.start, iloc.end)
    at, version = 6, body[0] if body else 0
    if len(body) < 8 or version > 2:
        raise malformed("an item location box is cut short")
    offset_width, length_width, base_width, index_width = body[4] >> 4, body[4] & 15, body[5] >> 4, body[5] & 15
    index_width = index_width if version else 0

    def take(width: int) -> int:
        nonlocal at
        if at + width > len(body):
            raise malformed("an item location box is cut short")
        at += width
        return int.from_bytes(body[at - width : at], "big")

    items = []
    number_width = 4 if version == 2 else 2
    for _ in range(min(take(number_width), MAXIMUM_ITEMS)):
        number = take(number_width)
        method = take(2) & 15 if version else 0
        reference, base = take(2), take(base_width)
        extents = []
        for _ in range(take(2)):
            take(index_width)
            extents.append((base + take(offset_width), take(length_width)))
        items.append(_Item(number, method, reference, tuple(extents)))
    return items


def _content(original: Original, item: _Item | None, idat: Box | None) -> bytes | None:
    if item is None:
        return None
    if item.method not in (0, 1) or item.reference or (item.method == 1 and idat is None):
        raise CannotLabel("unsupported-structure", "the picture's XMP item is found in a way that is not supported")
    base = idat.start if item.method == 1 and idat is not None else 0
    return b"".join(original.read(base + place, base + place + length) for place, length in item.extents)
