"""The store that the workbench's tests write to: migrated once, copied for each test that commits. It holds no test.

A test that asks for `db` runs in a transaction that is undone. One that asks for `transactional_db` has a copy of the
migrated store for itself, since the ledger lets nobody empty its tables; there, threads and processes may write too.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

_numbers = itertools.count(1)


class Store(Protocol):
    """Where one worker's databases are."""

    @property
    def kind(self) -> str:
        """What `--store` calls it."""

    def url(self, name: str) -> str:
        """The address of it, as a person writes it into settings."""

    def copied(self, name: str) -> str:
        """The name of a new database with everything that is in this one, to which nothing may be connected."""

    def dropped(self, name: str) -> None:
        """Remove a database that nothing is connected to."""


@dataclass(frozen=True, slots=True)
class SqliteFiles:
    """Files in a folder; a copy is a copied file."""

    folder: Path
    kind: str = field(default="sqlite", init=False)

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def copied(self, name: str) -> str:
        made = f"copy-{next(_numbers)}"
        # What stands in the write-ahead log belongs to it too.
        with sqlite3.connect(self._path(name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self._path(name), self._path(made))
        return made

    def dropped(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path(name).with_name(self._path(name).name + ending).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Databases of a server that is reached by a socket in a folder; a copy is made by the server."""

    folder: Path
    kind: str = field(default="postgresql", init=False)

    def url(self, name: str) -> str:
        return f"postgresql://assay@/{name}?host={self.folder}"

    def copied(self, name: str) -> str:
        made = f"copy_{next(_numbers)}"
        self._tell(f'CREATE DATABASE "{made}" TEMPLATE "{name}"')
        return made

    def dropped(self, name: str) -> None:
        self._tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _tell(self, words: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(words)


@contextmanager
def _sqlite_files() -> Iterator[SqliteFiles]:
    with tempfile.TemporaryDirectory(prefix="assay-store-") as folder:
        yield SqliteFiles(Path(folder))


@contextmanager
def _postgres_server() -> Iterator[PostgresServer]:
    # Every run of tests loads this module; what that one loads, it needs only here.
    from tests.engine.program.sql.tables import a_postgres_server

    with a_postgres_server() as folder:
        yield PostgresServer(folder)


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The worker's store, of the kind that `--store` names."""
    with ExitStack() as stack:
        if request.config.getoption("--store") == "postgresql":
            from tests.engine.program.sql.tables import why_no_postgres

            reason = why_no_postgres()
            if reason is not None:
                pytest.skip(reason)
            yield stack.enter_context(_postgres_server())
        else:
            yield stack.enter_context(_sqlite_files())


def point_at(store: Store, name: str) -> None:
    """From now on, every connection of this process is to the database of this name, with the settings of a person."""
    from django.db import connections

    from assay.interfaces.web.site.databases import database_of

    connections.close_all()
    # The threads of a test read the same settings; only the connection of this one is kept from before.
    connections.databases["default"] |= database_of(store.url(name))
    if hasattr(connections._connections, "default"):  # type: ignore[attr-defined]
        del connections["default"]


@pytest.fixture(scope="session")
def migrated(store: Store, django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of a database with every migration and nothing else; to be copied, not to be written to."""
    from django.core.management import call_command
    from django.db import connections

    name = "migrated"
    if store.kind == "postgresql":
        name = store.copied("template1")
    with django_db_blocker.unblock():
        point_at(store, name)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
    return name


@pytest.fixture(scope="session")
def django_db_setup(store: Store, migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """What pytest-django asks for before the first test with a database."""
    from django.db import connections

    with ExitStack() as stack, django_db_blocker.unblock():
        standing = store.copied(migrated)
        point_at(store, standing)
        stack.enter_context(_copies_instead_of_flushes(store, migrated, standing))
        with django_db_blocker.block():
            yield
        connections.close_all()


@contextmanager
def _copies_instead_of_flushes(store: Store, migrated: str, standing: str) -> Iterator[None]:
    """A test that commits gets a copy, dropped after it: what nobody may delete cannot be flushed."""
    from django.db import connections
    from django.test import TransactionTestCase

    copies: list[str] = []

    def begin(_: type[TransactionTestCase]) -> None:
        copies.append(store.copied(migrated))
        point_at(store, copies[-1])

    def end(_: TransactionTestCase) -> None:
        point_at(store, standing)
        connections.close_all()
        store.dropped(copies.pop())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(begin))
        patch.setattr(TransactionTestCase, "_fixture_teardown", end)
        yield


@pytest.fixture
def store_url(transactional_db: None, store: Store) -> str:
    """The address of the store of a test that commits, for another process or thread."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    return store.url(Path(name).stem if store.kind == "sqlite" else name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another store than usual, only what writes to it is run: everything else was run before, and says the same."""
    if config.getoption("--store") == "sqlite":
        return
    apart = [item for item in items if not _writes(item)]
    config.hook.pytest_deselected(items=apart)
    items[:] = [item for item in items if _writes(item)]


def _writes(item: pytest.Item) -> bool:
    named = getattr(item, "fixturenames", ())
    return "store" in named or item.get_closest_marker("django_db") is not None
