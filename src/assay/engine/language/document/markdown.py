"""A policy document taken apart: front matter, sections of prose, fenced blocks. It never reads YAML."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

KINDS = ("rule", "exception", "example")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of the program. `line` and `column` are where its text begins in the file."""

    kind: str
    text: str
    line: int
    column: int
    heading: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (or the beginning of the document) with the prose below it: for everybody, and for moderators."""

    title: str
    level: int
    line: int
    public: str
    guidance: str


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as text: `front` is None when there is no front matter."""

    front: str | None
    front_line: int
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]


def read_document(text: str) -> Document:
    """The parts of a document; it never fails, since every text is Markdown."""
    lines = lines_of(text)
    front, body_start = front_matter(lines)
    splitter = _Splitter(lines[body_start:], body_start)
    for token in tokens_of(lines[body_start:]):
        if token.map is None or token.level != 0:
            continue
        start, end = token.map
        if token.type == "heading_open":
            splitter.heading(start, end, len(token.tag) and int(token.tag[1:]))
        elif token.type == "fence" and (kind := kind_of(token)) is not None:
            splitter.block(start, end, kind, token.content)
        elif token.type == "blockquote_open":
            splitter.quote(start, end)
    return Document(front, 2, splitter.sections(), tuple(splitter.blocks))


def lines_of(text: str) -> list[str]:
    """The lines of a text, as Markdown counts them: a carriage return alone ends one too."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def tokens_of(lines: list[str]) -> list[Token]:
    """The blocks that Markdown sees in the lines of a document's body."""
    # Nothing of the document is rendered here, so the rules for inline text are not run.
    return MarkdownIt("commonmark").disable(["inline", "text_join"], ignoreInvalid=True).parse("\n".join(lines))


def kind_of(fence: Token) -> str | None:
    """The second word of a fence that opens with `yaml`, such as `rule`; None where it is no block of the program."""
    words = fence.info.split()
    return words[1] if len(words) == 2 and words[0] == "yaml" else None


def front_matter(lines: list[str]) -> tuple[str | None, int]:
    """The text between the first two lines `---`, and the line after it; None and 0 where there is none."""
    if not lines or lines[0].rstrip() != "---":
        return None, 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), number + 1
    return None, 0


class _Splitter:
    def __init__(self, lines: list[str], offset: int) -> None:
        self.lines, self.offset = lines, offset
        self.headings: list[tuple[str, int, int, int]] = [("", 0, 0, 0)]
        self.blocks: list[Block] = []
        self.taken: set[int] = set()
        self.quoted: set[int] = set()

    def heading(self, start: int, end: int, level: int) -> None:
        words = self.lines[start].strip()
        title = words.strip("#").strip() if words.startswith("#") else words
        self.headings.append((title, level, start, end))

    def block(self, start: int, end: int, kind: str, content: str) -> None:
        indent = len(self.lines[start]) - len(self.lines[start].lstrip())
        block = Block(kind, content, self.offset + start + 2, indent + 1, self.headings[-1][0])
        self.blocks.append(block)
        self.taken.update(range(start, end))

    def quote(self, start: int, end: int) -> None:
        if self.lines[start].lstrip("> ").lower().startswith("**moderators:**"):
            self.quoted.update(range(start, end))

    def sections(self) -> tuple[Section, ...]:
        found = []
        for place, (title, level, start, end) in enumerate(self.headings):
            stop = self.headings[place + 1][2] if place + 1 < len(self.headings) else len(self.lines)
            rows = [row for row in range(end, stop) if row not in self.taken]
            public = "\n".join(self.lines[row] for row in rows if row not in self.quoted).strip()
            guidance = "\n".join(self.lines[row].lstrip("> ") for row in rows if row in self.quoted).strip()
            found.append(Section(title, level, self.offset + start + 1, _tidy(public), guidance))
        return tuple(found)


def _tidy(text: str) -> str:
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
