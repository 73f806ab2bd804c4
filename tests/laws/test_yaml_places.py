"""However a condition is written in YAML, a fault in it stands at the line and column where an editor shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.language.document.markdown import read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Scalar, read_yaml

# What stands before and after the culprit `@@`; the words make white space, escapes and folding differ in length.
WORDS = st.lists(
    st.sampled_from(("a", "a.b", '"x"', '"ü"', '"日本"', "'it'", '"𝔸"', "(a)", '"say \\"hi\\""', "1.5", "in", "&&")),
    max_size=8,
)
CULPRIT = "@@"


def plain(text: str) -> str:
    return text


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(text: str) -> str:
    """Double quotes with every letter that is not ASCII, and every space, written as an escape."""
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("ü", "\\xfc").replace("日", "\\u65e5")
    return '"' + body.replace("𝔸", "\\U0001d538").replace(" ", "\\x20") + '"'


def several_lines(style: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: style(text).replace(" ", "\n    ", 3)


def with_gaps(style: Callable[[str], str]) -> Callable[[str], str]:
    """A blank line in a quoted text becomes a line end, which is white space like any other in a condition."""
    return lambda text: style(text).replace(" ", "  \n\n \n  ", 2)


def folded(text: str) -> str:
    return ">-\n  " + text.replace(" ", "\n  ", 2)


def folded_with_gaps(text: str) -> str:
    return ">\n\n    " + text.replace(" ", "\n\n    ", 2) + "\n\n"


def literal(text: str) -> str:
    return "|\n  " + text.replace(" ", "\n  ")


def escaped_ends(text: str) -> str:
    return double(text).replace(" ", " \\\n    ", 2)


STYLES: dict[str, Callable[[str], str]] = {
    "plain": plain,
    "single": single,
    "double": double,
    "escaped": escaped,
    "plain, several lines": several_lines(plain),
    "single, several lines": several_lines(single),
    "double, several lines": several_lines(double),
    "single, with gaps": with_gaps(single),
    "double, with gaps": with_gaps(double),
    "folded": folded,
    "folded with gaps": folded_with_gaps,
    "literal": literal,
    "escaped ends": escaped_ends,
}


def written(style: str, before: list[str], after: list[str]) -> tuple[str, Scalar] | None:
    """A block with a condition in a style; None where YAML reads another text, as where `, ` ends plain words."""
    value = " ".join([*before, CULPRIT, *after])
    text = f"# ü\nid: a\nwhen: {STYLES[style](value)}\nthen: [removed]\n"
    node = scalar_of(text)
    return (text, node) if node is not None and node.text.split() == value.split() else None


def scalar_of(text: str) -> Scalar | None:
    try:
        mapping = read_yaml(text, "p.md")
    except MalformedYaml:
        return None
    value = mapping.get("when") if isinstance(mapping, Mapping) else None
    return value if isinstance(value, Scalar) else None


@pytest.mark.parametrize("style", [style for style in STYLES if not style.startswith("plain")])
@given(before=WORDS, after=WORDS)
def test_a_culprit_stands_where_it_is_written(style: str, before: list[str], after: list[str]) -> None:
    found = written(style, before, after)
    assert found is not None
    check_place(*found)


@pytest.mark.parametrize("style", [style for style in STYLES if style.startswith("plain")])
@given(before=WORDS, after=WORDS)
def test_a_culprit_in_plain_words_stands_where_it_is_written(style: str, before: list[str], after: list[str]) -> None:
    found = written(style, ["b", *before], after)
    if found is not None:
        check_place(*found)


def check_place(text: str, scalar: Scalar) -> None:
    at = scalar.text.index(CULPRIT)
    span = scalar.source.span(at, at + len(CULPRIT))
    line = text.split("\n")[span.line - 1]
    assert line[span.column - 1 :].startswith(CULPRIT)
    assert span.length == len(CULPRIT)


@pytest.mark.parametrize("style", list(STYLES))
def test_every_style_can_be_told(style: str) -> None:
    assert written(style, ["b", '"ü"'], ["a"]) is not None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("when: disclosd", 4, 7),
        ("when: 'disclosd'", 4, 8),
        ('when: "\\x64isclosd"', 4, 8),
        ("when: >-\n  disclosed &&\n  disclosd", 6, 3),
        ("when: |\n  // why\n  disclosd", 6, 3),
        ("when: disclosed &&\n  disclosd", 5, 3),
        ("  when: disclosd", 4, 9),
        ("when:\n    disclosd", 5, 5),
        ('? when\n: "disclosed && disclosd"', 5, 17),
    ],
)
def test_an_unknown_signal_is_shown_where_it_stands(text: str, line: int, column: int) -> None:
    assert place_of(f"---\n---\n```yaml rule\n{text}\n```\n") == (line, column)


@pytest.mark.parametrize("indent", ["", " ", "   "])
def test_an_indented_fence_keeps_its_columns(indent: str) -> None:
    text = f"\n{indent}```yaml rule\n{indent}when: >-\n{indent}  disclosed &&\n{indent}  disclosd\n{indent}```\n"
    assert place_of(text) == (5, 3 + len(indent))


def place_of(text: str) -> tuple[int, int]:
    """Where the misspelt signal of a document is shown."""
    scalar = first_condition(text)
    at = scalar.text.index("disclosd")
    span = scalar.source.span(at, at + 8)
    return span.line, span.column


def first_condition(text: str) -> Scalar:
    (block,) = read_document(text).blocks
    node = read_yaml(block.text, "p.md", block.line, block.column)
    assert isinstance(node, Mapping)
    value = node.get("when")
    assert isinstance(value, Scalar)
    return value
