"""Reads a segment: its records put together and checked, its damage placed. It never hands out a wrong record."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xxhash import xxh3_64_intdigest

from assay.interfaces.stores.segments.frames import (
    FOOTER,
    HEADER_BYTES,
    PIECE,
    RECORD,
    TRAILER_BYTES,
    Damage,
    Frame,
    Header,
    footer_json,
    footer_place,
    frames_of,
    read_header,
    read_piece,
    read_record,
)

_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it was kept.

    offset  where it stands in its file: a byte of a segment, a row of a table
    kept    when, in microseconds since the epoch
    """

    offset: int
    item: str
    key: str
    kept: int
    record: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A closed segment's header and footer.

    footer  as JSON says it
    place   where it stands: the frames before it are all there are
    """

    header: Header
    footer: dict[str, object]
    place: int


def records_of(content: bytes, salt: int, only: frozenset[int] | None = None) -> Iterator[StoredRecord | Damage]:
    """The records of a file in order, and what is damaged between them.

    only  the places of the records that are wanted; the others are passed over
    """
    pieces: dict[int, bytes] = {}
    for frame in frames_of(content, salt):
        if isinstance(frame, Damage):
            yield frame
        elif frame.kind == PIECE:
            piece = read_piece(frame)
            if piece is None:
                yield _malformed(frame)
            else:
                pieces[piece[0]] = piece[1]
        elif frame.kind == RECORD and (only is None or frame.offset in only):
            yield together(frame, pieces)


def _malformed(frame: Frame) -> Damage:
    return Damage(frame.offset, len(frame.body), "malformed-frame", "what the frame says of itself cannot be")


def together(frame: Frame, pieces: Mapping[int, bytes]) -> StoredRecord | Damage:
    """The record of a frame with its pieces, by number, in their places."""
    found = read_record(frame)
    if found is None:
        return _malformed(frame)
    parts: list[bytes | memoryview] = [found.own[0]]
    for number, own in zip(found.numbers, found.own[1:], strict=True):
        piece = pieces.get(number)
        if piece is None:
            words = f"the record needs piece {number}, which is damaged or missing"
            return Damage(frame.offset, 0, "missing-piece", words)
        parts += (piece, own)
    record = b"".join(parts)
    if xxh3_64_intdigest(record) != found.digest:
        return Damage(frame.offset, 0, "wrong-digest", "the record put together is not the one that was kept")
    return StoredRecord(frame.offset, found.item, found.key, found.kept, record)


def read_whole(path: Path) -> tuple[bytes, list[Damage]]:
    """A file's bytes, with zeros where the disk does not give them, and where that is.

    raises  OSError where it cannot be opened
    """
    damages = []
    with path.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        found = bytearray(size)
        for offset in range(0, size, _AT_ONCE):
            try:
                _fill(stream.fileno(), memoryview(found)[offset : offset + _AT_ONCE], offset)
            except OSError as error:
                words = f"the disk does not give these bytes: {(error.strerror or 'it failed').lower()}"
                damages.append(Damage(offset, min(_AT_ONCE, size - offset), "unreadable", words))
    return bytes(found), damages


def _fill(file: int, into: memoryview, offset: int) -> None:
    while into:
        part = os.pread(file, len(into), offset)
        if not part:
            # Somebody cut the file just now; what is missing stays zero, which is no frame.
            return
        into[: len(part)] = part
        into, offset = into[len(part) :], offset + len(part)


def is_closed(path: Path) -> bool:
    """Whether a segment was closed, by its last bytes alone.

    raises  OSError where it cannot be read
    """
    with path.open("rb") as stream:
        return _place_of_footer(stream) is not None


def _place_of_footer(stream: BinaryIO) -> tuple[Header, int, int] | None:
    """Header, place of the footer, and the file's size; None where it was not closed, or these are damaged."""
    header = read_header(stream.read(HEADER_BYTES))
    size = stream.seek(0, 2)
    if isinstance(header, str) or size < HEADER_BYTES + TRAILER_BYTES:
        return None
    stream.seek(size - TRAILER_BYTES)
    place = footer_place(stream.read(TRAILER_BYTES), header.salt)
    return (header, place, size) if place is not None and HEADER_BYTES <= place <= size - TRAILER_BYTES else None


def read_sealed(path: Path) -> Sealed | None:
    """Header and footer of a closed segment, without the rest; None where it was not closed, or these are damaged.

    raises  OSError where it cannot be read
    """
    with path.open("rb") as stream:
        found = _place_of_footer(stream)
        if found is None:
            return None
        header, place, size = found
        stream.seek(place)
        tail = stream.read(size - TRAILER_BYTES - place)
    footer = _footer_in(tail, place, header.salt)
    return None if footer is None else Sealed(header, footer, place)


def _footer_in(tail: bytes, place: int, salt: int) -> dict[str, object] | None:
    # A frame is only valid at its own place in the file, which the salt makes up for here.
    frames = list(frames_of(tail, salt + place, 0))
    found = frames[0] if len(frames) == 1 else None
    return footer_json(found.body) if isinstance(found, Frame) and found.kind == FOOTER else None


def keys_in(sealed: Sealed) -> list[tuple[str, int]]:
    """The keys that a footer lists, each with the place of its record."""
    found = sealed.footer.get("keys")
    pairs = [tuple(pair) for pair in found if isinstance(pair, list)] if isinstance(found, list) else []
    return [
        (pair[0], pair[1]) for pair in pairs if len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], int)
    ]
