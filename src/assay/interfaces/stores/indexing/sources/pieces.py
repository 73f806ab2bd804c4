"""The pieces that a segment's records share, read one by one when a record needs them. It reads nothing else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping

from assay.interfaces.stores.segments.frames import FRAME_BYTES, LEAD, PIECE, Frame, frames_of, read_piece

_LARGEST_PIECE = 64 << 20


class Pieces(Mapping[int, bytes]):
    """By number; where each stands is in the index, and what was read is remembered.

    file    that is open for reading, with its salt; `number` of it in the index
    """

    def __init__(self, connection: sqlite3.Connection, file: int, salt: int, number: int) -> None:
        self._connection, self._file, self._salt, self._number = connection, file, salt, number
        self.known: dict[int, bytes] = {}

    def __getitem__(self, number: int) -> bytes:
        found = self.known.get(number)
        if found is None:
            query = "SELECT place FROM piece WHERE file = ? AND number = ?"
            row = self._connection.execute(query, (self._number, number)).fetchone()
            frame = None if row is None else frame_at(self._file, self._salt, row[0])
            piece = None if frame is None or frame.kind != PIECE else read_piece(frame)
            if piece is None or piece[0] != number:
                raise KeyError(number)
            found = self.known[number] = piece[1]
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def frame_at(file: int, salt: int, place: int) -> Frame | None:
    """The frame that stands at a place of an open file; None where none does."""
    head = os.pread(file, FRAME_BYTES, place)
    if len(head) < FRAME_BYTES:
        return None
    length = int.from_bytes(head[LEAD.size + 4 : LEAD.size + 8], "little")
    if length > _LARGEST_PIECE:
        return None
    content = os.pread(file, FRAME_BYTES + length, place)
    # A frame is only valid at its own place in the file, which the salt makes up for here.
    found = next(frames_of(content, salt + place, 0), None)
    return Frame(place, found.kind, found.body) if isinstance(found, Frame) else None
