"""What real tables bring: NaN, doubled values, unknown markets, names of all kinds, hundreds of rules."""

from __future__ import annotations

import math
from dataclasses import replace

import duckdb
import pytest

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import CalendarSource, Vocabulary
from assay.engine.program.lower import lower_pack
from assay.engine.program.sql.layout import Layout
from assay.engine.program.sql.query import SqlQuery, compile_sql
from assay.engine.program.sql.tally import compile_tally
from tests.engine.program.sql.fixed_pack import the_pack
from tests.engine.program.sql.tables import LAYOUT, cells, duckdb_rows, in_duckdb, in_sqlite, truth_in
from tests.makers import SOME_DAY, a_case, a_pack, a_rule, a_signal, a_vocabulary

SETS = a_vocabulary(a_signal("technique", "set", ("a", "b", "c")))
RUN = {"duckdb": in_duckdb, "sqlite": in_sqlite}
engines = pytest.mark.parametrize("dialect", sorted(RUN))


def compiled(pack: Pack, dialect: str = "duckdb", layout: Layout = LAYOUT) -> SqlQuery:
    return compile_sql(lower_pack(pack), dialect, table="items", with_rules=True, layout=layout)


def truths(pack: Pack, dialect: str, *found: Case) -> list[Truth]:
    """The truth of the pack's one rule in some cases."""
    query = compiled(pack, dialect)
    (column,) = query.rules.values()
    answers = RUN[dialect](query, [cells(query, case, case.market) for case in found])
    return [truth_in(answer, column) for answer in answers]


def one_rule(condition: str, vocabulary: Vocabulary, **others: object) -> Pack:
    return a_pack(a_rule("p/r", condition, **others), vocabulary=vocabulary)  # type: ignore[arg-type]


def about(**signals: MaybeValue) -> Case:
    return a_case(signals)


@engines
@pytest.mark.parametrize("condition", ["s > 0.5", "s == 0.5", "s != 0.5", "!(s > 0.5)", "s == s", "s in [0.1, 0.5]"])
def test_what_is_not_a_number_is_unknown(dialect: str, condition: str) -> None:
    pack = one_rule(condition, a_vocabulary(a_signal("s", "score")))
    assert truths(pack, dialect, about(s=math.nan)) == [UNKNOWN]


@engines
def test_a_decimal_constant_is_the_double_that_was_written(dialect: str) -> None:
    pack = one_rule("n >= 0.1 && n <= 0.1 && n != 0.30000000000000004", a_vocabulary(a_signal("n", "number")))
    found = truths(pack, dialect, about(n=0.1), about(n=math.nextafter(0.1, 1)), about(n=math.nextafter(0.1, 0)))
    assert found == [YES, NO, NO]


def test_a_list_may_hold_a_value_twice_or_nothing() -> None:
    query = compiled(
        a_pack(a_rule("p/two", "size(technique) == 2"), a_rule("p/no", '!("c" in technique)'), vocabulary=SETS)
    )
    rows = [
        [*cells(query, a_case(), "FR")[:-1], members] for members in (["a", "a", "b"], ["a", None, "b"], [None], [])
    ]
    found = [[truth_in(answer, column) for column in query.rules.values()] for answer in in_duckdb(query, rows)]
    assert found == [[YES, YES], [YES, YES], [NO, YES], [NO, YES]]


@engines
def test_of_a_market_that_nobody_knows_only_worldwide_rules_speak(dialect: str) -> None:
    pack = a_pack(a_rule("p/some", "true", markets=("not:US",)), a_rule("p/all", "true"))
    query = compiled(pack, dialect)
    rows = [cells(query, a_case(), market) for market in ("ZZ", "fr", "FR", "US")]
    found = [[truth_in(answer, column) for column in query.rules.values()] for answer in RUN[dialect](query, rows)]
    assert found == [[NO, YES], [NO, YES], [YES, YES], [NO, YES]]


# Only where a share is below a half can a bound lie between two of them, so two of these are small.
@pytest.mark.parametrize("item", ["item-1", "item-494", "item-1417", "ü", "日本 \U0001d538", "", "a" * 500])
def test_the_share_of_an_item_is_the_same_to_the_last_bit(item: str) -> None:
    share = share_of(item, "p/r")
    for bound, truth in ((share, NO), (math.nextafter(share, 1), YES), (math.nextafter(share, 0), NO), (0.0, NO)):
        pack = a_pack(a_rule("p/r", "true", rollout=bound))
        for dialect in RUN:
            assert truths(pack, dialect, a_case(item=item), a_case(item=None)) == [truth, UNKNOWN]


def test_sqlite_says_which_shares_it_must_be_given() -> None:
    query = compiled(a_pack(a_rule("p/r", "true", rollout=0.5), a_rule("p/s", "true")), "sqlite")
    assert query.manifest()["rollouts_given"] == ["p/r"]
    assert "rollout:p/r" in {column.name for column in query.columns}
    assert compiled(a_pack(a_rule("p/r", "true", rollout=0.5))).manifest()["rollouts_given"] == []


@engines
@pytest.mark.parametrize("as_of", [-DAY - 1, -DAY, -1, 0, 1, DAY - 1, SOME_DAY, 253_402_300_799_999_999])
def test_days_to_a_poll_are_counted_by_the_calendar_on_any_day(dialect: str, as_of: int) -> None:
    signal = replace(
        a_signal("election.days_to", "number", scope="market", integer=True),
        calendar=CalendarSource("election", "days_to"),
    )
    today = as_of // DAY
    polls = [
        Window(f"w{days}", "election", frozenset({"FR"}), "x", 0, 1, (today + days) * DAY, "s", "c", Span("c", 1, 1))
        for days in (-1, 3, 0, 7)
    ]
    for days in (0, 1):
        rule = a_rule("p/r", f"election.days_to == {days}")
        pack = a_pack(rule, vocabulary=a_vocabulary(signal), windows=polls)
        found = truths(pack, dialect, a_case(as_of=as_of), a_case(as_of=as_of, market="BR"))
        assert found == [YES if days == 0 else NO, UNKNOWN]


def test_names_of_tables_and_columns_are_names_whatever_they_look_like() -> None:
    strange = 'items"; DROP TABLE "x'
    layout = Layout(id="the id", market="select", as_of="AS OF", columns={"disclosed": 'dis"closed'}, keep=("a'b",))
    query = compile_sql(lower_pack(a_pack(a_rule())), "duckdb", table=f"main.{strange}", layout=layout)
    assert [column.name for column in query.columns] == ["the id", "select", "AS OF", 'dis"closed']
    with duckdb.connect() as connection:
        quoted = strange.replace('"', '""')
        columns = '"the id" TEXT, "select" TEXT, "AS OF" BIGINT, "dis""closed" BOOLEAN, "a\'b" BIGINT'
        connection.execute(f'CREATE TABLE "{quoted}" ({columns})')
        connection.execute(f"INSERT INTO \"{quoted}\" VALUES ('i', 'FR', 0, TRUE, 7)")
        found = connection.execute(query.text)
        names = [one[0] for one in found.description or ()]
        row = dict(zip(names, found.fetchall()[0], strict=True))
    assert row["a'b"] == 7
    assert row[query.measures["removed"]] is True


@pytest.mark.parametrize("table", ["", ".", "a..b", "a.b.c.d", "a\nb", "a\\b"])
def test_a_table_without_a_proper_name_is_refused(table: str) -> None:
    with pytest.raises(ValueError, match="is no table"):
        compile_sql(lower_pack(a_pack(a_rule())), "duckdb", table=table)


def test_a_dialect_or_subject_that_nobody_knows_is_refused() -> None:
    program = lower_pack(a_pack(a_rule()))
    with pytest.raises(ValueError, match="no dialect is named `oracle`"):
        compile_sql(program, "oracle", table="items")
    with pytest.raises(ValueError, match="no subject is named `user`"):
        compile_sql(program, "duckdb", table="items", subject="user")


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (Layout(id="x", market="X"), "two things would be in the column `X`"),
        (Layout(columns={"disclosed": "id"}), "two things would be in the column `id`"),
        (Layout(keep=("disclosed",)), "two things would be in the column `disclosed`"),
        (Layout(keep=("_rule_0",)), "cannot name a column"),
        (Layout(market=""), "cannot name a column"),
        (Layout(as_of="a\\b"), "cannot name a column"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(layout: Layout, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compiled(a_pack(a_rule()), layout=layout)


def test_bigquery_asks_for_another_name_where_two_signals_would_share_one() -> None:
    pack = a_pack(a_rule("p/r", "a.b && a_b"), vocabulary=a_vocabulary(a_signal("a.b"), a_signal("a_b")))
    with pytest.raises(ValueError, match="two things would be in the column `a_b`"):
        compiled(pack, "bigquery")
    named = compiled(pack, "bigquery", Layout(columns={"a.b": "a_dot_b"}))
    assert [column.name for column in named.columns] == ["id", "market", "as_of", "a_dot_b", "a_b"]


def test_long_names_are_cut_where_they_must_be_and_stay_apart() -> None:
    long = "p/" + "a-very-long-name-" * 5
    pack = a_pack(*(a_rule(f"{long}{number}", "disclosed") for number in range(3)))
    columns = compiled(pack, "postgres").rules.values()
    assert len(set(columns)) == 3
    assert max(len(name) for name in columns) == 63
    assert compiled(pack, "duckdb").rules[f"{long}0"] == f"rule:{long}0"


@engines
def test_a_thousand_rules_on_one_measure_can_be_run(dialect: str) -> None:
    vocabulary = a_vocabulary(a_signal("n", "number", integer=True))
    pack = a_pack(*(a_rule(f"p/r{number}", f"n == {number}") for number in range(1000)), vocabulary=vocabulary)
    query = compile_sql(lower_pack(pack), dialect, table="items", layout=LAYOUT)
    rows = [cells(query, about(n=number), "FR") for number in (999, 1000)] + [cells(query, about(), "FR")]
    found = [truth_in(answer, query.measures["removed"]) for answer in RUN[dialect](query, rows)]
    assert found == [YES, NO, UNKNOWN]


def test_only_what_rules_read_must_be_in_the_table() -> None:
    pack = a_pack(a_rule("p/r", "disclosed"), vocabulary=a_vocabulary(a_signal(), a_signal("caption", "text")))
    assert [column.holds for column in compiled(pack).columns] == ["id", "market", "as_of", "signal"]


def test_a_tally_counts_what_the_rows_say() -> None:
    pack = the_pack()
    query = compiled(pack)
    found = [
        a_case({"ai_extent": extent, "person.kind": kind, "disclosed": told}, as_of=SOME_DAY, market=market)
        for extent in ("none", "altered", None)
        for kind in ("nobody", "minor")
        for told in (False, None)
        for market in ("FR", "BR")
    ]
    tally = compile_tally(query, by=("market",))
    counted = duckdb_rows(query, [cells(query, case, case.market) for case in found], tally.text)
    for market, row in zip(("BR", "FR"), counted, strict=True):
        meant = [pack_meaning(pack, case) for case in found if case.market == market]
        assert row["market"] == market
        assert row[tally.rows] == len(meant)
        for measure in query.measures:
            assert row[tally.yes[measure]] == sum(one.measures[measure] is YES for one in meant)
            assert row[tally.open[measure]] == sum(one.measures[measure] is UNKNOWN for one in meant)
            assert row[tally.meanwhile[measure]] == sum(one.open_measures[measure] is YES for one in meant)
    with pytest.raises(ValueError, match="carries no column `day`"):
        compile_tally(query, by=("day",))


def test_a_tally_of_no_rows_is_zero() -> None:
    query = compiled(the_pack())
    tally = compile_tally(query)
    (row,) = duckdb_rows(query, [], tally.text)
    assert set(row.values()) == {0}
