"""MP4, M4A and MOV: the label in the film's metadata list, IPTC's properties in an XMP box. No sample is touched."""

from __future__ import annotations

from assay.detection.labels.formats.sound.boxes import Box, boxes, framed, moved
from assay.detection.labels.implicit import KEY
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MEAN = b"com.apple.iTunes"
_TEXT = 1
_EXPLICIT_BASE = 0x000001


def rewrite_movie(original: Original, marking: Marking) -> list[Piece]:
    """The film with its metadata renewed; what stands behind it moves, and every table that names a place with it."""
    top = list(boxes(original, 0, original.size))
    moov = next((box for box in top if box.kind == b"moov"), None)
    if moov is None:
        raise malformed("the film has no `moov` box")
    changes, behind = _packets(original, top, moov, marking)
    changes += _metadata(original, moov, marking)
    inside = [change for change in changes if moov.start <= change[0] and change[1] <= moov.end]
    grown = sum(len(content) - (end - start) for start, end, content in inside)
    if inside:
        changes.append(_size(original, moov, grown))
    if grown:
        changes += moved(original, moov, moov.end, grown)
        changes += _fragments(original, [box for box in top if box.at >= moov.end], moov.end, grown)
    if behind and original.number(top[-1].at, 4) == 0 and not (inside and top[-1] == moov):
        # A last box may reach to the end without saying so, which it no longer does.
        changes.append(_size(original, top[-1], 0))
    return [*replaced(original.size, changes), *([behind] if behind else [])]


def _size(original: Original, box: Box, grown: int) -> tuple[int, int, bytes]:
    length = box.end - box.at + grown
    if box.start == box.at + 16:
        return (box.at + 8, box.at + 16, length.to_bytes(8, "big"))
    if length >= 1 << 32:
        raise CannotLabel("no-room", "a box would grow beyond what its format can hold")
    return (box.at, box.at + 4, length.to_bytes(4, "big"))


def _packets(
    original: Original, top: list[Box], moov: Box, marking: Marking
) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """An old packet's box becomes free space of the same size, and the packet stands anew behind everything."""
    changes: list[tuple[int, int, bytes]] = []
    places = [(box, 16) for box in top if box.kind == b"uuid" and _is_packet(original, box)]
    for udta in (box for box in boxes(original, moov.start, moov.end) if box.kind == b"udta"):
        places += [(box, 0) for box in boxes(original, udta.start, udta.end) if box.kind == b"XMP_"]
    behind = b""
    for box, skipped in places:
        found = original.read(box.start + skipped, box.end)
        packet = marking.packet(found, "XMP", with_label=False)
        if packet is not None and packet != found:
            changes.append((box.at + 4, box.at + 8, b"free"))
            changes.append((box.start, box.end, bytes(box.end - box.start)))
            behind += framed(b"uuid", XMP_UUID, packet)
    packet = None if places else marking.packet(None, "XMP", with_label=False)
    return changes, behind + (framed(b"uuid", XMP_UUID, packet) if packet else b"")


def _is_packet(original: Original, box: Box) -> bool:
    return box.end - box.start > 16 and original.read(box.start, box.start + 16) == XMP_UUID


def _metadata(original: Original, moov: Box, marking: Marking) -> list[tuple[int, int, bytes]]:
    """The `meta` boxes of the user data and of the film itself that hold a label, or the first one, or a new one."""
    inner = list(boxes(original, moov.start, moov.end))
    udta = next((box for box in inner if box.kind == b"udta"), None)
    within = list(boxes(original, udta.start, udta.end)) if udta is not None else []
    metas = [box for box in (*within, *inner) if box.kind == b"meta"]
    renewed = {meta: _List(original, meta).renewed(marking, add=False) for meta in metas}
    if all(content is None for content in renewed.values()):
        text = marking.text(None, "the film's metadata list")
        if text is None:
            return []
        if not metas:
            return _new_list(original, moov, udta, text)
        renewed = {metas[0]: _List(original, metas[0]).renewed(marking, add=True)}
    changes: list[tuple[int, int, bytes]] = []
    grown = 0
    for meta, content in renewed.items():
        if content is not None and content != original.read(meta.start, meta.end):
            by = len(content) - (meta.end - meta.start)
            changes += [(meta.start, meta.end, content), _size(original, meta, by)]
            grown += by if meta in within else 0
    return [*changes, _size(original, udta, grown)] if udta is not None and grown else changes


def _new_list(original: Original, moov: Box, udta: Box | None, text: str) -> list[tuple[int, int, bytes]]:
    box = framed(b"meta", bytes(4), _handler(b"mdta"), _keys([KEY.encode()]), framed(b"ilst", _item(1, text)))
    if udta is None:
        return [(moov.end, moov.end, framed(b"udta", box))]
    # At the front, since some programs close a list of user data with zero bytes.
    return [(udta.start, udta.start, box), _size(original, udta, len(box))]


class _List:
    """One `meta` box: its handler, its keys and its list of items."""

    def __init__(self, original: Original, meta: Box) -> None:
        self._original, self._meta = original, meta
        # MP4 gives this box a version and flags, QuickTime does not; the handler box's place tells which.
        head = original.read(meta.start, min(meta.start + 8, meta.end))
        self._inner = 0 if head[4:] == b"hdlr" else 4
        parts = list(boxes(original, meta.start + self._inner, meta.end))
        self._parts = {box.kind: box for box in parts}
        self._order = parts
        handler = self._parts.get(b"hdlr")
        self._handler = original.read(handler.start + 8, handler.start + 12) if handler else b""
        self._names = self._read_keys()

    def _read_keys(self) -> list[tuple[bytes, bytes]]:
        keys = self._parts.get(b"keys")
        if keys is None:
            return []
        entries = boxes(self._original, keys.start + 8, keys.end)
        return [(box.kind, self._original.read(box.start, box.end)) for box in entries]

    def renewed(self, marking: Marking, *, add: bool) -> bytes | None:
        """The box's new content, or None where no label stands in it and none is to be added."""
        ilst = self._parts.get(b"ilst")
        items = list(boxes(self._original, ilst.start, ilst.end)) if ilst is not None else []
        mine = [item for item in items if self._is_label(item)]
        if not mine and not add:
            return None
        kept = [self._original.read(item.at, item.end) for item in items if item not in mine]
        text = marking.one_of([self._text(item) for item in mine], "the film's metadata list") or ""
        names = self._names
        if self._handler == b"mdir":
            new = _free_form(text)
        else:
            if (b"mdta", KEY.encode()) not in names:
                names = [*names, (b"mdta", KEY.encode())]
            new = _item(names.index((b"mdta", KEY.encode())) + 1, text)
        return self._content(names, framed(b"ilst", *kept, new))

    def _content(self, names: list[tuple[bytes, bytes]], ilst: bytes) -> bytes:
        keys = _keys([name for _, name in names], [kind for kind, _ in names]) if names else b""
        kept = [box for box in self._order if box.kind not in (b"keys", b"ilst")]
        parts = [self._original.read(box.at, box.end) for box in kept]
        if b"hdlr" not in self._parts:
            parts.insert(0, _handler(b"mdta"))
        at = 1 if parts else 0
        return self._original.read(self._meta.start, self._meta.start + self._inner) + b"".join(
            [*parts[:at], keys, ilst, *parts[at:]]
        )

    def _is_label(self, item: Box) -> bool:
        if item.kind == b"----":
            parts = boxes(self._original, item.start, item.end)
            return any(
                part.kind == b"name" and self._original.read(part.start + 4, part.end) == KEY.encode() for part in parts
            )
        index = int.from_bytes(item.kind, "big")
        return 1 <= index <= len(self._names) and self._names[index - 1][1] == KEY.encode()

    def _text(self, item: Box) -> str:
        for part in boxes(self._original, item.start, item.end):
            if part.kind == b"data":
                return self._original.read(part.start + 8, part.end).decode("utf-8", errors="replace")
        return ""


def _handler(kind: bytes) -> bytes:
    return framed(b"hdlr", bytes(8), kind, bytes(12), b"\x00")


def _keys(names: list[bytes], kinds: list[bytes] | None = None) -> bytes:
    entries = [framed(kind, name) for kind, name in zip(kinds or [b"mdta"] * len(names), names, strict=True)]
    return framed(b"keys", bytes(4), len(names).to_bytes(4, "big"), *entries)


def _item(index: int, text: str) -> bytes:
    return framed(index.to_bytes(4, "big"), _data(text))


def _free_form(text: str) -> bytes:
    return framed(b"----", framed(b"mean", bytes(4), _MEAN), framed(b"name", bytes(4), KEY.encode()), _data(text))


def _data(text: str) -> bytes:
    return framed(b"data", _TEXT.to_bytes(4, "big"), bytes(4), text.encode())


def _fragments(original: Original, behind: list[Box], threshold: int, by: int) -> list[tuple[int, int, bytes]]:
    """Fragments are found from within themselves; only an index of them at the file's end names places."""
    changes: list[tuple[int, int, bytes]] = []
    for box in behind:
        if box.kind == b"moof":
            for track in (inner for inner in boxes(original, box.start, box.end) if inner.kind == b"traf"):
                _no_places(original, track)
        elif box.kind == b"mfra":
            for index in (inner for inner in boxes(original, box.start, box.end) if inner.kind == b"tfra"):
                changes += _index(original, index, threshold, by)
        elif box.kind == b"meta":
            raise CannotLabel("unsupported-structure", "the film also holds pictures, whose places would move")
    return changes


def _no_places(original: Original, track: Box) -> None:
    for box in boxes(original, track.start, track.end):
        explicit = box.kind == b"tfhd" and original.number(box.start, 4) & _EXPLICIT_BASE
        if explicit or box.kind == b"saio":
            raise CannotLabel("unsupported-structure", "the film's fragments name places in the file, which would move")


def _index(original: Original, box: Box, threshold: int, by: int) -> list[tuple[int, int, bytes]]:
    head = original.read(box.start, box.start + 16)
    width = 8 if head[0] else 4
    sizes, count = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
    row = 2 * width + sum((sizes >> shift & 3) + 1 for shift in (4, 2, 0))
    if count * row > box.end - box.start - 16:
        raise malformed("an index of fragments is larger than its box")
    changes = []
    for number in range(count):
        at = box.start + 16 + number * row + width
        place = original.number(at, width)
        if place >= threshold:
            changes.append((at, at + width, (place + by).to_bytes(width, "big")))
    return changes
