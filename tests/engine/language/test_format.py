"""The formatter on a carelessly written policy: what it mends, what it leaves alone."""

from __future__ import annotations

from pathlib import Path

from assay.engine.language.format import WIDEST, format_policy
from tests.conftest import Golden

CARELESS = (Path(__file__).parent / "careless.md").read_text(encoding="utf-8")


def test_a_careless_policy_is_put_in_order(golden: Golden) -> None:
    once = format_policy(CARELESS)
    golden("format/careless.md", once)
    assert format_policy(once) == once


def rule(*lines: str) -> str:
    return "\n".join(["```yaml rule", *lines, "```", ""])


def test_a_condition_that_fits_stands_on_one_line() -> None:
    assert format_policy(rule("when: >-", "  a &&", "  (b)")) == rule("when: a && b")


def test_a_condition_that_is_too_long_has_one_operand_a_line() -> None:
    operands = [f'signal_number_{number} == "value"' for number in range(4)]
    written = format_policy(rule(f"when: {' && '.join(operands)}"))
    assert written == rule("when: >-", f"  {operands[0]}", *(f"  && {operand}" for operand in operands[1:]))
    assert all(len(line) <= WIDEST for line in written.split("\n"))


def test_a_condition_that_yaml_would_misread_is_folded() -> None:
    assert format_policy(rule("when: '!a'")) == rule("when: >-", "  !a")
    assert format_policy(rule("when: '\"x\" in s'")) == rule("when: >-", '  "x" in s')
    assert format_policy(rule("when: 'caption == \"a: b\"'")) == rule("when: >-", '  caption == "a: b"')
    assert format_policy(rule("when: 'a == \" #\"'")) == rule("when: >-", '  a == " #"')


def test_an_or_inside_a_folded_condition_keeps_its_brackets() -> None:
    long = " && ".join(["(a || b)", *(f'signal_number_{number} == "value"' for number in range(4))])
    assert "\n  (a || b)\n" in format_policy(rule(f"when: {long}"))


def test_a_condition_with_comments_stays_as_it_is() -> None:
    for written in (
        rule("when: a&&b  # why"),
        rule("when: |", "  a&&b // why"),
        rule("when: >-  # why", "  a&&b"),
        rule("when: a &&& b"),
    ):
        assert format_policy(written) == written


def test_a_text_that_keeps_its_line_ends_keeps_them() -> None:
    written = "```yaml example\ngiven: {}\ntitle: |+\n  two\n\n\n```\n"
    assert format_policy(written) == written


def test_keys_come_in_order_and_comments_stay_above_their_key() -> None:
    written = rule("then: [removed]", "# about the id", "id: a")
    assert format_policy(written) == rule("# about the id", "id: a", "then: [removed]")


def test_nothing_and_what_is_no_policy_stay_what_they_are() -> None:
    assert format_policy("") == ""
    assert format_policy("Words.\n") == "Words.\n"
    assert format_policy("```yaml rule\nid: a") == "```yaml rule\nid: a\n"


def test_a_line_break_that_people_see_stays() -> None:
    assert format_policy("one  \ntwo   \n") == "one  \ntwo\n"
