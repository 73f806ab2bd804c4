"""Triggers that let nobody change or remove what was recorded, on both stores. They stop no one who may drop them.

A migration that changes one of these tables removes them first and installs them again: SQLite makes tables anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY, NODE, TREE_HEAD = "ledger_entry", "ledger_node", "ledger_treehead"
# Each table with its key: putting a row in the place of another is refused like changing it.
TABLES = {ENTRY: "number", NODE: "place", TREE_HEAD: "number"}
WORDS = "the ledger is only ever added to"
GAP = "an entry has the number after the last one"


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers; those that are there are made anew."""
    remove(connection)
    _run(connection, _postgresql() if connection.vendor == "postgresql" else _sqlite())


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    names = [(f"{table}_{what}", table) for table in TABLES for what in ("update", "delete", "truncate", "insert")]
    if connection.vendor == "postgresql":
        statements = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in names]
        functions = [f"DROP FUNCTION IF EXISTS {name}()" for name in ("ledger_refuse", *_GUARDS)]
        _run(connection, [*statements, *functions])
    else:
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name, _ in names])


def installed(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger is there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
            wanted = {f"{table}_{what}" for table in TABLES for what in ("update", "delete", "truncate", "insert")}
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = {f"{table}_{what}" for table in TABLES for what in ("update", "delete", "insert")}
        return wanted <= {name for (name,) in cursor.fetchall()}


@contextmanager
def without_triggers(using: str = "default") -> Iterator[None]:
    """Let a test empty or spoil the tables; afterwards the triggers are there again."""
    connection = connections[using]
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _sqlite() -> list[str]:
    statements = []
    for table, key in TABLES.items():
        statements += [
            (
                f"CREATE TRIGGER {table}_{what} BEFORE {what.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
            for what in ("update", "delete")
        ]
        statements.append(
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN {_refused(table, key)} "
            f"BEGIN SELECT RAISE(ABORT, '{GAP if table == ENTRY else WORDS}'); END"
        )
    return statements


def _refused(table: str, key: str) -> str:
    """When a new row may not come in. `INSERT OR REPLACE` would otherwise take away the row that was there."""
    if table == ENTRY:
        return f"NEW.{key} <> COALESCE((SELECT MAX({key}) FROM {table}), -1) + 1"  # noqa: S608 (our own names)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}"  # noqa: S608 (our own names)
    return f"{taken} OR size = NEW.size)" if table == TREE_HEAD else f"{taken})"


_GUARDS = {f"{table}_guard": (table, key) for table, key in TABLES.items()}


def _postgresql() -> list[str]:
    statements = [
        (
            "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    ]
    for guard, (table, key) in _GUARDS.items():
        statements += [
            (
                f"CREATE TRIGGER {table}_{what} BEFORE {what.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
            )
            for what in ("update", "delete")
        ]
        statements.append(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
        statements.append(
            f"CREATE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_refused(table, key)} THEN "
            f"RAISE EXCEPTION '{GAP if table == ENTRY else WORDS}' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        statements.append(
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {guard}()"
        )
    return statements


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
