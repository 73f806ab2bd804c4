"""Each dialect's text is fixed by a golden one, and sqlglot reads it back as what it wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlglot

from assay.engine.program.lower import lower_pack
from assay.engine.program.sql.dialects import DIALECTS
from assay.engine.program.sql.layout import Layout
from assay.engine.program.sql.query import SqlQuery, compile_sql
from assay.engine.program.sql.tally import compile_tally
from tests.conftest import Golden
from tests.engine.program.sql.fixed_pack import the_pack

TEXTS = Path(__file__).parent / "golden"
# The codes of markets would be most of each text, and the laws hold them.
CLASSES = Layout(holds_classes=True)


def written(dialect: str, layout: Layout = CLASSES) -> SqlQuery:
    return compile_sql(lower_pack(the_pack()), dialect, table="trust.items", with_rules=True, layout=layout)


def read_back(text: str, dialect: str) -> str:
    """The text again, in lower case: sqlglot writes functions that it knows in upper case, ours of ClickHouse not."""
    (read,) = sqlglot.parse(text, dialect=dialect)
    assert read is not None
    return read.sql(dialect=dialect, identify=True, pretty=True, comments=False).lower()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_is_the_one_that_was_read_and_accepted(dialect: str, golden: Golden) -> None:
    query = written(dialect)
    columns = "".join(f"-- {column.name} {column.type}: {column.holds} {column.of}\n" for column in query.columns)
    replace(golden, folder=TEXTS)(f"{dialect}.sql", f"{columns}{query.text}\n")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("layout", [CLASSES, Layout()], ids=["classes", "codes"])
def test_a_dialect_reads_its_own_text_back(dialect: str, layout: Layout) -> None:
    query = written(dialect, layout)
    assert read_back(query.text, dialect) == query.text.lower()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_tally_reads_back_too(dialect: str) -> None:
    tally = compile_tally(written(dialect), by=("market",))
    assert read_back(tally.text, dialect) == tally.text.lower()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_compiling_twice_gives_the_same_text(dialect: str) -> None:
    assert written(dialect).text == written(dialect).text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_column_of_the_query_is_named_with_its_step(dialect: str) -> None:
    columns = [one for one in written(dialect).tree.find_all(sqlglot.exp.Column) if one.table != "one"]
    assert columns
    assert {one.table for one in columns} == {"_source", "_placed", "_item", "_rule"}
