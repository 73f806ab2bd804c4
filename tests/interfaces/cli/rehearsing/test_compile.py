"""`assay compile` prints what engines run: its SQL and its CEL decide as the reference meaning does."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from assay.engine.kernel.instants import parse_instant
from assay.engine.kernel.truth import Truth, truth_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.program.cel.export import compile_cel
from assay.engine.program.lower import lower_pack
from assay.engine.program.sql.dialects import DIALECTS
from assay.interfaces.packs import load_pack
from tests.conftest import Golden
from tests.interfaces import small
from tests.interfaces.running import STARTER, Run, assay

TEXTS = Path(__file__).parent / "golden"
NOON = parse_instant("2026-12-01T12:00:00Z") or 0
ROWS: tuple[dict[str, MaybeValue], ...] = (
    {"ai_extent": "generated", "nudity": True, "consent": "absent", "disclosed": False},
    {"ai_extent": "altered", "nudity": True, "disclosed": False},
    {"nudity": False},
    {"ai_extent": "none", "nudity": False, "disclosed": True},
    {},
)
MARKETS = ("DE", "BR")


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return small.write(Path("pack"))


def compiled(pack: str | Path, *words: str | Path) -> Run:
    run = assay("compile", pack, *words)
    assert (run.code, run.err) == (0, ""), run.err
    return run


def cases() -> list[Case]:
    return [Case(row, market, NOON, f"item-{number}") for number, row in enumerate(ROWS) for market in MARKETS]


def meant(pack: Pack) -> list[dict[str, Truth]]:
    return [dict(pack_meaning(pack, case).measures) for case in cases()]


def table_of(manifest: dict[str, list[dict[str, str]]]) -> tuple[str, list[list[object]]]:
    """The statement that makes the table, from the manifest alone, and its rows."""
    columns = manifest["columns"]
    made = ", ".join(f'"{one["name"]}" {one["type"]}' for one in columns)
    return f'CREATE TABLE "items" ({made})', [[_cell(one, case) for one in columns] for case in cases()]


def _cell(column: dict[str, str], case: Case) -> object:
    row = {"id": case.item, "market": case.market, "as_of": case.as_of}
    return row[column["holds"]] if column["holds"] in row else case.signals.get(column["of"])


# ------------------------------------------------------------------------- SQL


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
def test_printed_sql_decides_as_the_meaning_does(pack: Path, dialect: str) -> None:
    run = compiled(pack, "--to", "sql", "--dialect", dialect, "--manifest", "m.json")
    manifest = json.loads(Path("m.json").read_text(encoding="utf-8"))
    made, rows = table_of(manifest)
    marks = ", ".join("?" for _ in manifest["columns"])
    connection = sqlite3.connect(":memory:") if dialect == "sqlite" else duckdb.connect(config={"threads": 1})
    try:
        connection.execute(made)
        connection.executemany(f'INSERT INTO "items" VALUES ({marks})', rows)
        found = connection.execute(f'SELECT * FROM ({run.out}\n) ORDER BY "id", "market" DESC')
        names = [one[0] for one in found.description or ()]
        answers = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    finally:
        connection.close()
    said = [
        {
            measure: truth_of(None if answer[column] is None else bool(answer[column]))
            for measure, column in manifest["measures"].items()
        }
        for answer in answers
    ]
    assert said == meant(load_pack(pack))


def test_a_tally_counts_by_a_column_and_never_takes_unknown_for_no(pack: Path) -> None:
    words = ("--to", "sql", "--dialect", "duckdb", "--tally", "--by", "market", "--manifest", "m.json")
    run = compiled(pack, *words)
    manifest = json.loads(Path("m.json").read_text(encoding="utf-8"))
    made, rows = table_of(manifest)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(made)
        connection.executemany(f'INSERT INTO "items" VALUES ({", ".join("?" for _ in manifest["columns"])})', rows)
        found = connection.execute(run.out)
        names = [one[0] for one in found.description or ()]
        counts = {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}
    said = manifest["tally"]
    loaded = load_pack(pack)
    for market in MARKETS:
        here = [truths for case, truths in zip(cases(), meant(loaded), strict=True) if case.market == market]
        for measure in manifest["measures"]:
            truths = [row[measure] for row in here]
            assert counts[market][said["yes"][measure]] == truths.count(Truth.YES)
            assert counts[market][said["open"][measure]] == truths.count(Truth.UNKNOWN)
        assert counts[market][said["rows"]] == len(here)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_of_each_dialect_is_the_one_that_was_read_and_accepted(
    pack: Path, dialect: str, golden: Golden
) -> None:
    words = ("--to", "sql", "--dialect", dialect, "--table", "trust.items", "--classes", "--as-of", "2026-12-01")
    run = compiled(pack, *words, "--rules")
    replace(golden, folder=TEXTS)(f"{dialect}.sql", run.out)


def test_columns_can_be_called_otherwise_and_carried(pack: Path) -> None:
    words = ("--column", "id=item", "--column", "consent=person_consent", "--keep", "shard", "--table", "raw.uploads")
    run = compiled(pack, "--to", "sql", "--dialect", "postgres", *words)
    assert '"_source"."person_consent"' in run.out
    assert '"raw"."uploads"' in run.out
    assert '"_rule"."item" AS "item"' in run.out
    assert '"_rule"."shard" AS "shard"' in run.out
    assert '"consent"' not in run.out


def test_what_an_engine_cannot_hash_is_asked_for_and_named() -> None:
    run = compiled(STARTER, "--to", "sql", "--dialect", "sqlite")
    told = r"^--   rollout:\S+ REAL: the share that the id has for `\S+`, worked out before$"
    assert re.search(told, run.out, re.MULTILINE)


def test_a_file_is_written_and_summed_up(pack: Path) -> None:
    run = compiled(pack, "--to", "sql", "--dialect", "trino", "-o", "made/items.sql")
    assert run.out == "made/items.sql: trino, 3 measures from 7 columns of `items`\n"
    shown = compiled(pack, "--to", "sql", "--dialect", "trino").out
    assert Path("made/items.sql").read_text(encoding="utf-8") == shown


def test_the_manifest_names_the_pack_and_its_digest(pack: Path) -> None:
    compiled(pack, "--to", "sql", "--dialect", "spark", "--table", "t", "--manifest", "m.json")
    said = json.loads(Path("m.json").read_text(encoding="utf-8"))
    digest = load_pack(pack).digest
    assert said["pack"] == {"name": "small", "title": "A small pack", "version": "1.0.0", "digest": digest}
    assert (said["table"], said["digest"], said["dialect"]) == ("t", digest, "spark")


# ------------------------------------------------------------------------- CEL


def test_printed_cel_decides_as_the_meaning_does(pack: Path) -> None:
    from tests.engine.program.cel.oracle import bindings, environment, truth_in_cel

    run = compiled(pack, "--to", "cel", "--manifest", "m.json")
    parts = re.findall(r"^// measure (\S+): .*\n(.+)$", run.out, re.MULTILINE)
    manifest = json.loads(Path("m.json").read_text(encoding="utf-8"))
    loaded = load_pack(pack)
    program = lower_pack(loaded)
    export = replace(compile_cel(program), manifest=manifest)
    names = {code: found.name for found in program.classes for code in found.codes}
    where = environment(export)
    said = [
        {name: truth_in_cel(where, text, bindings(export, case, names[case.market])) for name, text in parts}
        for case in cases()
    ]
    assert said == meant(loaded)
    assert [one["when"] for one in manifest["measures"]] == [text for _, text in parts]


def test_rules_are_printed_where_asked_for(pack: Path) -> None:
    assert "// rule likeness/" not in compiled(pack, "--to", "cel").out
    assert "// rule likeness/" in compiled(pack, "--to", "cel", "--rules").out


def test_the_text_of_cel_is_the_one_that_was_read_and_accepted(pack: Path, golden: Golden) -> None:
    replace(golden, folder=TEXTS)("small.cel", compiled(pack, "--to", "cel", "--rules").out)


# ------------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "sgl"), "a pack is compiled to `sql` or `cel`, not to `sgl`"),
        (("--to", "sql"), "say which dialect with `--dialect`: duckdb, postgres, spark"),
        (("--to", "sql", "--dialect", "postgre"), "no dialect is named `postgre`; did you mean `postgres`?"),
        (("--to", "sql", "--dialect", "db"), "no dialect is named `db`; there are duckdb, postgres"),
        (("--to", "cel", "--subject", "acount"), "no subject is named `acount`; did you mean `account`?"),
        (("--to", "cel", "--dialect", "duckdb"), "`--dialect` is for SQL; CEL has no table"),
        (("--to", "sql", "--dialect", "duckdb", "--by", "market"), "`--by` counts by a column, and needs `--tally`"),
        (("--to", "sql", "--dialect", "duckdb", "--column", "consnt=c"), "did you mean `consent`?"),
        (("--to", "sql", "--dialect", "duckdb", "--column", "consent"), "`consent` names no column"),
        (("--to", "sql", "--dialect", "duckdb", "--column", "consent=id"), "two things would be in the column `id`"),
        (("--to", "sql", "--dialect", "duckdb", "--keep", "_x"), "`_x` cannot name a column"),
        (("--to", "sql", "--dialect", "duckdb", "--table", "a.b.c.d"), "`a.b.c.d` is no table"),
        (("--to", "sql", "--dialect", "duckdb", "--as-of", "soon"), "`soon` is no date"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(pack: Path, words: tuple[str, ...], said: str) -> None:
    run = assay("compile", pack, *words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_pack_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = assay("compile", "nowhere", "--to", "cel")
    assert run.code == 2
    assert "`nowhere` is no folder and no file" in run.err


def test_an_unsound_pack_is_not_compiled(pack: Path) -> None:
    policy = pack / small.POLICY
    policy.write_text(policy.read_text(encoding="utf-8").replace("consent", "consnt"), encoding="utf-8")
    run = assay("compile", pack, "--to", "cel")
    assert (run.code, run.out) == (1, "")
    assert "unknown-signal" in run.err


def test_a_bundle_compiles_to_the_same_text_as_its_folder(pack: Path) -> None:
    assert assay("bundle", "build", pack, "-o", "small.bundle.json").code == 0
    words = ("--to", "sql", "--dialect", "duckdb")
    assert compiled("small.bundle.json", *words).out == compiled(pack, *words).out
