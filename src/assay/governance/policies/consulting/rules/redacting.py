"""What somebody outside sees of a draft: shown pieces, and gaps with their length. Nothing withheld is in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assay.governance.policies.consulting.rules.pieces import Kind, Piece, pieces_of

MASK = "[withheld]"
Against: TypeAlias = Literal["", "new", "changed", "same"]
# What is withheld unless somebody chooses otherwise: all but the text that users will read.
USUALLY_WITHHELD: frozenset[Kind] = frozenset({"front", "guidance", "rule", "exception", "example"})
# A gap of each kind, one and several.
_GAP_WORDS: Mapping[str, tuple[str, str]] = {
    "section": ("a section", "sections"),
    "front": ("the policy’s particulars", "particulars"),
    "prose": ("a passage", "passages"),
    "guidance": ("guidance for moderators", "pieces of guidance for moderators"),
    "rule": ("the program of a rule", "programs of rules"),
    "exception": ("the program of an exception", "programs of exceptions"),
    "example": ("an example", "examples"),
}
_NOT_COMPARED: tuple[Against, str] = ("", "")
_PLAIN = re.compile(r"[A-Za-z]+\Z")
_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece as it is shown, or a gap.

    number   of the piece, or of the first one of a gap
    what     of a gap, what is missing; otherwise empty
    words    how long a gap is
    count    of how many pieces of one kind it is
    against  how it stands to the text in force, where that was to be shown
    before   the passage in force, of public text that changed
    """

    number: int
    kind: Kind
    text: str = ""
    title: str = ""
    level: int = 0
    what: str = ""
    words: int = 0
    count: int = 1
    against: Against = ""
    before: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether something is withheld here."""
        return bool(self.what)

    @property
    def gap(self) -> str:
        """What is withheld here, in words."""
        one, several = _GAP_WORDS[self.what]
        return one if self.count == 1 else f"{self.count} {several}"

    @property
    def inner(self) -> str:
        """Of a block, its text without its fence."""
        return "\n".join(self.text.strip().split("\n")[1:-1])

    @property
    def quoted(self) -> str:
        """Of guidance, its text without the marks of a quotation."""
        return "\n".join(line.lstrip().removeprefix(">").removeprefix(" ") for line in self.text.strip().split("\n"))


@dataclass(frozen=True, slots=True)
class Redacted:
    """A draft as somebody outside sees it.

    gone  passages of the text in force that the draft no longer has, where that was to be shown
    """

    pieces: tuple[Shown, ...]
    gone: int = 0

    @property
    def gaps(self) -> int:
        """How many places are withheld."""
        return sum(1 for each in self.pieces if each.is_gap)

    @property
    def parts(self) -> tuple[tuple[int, str], ...]:
        """What a view can be about: headings and rules that are shown."""
        return tuple(
            (each.number, f"The rule `{each.title}`" if each.kind == "rule" else each.title)
            for each in self.pieces
            if not each.is_gap and each.kind in ("heading", "rule") and each.title
        )


def of_kinds(pieces: Collection[Piece], kinds: Collection[str]) -> frozenset[int]:
    """All pieces of some kinds, by number."""
    return frozenset(piece.number for piece in pieces if piece.kind in kinds)


def complete(pieces: Collection[Piece], chosen: Collection[int]) -> frozenset[int]:
    """What is withheld with what was chosen: all of a section with its heading, and a rule's examples with the rule."""
    held = {piece.number for piece in pieces if piece.number in chosen}
    depth = 0
    for piece in sorted(pieces, key=lambda each: each.number):
        if piece.kind == "heading":
            if depth and piece.level > depth:
                held.add(piece.number)
            else:
                depth = piece.level if piece.number in held else 0
        elif depth:
            held.add(piece.number)
    rules = {piece.title for piece in pieces if piece.kind == "rule" and piece.number in held and piece.title}
    held |= {piece.number for piece in pieces if piece.kind == "example" and rules & set(piece.rules)}
    return frozenset(held)


def redacted(text: str, withheld: Collection[int], before: str | None = None) -> Redacted:
    """The text with gaps in it.

    withheld  numbers of pieces; what belongs to them is withheld with them
    before    the text in force, where it is to be shown what changed
    """
    pieces = pieces_of(text)
    held = complete(pieces, withheld)
    mask = _Mask([piece for piece in pieces if piece.number in held])
    old = None if before is None else _Old(before, pieces)
    return Redacted(tuple(_joined(_shown(pieces, held, mask, old))), old.gone if old is not None else 0)


def _shown(pieces: tuple[Piece, ...], held: frozenset[int], mask: _Mask, old: _Old | None) -> Iterator[Shown]:
    inside = -1
    for piece in pieces:
        if piece.number <= inside:
            continue
        if piece.number in held and piece.kind == "heading":
            members = _members(pieces, piece)
            inside = max(members)
            words = sum(each.words for each in pieces if each.number in members)
            yield Shown(piece.number, "heading", what="section", words=words)
            continue
        if piece.number in held:
            yield Shown(piece.number, piece.kind, what=piece.kind, words=piece.words)
            continue
        against, passage = old.of(piece) if old is not None else _NOT_COMPARED
        yield Shown(
            piece.number,
            piece.kind,
            mask.over(piece.text, piece.kind),
            mask.over(piece.title, piece.kind),
            piece.level,
            against=against,
            before=mask.over(passage, piece.kind),
        )


def _joined(shown: Iterable[Shown]) -> Iterator[Shown]:
    """Gaps of one kind that follow each other as one gap."""
    waiting: Shown | None = None
    for each in shown:
        if waiting is not None and each.what == waiting.what:
            waiting = replace(waiting, words=waiting.words + each.words, count=waiting.count + 1)
            continue
        if waiting is not None:
            yield waiting
        waiting = each if each.is_gap else None
        if not each.is_gap:
            yield each
    if waiting is not None:
        yield waiting


def _members(pieces: tuple[Piece, ...], heading: Piece) -> frozenset[int]:
    """A section with all that is below it."""
    members = [heading.number]
    for piece in pieces[heading.number + 1 :]:
        if piece.kind == "heading" and piece.level <= heading.level:
            break
        members.append(piece.number)
    return frozenset(members)


class _Mask:
    """Takes the names of what is withheld out of what is shown: ids of rules, titles of sections, their anchors."""

    def __init__(self, hidden: list[Piece]) -> None:
        ids = {piece.title for piece in hidden if piece.kind in ("rule", "exception") and piece.title}
        titles = {piece.title for piece in hidden if piece.kind == "heading" and piece.title}
        anchors = {re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") for title in titles} - {""}
        # In prose a plain word is no name: it is one where it stands as code, behind a slash or as an anchor.
        odd = {name for name in (ids | anchors) if not _PLAIN.match(name)}
        self._names = _any(re.escape(name) for name in ids | anchors)
        self._odd = _any(re.escape(name) for name in odd)
        self._placed = _any(rf"(?<=[/#]){re.escape(name)}" for name in (ids | anchors) - odd)
        self._titles = _any(r"[\s*_`]+".join(map(re.escape, title.split())) for title in titles)

    def over(self, text: str, kind: str) -> str:
        """A text without these names."""
        if kind in ("rule", "exception", "example", "front"):
            return self._titles.sub(MASK, self._names.sub(MASK, text))
        coded = _CODE.sub(lambda found: self._names.sub(MASK, found.group(0)), text)
        return self._titles.sub(MASK, self._odd.sub(MASK, self._placed.sub(MASK, coded)))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of some names as a whole; nothing at all where there are none."""
    joined = "|".join(sorted(patterns, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])" if joined else r"(?!)", re.IGNORECASE)


class _Old:
    """The text in force, piece by piece, to be compared with a draft."""

    def __init__(self, text: str, pieces: tuple[Piece, ...]) -> None:
        self._old = dict(_keyed(pieces_of(text)))
        self._keys = {piece.number: key for key, piece in _keyed(pieces)}

    @property
    def gone(self) -> int:
        """How many public passages are no longer there."""
        left = self._old.keys() - set(self._keys.values())
        return sum(1 for key in left if self._old[key].kind == "prose")

    def of(self, piece: Piece) -> tuple[Against, str]:
        """How a piece stands to the text in force, and what stands there where it is public and differs."""
        was = self._old.get(self._keys[piece.number])
        if was is None:
            return "new", ""
        if was.text.split() == piece.text.split():
            return "same", ""
        return "changed", was.text if piece.kind == "prose" else ""


def _keyed(pieces: tuple[Piece, ...]) -> Iterator[tuple[tuple[str, ...], Piece]]:
    """Pieces with what they are found by in another version: their section, kind, name, and the how-many-th."""
    count: Counter[tuple[str, ...]] = Counter()
    section = ""
    for piece in pieces:
        section = piece.title if piece.kind == "heading" else section
        key = (piece.kind, piece.title) if piece.kind in ("rule", "exception") else (piece.kind, section, piece.title)
        count[key] += 1
        yield (*key, str(count[key])), piece
