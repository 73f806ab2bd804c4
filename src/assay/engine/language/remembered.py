"""What was read and worked out before, by what it was made of. It never gives for one text what was read of another.

Whoever checks a pack again and again, an editor for example, keeps one and hands it to `check_pack`: what did not
change is then not read anew. It knows no clock and is no thread's business but its holder's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from assay.engine.kernel.errors import Diagnostic

T = TypeVar("T")
# Characters of text whose readings are kept; what was read takes some forty times as much room.
MOST_CHARACTERS = 3_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    problems: tuple[Diagnostic, ...]
    size: int


class Remembered:
    """Readings, the ones used last at the end; the others are forgotten where there are too many.

    runs  what rules said of examples, kept by whoever runs them
    """

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self.most = most
        self.runs: dict[Hashable, Any] = {}
        self._kept: dict[Hashable, _Kept] = {}
        self._size = 0

    def once(self, key: Hashable, size: int, read: Callable[[list[Diagnostic]], T], problems: list[Diagnostic]) -> T:
        """What `read` gives, from memory where the same was read before; its problems are added either way.

        key   everything that the reading depends on
        size  of its text, in characters
        """
        held = self._kept.pop(key, None)
        if held is None:
            found: list[Diagnostic] = []
            held = _Kept(read(found), tuple(found), size + 200)
            self._size += held.size
        self._kept[key] = held
        problems += held.problems
        value: T = held.value
        while self._size > self.most and len(self._kept) > 1:
            self._size -= self._kept.pop(next(iter(self._kept))).size
        return value
