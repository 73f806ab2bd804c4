"""Tables of cases for the engines that the tests can run: DuckDB, SQLite and PostgreSQL. It tests nothing."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlglot import expressions as exp

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.truth import Truth, truth_of
from assay.engine.language.meaning import Case
from assay.engine.program.lower import Program
from assay.engine.program.sql.dialects import type_of
from assay.engine.program.sql.layout import Column, Layout
from assay.engine.program.sql.query import SqlQuery

KEPT = "row_number"
LAYOUT = Layout(keep=(KEPT,))
Answer = dict[str, object]


def class_names(program: Program) -> dict[str, str]:
    """The class of each market, for tables that hold classes."""
    return {code: found.name for found in program.classes for code in found.codes}


def cells(query: SqlQuery, case: Case, market: str) -> list[object]:
    """What a row holds for a case, in the order of the query's columns."""
    return [_cell(column, case, market, query.dialect) for column in query.columns]


def _cell(column: Column, case: Case, market: str, dialect: str) -> object:
    match column.holds:
        case "id":
            return case.item
        case "market":
            return market
        case "as_of":
            return case.as_of
        case "rollout":
            return None if case.item is None else share_of(case.item, column.of)
        case "known":
            return case.signals.get(column.of) is not None
    value = case.signals.get(column.of)
    if isinstance(value, frozenset):
        members = sorted(value)
        return json.dumps(members) if dialect == "sqlite" else members
    return value


def in_duckdb(query: SqlQuery, rows: Sequence[Sequence[object]]) -> list[Answer]:
    """The answers for rows, in their order."""
    return _in_order(duckdb_rows(query, rows, query.text))


def duckdb_rows(query: SqlQuery, rows: Sequence[Sequence[object]], text: str) -> list[Answer]:
    """What any query over the table of a compiled one gives."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(_creation(query))
        if rows:
            connection.executemany(f'INSERT INTO "items" VALUES ({_marks(query)})', _numbered(rows))
        found = connection.execute(text)
        names = [one[0] for one in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def in_sqlite(query: SqlQuery, rows: Sequence[Sequence[object]]) -> list[Answer]:
    """The answers for rows, in their order; SQLite's whole numbers become truth values."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(_creation(query))
        connection.executemany(f'INSERT INTO "items" VALUES ({_marks(query)})', _numbered(rows))
        found = connection.execute(query.text)
        names = [one[0] for one in found.description]
        return _in_order([dict(zip(names, row, strict=True)) for row in found.fetchall()])
    finally:
        connection.close()


def in_postgres(query: SqlQuery, rows: Sequence[Sequence[object]], server: Path) -> list[Answer]:
    """The answers for rows, in their order, through `psql` on a server's socket."""
    values = ", ".join("(" + ", ".join(_literal(cell, "postgres") for cell in row) + ")" for row in _numbered(rows))
    creation = _creation(query).replace("CREATE TABLE", "CREATE TEMPORARY TABLE")
    script = (
        f'{creation};\nINSERT INTO "items" VALUES {values};\n'
        f'SELECT COALESCE(JSON_AGG(ROW_TO_JSON("found")), \'[]\') FROM (\n{query.text}\n) AS "found";\n'
    )
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(server), "-U", "assay", "postgres"]
    run = subprocess.run(command, input=script, capture_output=True, text=True, check=False, encoding="utf-8")
    assert run.returncode == 0, run.stderr + script
    return _in_order(json.loads(run.stdout))


@contextmanager
def a_postgres_server() -> Iterator[Path]:
    """A server of its own, reached by a socket only; the folder of the socket."""
    as_user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="assay-pg-") as name:
        folder = Path(name)
        if as_user is not None:
            # The server refuses to run as root.
            shutil.chown(folder, as_user)
        data, tools = str(folder / "data"), _server_tools()
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=16MB"

        def tool(*arguments: str) -> None:
            subprocess.run(arguments, check=True, capture_output=True, user=as_user, cwd=folder)

        tool(str(tools / "initdb"), "-D", data, "-U", "assay", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        tool(str(tools / "pg_ctl"), "-D", data, "-o", settings, "-l", str(folder / "log"), "-w", "start")
        try:
            yield folder
        finally:
            tool(str(tools / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")


def why_no_postgres() -> str | None:
    """Why no server can be started here, or None."""
    if shutil.which("postgres") is None or shutil.which("psql") is None:
        return "no PostgreSQL server is installed"
    if os.geteuid() == 0 and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        return "PostgreSQL does not run as root, and there is no user `postgres`"
    return None


def truth_in(answer: Answer, column: str) -> Truth:
    """The truth value of a result's column; SQLite's true is 1."""
    value = answer[column]
    assert value is None or value in (True, False, 0, 1), value
    return truth_of(None if value is None else bool(value))


def _server_tools() -> Path:
    found = shutil.which("postgres")
    assert found is not None
    return Path(found).resolve().parent


def _creation(query: SqlQuery) -> str:
    names = [exp.to_identifier(column.name, quoted=True).sql(dialect=query.dialect) for column in query.columns]
    columns = [f"{name} {column.type}" for name, column in zip(names, query.columns, strict=True)]
    return f'CREATE TABLE "items" ({", ".join([*columns, f"{KEPT} BIGINT"])})'


def _marks(query: SqlQuery) -> str:
    return ", ".join("?" for _ in range(len(query.columns) + 1))


def _numbered(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [[*row, number] for number, row in enumerate(rows)]


def _in_order(answers: list[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: int(str(answer[KEPT])))


def _literal(cell: object, dialect: str) -> str:
    match cell:
        case None:
            return "NULL"
        case list():
            members = ", ".join(_literal(one, dialect) for one in cell)
            return f"ARRAY[{members}]::text[]" if dialect == "postgres" else f"[{members}]"
        case str():
            return exp.Literal.string(cell).sql(dialect=dialect)
        case float():
            return f"CAST('{cell!r}' AS {type_of('double', dialect)})"
        case _:
            return str(cell)
