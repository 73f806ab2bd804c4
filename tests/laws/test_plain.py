"""Any sound condition can be read aloud: never nothing, never a sign of the program, never out of balance."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import And, Expression, Name, Not, Or
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.read_pack import read_pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.language.plain import plain_condition, plain_exceptions, plain_rule
from assay.interfaces.packs import read_folder
from tests.conftest import ROOT
from tests.makers import a_signal, a_vocabulary, conditions, packs, vocabularies

SIGNS = re.compile(r"&&|\|\||[<>=!]=|[<>!{}\[\]]|\bsize\(|\.atLeast|\.atMost|timestamp|duration\(|None|_operand|\s\s")


def is_readable(words: str) -> bool:
    """Words with nothing of the program in them; what stands in quotes is what the policy itself quotes."""
    outside = re.sub(r"“[^”]*”", "“”", words)
    balanced = outside.count("(") == outside.count(")") and words.count("“") == words.count("”")
    return bool(words.strip()) and words == words.strip() and balanced and not SIGNS.search(outside)


@given(st.data())
def test_every_condition_reads_as_plain_english(data: DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    condition = data.draw(conditions(vocabulary))
    words = plain_condition(condition, vocabulary)
    assert is_readable(words), words
    assert is_readable(plain_condition(Not(condition), vocabulary))


@given(st.data())
def test_a_double_denial_is_read_without_any(data: DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    condition = data.draw(conditions(vocabulary))
    assert plain_condition(Not(Not(condition)), vocabulary) == plain_condition(condition, vocabulary)


@given(st.data())
def test_every_rule_of_a_pack_and_its_exceptions_read_as_plain_english(data: DataObject) -> None:
    pack = data.draw(packs())
    for rule in pack.rules:
        assert is_readable(plain_rule(rule, pack))
        assert all(is_readable(words) for words in plain_exceptions(rule, pack))
        assert len(plain_exceptions(rule, pack)) == len(pack.exceptions_of[rule.ref])


LETTERS: Vocabulary = a_vocabulary(*(a_signal(letter) for letter in "abcdef"))


LEAVES = st.one_of(st.sampled_from("abcdef").map(Name), st.sampled_from("abcdef").map(lambda n: Not(Name(n))))


def joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3, unique_by=print_expression)
    return st.one_of(several.map(lambda parts: And(tuple(parts))), several.map(lambda parts: Or(tuple(parts))))


@given(joined(st.recursive(LEAVES, joined, max_leaves=12)))
def test_deep_nesting_names_every_part(condition: Expression) -> None:
    words = plain_condition(condition, LETTERS)
    assert is_readable(words)
    assert set(re.findall(r"“(\w)”", words)) == set(re.findall(r"\w", print_expression(condition)))


def test_the_starter_pack_can_be_read_aloud() -> None:
    files, _ = read_folder(ROOT / "packs" / "starter")
    pack, _ = read_pack(files)
    assert pack.rules
    for rule in pack.rules:
        assert is_readable(plain_rule(rule, pack)), rule.ref
        assert all(is_readable(words) for words in plain_exceptions(rule, pack)), rule.ref
    assert all(is_readable(plain_condition(i.holds, promise_vocabulary(pack))) for i in pack.measures.invariants)
