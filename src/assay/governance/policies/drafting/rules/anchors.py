"""Where a remark on some lines stands after the text was edited. It never says that a line which is gone is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from assay.governance.policies.life.merging import kept_lines

# Whether the lines are as they were, were edited, or are gone.
Fate: TypeAlias = Literal["kept", "edited", "gone"]
_MANY_TEXTS = 64


@dataclass(frozen=True, slots=True)
class Anchor:
    """Lines of a text, from 1; of lines that are gone, the line before which they stood."""

    first: int
    last: int
    fate: Fate = "kept"


def follow(before: str, after: str, anchor: Anchor) -> Anchor:
    """Where lines of a text stand in a later one."""
    if before == after:
        return anchor
    kept = _kept_of(before, after)
    moved = [_moved(line - 1, kept) for line in range(anchor.first, anchor.last + 1)]
    there = [place for place, known in moved if known]
    if len(there) == len(moved) and there[-1] - there[0] == len(there) - 1:
        return Anchor(there[0] + 1, there[-1] + 1)
    if there:
        return Anchor(there[0] + 1, there[-1] + 1, "edited")
    return _replaced(anchor.first - 1, kept, after)


def with_lines(text: str, anchor: Anchor, instead: str) -> str:
    """A text with other lines in place of some; empty text leaves them out."""
    lines = text.split("\n")
    return "\n".join([*lines[: anchor.first - 1], *(instead.split("\n") if instead else []), *lines[anchor.last :]])


@lru_cache(_MANY_TEXTS)
def _kept_of(before: str, after: str) -> tuple[tuple[int, int, int], ...]:
    # The end of both texts is as good as a line that stayed.
    ends = (len(before.split("\n")), len(after.split("\n")), 0)
    return (*kept_lines(before, after), ends)


def _moved(line: int, kept: tuple[tuple[int, int, int], ...]) -> tuple[int, bool]:
    """The place of a line, and whether it stayed."""
    for at, there, length in kept:
        if at <= line < at + length:
            return there + line - at, True
    return 0, False


def _replaced(line: int, kept: tuple[tuple[int, int, int], ...], after: str) -> Anchor:
    """What took the place of lines none of which stayed: the lines between those around them that did."""
    begin = max((there + length for at, there, length in kept if at + length <= line), default=0)
    end = min((there for at, there, length in kept if at > line), default=len(after.split("\n")))
    if end > begin:
        return Anchor(begin + 1, end, "edited")
    return Anchor(begin + 1, begin + 1, "gone")
