"""A file seen through a budget of bytes and steps. It never reads past the end, and never more than it was given."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

MEBIBYTE = 1024 * 1024
MAXIMUM_BYTES = 48 * MEBIBYTE
MAXIMUM_STEPS = 100_000
MAXIMUM_VALUE = 2 * MEBIBYTE
# Cameras put whole depth maps into XMP, and music programs whole covers into comments.
MAXIMUM_PACKET = 16 * MEBIBYTE
MAXIMUM_FIELDS = 4_000
MAXIMUM_NOTES = 20
MAXIMUM_PARTS = 200


class Malformed(Exception):
    """The bytes contradict their own format; the text says where."""


class Exhausted(Exception):
    """The file asks for more reading than one file is given; the text says of what."""


@dataclass(frozen=True, slots=True)
class Field:
    """One metadata field: the kind of place it stands in, its key there, and its text."""

    place: str
    key: str
    value: str


@dataclass(slots=True)
class _Budget:
    """What is left of one file's share; every payload nested in the file draws on the same."""

    bytes: int
    steps: int


class Source:
    """A stream with a budget; nested payloads share the budget of the file they lie in."""

    __slots__ = ("_stream", "budget", "faults", "notes", "parts", "size")

    def __init__(self, stream: BinaryIO, size: int, *, within: Source | None = None) -> None:
        self._stream = stream
        self.size = size
        self.budget: _Budget = within.budget if within else _Budget(MAXIMUM_BYTES, MAXIMUM_STEPS)
        self.notes: list[str] = within.notes if within else []
        self.faults: list[str] = within.faults if within else []
        self.parts: dict[str, int] = within.parts if within else {}

    def nested(self, payload: bytes) -> Source:
        """A payload of this file as a source of its own."""
        return Source(io.BytesIO(payload), len(payload), within=self)

    def step(self) -> None:
        """Counts one structure; a million empty boxes must not take a minute."""
        self.budget.steps -= 1
        if self.budget.steps < 0:
            raise Exhausted("structures")

    def met(self, part: str, times: int = 1) -> None:
        """Counts a part of the container by its name, for the summary that a reviewer sees."""
        if part in self.parts or len(self.parts) < MAXIMUM_PARTS:
            self.parts[part] = self.parts.get(part, 0) + times

    def read(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes; raises Malformed where the file ends before them."""
        self.step()
        if offset < 0 or count < 0 or offset + count > self.size:
            raise Malformed(f"a structure at byte {offset} reaches past the end")
        self.budget.bytes -= count
        if self.budget.bytes < 0 or count > MAXIMUM_BYTES:
            raise Exhausted("bytes")
        self._stream.seek(offset)
        content = self._stream.read(count)
        if len(content) != count:
            raise Malformed(f"the file ends within a structure at byte {offset}")
        return content

    def value(self, offset: int, count: int) -> bytes:
        """A field's content; one larger than any true field is noted and left out."""
        if count > MAXIMUM_VALUE and offset + count <= self.size:
            self.note(f"a field of {count} bytes at byte {offset} was not read")
            return b""
        return self.read(offset, count)

    def peek(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes of media data in passing, which the byte budget does not count."""
        self.step()
        self._stream.seek(offset)
        return self._stream.read(count)

    def note(self, words: str) -> None:
        """Records something left unread; the file then counts as not wholly read."""
        if len(self.notes) < MAXIMUM_NOTES:
            self.notes.append(words)

    def tolerate(self, fields: Iterable[Field]) -> Iterator[Field]:
        """Fields of one payload; where it is malformed, that is noted and the walk goes on behind it."""
        try:
            yield from fields
        except Malformed as fault:
            if len(self.faults) < MAXIMUM_NOTES:
                self.faults.append(str(fault))


def inflate(content: bytes) -> bytes:
    """Unpacks a zlib stream of at most `MAXIMUM_VALUE`; a bomb raises Exhausted before it is unpacked."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, MAXIMUM_VALUE)
    except zlib.error as error:
        raise Malformed("a compressed text cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise Exhausted("unpacked bytes")
    return unpacked


@lru_cache(maxsize=1024)
def name_of(letters: bytes) -> str:
    """A part's few letters as text; those that cannot be shown are written as numbers."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in letters).strip()


def text_of(content: bytes) -> str:
    """UTF-8 where it is, else Latin-1: writers disagree, and no byte may be lost before the form is checked."""
    content = content.rstrip(b"\x00")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")
