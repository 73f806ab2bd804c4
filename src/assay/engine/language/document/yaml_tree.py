"""YAML as text with places: every scalar stays the words that were written. It never turns `NO` into false."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeAlias, cast

import yaml

from assay.engine.kernel.span import Span
from assay.engine.language.document.source import Source

DEEPEST = 12


class _Mark(Protocol):
    index: int


LONGEST = 4_000_000


class MalformedYaml(Exception):
    """Text that is not the YAML we accept; carries the words and the place."""

    def __init__(self, words: str, span: Span, hint: str | None = None) -> None:
        super().__init__(words)
        self.words, self.span, self.hint = words, span, hint


@dataclass(frozen=True)
class Scalar:
    """Words, as written, and where they stand in their file. `margin` is the column where the block's lines begin."""

    text: str
    span: Span
    raw: str = field(repr=False, compare=False)
    style: str | None = field(repr=False, compare=False)
    begin: tuple[int, int] = field(repr=False, compare=False)
    margin: int = field(default=1, repr=False, compare=False)

    @cached_property
    def source(self) -> Source:
        """The words with the place of each character, through folding, quotes and escapes."""
        return _align(self)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Nodes in order."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their nodes, in the order written, no key twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The node of a key, or None."""
        return next((node for name, node in self.entries if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def read_yaml(text: str, path: str, line: int = 1, column: int = 1) -> Node | None:
    """The one document in a text, or None when it is empty.

    line, column  where the text begins in its file
    raises        MalformedYaml
    """
    return _Reader(text, path, line, column).read()


class _Reader:
    def __init__(self, text: str, path: str, line: int, column: int) -> None:
        # The parser below does not count a byte order mark, and neither does anybody who reads a line.
        self.text, self.path, self.line, self.column = text.removeprefix("\ufeff"), path, line, column
        self.starts = [0]
        for index, character in enumerate(self.text):
            if character == "\n":
                self.starts.append(index + 1)

    def read(self) -> Node | None:
        if len(self.text) > LONGEST:
            raise MalformedYaml("this is too long to be read", Span(self.path, self.line, 1))
        try:
            return self._document(yaml.parse(self.text, Loader=yaml.CBaseLoader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = self._span(mark, mark) if mark else Span(self.path, self.line, 1)
            raise MalformedYaml(f"this is not YAML: {_plain(error)}", place, self._begun(error)) from None
        except yaml.reader.ReaderError as error:
            # It counts bytes.
            index = len(self.text.encode()[: int(error.position)].decode(errors="ignore"))
            raise self._strange(index) from None
        except UnicodeEncodeError as error:
            raise self._strange(error.start) from None

    def _begun(self, error: yaml.MarkedYAMLError) -> str | None:
        """Where the thing began that could not be read to its end, which is often where the slip is."""
        if not error.context or not error.context_mark:
            return None
        line, _ = self._position(min(error.context_mark.index, len(self.text)))
        return f"{error.context.strip().lower()} that begins in line {line}"

    def _strange(self, index: int) -> MalformedYaml:
        place = Span(self.path, *self._position(index))
        return MalformedYaml("a character here may not stand in YAML", place, "remove it")

    def _position(self, index: int) -> tuple[int, int]:
        """Line and column in the file. YAML knows more line ends than an editor shows, so only the index is trusted."""
        line = bisect_right(self.starts, index) - 1
        return self.line + line, self.column + index - self.starts[line]

    def _span(self, start: _Mark, end: _Mark) -> Span:
        first = min(start.index, len(self.text))
        line, column = self._position(first)
        row = line - self.line
        line_end = self.starts[row + 1] - 1 if row + 1 < len(self.starts) else len(self.text)
        return Span(self.path, line, column, max(1, min(end.index, line_end) - first))

    def _place(self, event: yaml.Event) -> Span:
        return self._span(cast(_Mark, event.start_mark), cast(_Mark, event.end_mark))

    def _document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    place = self._place(event)
                    raise MalformedYaml("a second document begins here", place, "one block holds one document")
            elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                root = self._node(event, events, 0)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise MalformedYaml("anchors and aliases are not read here", place, "write it out")
        if getattr(event, "tag", None):
            raise MalformedYaml("tags are not read here", place, "leave it out")
        if depth > DEEPEST:
            raise MalformedYaml("this is nested too deeply", place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self._node(inner, events, depth + 1))
            return Sequence(tuple(items), self._whole(event, inner) if event.flow_style else place)
        return self._mapping(event, events, depth)

    def _whole(self, first: yaml.Event, last: yaml.Event) -> Span:
        return self._span(cast(_Mark, first.start_mark), cast(_Mark, last.end_mark))

    def _mapping(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self._node(inner, events, depth + 1)
            if not isinstance(key, Scalar):
                raise MalformedYaml("a key must be a word", key.span)
            if key.text in seen:
                raise MalformedYaml(f"the key `{key.text}` stands here twice", key.span, "keep one of them")
            seen.add(key.text)
            entries.append((key, self._node(next(events), events, depth + 1)))
        # Keys below each other begin nowhere in particular, so the first of them is shown.
        block = entries and not getattr(event, "flow_style", False)
        return Mapping(tuple(entries), entries[0][0].span if block else self._whole(event, inner))

    def _scalar(self, event: yaml.ScalarEvent, place: Span) -> Scalar:
        first, last = cast(_Mark, event.start_mark).index, cast(_Mark, event.end_mark).index
        style = event.style if event.style in ("'", '"', "|", ">") else None
        return Scalar(event.value, place, self.text[first:last], style, self._position(first), self.column)


def _plain(error: yaml.MarkedYAMLError) -> str:
    words = error.problem or error.context or "it cannot be read"
    return words.strip().lower()


def _align(scalar: Scalar) -> Source:
    """Match each character of the value with the one it was written as."""
    places: list[tuple[int, int]] = []
    line, column = scalar.begin
    for character in scalar.raw:
        places.append((line, column))
        line, column = (line + 1, scalar.margin) if character == "\n" else (line, column + 1)
    places.append((line, column))
    indexes = _quoted_indexes(scalar.raw, scalar.style) if scalar.style in ("'", '"') else None
    if indexes is None or len(indexes) != len(scalar.text) + 1:
        indexes = _indexes(scalar)
    return Source(scalar.text, scalar.span.path, tuple(places[index] for index in indexes))


def _indexes(scalar: Scalar) -> list[int]:
    """Where in `raw` each character of an unquoted value stands, and where it ends.

    Folding only changes white space, so the other characters stand in the same order in both texts.
    """
    raw = scalar.raw
    at = raw.find("\n") + 1 if scalar.style in ("|", ">") else 0
    indexes = []
    for character in scalar.text:
        found = at
        if not character.isspace():
            while found < len(raw) and raw[found] != character and raw[found].isspace():
                found += 1
        indexes.append(min(found, len(raw)))
        if found < len(raw) and (raw[found] == character or raw[found].isspace()):
            at = found + 1
    return [*indexes, min(at, len(raw))]


# In double quotes: an escape, or a line's end that is itself escaped; in both: a fold, and any other character.
_DOUBLE = re.compile(
    r"\\\r?\n[ \t]*|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|[ \t]*(?:\r?\n[ \t]*)+|[ \t]+|.",
    re.DOTALL,
)
_SINGLE = re.compile(r"''|[ \t]*(?:\r?\n[ \t]*)+|[ \t]+|.", re.DOTALL)


def _quoted_indexes(raw: str, style: str | None) -> list[int]:
    """Where in `raw` each character of a quoted value was begun, and where the value ends."""
    indexes: list[int] = []
    pattern = _DOUBLE if style == '"' else _SINGLE
    for match in pattern.finditer(raw, 1, max(1, len(raw) - 1)):
        piece = match.group()
        if piece[0] == "\\" and style == '"':
            # An escaped line end joins two lines with nothing between them.
            indexes += [] if piece.lstrip("\\\r")[:1] == "\n" else [match.start()]
        elif "\n" in piece:
            # One line end becomes a space, several become one fewer.
            indexes += [match.start()] * max(1, piece.count("\n") - 1)
        else:
            indexes += [match.start()] if piece == "''" else range(match.start(), match.end())
    return [*indexes, max(1, len(raw) - 1)]
