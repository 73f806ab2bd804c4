"""A file as pieces: ranges that are copied and bytes that are new. It never holds a whole film in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from assay.detection.labels.refused import CannotLabel, malformed

MEBIBYTE = 1024 * 1024
COPY_BLOCK = 4 * MEBIBYTE
# Headers, tags and tables; the media itself is copied in blocks and does not count.
MAXIMUM_BYTES = 128 * MEBIBYTE
MAXIMUM_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A range of the original, from `start` up to `end`, that is copied as it stands."""

    start: int
    end: int


Piece = Kept | bytes


class Original:
    """The file to label, read through a budget: a hostile one costs a refusal, never the machine."""

    __slots__ = ("_bytes", "_steps", "_stream", "size")

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size
        self._bytes = MAXIMUM_BYTES
        self._steps = MAXIMUM_STEPS

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`; refuses the file where it ends before them."""
        self._steps -= 1
        self._bytes -= max(end - start, 0)
        if self._steps < 0 or self._bytes < 0:
            raise CannotLabel("too-much-structure", "the file has more tables and tags than one file is given")
        if not 0 <= start <= end <= self.size:
            raise malformed(f"a structure at byte {start} reaches past the end")
        self._stream.seek(start)
        content = self._stream.read(end - start)
        if len(content) != end - start:
            raise malformed(f"the file ends within a structure at byte {start}")
        return content

    def number(self, start: int, width: int, order: str = "big") -> int:
        """An unsigned number of `width` bytes."""
        return int.from_bytes(self.read(start, start + width), "little" if order == "little" else "big")

    def peek(self, start: int, end: int) -> bytes:
        """Media in passing, such as a picture's blocks that are walked over: it draws on no budget of bytes."""
        self._stream.seek(start)
        return self._stream.read(min(end, self.size) - start)

    def blocks(self, piece: Kept) -> Iterator[bytes]:
        """A range in blocks, for copying; nothing of it is looked at, so that it draws on no budget."""
        self._stream.seek(piece.start)
        left = piece.end - piece.start
        while left > 0:
            block = self._stream.read(min(left, COPY_BLOCK))
            if not block:
                raise malformed("the file became shorter while it was copied")
            left -= len(block)
            yield block


def write_pieces(original: Original, pieces: Iterable[Piece], out: BinaryIO) -> None:
    """Writes the pieces one behind the other."""
    for piece in pieces:
        if isinstance(piece, Kept):
            out.writelines(original.blocks(piece))
        else:
            out.write(piece)


def length_of(pieces: Iterable[Piece]) -> int:
    """How many bytes the pieces make."""
    return sum(piece.end - piece.start if isinstance(piece, Kept) else len(piece) for piece in pieces)


def replaced(size: int, changes: Iterable[tuple[int, int, bytes]], *, start: int = 0) -> list[Piece]:
    """The original from `start` to `size` with ranges replaced; a change is its start, its end and what stands there.

    A change of no width inserts. Changes that overlap would mean that a structure was read twice.
    """
    pieces: list[Piece] = []
    at = start
    for begin, end, content in sorted(changes, key=lambda change: (change[0], change[1])):
        if begin < at or end > size:
            raise malformed(f"two structures share the bytes at {begin}")
        if begin > at:
            pieces.append(Kept(at, begin))
        if content:
            pieces.append(content)
        at = end
    if at < size:
        pieces.append(Kept(at, size))
    return pieces
