"""The formatter settles at once, changes nothing that a document says, and takes any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.format import format_policy
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_policy import read_policy
from tests.makers_text import documents

MARKDOWN = st.lists(
    st.sampled_from(
        (
            "# A title",
            "A title",
            "=====",
            "---",
            "policy: p",
            "```yaml rule",
            "```yaml example",
            "~~~yaml exception",
            "```",
            "~~~",
            "  ```yaml rule",
            "id: a",
            "when: disclosed  ",
            "when: >-",
            "  a && b ",
            "# a comment",
            "then: [removed]  # beside it",
            "unless: |+",
            "> quoted  ",
            "- item",
            "    code  ",
            "hard  ",
            "",
            "  ",
            "<div>",
            "\ttab",
            "a\rb",
            "[x]: y",
        )
    ),
    max_size=14,
).map("\n".join)


@given(documents())
def test_formatting_settles_at_once(written: tuple[Pack, str]) -> None:
    once = format_policy(written[1])
    assert format_policy(once) == once


@given(documents())
def test_formatting_changes_nothing_that_a_policy_says(written: tuple[Pack, str]) -> None:
    pack, text = written
    before: list[Diagnostic] = []
    after: list[Diagnostic] = []
    read = read_policy(text, "p.md", pack.vocabulary, before)
    again = read_policy(format_policy(text), "p.md", pack.vocabulary, after)
    assert again.rules == read.rules
    assert again.exceptions == read.exceptions
    assert len(after) == len(before)


@given(documents())
def test_a_document_that_people_wrote_loses_no_comment(written: tuple[Pack, str]) -> None:
    text = written[1]
    assert format_policy(text).count("# ") == text.count("# ")


@given(documents())
def test_no_condition_is_left_loosely_written(written: tuple[Pack, str]) -> None:
    rows = [row for row in format_policy(written[1]).split("\n") if row.startswith(("when: '(", "unless: '("))]
    assert all("  # beside it" in row for row in rows)


@given(st.one_of(st.text(), MARKDOWN))
def test_any_text_is_formatted_without_a_fault_and_settles(text: str) -> None:
    once = format_policy(text)
    assert format_policy(once) == once
