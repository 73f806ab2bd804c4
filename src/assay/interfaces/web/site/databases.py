"""A database's address as Django wants it. It opens no connection and shows no password."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

# Every commit of the ledger is on the disk before somebody is told that it is done.
_SQLITE_BEGIN = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728"
_SECONDS_FOR_THE_LOCK = 20
# No page waits for ever: neither for another's lock nor for a query that went wrong.
_POSTGRESQL_LIMITS = "-c statement_timeout=30000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000"
_OPEN_SECONDS = 600


class NoSuchDatabase(ValueError):
    """An address that no database can have; carries words without the address."""


def database_of(url: str) -> dict[str, Any]:
    """Django's description of a database.

    raises  NoSuchDatabase, where the address is wrong or its library is absent
    """
    if url.startswith("sqlite:///"):
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    return _postgresql(url)


def sqlite_file(url: str) -> str | None:
    """The file of an SQLite database; None of another one."""
    return unquote(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": _OPEN_SECONDS,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": _SECONDS_FOR_THE_LOCK,
            "init_command": _SQLITE_BEGIN,
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise NoSuchDatabase("a database on PostgreSQL needs its library: install `assay[postgres]`") from None
    try:
        parts = dict(conninfo_to_dict(url))
    except ProgrammingError:
        raise NoSuchDatabase(
            "the address of the database cannot be read; it is `postgresql://user@server/name`"
        ) from None
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {django: str(parts.pop(libpq, "") or "") for django, libpq in known.items()}
    if not found["NAME"]:
        raise NoSuchDatabase("the address of the database names none; it ends with `/name`")
    # A server that went away is noticed before a page fails by it.
    return {
        "ENGINE": "django.db.backends.postgresql",
        **found,
        "CONN_MAX_AGE": _OPEN_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "assay workbench", "options": _POSTGRESQL_LIMITS, **parts},
    }
