"""Two texts side by side with the words that differ marked. It never writes HTML and leaves no word out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# Words with the space that follows them count as one, so that marks do not break between each two words.
_PIECES = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_FENCE = "```"
# Lines of lists, quotes, tables and headings stand by themselves.
_OWN_LINE = re.compile(r"\s*([-*+>|#]|\d+[.)]\s)")
_MOST_WORDS = 6000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `marked` where the other side has something else there."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or so of prose, or a block of program."""

    program: bool
    pieces: tuple[Piece, ...]


def side_by_side(before: str, after: str) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Both texts as blocks, each with what only it has marked."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if not before or not after:
        # A text that is wholly new, or wholly gone, is not read better with every word marked.
        return _blocks((text, False) for text in old), _blocks((text, False) for text in new)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kept_old, kept_new = [False] * len(old), [False] * len(new)
    for start, other, length in matcher.get_matching_blocks():
        kept_old[start : start + length] = [True] * length
        kept_new[other : other + length] = [True] * length
    return _blocks(_joined(old, kept_old)), _blocks(_joined(new, kept_new))


def _joined(pieces: list[str], kept: list[bool]) -> Iterator[tuple[str, bool]]:
    """Pieces with their marks; a space between two marked words is marked with them."""
    for place, (text, same) in enumerate(zip(pieces, kept, strict=True)):
        inside = text.isspace() and 0 < place < len(pieces) - 1 and not kept[place - 1] and not kept[place + 1]
        yield text, (not same and not text.isspace()) or (inside and "\n" not in text)


def _blocks(pieces: Iterable[tuple[str, bool]]) -> tuple[Block, ...]:
    """The text cut at its fences, which are left out, and at empty lines of its prose."""
    lines: list[list[Piece]] = [[]]
    for text, marked in pieces:
        for part in re.split(r"(\n)", text):
            if part == "\n":
                lines.append([])
            elif part:
                lines[-1].append(Piece(part, marked))
    found: list[Block] = []
    current: list[list[Piece]] = []
    program = False
    for line in lines:
        words = "".join(piece.text for piece in line)
        is_fence = words.startswith(_FENCE)
        if is_fence or (not program and not words.strip()):
            found += _block(current, program=program)
            current = []
            program = program is not is_fence
        else:
            current.append(line)
    return (*found, *_block(current, program=program))


def _block(lines: list[list[Piece]], *, program: bool) -> list[Block]:
    flat = [piece for number, line in enumerate(lines) for piece in (*_break(number, line, program=program), *line)]
    if not any(piece.text.strip() for piece in flat):
        return []
    runs = groupby(flat, key=lambda piece: piece.marked)
    return [Block(program, tuple(Piece("".join(one.text for one in run), marked) for marked, run in runs))]


def _break(number: int, line: list[Piece], *, program: bool) -> tuple[Piece, ...]:
    """What parts a line from the one before: in prose a space, since its lines end where an editor's window did."""
    if not number:
        return ()
    keeps = program or _OWN_LINE.match("".join(piece.text for piece in line))
    return (Piece("\n" if keeps else " ", marked=False),)
