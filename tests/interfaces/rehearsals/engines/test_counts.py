"""Each way of counting a measure is one thing in SQL and here, and texts keep what strangers put into them."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.backtest.replay.counting.states import Count
from assay.interfaces.rehearsals.engines.pushed.counts import SIGNS, sign
from assay.interfaces.rehearsals.engines.pushed.phrases import PUSHED, Phrases

NUMBERS = range(6)


def test_what_a_decision_counts_as_is_the_same_in_sql_and_here() -> None:
    rows = [(old, new, apart) for old in NUMBERS for new in NUMBERS for apart in (0, 1)]
    table = ", ".join(map(str, rows))
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(f"SELECT {', '.join(SIGNS.values())} FROM (VALUES {table}) AS t(a, b, x)").fetchall()
    assert tuple(SIGNS) == tuple(Count)
    assert found == [tuple(sign(of, old, new, apart=bool(apart)) for of in Count) for old, new, apart in rows]


def test_a_change_is_never_more_than_what_both_versions_leave_open() -> None:
    for old in NUMBERS:
        for new in NUMBERS:
            least, most = (sign(of, old, new, apart=True) for of in (Count.CHANGE_LEAST, Count.CHANGE_MOST))
            assert least <= most
            # Where both are certain there is nothing between them.
            if old // 2 != 1 and new // 2 != 1:
                assert least == most == new // 4 - old // 4


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12))
def test_any_text_stays_what_it_is_in_a_query(text: str) -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        assert connection.execute(f"SELECT {Phrases('duckdb').text(text)}").fetchone() == (text,)


@pytest.mark.parametrize("dialect", PUSHED)
@pytest.mark.parametrize("text", ["it's", "back\\slash", "\\'", 'a"b', "`c`", "--", "/*"])
def test_a_parser_of_each_dialect_reads_the_text_and_the_name_back(dialect: str, text: str) -> None:
    phrases = Phrases(dialect)
    (query,) = sqlglot.parse(f"SELECT {phrases.text(text)} AS {phrases.name(text)}", dialect=dialect)
    assert query is not None
    (column,) = query.expressions
    assert (column.this.this, column.alias) == (text, text)
