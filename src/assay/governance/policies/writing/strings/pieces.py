"""A policy's Markdown in pieces in reading order, with the strings in each. It never reads what a rule means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, TypeAlias

from markdown_it.token import Token

from assay.engine.language.document.markdown import front_matter, kind_of, lines_of, tokens_of
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Scalar, read_yaml
from assay.governance.policies.writing.strings.sources import Kind, SourceString, Spot, plain

PieceKind: TypeAlias = Literal["heading", "prose", "moderators", "program"]
MODERATORS = re.compile(r"\*\*moderators:\*\*\s*", re.IGNORECASE)
_NAME = re.compile(r"[^a-z0-9]+")
_LEAVES = {"heading_open": "heading", "paragraph_open": "paragraph"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of the document's own level: a heading, a paragraph or list, a quotation for moderators, a program's.

    section     its heading's place in the document, 0 before the first
    start, end  offsets in the text; between them stands the block as it was written
    level       of a heading, 1 to 6
    """

    kind: PieceKind
    section: int
    start: int
    end: int
    strings: tuple[SourceString, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Pieces:
    """A policy's text, and what it is made of.

    text    with line ends of one kind, as the pack has it
    title   of its front matter, where there is one
    """

    text: str
    title: SourceString | None
    pieces: tuple[Piece, ...]

    @property
    def strings(self) -> tuple[SourceString, ...]:
        """All strings, the title first."""
        inside = tuple(each for piece in self.pieces for each in piece.strings)
        return inside if self.title is None else (self.title, *inside)


def pieces_of(text: str, path: str) -> Pieces:
    """Take a policy apart; every text has pieces, since every text is Markdown."""
    return _Reader(text, path).read()


def name_of(title: str, number: int) -> str:
    """A heading as contexts and addresses have it."""
    return _NAME.sub("-", title.lower()).strip("-")[:80] or f"section-{number}"


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.lines = lines_of(text)
        self.text, self.path = "\n".join(self.lines), path
        self.offsets = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.section, self.name = 0, "introduction"
        self.names: Counter[str] = Counter({"introduction": 1})
        self.counts: Counter[str] = Counter()

    def read(self) -> Pieces:
        front, body = front_matter(self.lines)
        title = self._yaml_title(front, 1, "title", "title") if front is not None else None
        tokens = [token for token in tokens_of(self.lines[body:]) if token.map is not None or token.nesting == -1]
        return Pieces(self.text, title, tuple(self._pieces(tokens, body)))

    def _pieces(self, tokens: Sequence[Token], body: int) -> Iterator[Piece]:
        block: list[Token] = []
        for token in tokens:
            block.append(token)
            if token.level == 0 and token.nesting <= 0:
                yield self._piece(block, body)
                block = []

    def _piece(self, block: list[Token], body: int) -> Piece:
        first = block[0]
        begin, until = (line + body for line in first.map or [0, 0])
        while until > begin and not self.lines[until - 1].strip():
            until -= 1
        start, end = self.offsets[begin], max(self.offsets[begin], self.offsets[until] - 1)
        if first.type == "heading_open":
            return self._heading(block, body, start, end)
        if first.type == "fence" and (kind := kind_of(first)) is not None:
            title = self._yaml_title(first.content, begin + 1, f"{self.name}/example", "example")
            return Piece("program", self.section, start, end, (title,) if kind == "example" and title else ())
        opening = self.lines[begin].lstrip("> ")
        quoted = first.type == "blockquote_open" and MODERATORS.match(opening) is not None
        strings = tuple(self._strings(block, body, "moderators" if quoted else None))
        return Piece("moderators" if quoted else "prose", self.section, start, end, strings)

    def _heading(self, block: list[Token], body: int, start: int, end: int) -> Piece:
        self.section += 1
        name = name_of(block[1].content, self.section)
        self.names[name] += 1
        self.name = name if self.names[name] == 1 else f"{name}-{self.names[name]}"
        return Piece(
            "heading", self.section, start, end, tuple(self._strings(block, body, None)), int(block[0].tag[1:])
        )

    def _strings(self, block: Sequence[Token], body: int, wanted: Kind | None) -> Iterator[SourceString]:
        inside: list[str] = []
        for before, token in zip(["", *(each.type for each in block)], block, strict=False):
            if token.nesting:
                inside = [*inside, token.type] if token.nesting == 1 else inside[:-1]
            leaf = _LEAVES.get(before)
            if token.type != "inline" or leaf is None or token.map is None:
                continue
            usual: Kind = "heading" if leaf == "heading" else "item" if "list_item_open" in inside else "paragraph"
            kind: Kind = wanted or usual
            spot = self._spot(token, token.map[0] + body, marked=kind == "moderators")
            words = token.content[_marked(token.content) :] if kind == "moderators" else token.content
            if spot is not None and words.strip():
                yield self._string(kind, words, token.map[0] + body, spot)

    def _string(self, kind: Kind, words: str, line: int, spot: Spot, name: str = "") -> SourceString:
        context = name or f"{self.name}/{kind}"
        self.counts[context] += 1
        counted = context if context == "title" else f"{context}/{self.counts[context]}"
        return SourceString(counted, kind, plain(words), f"{self.path}:{line + 1}", spot)

    def _spot(self, token: Token, line: int, *, marked: bool) -> Spot | None:
        """Where the words stand among what marks quotations and lists; None where they are written otherwise."""
        contents = token.content.split("\n")
        rows = self.lines[line : line + len(contents)]
        prefixes = []
        for content, row in zip(contents, rows, strict=True) if len(rows) == len(contents) else ():
            at = row.rfind(content.rstrip())
            if at < 0 or row[at + len(content.rstrip()) :].strip(" \t#"):
                return None
            prefixes.append(row[:at])
        if not prefixes:
            return None
        # The words may begin on the line after the mark.
        skipped = _marked(contents[0]) if marked else 0
        first = 1 if skipped >= len(contents[0]) and len(contents) > 1 else 0
        start = self.offsets[line + first] + len(prefixes[first]) + (0 if first else skipped)
        last = line + len(contents) - 1
        end = self.offsets[last] + len(prefixes[-1]) + len(contents[-1].rstrip())
        prefix = prefixes[1] if len(prefixes) > 1 else re.sub(r"[^>\s]", " ", prefixes[0])
        return Spot(start, end, prefix)

    def _yaml_title(self, block: str, line: int, name: str, kind: Kind) -> SourceString | None:
        """The `title` of a block of YAML that begins in a line, counted from 0."""
        try:
            node = read_yaml(block, self.path, line + 1)
        except MalformedYaml:
            return None
        found = node.get("title") if isinstance(node, Mapping) else None
        if not isinstance(found, Scalar) or not found.text.strip():
            return None
        row, column = found.begin
        start = self.offsets[row - 1] + column - 1 if 0 < row <= len(self.lines) else 0
        # In a block that is indented the words stand elsewhere than YAML counts them.
        if found.style in {"|", ">"} or not self.text.startswith(found.raw, start):
            return None
        spot = Spot(start, start + len(found.raw), quoted=True)
        return self._string(kind, found.text, row - 1, spot, name)


def _marked(content: str) -> int:
    """How many characters the mark of guidance takes, which nobody translates: without it the words would be public."""
    marker = MODERATORS.match(content)
    return marker.end() if marker else 0
