"""Reads a segment from a place on, while somebody writes it. It takes half a frame for one yet to be written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from assay.interfaces.stores.indexing.sources.pieces import Pieces
from assay.interfaces.stores.segments.frames import (
    FOOTER,
    FRAME_BYTES,
    HEADER_BYTES,
    PIECE,
    Damage,
    Frame,
    frames_of,
    read_header,
    read_piece,
)
from assay.interfaces.stores.segments.reading import StoredRecord, read_sealed, together

_AT_ONCE = 8 << 20


class Begun:
    """How far a segment is read.

    place    the byte up to which
    records  that came before it
    whole    whether its end was reached, and it was closed
    shrunk   whether it ends before what was read of it
    """

    def __init__(self, place: int, records: int) -> None:
        self.place, self.records = place, records
        self.whole = self.shrunk = False


class OpenSegment:
    """A segment that is open for reading, with the pieces that were met."""

    def __init__(self, path: Path, file: int, salt: int, pieces: Pieces, number: int) -> None:
        self.path = path
        self._file, self._salt, self._pieces, self._number = file, salt, pieces, number

    @classmethod
    def open(cls, path: Path, number: int, connection: sqlite3.Connection) -> Self | Damage | None:
        """Open a segment; None where it has no header yet.

        raises  OSError where it cannot be opened
        """
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        content = os.pread(file, HEADER_BYTES, 0)
        header = read_header(content)
        if isinstance(header, str):
            os.close(file)
            return Damage(0, len(content), "no-segment", header) if len(content) == HEADER_BYTES else None
        return cls(path, file, header.salt, Pieces(connection, file, header.salt, number), number)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def read(self, begun: Begun, connection: sqlite3.Connection) -> Iterator[StoredRecord | Damage]:
        """Records from a place on, and what is damaged between them; `begun` says how far that came."""
        most = _AT_ONCE
        begun.place = max(begun.place, HEADER_BYTES)
        while not begun.whole:
            size = os.fstat(self._file).st_size
            left = size - begun.place
            content = os.pread(self._file, min(left, most), begun.place) if left > 0 else b""
            before = begun.place
            yield from self._portion(content, begun, connection)
            if begun.place > before:
                continue
            if len(content) >= left:
                begun.shrunk = self._is_cut(begun.place, left)
                return
            # A frame is larger than what was read at once.
            most *= 4

    def _portion(self, content: bytes, begun: Begun, connection: sqlite3.Connection) -> Iterator[StoredRecord | Damage]:
        base = begun.place
        for found in frames_of(content, self._salt + base, 0):
            place = base + found.offset
            if isinstance(found, Damage):
                if found.slug == "torn-tail":
                    # Still being written, or cut off by our own limit.
                    return
                begun.place = place + found.size
                yield Damage(place, found.size, found.slug, found.words)
                continue
            after = place + FRAME_BYTES + len(found.body)
            if found.kind == FOOTER:
                begun.whole = True
                return
            if found.kind == PIECE:
                self._keep_piece(found, place, connection)
                begun.place = after
                continue
            record = together(Frame(place, found.kind, found.body), self._pieces)
            begun.place = after
            if isinstance(record, StoredRecord):
                begun.records += 1
            yield record

    def _keep_piece(self, frame: Frame, place: int, connection: sqlite3.Connection) -> None:
        piece = read_piece(frame)
        if piece is not None:
            number, self._pieces.known[number] = piece
            connection.execute("INSERT OR REPLACE INTO piece VALUES (?, ?, ?)", (self._number, number, place))

    def _is_cut(self, place: int, left: int) -> bool:
        """Whether the file was cut behind our back: it is shorter than what was read, or was closed before that."""
        if left < 0:
            return True
        sealed = read_sealed(self.path) if left > 0 else None
        return sealed is not None and sealed.place < place
