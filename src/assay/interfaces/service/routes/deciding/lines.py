"""Lines from the pieces of a body as they come, each at most 1 MiB. It never holds more than one unfinished line."""

from __future__ import annotations

from typing import TypeAlias

from assay.engine.kernel.errors import Fault
from assay.interfaces.records.lines import LONGEST_LINE

Line: TypeAlias = tuple[int, bytes | Fault]
_TOO_LONG = Fault("line-too-long", f"the line is longer than {LONGEST_LINE >> 20} MiB")
_MARK = b"\xef\xbb\xbf"


class Lines:
    """Splits a body into numbered lines; blank ones are counted and passed over."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = self.number = 0

    @property
    def held(self) -> int:
        """How many bytes of an unfinished line are held."""
        return sum(map(len, self._pieces))

    def feed(self, piece: bytes) -> list[Line]:
        """The lines that this piece ends."""
        first, *others = piece.split(b"\n")
        if not others:
            self._carry(first)
            return []
        found = self._end(first)
        rest = others.pop()
        for content in others:
            self.number += 1
            if content and not content.isspace():
                long = len(content) > LONGEST_LINE and len(content.rstrip(b"\r")) > LONGEST_LINE
                found.append((self.number, _TOO_LONG if long else content))
        self._carry(rest)
        return found

    def finish(self) -> list[Line]:
        """The last line, where no end of line came after it."""
        return self._end(b"") if self._size else []

    def _carry(self, piece: bytes) -> None:
        if not piece:
            return
        self._size += len(piece)
        # What is too long already is only counted: it is never held.
        if self._size <= LONGEST_LINE + 1:
            self._pieces.append(piece)

    def _end(self, piece: bytes) -> list[Line]:
        self._carry(piece)
        content = b"".join(self._pieces)
        too_long = self._size > LONGEST_LINE + 1 or len(content.rstrip(b"\r")) > LONGEST_LINE
        self._pieces, self._size = [], 0
        self.number += 1
        if self.number == 1:
            content = content.removeprefix(_MARK)
        if too_long:
            return [(self.number, _TOO_LONG)]
        return [(self.number, content)] if content and not content.isspace() else []
