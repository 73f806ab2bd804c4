"""The bytes of a segment: header, frames, footer; made and taken apart. It touches no file and trusts no length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from xxhash import xxh3_64_intdigest

VERSION = 1
MAGIC, MARK, END = b"ASSAYSEG", b"\xa5RC\n", b"ASSAYEND"
PIECE, RECORD, FOOTER = 1, 2, 3
_HEADER = Struct("<8sIIqQ")
_SUM = Struct("<Q")
HEADER_BYTES = _HEADER.size + _SUM.size
# Mark and checksum; what the checksum covers begins after them, with the kind and the length of the body.
LEAD = Struct("<4sQ")
_SORT = Struct("<II")
FRAME_BYTES = LEAD.size + _SORT.size
_PIECE_HEAD = Struct("<III")
_NUMBER = Struct("<I")
RECORD_HEAD = Struct("<QqIII")
_TRAILER = Struct("<QQ8s")
TRAILER_BYTES = _TRAILER.size
LARGEST = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Header:
    """What a segment begins with.

    begun  microseconds since the epoch
    salt   a number of this file alone: a frame of another file is none here
    """

    begun: int
    salt: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that is not what was written."""

    offset: int
    size: int
    slug: str
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of a file whose checksum holds: a piece, a record or the footer, by `kind`."""

    offset: int
    kind: int
    body: memoryview


@dataclass(frozen=True, slots=True)
class RecordBody:
    """A record without its pieces.

    digest   of the whole record
    kept     microseconds since the epoch
    numbers  of its pieces; `own` what stands before, between and after them
    """

    digest: int
    kept: int
    item: str
    key: str
    numbers: tuple[int, ...]
    own: tuple[memoryview, ...]


def header_bytes(header: Header) -> bytes:
    """A segment's first bytes."""
    found = _HEADER.pack(MAGIC, VERSION, HEADER_BYTES, header.begun, header.salt)
    return found + _SUM.pack(xxh3_64_intdigest(found))


def read_header(content: bytes | memoryview) -> Header | str:
    """The header, or words for why it is none."""
    if len(content) < HEADER_BYTES:
        return "it ends within its header"
    magic, version, _, begun, salt = _HEADER.unpack_from(content)
    (checksum,) = _SUM.unpack_from(content, _HEADER.size)
    if magic != MAGIC:
        return "it does not begin as a segment does"
    if checksum != xxh3_64_intdigest(content[: _HEADER.size]):
        return "its header is damaged"
    if version != VERSION:
        return f"it has version {version}, and this program reads version {VERSION}"
    return Header(begun, salt)


def other_version(content: bytes) -> int | None:
    """The version of a segment that another program wrote; None for our own, and for what is no segment."""
    if (
        len(content) < HEADER_BYTES
        or xxh3_64_intdigest(content[: _HEADER.size]) != _SUM.unpack_from(content, _HEADER.size)[0]
    ):
        return None
    magic, version, *_ = _HEADER.unpack_from(content)
    return int(version) if magic == MAGIC and version != VERSION else None


# --------------------------------------------------------------------- writing


def piece_frame(number: int, content: bytes, place: int) -> bytes:
    """The frame of a piece; `place` is the file's salt with the offset added, as for all frames."""
    covered = _PIECE_HEAD.pack(PIECE, 4 + len(content), number) + content
    return LEAD.pack(MARK, xxh3_64_intdigest(covered, place & LARGEST)) + covered


def footer_frame(content: bytes, salt: int, offset: int) -> bytes:
    """The frame of a footer, and the file's last bytes, which say where it is."""
    covered = _SORT.pack(FOOTER, len(content)) + content
    frame = LEAD.pack(MARK, xxh3_64_intdigest(covered, (salt + offset) & LARGEST)) + covered
    return frame + _TRAILER.pack(offset, xxh3_64_intdigest(_SUM.pack(offset), salt), END)


def record_head(pieces: int) -> Struct:
    """What stands before item and key in the frame of a record with so many pieces: kind, length, digest, instant,
    number of pieces, bytes of item, bytes of key, the pieces' numbers, the lengths of its own parts.
    """
    return Struct(f"<IIQqIII{2 * pieces + 1}I")


# --------------------------------------------------------------------- reading


def footer_place(trailer: bytes, salt: int) -> int | None:
    """Where the footer stands, by the file's last bytes; None where the file was not closed."""
    if len(trailer) != TRAILER_BYTES:
        return None
    offset, checksum, end = _TRAILER.unpack(trailer)
    whole = end == END and checksum == xxh3_64_intdigest(_SUM.pack(offset), salt)
    return int(offset) if whole else None


def frames_of(content: bytes, salt: int, start: int = HEADER_BYTES) -> Iterator[Frame | Damage]:
    """The frames of a file in order; between sound ones, what is damaged, as large as it is."""
    view, offset = memoryview(content), start
    size_of, sort_of, whole = _sound_size, _SORT.unpack_from, len(content)
    while offset < whole:
        size = size_of(view, offset, salt)
        if size:
            yield Frame(offset, sort_of(view, offset + LEAD.size)[0], view[offset + FRAME_BYTES : offset + size])
            offset += size
            continue
        if _is_trailer(view, offset, salt):
            return
        after = _next_sound(content, view, offset + 1, salt)
        if after == whole and _is_trailer(view, whole - TRAILER_BYTES, salt):
            after = whole - TRAILER_BYTES
        torn = after == whole
        words = "the file ends within a record" if torn else "the bytes are not those that were written"
        yield Damage(offset, after - offset, "torn-tail" if torn else "damaged-frame", words)
        offset = after


def _sound_size(view: memoryview, offset: int, salt: int) -> int:
    """The size of the frame that begins at a place; 0 where none does."""
    if offset + FRAME_BYTES > len(view):
        return 0
    mark, checksum = LEAD.unpack_from(view, offset)
    if mark != MARK:
        return 0
    kind, length = _SORT.unpack_from(view, offset + LEAD.size)
    end = offset + FRAME_BYTES + length
    if kind not in (PIECE, RECORD, FOOTER) or end > len(view):
        return 0
    covered = view[offset + LEAD.size : end]
    return int(end - offset) if xxh3_64_intdigest(covered, (salt + offset) & LARGEST) == checksum else 0


def _next_sound(content: bytes, view: memoryview, offset: int, salt: int) -> int:
    """Where the next sound frame begins; the end of the file where none does."""
    while True:
        offset = content.find(MARK, offset)
        if offset < 0:
            return len(content)
        if _sound_size(view, offset, salt):
            return offset
        offset += 1


def _is_trailer(view: memoryview, offset: int, salt: int) -> bool:
    return offset == len(view) - TRAILER_BYTES and footer_place(bytes(view[offset:]), salt) is not None


def read_piece(frame: Frame) -> tuple[int, bytes] | None:
    """A piece's number and content; None where the frame is too short for one."""
    if len(frame.body) < _NUMBER.size:
        return None
    return _NUMBER.unpack_from(frame.body)[0], bytes(frame.body[_NUMBER.size :])


def read_record(frame: Frame) -> RecordBody | None:
    """A record's frame taken apart; None where what it says of itself cannot be, though its checksum holds."""
    body = frame.body
    if len(body) < RECORD_HEAD.size:
        return None
    digest, kept, count, item_bytes, key_bytes = RECORD_HEAD.unpack_from(body)
    place = RECORD_HEAD.size
    if place + 4 * (2 * count + 1) > len(body):
        return None
    words = Struct(f"<{2 * count + 1}I").unpack_from(body, place)
    numbers, lengths = words[:count], words[count:]
    place += 4 * len(words)
    if place + item_bytes + key_bytes + sum(lengths) != len(body):
        return None
    item, key = body[place : place + item_bytes], body[place + item_bytes : place + item_bytes + key_bytes]
    place += item_bytes + key_bytes
    own = []
    for length in lengths:
        own.append(body[place : place + length])
        place += length
    try:
        return RecordBody(digest, kept, _text(item), _text(key), numbers, tuple(own))
    except UnicodeDecodeError:
        return None


def read_key(frame: Frame) -> tuple[int, str]:
    """When a record was kept and under which key, without taking the rest apart; 0 where it cannot be read."""
    body = frame.body
    if len(body) < RECORD_HEAD.size:
        return 0, ""
    _, kept, count, item_bytes, key_bytes = RECORD_HEAD.unpack_from(body)
    if not key_bytes:
        return kept, ""
    place = RECORD_HEAD.size + 4 * (2 * count + 1) + item_bytes
    try:
        return kept, _text(body[place : place + key_bytes])
    except UnicodeDecodeError:
        return kept, ""


def _text(content: memoryview) -> str:
    # Whatever text came is kept, and half a character of UTF-16 is one that some callers have.
    return str(content, "utf-8", "surrogatepass")


def footer_json(content: bytes | memoryview) -> dict[str, object] | None:
    """A footer's content; None where it is none."""
    try:
        found = json.loads(bytes(content))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
