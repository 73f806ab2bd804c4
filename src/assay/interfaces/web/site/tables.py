"""Whether the database has the tables of this program; a new file gets them. It changes no table that is there."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from assay.engine.kernel.errors import Fault
from assay.governance.ledger import triggers
from assay.interfaces.web.site.databases import sqlite_file

_OLD = "the database is older than this program; run `assay workbench migrate`"
_EMPTY = "the database has no tables yet; run `assay workbench migrate`"
_UNREACHABLE = {
    "sqlite": "the file of the database cannot be opened, or is none; put a copy of it back, or move it away",
    "postgresql": "the database cannot be reached; see that its server runs and that its address is right",
}
_NEWER = "the database was made by a newer program; install that one again, or restore the copy from before"


def prepare(url: str) -> list[Fault]:
    """Make the tables of a new SQLite file; of any other database, say what it lacks."""
    file = sqlite_file(url)
    if file is None:
        return lacking()
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        # A file whose tables are being made has some of them already: whoever comes meanwhile waits.
        if _is_new(Path(file)) or _making(Path(file)).exists():
            with _alone(Path(file)):
                if _is_new(Path(file)):
                    migrate()
        return lacking()
    except OSError as error:
        return [Fault("no-database", f"`{file}` cannot be opened: {(error.strerror or '').lower()}", "database")]


def lacking() -> list[Fault]:
    """What keeps this program from working on the database."""
    try:
        executor = MigrationExecutor(connection)
        applied = set(executor.loader.applied_migrations)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return [Fault("no-database", _UNREACHABLE[connection.vendor], "database")]
    finally:
        connection.close()
    ours = {label for label, _ in executor.loader.disk_migrations}
    beyond = {key for key in applied - set(executor.loader.disk_migrations) if key[0] in ours}
    # A squashed migration leaves names behind that nothing needs.
    beyond -= {key for each in executor.loader.disk_migrations.values() for key in each.replaces}
    if beyond:
        return [Fault("newer-database", _NEWER, "database")]
    if plan:
        return [Fault("old-database", _OLD if applied else _EMPTY, "database")]
    return []


def restore_triggers() -> bool:
    """Put the triggers that guard the ledger back where somebody took them away; whether that was so."""
    gone = not triggers.installed(connection)
    if gone:
        triggers.install(connection)
    connection.close()
    return gone


def waiting() -> list[str]:
    """The migrations that were not applied yet, by name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    return [str(each) for each, _ in plan]


def migrate(to: str | None = None) -> None:
    """Bring the database to this program's tables, or one room to a named migration.

    to  such as `people 0002`, or `people zero`
    """
    if connection.vendor == "sqlite":
        # What people do is for nobody else of this machine.
        Path(connection.settings_dict["NAME"]).touch(mode=0o600)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A large table takes longer to change than any page may take.
            cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
    call_command("migrate", *([] if to is None else to.split()), verbosity=0, interactive=False)
    connection.close()


def _is_new(file: Path) -> bool:
    """Whether it holds nothing: it is not there, or somebody only looked into it."""
    if not file.exists() or file.stat().st_size == 0:
        return True
    try:
        return not connection.introspection.table_names()
    except DatabaseError:
        # It is no database at all, which is said when it is opened.
        return False
    finally:
        connection.close()


def _making(file: Path) -> Path:
    return file.with_name(file.name + ".making")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time makes the tables of a new file; whoever waited finds them made."""
    beside = _making(file)
    with beside.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        beside.unlink(missing_ok=True)
