"""A single condition in SQL, on rows near its constants, is true, false and NULL as the reference meaning says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.truth import truth_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import Expression, Not
from assay.engine.language.meaning import meaning_of
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.core import Atom, Test
from assay.engine.program.lower import lower_pack
from assay.engine.program.sql.query import compile_sql
from tests.engine.program.sql.each_kind import EACH_KIND, EXACT, EXACT_ROWS, ONLY_IN_THE_CORE, opposites
from tests.engine.program.sql.tables import LAYOUT, cells, in_duckdb, in_sqlite, truth_in
from tests.makers import a_case, a_condition, a_pack, a_rule, conditions, signals_for, vocabularies

RUN = {"duckdb": in_duckdb, "sqlite": in_sqlite}


def agree(dialect: str, condition: Expression, vocabulary: Vocabulary, rows: list[Mapping[str, MaybeValue]]) -> None:
    query = compile_sql(
        lower_pack(a_pack(a_rule("p/r", condition), vocabulary=vocabulary)),
        dialect,
        table="items",
        with_rules=True,
        layout=LAYOUT,
    )
    answers = RUN[dialect](query, [cells(query, a_case(row), "FR") for row in rows])
    found = [truth_in(answer, query.rules["p/r"]) for answer in answers]
    assert found == [meaning_of(condition, row, vocabulary) for row in rows]


@pytest.mark.parametrize("dialect", sorted(RUN))
@given(data=st.data())
def test_conditions_agree_with_meaning(dialect: str, data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies(most=3))
    condition = data.draw(conditions(vocabulary))
    rows = data.draw(st.lists(signals_for(vocabulary, missing=0.15), min_size=12, max_size=12))
    agree(dialect, condition, vocabulary, list(rows))


@pytest.mark.parametrize("dialect", sorted(RUN))
@pytest.mark.parametrize(
    "text",
    EACH_KIND,
)
def test_each_kind_of_condition_and_its_opposite(dialect: str, text: str) -> None:
    condition = a_condition(text).expression
    agree(dialect, condition, EXACT, list(EXACT_ROWS))
    agree(dialect, Not(condition), EXACT, list(EXACT_ROWS))


@pytest.mark.parametrize("dialect", sorted(RUN))
@pytest.mark.parametrize(("test", "holds"), ONLY_IN_THE_CORE)
def test_what_every_value_answers_alike_is_still_unknown_without_one(dialect: str, test: Test, holds: bool) -> None:
    for program, answered in opposites(test, holds=holds):
        query = compile_sql(program, dialect, table="items", with_rules=True, layout=LAYOUT)
        answers = RUN[dialect](query, [cells(query, a_case(row), "FR") for row in EXACT_ROWS])
        (signal,) = Atom(test).signals
        expected = [truth_of(answered if signal in row else None) for row in EXACT_ROWS]
        assert [truth_in(answer, query.rules["p/r"]) for answer in answers] == expected
