"""JPEG: the XMP segment. Every other segment and every scan is copied as it stands."""

from __future__ import annotations

import io

from assay.detection.labels.formats.picture.exif import Directories, exif_block
from assay.detection.labels.marking import Marking
from assay.detection.labels.packet import without_padding
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
EXIF_HEAD = b"Exif\x00\x00"
PICTURES_HEAD = b"MPF\x00"
LONGEST = 65_533
_BARE = b"AIGC{"
_PICTURES = 0xB002
_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def rewrite_jpeg(original: Original, marking: Marking) -> list[Piece]:
    """The file with its XMP segment set, at the place of an old one or behind the heads that must come first."""
    changes: list[tuple[int, int, bytes]] = []
    insert_at, has_packet, pictures_at = 2, False, None
    for at, end, marker in _segments(original):
        body = original.read(at + 4, end) if 0xE0 <= marker <= 0xEF else b""
        if marker in (0xE0, 0xE1) and not body.startswith(XMP_HEAD) and at == insert_at:
            insert_at = end
        if marker == 0xE2 and body.startswith(PICTURES_HEAD):
            pictures_at = at
        new = _segment(marker, body, marking)
        has_packet = has_packet or (marker == 0xE1 and body.startswith(XMP_HEAD))
        if new != body:
            changes.append((at, end, _framed(marker, new)))
    if not has_packet:
        packet = marking.packet(None, "XMP", with_label=True)
        if packet is not None:
            changes.append((insert_at, insert_at, _framed(0xE1, XMP_HEAD + packet)))
    if pictures_at is not None and any(start > pictures_at for start, _, _ in changes):
        raise CannotLabel(
            "second-picture", "the file's second picture is found by a distance that its old label would change"
        )
    if pictures_at is not None and changes:
        changes.append(_own_length(original, pictures_at, sum(len(new) - (end - at) for at, end, new in changes)))
    return replaced(original.size, changes)


def _own_length(original: Original, at: int, by: int) -> tuple[int, int, bytes]:
    """The list of a file's pictures says how long the first one is; the others' places are counted from the list."""
    start = at + 4 + len(PICTURES_HEAD)
    block = original.read(start, at + 2 + original.number(at + 2, 2))
    directories = Directories(Original(io.BytesIO(block), len(block)))
    entry = next((each for each in directories.entries(directories.first) if each.tag == _PICTURES), None)
    if entry is None or entry.value[0] + 8 > len(block):
        raise malformed("the list of the file's pictures has no entries")
    place = start + entry.value[0] + 4
    length = original.number(place, 4, directories.order) + by
    return (place, place + 4, length.to_bytes(4, "little" if directories.order == "little" else "big"))


def _segments(original: Original) -> list[tuple[int, int, int]]:
    """Start, end and marker of each segment before the first scan; behind it, no writer puts any."""
    found: list[tuple[int, int, int]] = []
    at = 2
    while True:
        prefix, marker = original.read(at, at + 2)
        if prefix != 0xFF:
            raise malformed(f"no marker stands at byte {at}")
        if marker == 0xFF:
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        elif marker in (_SCAN, _END):
            return found
        else:
            length = original.number(at + 2, 2)
            if length < 2:
                raise malformed(f"a segment at byte {at} has no length")
            found.append((at, at + 2 + length, marker))
            at += 2 + length


def _segment(marker: int, body: bytes, marking: Marking) -> bytes:
    if marker == 0xE1 and body.startswith(XMP_HEAD):
        packet = marking.packet(body[len(XMP_HEAD) :], "XMP", with_label=True)
        return XMP_HEAD + (packet or b"")
    if marker == 0xE1 and body.startswith(EXIF_HEAD):
        return EXIF_HEAD + exif_block(body[len(EXIF_HEAD) :], marking)
    if body.startswith(_BARE):
        return b"AIGC" + (marking.text(body[4:].decode("latin-1"), "a segment of its own") or "").encode()
    return body


def _framed(marker: int, body: bytes) -> bytes:
    if len(body) > LONGEST and marker == 0xE1 and body.startswith(XMP_HEAD):
        body = XMP_HEAD + without_padding(body[len(XMP_HEAD) :])
    if len(body) > LONGEST:
        raise CannotLabel("no-room", "the segment that would hold it is full", "take other metadata out of it first")
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body
