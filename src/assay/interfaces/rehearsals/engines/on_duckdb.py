"""DuckDB over the files of a history, on this machine. It keeps what it works out in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from assay.interfaces.rehearsals.engines.pushed.columns import SOURCE
from assay.interfaces.rehearsals.engines.pushed.phrases import Phrases

_DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class DuckDB:
    """A connection to a database that is thrown away."""

    connection: Any

    @property
    def dialect(self) -> str:
        """DuckDB's own."""
        return _DIALECT

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and keep its rows as a table."""
        self._executed(" ".join(["CREATE TABLE", Phrases(_DIALECT).name(name), "AS", query]))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        found: list[tuple[Any, ...]] = self._executed(query).fetchall()
        return found

    def _executed(self, query: str) -> Any:
        try:
            return self.connection.execute(query)
        except RuntimeError as error:
            # DuckDB takes Ctrl-C for itself and gives it on by another name.
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from None
            raise


@contextmanager
def a_duckdb(files: Sequence[str]) -> Iterator[DuckDB]:
    """A database whose table `history` are some files; on disk, so that more rows than fit in memory can be kept."""
    import duckdb

    phrases = Phrases(_DIALECT)
    with TemporaryDirectory(prefix="assay-duckdb-") as folder, duckdb.connect(f"{folder}/kept.duckdb") as connection:
        # Days are those of UTC, whatever the machine's own time is.
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = false")
        listed = ", ".join(map(phrases.text, files))
        source = f"read_parquet([{listed}], union_by_name = true)"
        connection.execute(f"CREATE VIEW {SOURCE} AS FROM {source}")
        yield DuckDB(connection)
