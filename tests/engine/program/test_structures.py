"""Conditions as terms, and those with too many of them: they are kept as structures and lose nothing."""

from __future__ import annotations

from itertools import product

import pytest

from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.meaning import meaning_of
from assay.engine.program.core import FALSE, TRUE, Node, atoms_of, opposite
from assay.engine.program.lower import lower_condition
from assay.engine.program.terms import MOST_TERMS, Both, Either, Group, lay_out, terms_of
from tests.engine.program.compiled import compiled, truth_of_rule
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

LETTERS = "abcdefgh"
VOCABULARY = a_vocabulary(*(a_signal(letter) for letter in LETTERS))
# Sixteen terms when multiplied out, so that it is kept as four groups.
PAIRS = "(a || b) && (c || d) && (e || f) && (g || h)"
SUM_OF_PAIRS = f"({PAIRS}) || (!a && !c && !e && !g)"
NESTED = "(a || b && (c || d)) && (e || f && (g || !h)) && (!a || !e || c && g)"


def lowered(condition: str) -> Node:
    return lower_condition(parse_expression(condition), VOCABULARY)


@pytest.mark.parametrize(
    "condition", [PAIRS, SUM_OF_PAIRS, NESTED, f"!({PAIRS})", f"({PAIRS}) && !a || b && ({PAIRS})"]
)
def test_a_condition_of_many_terms_means_what_it_says_with_any_signals_missing(condition: str) -> None:
    scalar = compiled(a_pack(a_rule("p/other", "a && h"), a_rule("p/r", condition), vocabulary=VOCABULARY))
    expression = parse_expression(condition)
    # Four signals at a time run through all their values; the others are missing, or known and mixed.
    for chosen, others in ((LETTERS[:4], None), (LETTERS[4:], None), (LETTERS[::2], True), (LETTERS[1:6], False)):
        for values in product((True, False, None), repeat=len(chosen)):
            known: dict[str, MaybeValue] = dict.fromkeys(LETTERS, others) | dict(zip(chosen, values, strict=True))
            assert truth_of_rule(scalar, 1, known) is meaning_of(expression, known, VOCABULARY), known


def test_more_than_eight_terms_are_kept_as_groups_in_columns_of_their_own() -> None:
    assert terms_of(lowered(PAIRS)) is None
    scalar = compiled(a_pack(a_rule("p/r", PAIRS), vocabulary=VOCABULARY))
    structure = scalar.layout.structures[0]
    assert isinstance(structure, Both)
    assert all(isinstance(part, Group) and part.column >= scalar.layout.rules for part in structure.parts)
    assert scalar.layout.columns > 1
    either = compiled(a_pack(a_rule("p/r", SUM_OF_PAIRS), vocabulary=VOCABULARY)).layout.structures[0]
    assert isinstance(either, Either)


def test_eight_terms_are_one_column() -> None:
    condition = " || ".join(LETTERS[:MOST_TERMS])
    layout = compiled(a_pack(a_rule("p/r", condition), vocabulary=VOCABULARY)).layout
    assert layout.structures == {0: Group(0)}
    assert len(layout.terms_of(0)) == MOST_TERMS


def test_a_single_term_needs_no_structure() -> None:
    layout = compiled(a_pack(a_rule("p/r", "a && b && !c"), vocabulary=VOCABULARY)).layout
    assert layout.structures == {}
    assert len(layout.terms_of(0)) == 1


def test_equal_groups_are_shared_between_rules() -> None:
    alone = compiled(a_pack(a_rule("p/r", PAIRS), vocabulary=VOCABULARY)).layout
    both = compiled(a_pack(a_rule("p/r", PAIRS), a_rule("p/s", f"{PAIRS} && a"), vocabulary=VOCABULARY)).layout
    assert both.columns - both.rules <= alone.columns - alone.rules + 1


@pytest.mark.parametrize(
    ("condition", "terms"),
    [
        ("a", 1),
        ("a || b", 2),
        ("(a || b) && c", 2),
        ("(a || b) && (c || d)", 4),
        ("a || a && b", 1),
        ("a && (a || b)", 1),
        ("(a || b) && (a || c)", 2),
        ("a && !a", 1),
        ("a || !a", 2),
    ],
)
def test_terms_are_multiplied_out_and_absorbed_and_nothing_else(condition: str, terms: int) -> None:
    found = terms_of(lowered(condition))
    assert found is not None
    assert len(found) == terms


def test_a_contradiction_and_the_excluded_middle_stay_unknown_while_their_signal_is() -> None:
    pack = a_pack(a_rule("p/never", "a && !a"), a_rule("p/always", "b || !b"), vocabulary=VOCABULARY)
    scalar = compiled(pack)
    assert truth_of_rule(scalar, 0, {}) is UNKNOWN
    assert truth_of_rule(scalar, 1, {}) is UNKNOWN
    assert truth_of_rule(scalar, 0, {"a": True}) is NO
    assert truth_of_rule(scalar, 1, {"b": False}) is YES


@pytest.mark.parametrize("condition", [PAIRS, NESTED, "a && !(b || !c)", "true", "false"])
def test_the_opposite_of_the_opposite_is_the_same(condition: str) -> None:
    node = lowered(condition)
    assert opposite(opposite(node)) == node
    assert [atom.negated for atom in atoms_of(opposite(node))] == [not atom.negated for atom in atoms_of(node)]


def test_true_and_false_are_an_and_and_an_or_of_nothing() -> None:
    assert terms_of(TRUE) == (frozenset(),)
    assert terms_of(FALSE) == ()
    assert opposite(TRUE) == FALSE


def test_every_row_of_terms_belongs_to_its_rules_column() -> None:
    rules = [a_rule("p/r", "a || b || c"), a_rule("p/s", PAIRS), a_rule("p/t", "false")]
    layout = lay_out(compiled(a_pack(*rules, vocabulary=VOCABULARY)).program)
    assert layout.width % layout.columns == 0
    assert {bit % layout.columns for bit in layout.terms_of(0)} == {0}
    assert layout.terms_of(2) == ()
    owned = [bit for rule in range(layout.rules) for bit in layout.terms_of(rule)]
    assert sorted(set(owned)) == [bit for bit, term in enumerate(layout.terms) if term is not None]
