"""A piece of text and where each of its characters stands in its file. It never reads a file."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.span import Span


@dataclass(frozen=True, slots=True)
class Source:
    """Text cut out of a file.

    text       what the parser sees
    path       the file's name
    positions  line and column (from 1) of every character of `text`, and of the place just after it
    """

    text: str
    path: str
    positions: tuple[tuple[int, int], ...]

    @classmethod
    def of_line(cls, text: str, path: str = "<expression>", line: int = 1, column: int = 1) -> Source:
        """Text that stands in one piece, beginning at a line and column."""
        positions = []
        for character in text:
            positions.append((line, column))
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
        positions.append((line, column))
        return cls(text, path, tuple(positions))

    def span(self, start: int, end: int) -> Span:
        """The place of `text[start:end]`, cut at the end of its first line."""
        start = min(max(start, 0), len(self.text))
        line, column = self.positions[start]
        last = start
        while last + 1 < min(end, len(self.text)) and self.positions[last + 1][0] == line:
            last += 1
        return Span(self.path, line, column, self.positions[last][1] - column + 1)

    @property
    def whole(self) -> Span:
        """The place of all of it, or of its first line."""
        return self.span(0, len(self.text))
