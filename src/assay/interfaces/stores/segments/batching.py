"""Entries as the bytes that a segment grows by. It writes nothing, and every step here is taken for each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import TypeAlias

from xxhash import xxh3_64_intdigest

from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.segments.frames import LARGEST, LEAD, MARK, RECORD, RECORD_HEAD, piece_frame, record_head

# By content: the number under which records of a segment name a piece. Pieces are the same objects each time, and
# bytes remember their hash, so that looking one up is as quick as if it were a number.
Pieces: TypeAlias = dict[bytes, int]
_HEADS: tuple[Struct, ...] = tuple(record_head(count) for count in range(128))


@dataclass(frozen=True, slots=True)
class Framed:
    """Entries as bytes.

    keys  those that some have, each with the place of its record
    """

    content: bytes
    records: int
    keys: list[tuple[str, int]]


def frames_for(entries: Sequence[Entry], pieces: Pieces, salt: int, offset: int, now: int) -> Framed:
    """The frames of entries, to be written at an offset; pieces that are new get the next numbers."""
    found: list[bytes] = []
    keys: list[tuple[str, int]] = []
    number_of, digest_of, pack, join = pieces.__getitem__, xxh3_64_intdigest, LEAD.pack, b"".join
    for entry in entries:
        parts = entry.parts
        own, shared = parts[::2], parts[1::2]
        count = len(shared)
        if len(own) == count:
            own = [*own, b""]
        try:
            numbers = [*map(number_of, shared)]
        except KeyError:
            offset += _add_pieces(shared, pieces, found, salt + offset)
            numbers = [*map(number_of, shared)]
        item, key = _encoded(entry.item), _encoded(entry.key) if entry.key else b""
        lengths = [*map(len, own)]
        length = RECORD_HEAD.size + 8 * count + 4 + len(item) + len(key) + sum(lengths)
        head = (_HEADS[count] if count < len(_HEADS) else record_head(count)).pack(
            RECORD, length, digest_of(join(parts)), now, count, len(item), len(key), *numbers, *lengths
        )
        covered = join((head, item, key, *own))
        found += (pack(MARK, digest_of(covered, salt + offset & LARGEST)), covered)
        if key:
            keys.append((entry.key, offset))
        offset += LEAD.size + len(covered)
    return Framed(join(found), len(entries), keys)


def _encoded(text: str) -> bytes:
    """Whatever text came is kept, half a character of UTF-16 as well."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _add_pieces(shared: Sequence[bytes], pieces: Pieces, found: list[bytes], place: int) -> int:
    """Number the pieces that are new; the bytes that their frames take."""
    taken = 0
    for content in shared:
        if content not in pieces:
            number = pieces[content] = len(pieces)
            found.append(piece_frame(number, content, place + taken))
            taken += len(found[-1])
    return taken
