"""What is asked of an engine that runs SQL: to keep a query's rows, and to give a few. It never sees a pack."""

from __future__ import annotations

from typing import Any, Protocol


class Warehouse(Protocol):
    """An engine with a table `history`."""

    @property
    def dialect(self) -> str:
        """Which SQL it speaks: one of those that are pushed."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and keep its rows, where the engine keeps rows, under a name."""
        ...

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives, which are few."""
        ...
