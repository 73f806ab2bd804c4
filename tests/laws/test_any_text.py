"""Whatever text the readers of the language are handed, they answer with faults that have places, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.checker import check_pack
from assay.engine.language.document.markdown import lines_of, read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, read_yaml
from assay.engine.language.expression.lexer import SyntaxFault
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.format import format_policy
from assay.engine.language.pack.read_policy import read_policy
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.packs import read_folder
from tests.conftest import ROOT

AWKWARD = (
    *("a && b", '"', "'", "(", ")", "[", "]", "{", "}", "\\", "!", ">-\n", "|\n", "&a ", "*a", "!!str x", ": ", "- "),
    *(
        "\n",
        "\r",
        "\t",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00",
        "\ud800",
        "𝔸",
        "#",
        "```",
        "```yaml rule\n",
        "~~~yaml example\n",
    ),
    *("---\n", "...\n", "%YAML 1.1\n", "? ", "NO", "~", "9" * 60, "1e999", ".5", "0x", "//", "not:XX", "2026-13-40"),
    *(
        "unknown",
        "atLeast(",
        "size(a)",
        "id: a\n",
        "when: >-\n",
        "given: {",
        "1.0e-7",
        "--",
        "<<: ",
        "=: ",
        "[x]: y\n",
        "> ",
    ),
)
WORDS = (
    "a",
    "b.c",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "==",
    "<",
    "in",
    "[",
    "]",
    ",",
    '"x"',
    "1",
    "-",
    ".5",
    "size",
    ".",
    "true",
)
AWKWARD_TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(AWKWARD)).map("".join))
SECONDS = 3.0


@cache
def starter() -> Mapping[str, str]:
    files, problems = read_folder(ROOT / "packs" / "starter")
    assert not problems
    return files


@cache
def vocabulary() -> Vocabulary:
    return check_pack(starter(), examples=False).pack.vocabulary


@st.composite
def damaged(draw: DrawFn, text: str) -> str:
    """A text with a few stretches cut out, doubled, or replaced by something awkward."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(("", text[start:end] * 2, *AWKWARD)))
        text = text[:start] + piece + text[end:]
    return text


def check_places(problems: Sequence[Diagnostic], files: Mapping[str, str]) -> None:
    for problem in problems:
        text = files.get(problem.span.path, "")
        lines = lines_of(text) if problem.span.path.endswith(".md") else text.split("\n")
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1
        assert problem.span.length >= 1
        assert problem.words
        assert "\n" not in problem.words
        assert problem.slug in problem.render(files)


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join), AWKWARD_TEXTS))
def test_any_text_is_a_condition_or_a_fault_with_its_place(text: str) -> None:
    try:
        parse_expression(text)
    except SyntaxFault as fault:
        assert 0 <= fault.start <= fault.end <= max(len(text), 1)
        assert fault.words


@given(AWKWARD_TEXTS)
def test_any_text_is_yaml_or_a_fault_with_its_place(text: str) -> None:
    try:
        read_yaml(text, "a.yaml")
    except MalformedYaml as fault:
        assert 1 <= fault.span.line <= text.count("\n") + 1
        assert fault.words


@given(AWKWARD_TEXTS)
def test_any_text_is_read_as_a_policy(text: str) -> None:
    problems: list[Diagnostic] = []
    policy = read_policy(text, "p.md", vocabulary(), problems)
    assert problems or policy.id
    check_places(problems, {"p.md": text})


@given(st.data())
def test_a_damaged_pack_is_checked_to_the_end(data: DataObject) -> None:
    needed = ("pack.yaml", "signals.yaml", "measures.yaml")
    name = data.draw(st.sampled_from(sorted(starter())))
    files = {key: starter()[key] for key in {*needed, name}}
    files[name] = data.draw(damaged(starter()[name]))
    check_places(check_pack(files).problems, files)


@given(st.data())
def test_a_damaged_policy_is_formatted_or_left_as_it_is(data: DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in sorted(starter()) if name.endswith(".md")]))
    once = format_policy(data.draw(damaged(starter()[name])))
    assert format_policy(once) == once


def is_condition(text: str) -> bool:
    try:
        parse_expression(text)
    except SyntaxFault:
        return False
    return True


def is_yaml(text: str) -> bool:
    try:
        read_yaml(text, "a.yaml")
    except MalformedYaml:
        return False
    return True


def is_policy(text: str) -> bool:
    problems: list[Diagnostic] = []
    read_policy(text, "p.md", vocabulary(), problems)
    return not problems


PILES: dict[str, tuple[Callable[[str], bool], str]] = {
    "brackets": (is_condition, "(" * 20_000),
    "denials": (is_condition, "!" * 19_000 + "a"),
    "operands": (is_condition, " && ".join("a" for _ in range(3_900))),
    "lists": (is_condition, "a in [" + "1, " * 6_000 + "1]"),
    "a long name": (is_condition, "a" + ".b" * 9_900),
    "quotes": (is_condition, '"' + "\\" * 19_999),
    "too long": (is_condition, "a" * 5_000_000),
    "open lists": (is_yaml, "[" * 100_000),
    "open mappings": (is_yaml, "{a: " * 50_000),
    "items in items": (is_yaml, "- " * 50_000),
    "keys": (is_yaml, "".join(f"k{number}: v\n" for number in range(20_000))),
    "spaces in quotes": (is_yaml, "a: '" + " " * 200_000),
    "anchors": (is_yaml, "a: &a [1]\nb: [*a, *a, *a]\n"),
    "quotes in quotes": (is_policy, ">" * 20_000),
    "emphasis": (is_policy, "*a_ " * 50_000),
    "links": (is_policy, "[" * 50_000),
    "fences": (is_policy, "```yaml rule\n```\n" * 2_000),
    "items": (is_policy, "* " * 5_000),
    "references": (is_policy, "[x]: " * 20_000),
    "a condition of spaces": (is_policy, "```yaml rule\nid: a\nwhen: 'b " + " " * 300_000 + "%'\n```\n"),
}


@pytest.mark.parametrize("pile", list(PILES))
def test_no_pile_of_signs_takes_long(pile: str) -> None:
    reader, text = PILES[pile]
    started = time.process_time()
    reader(text)
    format_policy(text if reader is is_policy else f"```yaml rule\nid: a\nwhen: {text}\n```\n")
    assert time.process_time() - started < SECONDS


def test_markdown_takes_any_line_end_alike() -> None:
    text = "---\npolicy: a\n---\n## T\n\n```yaml rule\nid: a\n```\n"
    assert read_document(text.replace("\n", "\r")) == read_document(text) == read_document(text.replace("\n", "\r\n"))
