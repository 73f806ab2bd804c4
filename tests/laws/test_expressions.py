"""Text and tree of a condition are one thing: printing and parsing undo each other, and every place is right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from assay.engine.language.document.source import Source
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.expression.printer import print_expression, print_literal
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
    children,
    walk,
)
from assay.engine.language.expression.types import check_expression
from tests.makers import conditions, vocabularies

ANY_CONSTANT = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
).map(Literal)
NAMES = st.sampled_from(("a", "a.b", "a.size", "is_in", "contains.x", "true_story", "in_review", "A1._")).map(Name)


def any_trees() -> st.SearchStrategy[Expression]:
    """Trees of the grammar, well typed or not."""
    lists = st.lists(ANY_CONSTANT, max_size=3).map(lambda items: ListLiteral(tuple(items)))
    return st.recursive(st.one_of(ANY_CONSTANT, NAMES, lists), _larger, max_leaves=10)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    methods = st.tuples(st.sampled_from(("atLeast", "contains", "endsWith")), NAMES, inner)
    functions = st.tuples(st.sampled_from(("sets.contains", "sets.intersects")), inner, inner)
    single = st.tuples(st.sampled_from(("size", "timestamp", "duration")), inner)
    return st.one_of(
        inner.map(Not),
        several.map(And),
        several.map(Or),
        st.tuples(st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), inner, inner).map(lambda t: Compare(*t)),
        st.tuples(inner, inner).map(lambda t: In(*t)),
        methods.map(lambda t: Call(t[0], t[1:])),
        functions.map(lambda t: Call(t[0], t[1:])),
        single.map(lambda t: Call(t[0], t[1:])),
    )


@given(any_trees())
def test_parsing_what_was_printed_gives_the_same_tree(tree: Expression) -> None:
    assert parse_expression(print_expression(tree)) == tree


@given(any_trees())
def test_a_printed_text_is_printed_alike_again(tree: Expression) -> None:
    text = print_expression(tree)
    assert print_expression(parse_expression(text)) == text


@given(any_trees(), st.sampled_from(("{}", " ( {} ) ", "\n{}\n", "{} // why", "// why\n{}", "(({}))")))
def test_space_brackets_and_comments_change_no_tree(tree: Expression, around: str) -> None:
    assert parse_expression(around.format(print_expression(tree).replace("{", "{{")).replace("{{", "{")) == tree


@given(any_trees())
def test_every_node_stands_where_its_text_stands(tree: Expression) -> None:
    text = f"  ( {print_expression(tree)} )"
    for node in walk(parse_expression(text)):
        assert parse_expression(text[node.start : node.end]) == node
        for child in children(node):
            assert node.start <= child.start < child.end <= node.end


@given(any_trees())
def test_a_node_in_a_text_of_several_lines_has_its_line_and_column(tree: Expression) -> None:
    printed = print_expression(tree)
    text = printed.replace(" && ", " &&\n  ").replace(" || ", "\n|| ")
    if parse_expression(text) != tree:
        return
    source = Source.of_line(text, "p.md", 3, 5)
    lines = text.split("\n")
    for node in walk(parse_expression(text)):
        span = source.span(node.start, node.end)
        row = span.line - 3
        shift = 4 if row == 0 else 0
        shown = lines[row][span.column - 1 - shift :][: span.length]
        assert text[node.start : node.end].split("\n")[0] == shown


@given(st.data())
def test_generated_conditions_satisfy_the_checker_before_and_after_printing(data: DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    condition = data.draw(conditions(vocabulary))
    text = print_expression(condition)
    assert check_expression(parse_expression(text), Source.of_line(text), vocabulary) == []


@given(st.one_of(st.text(), st.characters()))
def test_any_text_survives_as_a_constant_and_stands_on_one_printable_line(text: str) -> None:
    printed = print_literal(text)
    assert parse_expression(printed) == Literal(text)
    assert printed.isprintable()
