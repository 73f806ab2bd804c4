"""Where something stands in a text. It never holds the text itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one line in one file.

    path    the file's name, as given
    line    from 1
    column  from 1, in characters
    length  in characters, at least 1
    """

    path: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
