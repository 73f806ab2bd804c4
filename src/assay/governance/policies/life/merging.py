"""Two edits of one text made into one, by lines and within lines by words. It decides no clash and loses no word.

Where only one side changed something, that change holds; where both made the same one, it holds once. Where both wrote
the same words differently there is a clash: the merged text keeps what was there first, and the clash names the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
# Beyond as many pairs of equal pieces the search for them would take seconds; pieces that come often are then skipped.
_MOST_PAIRS = 400_000


@dataclass(frozen=True, slots=True)
class Clash:
    """Words that both sides wrote differently.

    start, end  where the words that were kept stand in the merged text, by characters
    in_ours     where they begin in what was there first
    line        of the merged text, from 1
    base        what stood there before both
    ours        what was there first, and is kept
    theirs      what the later one wrote
    """

    start: int
    end: int
    in_ours: int
    line: int
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of two edits."""

    text: str
    clashes: tuple[Clash, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing was written twice."""
        return not self.clashes


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the base with what each side made of it."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]

    @property
    def settled(self) -> str | None:
        """What holds; None where both changed it, and not alike."""
        if self.theirs in (self.ours, self.base):
            return "".join(self.ours)
        return "".join(self.theirs) if self.ours == self.base else None


def merge_texts(base: str, ours: str, theirs: str) -> Merged:
    """Both edits of `base` in one text.

    ours    what was there first
    theirs  what the later one wrote
    """
    text, clashes, in_ours = "", [], 0
    for piece in _pieces(*(each.splitlines(keepends=True) for each in (base, ours, theirs))):
        for words in [piece] if piece.settled is not None else _by_words(piece):
            kept, settled = "".join(words.ours), words.settled
            if settled is None:
                place = (len(text), len(text) + len(kept), in_ours, text.count("\n") + 1)
                clashes.append(Clash(*place, "".join(words.base), kept, "".join(words.theirs)))
                settled = kept
            text += settled
            in_ours += len(kept)
    return Merged(text, tuple(clashes))


def take(ours: str, clash: Clash, *, both: bool = False) -> str:
    """What was there first, with the later one's words at a clash instead; or with both, one behind the other."""
    words = clash.ours + _between(clash) + clash.theirs if both else clash.theirs
    return ours[: clash.in_ours] + words + ours[clash.in_ours + len(clash.ours) :]


def _between(clash: Clash) -> str:
    """What keeps two wordings apart: a blank, where neither brings one."""
    return "" if not clash.ours or clash.ours[-1:].isspace() or clash.theirs[:1].isspace() else " "


def _by_words(piece: _Piece) -> Iterator[_Piece]:
    return _pieces(*(_WORDS.findall("".join(side)) for side in (piece.base, piece.ours, piece.theirs)))


def _pieces(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Piece]:
    """The three sides cut where all agree: stretches in common, and between them what somebody changed."""
    at_base = at_ours = at_theirs = 0
    for start, end, in_ours, in_theirs in _shared(base, ours, theirs):
        changed = _Piece(base[at_base:start], ours[at_ours:in_ours], theirs[at_theirs:in_theirs])
        if changed.base or changed.ours or changed.theirs:
            yield changed
        if end > start:
            yield _Piece(base[start:end], base[start:end], base[start:end])
        length = end - start
        at_base, at_ours, at_theirs = end, in_ours + length, in_theirs + length


def _shared(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of the base that both sides kept: from, until, where in each side; the end of all three last."""
    kept_ours, kept_theirs = _kept(base, ours), _kept(base, theirs)
    place, other = 0, 0
    while place < len(kept_ours) and other < len(kept_theirs):
        (start, in_ours, length), (begin, in_theirs, long) = kept_ours[place], kept_theirs[other]
        first, last = max(start, begin), min(start + length, begin + long)
        if first < last:
            yield first, last, in_ours + first - start, in_theirs + first - begin
        if start + length < begin + long:
            place += 1
        else:
            other += 1
    yield len(base), len(base), len(ours), len(theirs)


def _kept(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int, int]]:
    """The stretches of the base that a side kept, in order: where in the base, where in the side, how long."""
    head = 0
    while head < min(len(base), len(side)) and base[head] == side[head]:
        head += 1
    tail = 0
    while tail < min(len(base), len(side)) - head and base[-1 - tail] == side[-1 - tail]:
        tail += 1
    inner_base, inner_side = base[head : len(base) - tail], side[head : len(side) - tail]
    found = [(0, 0, head)] if head else []
    found += [(head + at, head + there, length) for at, there, length in _matching(inner_base, inner_side) if length]
    return [*found, (len(base) - tail, len(side) - tail, tail)] if tail else found


def _matching(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int, int]]:
    counted, there = Counter(base), Counter(side)
    too_many = sum(count * there[piece] for piece, count in counted.items()) > _MOST_PAIRS
    matcher = SequenceMatcher(None, base, side, autojunk=too_many)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]


def kept_lines(before: str, after: str) -> list[tuple[int, int, int]]:
    """The lines of a text that a later one still has: where they stood, where they stand, how many; counted from 0."""
    return _kept(before.split("\n"), after.split("\n"))


def marked(merged: Merged, ours: str, theirs: str) -> str:
    """The merged text with both wordings of the lines that clash, one above the other between lines that say so.

    ours, theirs  what each wording is called: `this change`, `edition 12`
    """
    text, at = "", 0
    for start, end, clashes in _by_lines(merged):
        other, place = "", start
        for clash in clashes:
            other += merged.text[place : clash.start] + clash.theirs
            place = clash.end
        other += merged.text[place:end]
        text += merged.text[at:start]
        text += f"<<<<<<< {ours}\n{_ended(merged.text[start:end])}=======\n{_ended(other)}>>>>>>> {theirs}\n"
        at = end
    return text + merged.text[at:]


def _by_lines(merged: Merged) -> Iterator[tuple[int, int, list[Clash]]]:
    """Stretches of whole lines in which something clashes, those that touch taken together."""
    found: list[tuple[int, int, list[Clash]]] = []
    for clash in merged.clashes:
        start = merged.text.rfind("\n", 0, clash.start) + 1
        # What ends with its line reaches no further.
        ends_line = clash.end > start and merged.text[clash.end - 1] == "\n"
        end = clash.end if ends_line else merged.text.find("\n", clash.end) + 1 or len(merged.text)
        if found and start < found[-1][1]:
            before = found.pop()
            start, end, clashes = before[0], max(end, before[1]), [*before[2], clash]
            found.append((start, end, clashes))
        else:
            found.append((start, end, [clash]))
    yield from found


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
