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
# Above this, words are not compared within a line: the time grows with their product.
_LONG = 2_000
# So many letters in all are compared by words; the lines of a longer difference are shown whole.
_MOST_LETTERS = 120_000
# Of texts with more pairs of lines than this, lines that stand everywhere (blank ones) do not begin a comparison.
_MANY_PAIRS = 4_000_000


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
    many = len(old) * len(new) > _MANY_PAIRS
    letters = 0
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=many).get_opcodes():
        if tag == "equal":
            lines += [_plain("same", old[i + k], i + k + 1, m + k + 1) for k in range(j - i)]
        else:
            letters += sum(map(len, old[i:j])) + sum(map(len, new[m:n]))
            lines += _changed(old[i:j], new[m:n], i + 1, m + 1, finely=letters <= _MOST_LETTERS)
    return tuple(lines if around is None else _shortened(lines, around))


def program_lines(text: str) -> frozenset[int]:
    """The numbers of the lines of a policy that are program and not prose: its particulars, and fenced blocks."""
    found: list[int] = []
    ends = ""
    for number, line in enumerate(text.splitlines(), 1):
        opens = "---" if number == 1 and line.strip() == "---" else "```" if line.startswith("```") else ""
        if ends or opens:
            found.append(number)
        ends = opens if not ends else "" if line.strip() == ends else ends
    return frozenset(found)


def by_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two short texts word by word: what stood, what stands."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return _pieces(old, new, SequenceMatcher(None, old, new, autojunk=False))


def _pieces(
    old: Sequence[str], new: Sequence[str], matched: SequenceMatcher[str]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, m, n in matched.get_opcodes():
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


def _changed(old: Sequence[str], new: Sequence[str], i: int, m: int, *, finely: bool) -> Iterator[Line]:
    pairs = min(len(old), len(new)) if finely else 0
    gone, come = [], []
    for k in range(max(len(old), len(new))):
        if k < pairs and (pieces := _alike(old[k], new[k])) is not None:
            gone.append(Line("gone", pieces[0], i + k, None))
            come.append(Line("come", pieces[1], None, m + k))
            continue
        if k < len(old):
            gone.append(_plain("gone", old[k], i + k, None))
        if k < len(new):
            come.append(_plain("come", new[k], None, m + k))
    yield from gone
    yield from come


def _alike(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Two lines word by word; None where they are two lines, and not one that was changed."""
    if len(before) + len(after) > _LONG:
        return None
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matched = SequenceMatcher(None, old, new, autojunk=False)
    # The first two bounds cost little, and most lines that differ are told apart by them.
    if any(bound() < _ALIKE for bound in (matched.real_quick_ratio, matched.quick_ratio, matched.ratio)):
        return None
    return _pieces(old, new, matched)


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
