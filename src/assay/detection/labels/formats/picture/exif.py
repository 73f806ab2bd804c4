"""EXIF and TIFF directories with one tag set. What is new goes behind the block, so that no offset in it moves."""

from __future__ import annotations

import io
from dataclasses import dataclass

from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Kept, Original, Piece, replaced
from assay.detection.labels.refused import malformed

MAXIMUM_ENTRIES = 1_000
MAXIMUM_VALUE = 16 * 1024 * 1024
XMP, EXIF, COMMENT = 0x02BC, 0x8769, 0x9286
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = (b"ASCII\x00\x00\x00", b"UNICODE\x00", bytes(8))


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    row: bytes
    place: int
    value: tuple[int, int]


class Directories:
    """A TIFF structure that begins at the first byte of its source."""

    def __init__(self, source: Original) -> None:
        self.source = source
        head = source.read(0, 8)
        if head[:2] not in (b"II", b"MM"):
            raise malformed("an EXIF block has no byte order")
        self.order = "little" if head[:2] == b"II" else "big"
        magic = self._number(head[2:4])
        if magic not in (42, 43):
            raise malformed("an EXIF block has no TIFF header")
        self.big = magic == 43
        self.width = 8 if self.big else 4
        self.link = 8 if self.big else 4
        self.first = source.number(self.link, self.width, self.order)

    def entries(self, offset: int) -> list[_Entry]:
        """The rows of one directory."""
        head, row_size = (8, 20) if self.big else (2, 12)
        count = self.source.number(offset, head, self.order)
        if count > MAXIMUM_ENTRIES:
            raise malformed("an EXIF directory has too many entries")
        table = self.source.read(offset + head, offset + head + count * row_size)
        rows = []
        for index in range(count):
            row = table[index * row_size : (index + 1) * row_size]
            items = self._number(row[4 : 4 + self.width])
            length = items * _WIDTHS.get(self._number(row[2:4]), 1)
            place = offset + head + index * row_size
            inline = place + 4 + self.width
            start = inline if length <= self.width else self._number(row[4 + self.width :])
            value = (start, start + min(length, MAXIMUM_VALUE))
            rows.append(_Entry(self._number(row[:2]), self._number(row[2:4]), items, row, place, value))
        return rows

    def row(self, tag: int, kind: int, count: int, offset: int) -> bytes:
        """A row whose value stands at an offset."""
        return self._bytes(tag, 2) + self._bytes(kind, 2) + self._bytes(count, self.width) + self._bytes(offset)

    def table(self, rows: list[bytes], following: bytes) -> bytes:
        """A directory from its rows, in the order of their tags, and its link to the next one."""
        rows = sorted(rows, key=lambda row: self._number(row[:2]))
        return self._bytes(len(rows), 8 if self.big else 2) + b"".join(rows) + following

    def following(self, offset: int, count: int) -> bytes:
        """The link behind a directory; writers of bare EXIF blocks often leave it out."""
        at = offset + (8 + count * 20 if self.big else 2 + count * 12)
        return self.source.read(at, at + self.width) if at + self.width <= self.source.size else bytes(self.width)

    def offset(self, value: int) -> bytes:
        return self._bytes(value)

    def _bytes(self, value: int, width: int | None = None) -> bytes:
        width = width or self.width
        if value >= 1 << 8 * width:
            raise malformed("an EXIF block is too large for its own offsets")
        return value.to_bytes(width, "little" if self.order == "little" else "big")

    def _number(self, content: bytes) -> int:
        return int.from_bytes(content, "little" if self.order == "little" else "big")


def comment_changes(directories: Directories, marking: Marking, end: int) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """Changes that bring a label in the user comment up to date, with what is to stand from `end` on.

    A comment that is no label is somebody's own words: it stays.
    """
    changes: list[tuple[int, int, bytes]] = []
    behind = b""
    for entry in _comments(directories):
        content = directories.source.read(*entry.value)
        code, text = content[:8], _decoded(content, directories.order)
        if text is None or not text.lstrip().startswith('{"AIGC"'):
            continue
        new = marking.text(text, "EXIF UserComment", wrapped=True)
        if new is None or new == text:
            continue
        value = (code if code != b"UNICODE\x00" else _CODES[0]) + new.encode("ascii")
        row = directories.row(COMMENT, 7, len(value), end + len(behind))
        changes.append((entry.place, entry.place + len(row), row))
        behind += value + bytes(len(value) & 1)
    return changes, behind


def _comments(directories: Directories) -> list[_Entry]:
    if not directories.first:
        return []
    first = directories.entries(directories.first)
    found = [entry for entry in first if entry.tag == COMMENT]
    for entry in first:
        if entry.tag == EXIF:
            width = _WIDTHS.get(entry.kind, 4)
            inner = directories.source.number(entry.value[0], width, directories.order)
            found += [each for each in directories.entries(inner) if each.tag == COMMENT]
    return found


def _decoded(content: bytes, order: str) -> str | None:
    code, rest = content[:8], content[8:]
    if code == b"UNICODE\x00":
        # The byte order should be the file's, and half of the writers use the other one.
        little = rest[1::2].count(0) > rest[::2].count(0)
        return rest.decode("utf-16-le" if little else "utf-16-be", errors="replace").rstrip("\x00")
    if code in _CODES:
        content = rest
    return content.decode("latin-1").rstrip("\x00 ")


def exif_block(block: bytes, marking: Marking) -> bytes:
    """An EXIF block whose label in the user comment is up to date; all else as it stood."""
    source = Original(io.BytesIO(block), len(block))
    size = len(block) + (len(block) & 1)
    changes, behind = comment_changes(Directories(source), marking, size)
    if not changes:
        return block
    body = b"".join(_bytes_of(source, piece) for piece in replaced(len(block), changes))
    return body + bytes(size - len(block)) + behind


def _bytes_of(source: Original, piece: Piece) -> bytes:
    return source.read(piece.start, piece.end) if isinstance(piece, Kept) else piece
