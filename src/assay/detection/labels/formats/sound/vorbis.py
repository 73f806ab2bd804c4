"""Vorbis comments in FLAC and Ogg with the label among them. Every block of sound is copied as it stands."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.labels.implicit import KEY
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import MEBIBYTE, Kept, Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

MAXIMUM_COMMENTS = 4_000
MAXIMUM_HEADERS = 32 * MEBIBYTE
_COMMENT_BLOCK, _LONGEST_BLOCK = 4, (1 << 24) - 1
_PLACE = "a Vorbis comment"


def rewrite_flac(original: Original, marking: Marking) -> list[Piece]:
    """The sound with its comment block renewed; a file without one gets one behind its first block."""
    _no_properties(marking)
    at, last, found, first_end = 4, False, False, 0
    changes: list[tuple[int, int, bytes]] = []
    if original.read(0, 4) != b"fLaC":
        raise CannotLabel("unsupported-structure", "the sound stands behind a foreign tag")
    while not last:
        head = original.read(at, at + 4)
        last, end = bool(head[0] & 0x80), at + 4 + int.from_bytes(head[1:], "big")
        if end > original.size:
            raise malformed(f"a block at byte {at} reaches past the end")
        if head[0] & 0x7F == _COMMENT_BLOCK:
            found = True
            body = original.read(at + 4, end)
            new = comments_with(body, marking)
            if new != body:
                changes.append((at, end, _block(head[0], new)))
        first_end = first_end or end
        at = end
    if not found:
        new = comments_with(None, marking)
        if new:
            head = original.read(4, 5)
            changes.append((first_end, first_end, _block(head[0] & 0x80 | _COMMENT_BLOCK, new)))
            changes.append((4, 5, bytes([head[0] & 0x7F])))
    return replaced(original.size, changes)


def _no_properties(marking: Marking) -> None:
    if marking.has_properties:
        raise CannotLabel(
            "no-place", "FLAC and Ogg have no place for IPTC's properties", "write the label alone, without them"
        )


def _block(kind: int, body: bytes) -> bytes:
    if len(body) > _LONGEST_BLOCK:
        raise CannotLabel("no-room", "the comment block would grow beyond what its format can hold")
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def comments_with(body: bytes | None, marking: Marking) -> bytes:
    """A comment block with the label in it; the vendor and every other comment stay, with what stands behind them."""
    vendor, comments, rest = _comments(body) if body is not None else (b"", [], b"")
    mine = [comment for comment in comments if comment[: len(KEY) + 1].upper() == KEY.encode() + b"="]
    texts = [comment[len(KEY) + 1 :].decode("utf-8", errors="replace") for comment in mine]
    new = marking.one_of(texts, _PLACE)
    if new is None:
        return body or b""
    comments = [comment for comment in comments if comment not in mine]
    comments.append(KEY.encode() + b"=" + new.encode("ascii"))
    return _sized(vendor) + len(comments).to_bytes(4, "little") + b"".join(map(_sized, comments)) + rest


def _sized(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _comments(body: bytes) -> tuple[bytes, list[bytes], bytes]:
    at, vendor = _taken(body, 0)
    count = int.from_bytes(body[at : at + 4], "little")
    at += 4
    if count > MAXIMUM_COMMENTS:
        raise malformed("a comment block has too many comments")
    comments = []
    for _ in range(count):
        at, comment = _taken(body, at)
        comments.append(comment)
    return vendor, comments, body[at:]


def _taken(body: bytes, at: int) -> tuple[int, bytes]:
    end = at + 4 + int.from_bytes(body[at : at + 4], "little")
    if at + 4 > len(body) or end > len(body):
        raise malformed("a comment block is cut short")
    return end, body[at + 4 : end]


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    end: int
    head: bytes
    lacing: bytes

    @property
    def serial(self) -> bytes:
        return self.head[14:18]

    @property
    def body(self) -> Kept:
        return Kept(self.end - sum(self.lacing), self.end)


_HEADERS = ((b"\x01vorbis", 3, b"\x03vorbis", 7), (b"OpusHead", 2, b"OpusTags", 8))


def rewrite_ogg(original: Original, marking: Marking) -> list[Piece]:
    """The sound with its comment packet renewed; where that takes another number of pages, all are numbered anew."""
    _no_properties(marking)
    pages = list(_header_pages(original))
    first = original.read(pages[0].body.start, pages[0].body.end)
    known = next((header for header in _HEADERS if first.startswith(header[0])), None)
    if known is None:
        raise CannotLabel("unsupported-structure", "the file's first stream is neither Vorbis nor Opus")
    _magic, count, opening, skipped = known
    packets = _packets(original, pages[1:], count - 1)
    if not packets or not packets[0].startswith(opening):
        raise malformed("the stream's second packet is no comment packet")
    renewed = opening + comments_with(packets[0][skipped:], marking)
    if renewed == packets[0]:
        return [Kept(0, original.size)]
    head_pages = _paged([renewed, *packets[1:]], pages[0].serial)
    behind = pages[-1].end
    pieces: list[Piece] = [Kept(0, pages[0].end), *head_pages]
    by = len(head_pages) - (len(pages) - 1)
    if by == 0:
        return [*pieces, Kept(behind, original.size)]
    return [*pieces, *_renumbered(original, behind, pages[0].serial, by)]


def _header_pages(original: Original) -> Iterator[_Page]:
    """The first page, then those of the header packets, which end where a page ends."""
    first = _page(original, 0)
    yield first
    at, open_packets = first.end, {b"\x01vorbis": 2, b"OpusHead": 1}
    head = original.read(first.body.start, min(first.body.start + 8, first.body.end))
    left = open_packets.get(head[:7], open_packets.get(head, 1))
    while left > 0:
        page = _page(original, at)
        if page.serial != first.serial:
            raise CannotLabel("unsupported-structure", "the file holds several streams whose heads are interleaved")
        yield page
        left -= sum(value < 255 for value in page.lacing)
        at = page.end
        if at > MAXIMUM_HEADERS:
            raise malformed("the header packets are larger than any true ones")


def _page(original: Original, at: int) -> _Page:
    head = original.read(at, at + 27)
    if head[:4] != b"OggS":
        raise malformed(f"no page stands at byte {at}")
    lacing = original.read(at + 27, at + 27 + head[26])
    end = at + 27 + head[26] + sum(lacing)
    if end > original.size:
        raise malformed("the file ends within a page")
    return _Page(at, end, head, lacing)


def _packets(original: Original, pages: list[_Page], count: int) -> list[bytes]:
    packets, part = [], b""
    for page in pages:
        body = original.read(page.body.start, page.body.end)
        at = 0
        for value in page.lacing:
            part += body[at : at + value]
            at += value
            if value < 255:
                packets.append(part)
                part = b""
    if len(packets) != count or part:
        raise CannotLabel("unsupported-structure", "the stream's head does not end where a page ends")
    return packets


def _paged(packets: list[bytes], serial: bytes) -> list[bytes]:
    """Header packets as pages of at most 255 segments, numbered from one."""
    lacing: list[int] = []
    for packet in packets:
        lacing += [255] * (len(packet) // 255) + [len(packet) % 255]
    body = b"".join(packets)
    pages: list[bytes] = []
    at, continued = 0, False
    for first in range(0, len(lacing), 255):
        values = lacing[first : first + 255]
        size = sum(values)
        # A page within which no packet ends says so by this place.
        place = bytes(8) if any(value < 255 for value in values) else b"\xff" * 8
        head = b"OggS\x00" + bytes([1 if continued else 0]) + place + serial + (len(pages) + 1).to_bytes(4, "little")
        pages.append(_checked(head + bytes(4) + bytes([len(values)]) + bytes(values) + body[at : at + size]))
        at, continued = at + size, values[-1] == 255
    return pages


def _renumbered(original: Original, at: int, serial: bytes, by: int) -> Iterator[bytes]:
    while at < original.size:
        head = original.peek(at, at + 27)
        if len(head) < 27 or head[:4] != b"OggS":
            raise malformed(f"no page stands at byte {at}")
        lacing = original.peek(at + 27, at + 27 + head[26])
        end = at + 27 + head[26] + sum(lacing)
        page = original.peek(at, end)
        if len(page) != end - at:
            raise malformed("the file ends within a page")
        if head[14:18] == serial:
            number = int.from_bytes(head[18:22], "little") + by
            page = _checked(page[:18] + (number & 0xFFFFFFFF).to_bytes(4, "little") + page[22:])
        yield page
        at = end


_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def _checked(page: bytes) -> bytes:
    """The page with its checksum, which is zlib's read the other way round and without its two inversions."""
    blank = page[:22] + bytes(4) + page[26:]
    mirrored = zlib.crc32(blank.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    checksum = int(f"{mirrored:032b}"[::-1], 2)
    return page[:22] + checksum.to_bytes(4, "little") + page[26:]
