"""Two texts side by side in one: which lines and which words went and came. It judges neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["same", "gone", "come", "left-out"]
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Lines around a change that are shown, so that it can be read.
AROUND = 3
# Two lines that share less are two lines, not one that was changed.
_ALIKE = 0.4
# Above this, words are not compared within lines: the time grows with their product.
_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a line; `changed` where it went or came."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference.

    before, after  its number in each text, from 1, or None where it is not there
    skipped        of `left-out`: how many equal lines are not shown
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    before: int | None
    after: int | None
    skipped: int = 0


def difference(before: str, after: str, *, around: int | None = AROUND) -> tuple[Line, ...]:
    """The lines of both texts in order; `around` None shows every equal line."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [_plain("same", old[i + k], i + k + 1, m + k + 1) for k in range(j - i)]
        else:
            lines += _changed(old[i:j], new[m:n], i + 1, m + 1)
    return tuple(lines if around is None else _shortened(lines, around))


def by_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two short texts word by word: what stood, what stands."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        _add(left, "".join(old[i:j]), tag != "equal")
        _add(right, "".join(new[m:n]), tag != "equal")
    return tuple(left), tuple(right)


def _add(pieces: list[Piece], text: str, changed: bool) -> None:
    if not text:
        return
    # A blank between two changed words is part of the change, or it would be read in fragments.
    if changed and len(pieces) > 1 and pieces[-1].text.isspace() and pieces[-2].changed:
        text = pieces.pop(-2).text + pieces.pop().text + text
    pieces.append(Piece(text, changed))


def _changed(old: Sequence[str], new: Sequence[str], i: int, m: int) -> Iterator[Line]:
    pairs = min(len(old), len(new))
    gone, come = [], []
    for k in range(max(len(old), len(new))):
        if k < pairs and len(old[k]) + len(new[k]) <= _LONG and _ratio(old[k], new[k]) >= _ALIKE:
            left, right = by_words(old[k], new[k])
            gone.append(Line("gone", left, i + k, None))
            come.append(Line("come", right, None, m + k))
            continue
        if k < len(old):
            gone.append(_plain("gone", old[k], i + k, None))
        if k < len(new):
            come.append(_plain("come", new[k], None, m + k))
    yield from gone
    yield from come


def _ratio(old: str, new: str) -> float:
    return SequenceMatcher(None, _WORDS.findall(old), _WORDS.findall(new), autojunk=False).ratio()


def _plain(kind: Kind, text: str, before: int | None, after: int | None) -> Line:
    return Line(kind, (Piece(text),), before, after)


def _shortened(lines: Sequence[Line], around: int) -> Iterator[Line]:
    near = {k + d for k, line in enumerate(lines) if line.kind != "same" for d in range(-around, around + 1)}
    skipped = 0
    for k, line in enumerate(lines):
        if k not in near:
            skipped += 1
            continue
        if skipped:
            yield Line("left-out", (), None, None, skipped)
        skipped = 0
        yield line
    if skipped:
        yield Line("left-out", (), None, None, skipped)
