"""The SQL of any pack says of any rows what the reference meaning says, on every engine that runs here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.program.lower import Program, lower_pack
from assay.engine.program.sql.query import SqlQuery, compile_sql
from tests.engine.program.sql.fixed_pack import by_calendar, cases_at_bounds, the_pack
from tests.engine.program.sql.tables import (
    LAYOUT,
    Answer,
    a_postgres_server,
    cells,
    class_names,
    in_duckdb,
    in_postgres,
    in_sqlite,
    truth_in,
    why_no_postgres,
)
from tests.makers import a_case, a_pack, a_rule, a_signal, a_vocabulary, cases, packs

Run = Callable[[SqlQuery, Sequence[Sequence[object]]], list[Answer]]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Path]:
    reason = why_no_postgres()
    if reason is not None:
        pytest.skip(reason)
    with a_postgres_server() as folder:
        yield folder


@st.composite
def packs_with_cases(draw: st.DrawFn) -> tuple[Pack, list[Case]]:
    """A pack, and cases of one subject, since a table holds rows of one."""
    pack = draw(packs())
    found = draw(st.lists(cases(pack), min_size=1, max_size=6))
    return pack, [replace(case, subject=found[0].subject) for case in found]


def compiled(program: Program, dialect: str, subject: str, *, classes: bool = False) -> SqlQuery:
    layout = replace(LAYOUT, holds_classes=classes)
    return compile_sql(program, dialect, table="items", subject=subject, with_rules=True, layout=layout)


def agree(pack: Pack, found: list[Case], dialect: str, run: Run, *, classes: bool = False) -> None:
    program = lower_pack(pack)
    query = compiled(program, dialect, found[0].subject, classes=classes)
    names = class_names(program)
    rows = [cells(query, case, names[case.market] if classes else case.market) for case in found]
    answers = run(query, rows)
    assert len(answers) == len(found)
    for case, answer in zip(found, answers, strict=True):
        says(pack, case, query, answer)


def says(pack: Pack, case: Case, query: SqlQuery, answer: Answer) -> None:
    meant = pack_meaning(pack, case)
    assert {name: truth_in(answer, column) for name, column in query.rules.items()} == {
        rule.ref: meant.rules[rule.ref] for rule in pack.rules if rule.subject == case.subject
    }
    assert {name: truth_in(answer, column) for name, column in query.measures.items()} == meant.measures
    assert {name: truth_in(answer, column) for name, column in query.meanwhile.items()} == meant.open_measures


@given(packs_with_cases())
def test_duckdb_agrees_with_meaning(drawn: tuple[Pack, list[Case]]) -> None:
    agree(*drawn, "duckdb", in_duckdb)


@pytest.mark.slow
def test_nothing_inside_a_list_makes_no_member_unknown_in_postgres(postgres: Path) -> None:
    vocabulary = a_vocabulary(a_signal("technique", "set", ("a", "b", "c")))
    rules = [
        a_rule("p/r", '"c" in technique'),
        a_rule("p/s", '!("c" in technique)'),
        a_rule("p/t", "size(technique) == 1"),
    ]
    query = compiled(lower_pack(a_pack(*rules, vocabulary=vocabulary)), "postgres", "item")
    row = [*cells(query, a_case(), "FR")[:-1], ["a", None, "a"]]
    (answer,) = in_postgres(query, [row], postgres)
    assert [truth_in(answer, column) for column in query.rules.values()] == [NO, YES, YES]


@pytest.mark.slow
def test_what_is_not_a_number_is_unknown_in_postgres_too(postgres: Path) -> None:
    rules = [a_rule("p/r", "s > 0.5"), a_rule("p/s", "s == s"), a_rule("p/t", "!(s <= 0.5)")]
    query = compiled(lower_pack(a_pack(*rules, vocabulary=a_vocabulary(a_signal("s", "score")))), "postgres", "item")
    (answer,) = in_postgres(query, [cells(query, a_case({"s": math.nan}), "FR")], postgres)
    assert {truth_in(answer, column) for column in query.rules.values()} == {UNKNOWN}


def test_what_is_not_a_number_is_unknown_to_duckdb_though_the_bounds_of_a_file_do_not_tell(tmp_path: Path) -> None:
    rules = [a_rule("p/r", "s > 0.5"), a_rule("p/s", "!(s <= 0.5)")]
    program = lower_pack(a_pack(*rules, vocabulary=a_vocabulary(a_signal("s", "score"))))
    scores = [0.1, math.nan, 0.9]
    rows = {"id": ["a", "b", "c"], "market": ["FR"] * 3, "as_of": [a_case().as_of] * 3, "s": scores}
    pq.write_table(pa.table(rows), tmp_path / "items.parquet")
    query = compile_sql(program, "duckdb", table="items", with_rules=True)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"CREATE VIEW items AS FROM read_parquet('{tmp_path / 'items.parquet'}')")
        columns = ", ".join(f'"{column}"' for column in query.rules.values())
        found = connection.execute(f'SELECT {columns} FROM ({query.text}) ORDER BY "id"').fetchall()
    assert found == [(False, False), (None, None), (True, True)]


@given(packs_with_cases())
def test_sqlite_agrees_with_meaning(drawn: tuple[Pack, list[Case]]) -> None:
    agree(*drawn, "sqlite", in_sqlite)


@pytest.mark.parametrize(("dialect", "run"), [("duckdb", in_duckdb), ("sqlite", in_sqlite)])
def test_every_bound_of_time_is_where_it_is(dialect: str, run: Run) -> None:
    agree(the_pack(), cases_at_bounds(), dialect, run)


@given(packs_with_cases())
def test_a_table_of_market_classes_is_decided_like_one_of_markets(drawn: tuple[Pack, list[Case]]) -> None:
    agree(*drawn, "sqlite", in_sqlite, classes=True)


@given(packs_with_cases())
def test_one_instant_for_all_rows_is_the_same_as_a_column_of_it(drawn: tuple[Pack, list[Case]]) -> None:
    pack, found = drawn
    at = found[0].as_of
    program = lower_pack(pack)
    query = compile_sql(program, "duckdb", table="items", as_of=at, subject=found[0].subject, layout=LAYOUT)
    assert query.as_of == at
    assert "as_of" not in {column.holds for column in query.columns}
    moved = [replace(case, as_of=at, signals={**case.signals, **by_calendar(pack, case.market, at)}) for case in found]
    for case, answer in zip(moved, in_duckdb(query, [cells(query, case, case.market) for case in moved]), strict=True):
        meant = pack_meaning(pack, case)
        assert {name: truth_in(answer, column) for name, column in query.measures.items()} == meant.measures


@pytest.mark.slow
@given(drawn=packs_with_cases())
def test_postgres_agrees_with_meaning(postgres: Path, drawn: tuple[Pack, list[Case]]) -> None:
    agree(*drawn, "postgres", lambda query, rows: in_postgres(query, rows, postgres))


@given(packs_with_cases())
def test_what_is_imposed_in_the_meantime_is_always_yes_or_no(drawn: tuple[Pack, list[Case]]) -> None:
    pack, found = drawn
    query = compiled(lower_pack(pack), "duckdb", found[0].subject)
    for answer in in_duckdb(query, [cells(query, case, case.market) for case in found]):
        assert {truth_in(answer, column) for column in query.meanwhile.values()} <= {YES, NO}
