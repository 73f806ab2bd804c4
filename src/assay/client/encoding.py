"""Items as the service takes them: JSON in one line each. It refuses what JSON would change in silence, such as NaN."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from assay.client.problems import Fault
from assay.client.results import LineProblem

# An item record: `id`, `signals`, `assertions`, `subject`; or its JSON, ready as bytes.
ItemLike: TypeAlias = Mapping[str, object] | bytes
Instant: TypeAlias = str | datetime


class Unsendable(ValueError):
    """An item cannot be written as JSON; nothing was sent."""


def line_of(item: ItemLike, asked: Mapping[str, object] | None = None) -> bytes:
    """An item in one line, with what is asked of it.

    raises  Unsendable where it has no JSON, or is JSON of several lines
    """
    if isinstance(item, bytes):
        if b"\n" in item or b"\r" in item or not item.strip():
            raise Unsendable("an item that is given as bytes is one line of JSON")
        return item if not asked else line_of(_decoded(item), asked)
    try:
        content = {**item, **asked} if asked else item
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        # The library's words may quote the content, so only the kind of error is told.
        raise Unsendable(f"the item cannot be written as JSON ({type(error).__name__})") from None


def _decoded(item: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(item)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Unsendable("an item that is given as bytes is one JSON object")
    return content


def _plain(value: object) -> object:
    """What the standard library does not write: times, sets, mappings of other kinds."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def instant_text(given: Instant) -> str:
    """An instant as the service takes it.

    raises  Unsendable for a time without its zone, which is no instant
    """
    if isinstance(given, str):
        return given
    if given.tzinfo is None:
        raise Unsendable("a time without a time zone is no instant")
    return given.isoformat()


def asked_of(markets: Sequence[str] | None, as_of: Instant | None) -> dict[str, object]:
    """What one request asks beside its item."""
    if isinstance(markets, str):
        raise Unsendable('`markets` is a list of codes, such as ["BR", "EU"]')
    asked: dict[str, object] = {}
    if markets is not None:
        asked["markets"] = list(markets)
    if as_of is not None:
        asked["as_of"] = instant_text(as_of)
    return asked


@dataclass(frozen=True, slots=True)
class Chunk:
    """Part of a batch that is sent at once.

    first  number of its first line, from 1
    lines  of JSON, or what kept an item from becoming one
    """

    first: int
    lines: tuple[bytes | LineProblem, ...]

    @property
    def content(self) -> bytes:
        """What is sent."""
        return b"".join(line + b"\n" for line in self.lines if isinstance(line, bytes))

    @property
    def places(self) -> list[int]:
        """The numbers of the lines that are sent."""
        return [self.first + place for place, line in enumerate(self.lines) if isinstance(line, bytes)]


class Chunking:
    """Cuts a batch into chunks, so that memory is bounded and a chunk that failed can be sent again."""

    def __init__(self, most_items: int, most_bytes: int) -> None:
        self._most_items, self._most_bytes = most_items, most_bytes
        self._next, self._size = 1, 0
        self._lines: list[bytes | LineProblem] = []

    def add(self, item: ItemLike) -> Chunk | None:
        """Take an item; the chunk that is full before it, or None."""
        line = self._line(item)
        size = len(line) + 1 if isinstance(line, bytes) else 0
        full = self._lines and (len(self._lines) >= self._most_items or self._size + size > self._most_bytes)
        chunk = self.rest() if full else None
        self._lines.append(line)
        self._size += size
        return chunk

    def rest(self) -> Chunk | None:
        """What has been taken and not given yet."""
        if not self._lines:
            return None
        chunk = Chunk(self._next, tuple(self._lines))
        self._next += len(self._lines)
        self._lines, self._size = [], 0
        return chunk

    def _line(self, item: ItemLike) -> bytes | LineProblem:
        try:
            return line_of(item)
        except Unsendable as why:
            named = item.get("id") if isinstance(item, Mapping) else None
            fault = Fault("unsendable", str(why))
            number = self._next + len(self._lines)
            return LineProblem(number, named if isinstance(named, str) else None, (fault,))


def chunks_of(items: Iterable[ItemLike], chunking: Chunking) -> Iterable[Chunk]:
    """The chunks of a batch, one after the other, as its items come."""
    for item in items:
        chunk = chunking.add(item)
        if chunk is not None:
            yield chunk
    last = chunking.rest()
    if last is not None:
        yield last
