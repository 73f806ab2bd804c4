"""A policy document in its canonical form, for `assay fmt`. It never changes what a document says, and never fails."""

from __future__ import annotations

import re
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass

from markdown_it.token import Token

from assay.engine.language.document.markdown import (
    KINDS,
    front_matter,
    kind_of,
    lines_of,
    read_document,
    tokens_of,
)
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Node, Scalar, Sequence, read_yaml
from assay.engine.language.expression.lexer import SyntaxFault
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import And, Expression, Or
from assay.engine.language.pack.read_policy import EXAMPLE_KEYS, EXCEPTION_KEYS, RULE_KEYS

WIDEST = 100
_ORDERS = {"rule": RULE_KEYS, "exception": EXCEPTION_KEYS, "example": EXAMPLE_KEYS}
_CONDITIONS = {"rule": ("when", "unless"), "exception": ("when",), "example": ()}
_KEY = re.compile(r"[a-z_]+(?=:(?:\s|$))")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines of a document. A heading or a fence stands alone: blank lines part it from its neighbours."""

    lines: tuple[str, ...]
    alone: bool


def format_policy(text: str) -> str:
    """The document with its keys in order and its conditions in one spelling; as it was where it cannot be read."""
    lines = lines_of(text)
    front, start = front_matter(lines)
    pieces = _pieces(lines[start:])
    if front is not None:
        pieces.insert(0, _Piece(("---", *_front(front), "---"), alone=True))
    formatted = _joined(pieces)
    # Whatever Markdown or YAML may hold that was not thought of here, a formatter must not change a policy.
    return formatted if _sense(formatted) == _sense(text) else text


# -------------------------------------------------------------------- Markdown


def _pieces(lines: list[str]) -> list[_Piece]:
    found: list[_Piece] = []
    tokens = tokens_of(lines)
    breaks = _hard_breaks(tokens, lines)
    done = 0
    for token in tokens:
        if token.level != 0 or token.map is None or token.type not in ("heading_open", "fence"):
            continue
        start, end = token.map
        found.append(_Piece(_tidied(lines, done, start, breaks), alone=False))
        if token.type == "heading_open":
            found.append(_Piece(_tidied(lines, start, end, breaks), alone=True))
        else:
            found.append(_Piece(_fence(token, lines[start:end]), alone=True))
        done = end
    found.append(_Piece(_tidied(lines, done, len(lines), breaks), alone=False))
    return [piece for piece in found if piece.lines]


def _hard_breaks(tokens: SequenceOf[Token], lines: list[str]) -> frozenset[int]:
    """Lines of a paragraph whose two spaces at the end ask for a new line: the one white space that says something."""
    rows = (row for t in tokens if t.type == "inline" and t.map is not None for row in range(t.map[0], t.map[1] - 1))
    return frozenset(row for row in rows if lines[row].endswith("  ") and lines[row].strip())


def _tidied(lines: list[str], start: int, end: int, breaks: frozenset[int]) -> tuple[str, ...]:
    rows = [lines[row].rstrip() + ("  " if row in breaks else "") for row in range(start, end)]
    while rows and not rows[0]:
        rows.pop(0)
    return tuple(_without_blank_end(rows))


def _without_blank_end(rows: list[str]) -> list[str]:
    last = max((place for place, row in enumerate(rows) if row.strip()), default=-1)
    return rows[: last + 1]


def _joined(pieces: list[_Piece]) -> str:
    return "\n\n".join("\n".join(piece.lines) for piece in pieces) + ("\n" if pieces else "")


def _fence(token: Token, lines: list[str]) -> tuple[str, ...]:
    """A fenced block: one of the program in canonical form, any other with nothing changed inside."""
    kind = kind_of(token)
    closed = len(lines) > 1 and lines[-1].strip().startswith(token.markup)
    if not closed:
        return tuple(_without_blank_end(lines))
    if kind not in KINDS or lines[0][:1].isspace():
        return tuple(lines)
    body = _block("\n".join(lines[1:-1]), kind)
    return (lines[0].rstrip(), *body.split("\n"), lines[-1].rstrip()) if body else tuple(lines)


def _front(text: str) -> tuple[str, ...]:
    tidy = "\n".join(line.rstrip() for line in text.split("\n"))
    sense = _words_of(text)
    return tuple((tidy if sense is not None and _words_of(tidy) == sense else text).split("\n"))


# ------------------------------------------------------------------------ YAML


def _block(text: str, kind: str) -> str:
    """The YAML of a block in canonical form, or as it is where it is no plain mapping of keys at the margin."""
    node = _read(text)
    if not isinstance(node, Mapping) or not node.entries:
        return text
    lines = text.split("\n")
    rows = [key.span.line - 1 for key, _ in node.entries]
    for row, (key, _) in zip(rows, node.entries, strict=True):
        match = _KEY.match(lines[row])
        if match is None or match.group() != key.text:
            return text
    one_line = [isinstance(value, Scalar) and "\n" not in value.raw for _, value in node.entries]
    starts = [_with_comments(lines, rows[0], -1, indented=True)]
    starts += [
        _with_comments(lines, row, above, indented=plain)
        for row, above, plain in zip(rows[1:], rows, one_line, strict=False)
    ]
    end = _with_comments(lines, len(lines), rows[-1], indented=one_line[-1])
    if starts[0] != 0:
        return text
    segments: list[tuple[str, list[str]]] = []
    for place, (key, value) in enumerate(node.entries):
        stop = starts[place + 1] if place + 1 < len(rows) else end
        # At the margin, or a folded text above would take them for its own.
        comments = [line.strip() for line in lines[starts[place] : rows[place]] if line.strip()]
        segments.append((key.text, comments + _segment(lines[rows[place] : stop], key.text, value, kind)))
    order = {key: place for place, key in enumerate(_ORDERS[kind])}
    segments.sort(key=lambda segment: order.get(segment[0], len(order)))
    tail = [line.strip() for line in lines[end:] if line.strip()]
    return "\n".join([line for _, rows_of_key in segments for line in rows_of_key] + tail)


def _with_comments(lines: list[str], row: int, above: int, *, indented: bool) -> int:
    """The first of the comments and blank lines that stand directly above a line.

    indented  whether comments away from the margin count, which below a value of several lines may be part of it
    """
    while row - 1 > above:
        line = lines[row - 1].strip() if indented else lines[row - 1].rstrip()
        if line and not line.startswith("#"):
            break
        row -= 1
    return row


def _segment(lines: list[str], key: str, value: Node, kind: str) -> list[str]:
    """A key with its value: a condition in its one spelling, anything else without white space at its ends."""
    written = "\n".join(lines)
    candidates = [_condition(written, key, value)] if key in _CONDITIONS[kind] and isinstance(value, Scalar) else []
    candidates.append("\n".join(line.rstrip() for line in lines))
    sense = _words_of(written)
    return next((c for c in candidates if c is not None and _same(c, sense, key)), written).split("\n")


def _same(candidate: str, sense: object, key: str) -> bool:
    words = _words_of(candidate)
    return words == sense or (words is not None and _parsed(words, key) == _parsed(sense, key) is not None)


def _parsed(words: object, key: str) -> Expression | None:
    text = words.get(key) if isinstance(words, dict) else None
    return _expression(text) if isinstance(text, str) else None


def _expression(text: str) -> Expression | None:
    try:
        return parse_expression(text)
    except SyntaxFault:
        return None


def _condition(written: str, key: str, value: Scalar) -> str | None:
    """The key with its condition printed anew; None where that would lose a comment or cannot be read."""
    expression = _expression(value.text)
    rest = written.rstrip().removesuffix(value.raw.rstrip())
    if expression is None or "//" in value.text or rest.strip() != f"{key}:" or _has_remark(value):
        return None
    printed = print_expression(expression)
    line = f"{key}: {printed}"
    if len(line) <= WIDEST and _words_of(line) == {key: printed}:
        return line
    match expression:
        case And(operands) | Or(operands):
            word = "&&" if isinstance(expression, And) else "||"
            parts = [_operand(operand, expression) for operand in operands]
            return f"{key}: >-\n  " + f"\n  {word} ".join(parts)
        case _:
            return f"{key}: >-\n  {printed}"


def _has_remark(value: Scalar) -> bool:
    """Whether a comment stands beside the sign that opens a block of text."""
    return value.style in ("|", ">") and "#" in value.raw.split("\n", maxsplit=1)[0]


def _operand(operand: Expression, within: And | Or) -> str:
    printed = print_expression(operand)
    bracketed = isinstance(operand, Or) or (isinstance(operand, And) and isinstance(within, And))
    return f"({printed})" if bracketed else printed


# ----------------------------------------------------------------------- sense


def _read(text: str) -> Node | None:
    try:
        return read_yaml(text, "")
    except MalformedYaml:
        return None


def _words_of(text: str) -> object:
    """What a YAML text says, places and order of keys aside; None where it cannot be read."""
    return _words(_read(text))


def _words(node: Node | None) -> object:
    match node:
        case Scalar(text):
            return text
        case Sequence(items):
            return [_words(item) for item in items]
        case Mapping(entries):
            return {key.text: _words(value) for key, value in entries}
        case _:
            return None


def _sense(text: str) -> object:
    """What a document says to people and to the program, white space aside."""
    document = read_document(text)
    front = None if document.front is None else (_words_of(document.front) or document.front)
    prose = [(part.title, part.level, part.public.split(), part.guidance.split()) for part in document.sections]
    return (
        front,
        prose,
        [(block.kind, block.heading, _block_sense(block.text, block.kind)) for block in document.blocks],
    )


def _block_sense(text: str, kind: str) -> object:
    words = _words_of(text)
    if not isinstance(words, dict):
        return words if words is not None else text.strip()
    conditions = {key: _parsed(words, key) for key in _CONDITIONS.get(kind, ())}
    return words | {key: expression for key, expression in conditions.items() if expression is not None}
