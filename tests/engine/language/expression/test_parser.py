"""Conditions are read by CEL's grammar, and whatever is left out of it is refused with the way it is said here."""

from __future__ import annotations

import pytest

from assay.engine.language.expression.lexer import SyntaxFault
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import Literal, signals_of, walk


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a&&b||c", "a && b || c"),
        ("a && (b && c)", "a && (b && c)"),
        ("(a || b) && c", "(a || b) && c"),
        ("((a))", "a"),
        ("!(a)", "!a"),
        ("! ( a == 'x' )", '!(a == "x")'),
        ("5<n", "5 < n"),
        ("n == 0x1F", "n == 31"),
        ("n > .5", "n > 0.5"),
        ("n > 1e3", "n > 1000.0"),
        ("n == - 5", "n == -5"),
        ("k in ['a',\"b\",]", 'k in ["a", "b"]'),
        ('size( s )>1 // why "not"', "size(s) > 1"),
        ("s.x.atLeast('v')", 's.x.atLeast("v")'),
        ("sets.contains(s,['a'])", 'sets.contains(s, ["a"])'),
        (r"t == '\x41\u00fc\101\n\U0001d538'", 't == "AüA\\n𝔸"'),
        ("contains", "contains"),
        ("in_review && trueish", "in_review && trueish"),
    ],
)
def test_a_condition_has_one_spelling(text: str, printed: str) -> None:
    assert print_expression(parse_expression(text)) == printed


@pytest.mark.parametrize(
    ("text", "words", "hint", "place"),
    [
        ("", "the condition ends here", None, (0, 0)),
        ("a = b", "`=` has no place", "`==`", (2, 3)),
        ("a & b", "`&` has no place", "`&&`", (2, 3)),
        ("a and b", "`and` cannot stand here", "`&&`", (2, 5)),
        ("not a", "`a` cannot stand here", "`!`", (4, 5)),
        ("a + 1 > 2", "`+` has no place", "no arithmetic", (2, 3)),
        ("a ? b : c", "`?` has no place", "two rules", (2, 3)),
        ("a == null", "there is no `null`", "unknown by itself", (5, 9)),
        ("has(a)", "there is no function `has`", "unknown by itself", (0, 3)),
        ("a.matches('x')", "there is no function `matches`", "`contains`", (2, 9)),
        ("a.exists(x, x > 1)", "there is no function `exists`", "`sets.contains`", (2, 8)),
        ("a.size() > 1", "there is no function `size`", "`size(a)`", (2, 6)),
        ("a.upper()", "there is no function `upper`", "known are", (2, 7)),
        ("1 < a < 3", "comparisons cannot be chained", "`&&`", (6, 7)),
        ("a in [b]", "a list holds constants only", "one by one", (6, 7)),
        ("a == 'x", "this text has no closing quote", None, (5, 7)),
        (r"a == '\q'", "no escape", "a backslash", (5, 9)),
        (r"a == '\ud800'", "is no character", None, (5, 13)),
        (r"a == '\U00110000'", "is no character", None, (5, 17)),
        ("a == 99999999999999999999", "does not fit into 64 bits", None, (5, 25)),
        ("a == 1e999", "is too large", None, (5, 10)),
        ("size(a, b)", "`size` takes one argument, not 2", None, (0, 10)),
        ("a.atLeast()", "`atLeast` takes one argument, not 0", None, (0, 11)),
        ("for", "`for` is a reserved word", None, (0, 3)),
        ("a.", "expected a name after `.`", None, (2, 2)),
        ("-a", "expected a number after `-`", None, (1, 2)),
    ],
)
def test_what_is_left_out_is_refused_with_its_place(
    text: str, words: str, hint: str | None, place: tuple[int, int]
) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_expression(text)
    assert words in caught.value.words
    assert hint is None or hint in (caught.value.hint or "")
    assert (caught.value.start, caught.value.end) == place


def test_a_node_covers_its_brackets() -> None:
    text = "!(a == (1)) && (b || c)"
    shown = [text[node.start : node.end] for node in walk(parse_expression(text))]
    assert shown == ["!(a == (1)) && (b || c)", "!(a == (1))", "a == (1)", "a", "1", "b || c", "b", "c"]


def test_true_one_and_one_point_nought_are_three_constants() -> None:
    assert len({Literal(True), Literal(1), Literal(1.0), Literal("1")}) == 4


def test_the_signals_of_a_condition_are_found_once_each() -> None:
    assert signals_of(parse_expression('a.b && (size(a.b) > 1 || "x" in c)')) == {"a.b", "c"}


@pytest.mark.parametrize("text", ["(" * 61 + "a" + ")" * 61, "!" * 70 + "a", "size(" * 65 + "a" + ")" * 65])
def test_deep_nesting_is_refused_and_not_a_crash(text: str) -> None:
    with pytest.raises(SyntaxFault, match="nested too deeply"):
        parse_expression(text)


def test_sixty_brackets_are_still_read() -> None:
    assert print_expression(parse_expression("(" * 60 + "a" + ")" * 60)) == "a"
