"""A policy's text in pieces: headings, prose, moderators' guidance, program, examples. Every line is in exactly one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from assay.engine.language.document.markdown import front_matter, kind_of, lines_of, tokens_of
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Scalar, read_yaml

Kind: TypeAlias = Literal["front", "heading", "prose", "guidance", "rule", "exception", "example"]
# As people choose what to withhold.
KIND_WORDS: dict[Kind, str] = {
    "front": "The policy’s particulars (version, owner, dates)",
    "heading": "Headings",
    "prose": "The public text",
    "guidance": "Guidance for moderators",
    "rule": "The program of rules",
    "exception": "The program of exceptions",
    "example": "Examples",
}
_NAMED_LOOSELY = re.compile(r"""\bid["']?\s*:\s*["']?([\w./-]+)""")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of the text.

    number   its place, from 0
    section  the number of the piece that is its heading; -1 before the first one
    level    of a heading, 1 to 6
    title    of a heading its words; of a block its id, or the title of an example
    rules    of an example, the rules that it may be about
    text     its lines as they stand, with blank ones behind them
    """

    number: int
    kind: Kind
    section: int
    title: str
    text: str
    level: int = 0
    rules: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.split())


@lru_cache(maxsize=64)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces in their order; joined by line breaks they are the text again."""
    lines = lines_of(text)
    _, body = front_matter(lines)
    marks: dict[int, tuple[Kind, int, str, int]] = {}
    for start, stop, kind, title, level in _marked(lines[body:]):
        marks[body + start] = (kind, body + stop, title, level)
    return _with_rules(tuple(_numbered(lines, body, marks)))


def _marked(lines: list[str]) -> Iterator[tuple[int, int, Kind, str, int]]:
    """What Markdown sees as more than prose: from which line to which, what it is, what it is called."""
    for token in tokens_of(lines):
        if token.map is None or token.level != 0:
            continue
        start, stop = token.map
        if token.type == "heading_open":
            words = lines[start].strip()
            title = words.strip("#").strip() if words.startswith("#") else " ".join(lines[start : stop - 1]).strip()
            yield start, stop, "heading", title, int(token.tag[1:])
        elif token.type == "fence" and (named := kind_of(token)) in ("rule", "exception", "example"):
            key = "title" if named == "example" else "id"
            yield start, stop, named, _field(token.content, key), 0  # type: ignore[misc]
        elif token.type == "blockquote_open" and lines[start].lstrip("> ").lower().startswith("**moderators:**"):
            yield start, stop, "guidance", "", 0


def _numbered(lines: list[str], body: int, marks: dict[int, tuple[Kind, int, str, int]]) -> Iterator[Piece]:
    """Pieces one after the other; blank lines stay with what stands before them."""
    number, section, at = 0, -1, 0
    while at < len(lines):
        if at < body:
            kind, stop, title, level = "front", body, "", 0
        elif at in marks:
            kind, stop, title, level = marks[at]
        else:
            stop = next((each for each in range(at + 1, len(lines)) if each in marks), len(lines))
            kind, title, level = "prose", "", 0
        while stop < len(lines) and stop not in marks and not lines[stop].strip():
            stop += 1
        section = number if kind == "heading" else section
        yield Piece(number, kind, section, title, "\n".join(lines[at:stop]), level)  # type: ignore[arg-type]
        number, at = number + 1, stop


def _with_rules(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Examples with the rules that they are about: the one that they name, or else all of their section."""
    told: list[Piece] = []
    for piece in pieces:
        if piece.kind == "example":
            named = _field(_inside(piece.text), "rule").rpartition("/")[2]
            near = tuple(each.title for each in pieces if each.kind == "rule" and each.section == piece.section)
            told.append(replace(piece, rules=(named,) if named else near))
        else:
            told.append(piece)
    return tuple(told)


def _inside(fence: str) -> str:
    return "\n".join(fence.strip().split("\n")[1:-1])


def _field(block: str, key: str) -> str:
    """What a block says under a key; of one that is no YAML, what looks like its id."""
    try:
        node = read_yaml(block, "block")
    except MalformedYaml:
        found = _NAMED_LOOSELY.search(block) if key == "id" else None
        return found.group(1) if found else ""
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text.strip() if isinstance(value, Scalar) else ""
