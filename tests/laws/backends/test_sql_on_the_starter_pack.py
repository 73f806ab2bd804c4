"""Every example of the starter pack is decided in SQL as its author expects, and rows drawn for it as it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.kernel.truth import Truth
from assay.engine.language.examples import case_of
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.program.lower import lower_pack
from assay.engine.program.sql.query import SqlQuery, compile_sql
from assay.interfaces.packs import load_pack
from tests.conftest import ROOT
from tests.engine.program.sql.tables import LAYOUT, Answer, cells, in_duckdb, in_sqlite, truth_in
from tests.makers import cases

PACK = load_pack(ROOT / "packs" / "starter")
PROGRAM = lower_pack(PACK)
RUN = {"duckdb": in_duckdb, "sqlite": in_sqlite}
CALENDAR = {signal.name for signal in PACK.vocabulary.signals if signal.calendar is not None}


def compiled(dialect: str, subject: str) -> SqlQuery:
    return compile_sql(PROGRAM, dialect, table="items", subject=subject, with_rules=True, layout=LAYOUT)


def measured(columns: Mapping[str, str], answer: Answer) -> dict[str, Truth]:
    return {name: truth_in(answer, column) for name, column in columns.items()}


@pytest.mark.parametrize("dialect", sorted(RUN))
@pytest.mark.parametrize("subject", sorted({rule.subject for rule in PACK.rules}))
def test_examples_are_decided_alike(dialect: str, subject: str) -> None:
    # In SQL the calendar says what its signals are; an example may suppose something else.
    examples = [one for policy in PACK.policies for one in policy.examples if not CALENDAR & set(one.given)]
    found = [case for case in (case_of(example, PACK) for example in examples) if case.subject == subject]
    assert found
    query = compiled(dialect, subject)
    answers = RUN[dialect](query, [cells(query, case, case.market) for case in found])
    for case, answer in zip(found, answers, strict=True):
        meant = pack_meaning(PACK, case)
        assert measured(query.measures, answer) == meant.measures
        assert measured(query.meanwhile, answer) == meant.open_measures
        assert measured(query.rules, answer).items() <= meant.rules.items()


@settings(max_examples=5)
@given(st.lists(cases(PACK), min_size=10, max_size=10))
def test_drawn_rows_are_decided_alike(drawn: list[Case]) -> None:
    found = [replace(case, subject="item") for case in drawn]
    query = compiled("duckdb", "item")
    answers = in_duckdb(query, [cells(query, case, case.market) for case in found])
    for case, answer in zip(found, answers, strict=True):
        meant = pack_meaning(PACK, case)
        assert measured(query.measures, answer) == meant.measures
        assert measured(query.meanwhile, answer) == meant.open_measures
