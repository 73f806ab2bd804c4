"""Keeps an index up with the records, a little at a time. It is never in the way of who keeps them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.growing import Full, Growing
from assay.interfaces.stores.indexing.layout import open_for_writing

_AT_ONCE_SECONDS = 1.0


class Source(Protocol):
    """Where records are."""

    def read(self, connection: sqlite3.Connection, growing: Growing) -> Generator[None]:
        """Put what is new into the index, and note there how far it got, yielding after each record or little file.

        Whoever iterates may stop after any of them; what was read until then counts.
        raises  Stopped where it cannot go on
        """
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class Stopped(Exception):
    """A source cannot be read on; carries why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.words)


@dataclass(frozen=True, slots=True)
class Step:
    """What one look came to.

    added   records that are new in the index
    behind  whether there is more already
    fault   what keeps it from going on
    """

    added: int
    behind: bool
    fault: Fault | None = None


class Follower:
    """Follows one source into one index. Of two at a time one waits, or does nothing."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path, self._source = path, source
        self._connection: sqlite3.Connection | None = None
        self._file = 0

    def follow(self, seconds: float = _AT_ONCE_SECONDS) -> Step:
        """Take in what is new, for about so long. Where it ends, by a kill as well, rows and places go together."""
        opened = self._opened()
        if isinstance(opened, Fault):
            return Step(0, behind=True, fault=opened)
        try:
            opened.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            # Somebody else follows just now.
            return Step(0, behind=True)
        except sqlite3.DatabaseError as error:
            return self._broken(error)
        whole = False
        try:
            step = self._step(opened, time.monotonic() + seconds)
            opened.execute("COMMIT")
            whole = True
        except sqlite3.DatabaseError as error:
            return self._broken(error)
        finally:
            # Whatever went wrong, and be it with a record: closing takes back what was begun.
            if not whole:
                self.close()
        return step

    def close(self) -> None:
        """Let go of the index and of the source."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        self._source.close()

    def _step(self, connection: sqlite3.Connection, until: float) -> Step:
        growing, behind = Growing(connection), False
        fault = None
        try:
            # Closed when left, so that the source notes how far it got in this very transaction.
            with closing(self._source.read(connection, growing)) as reading:
                for _ in reading:
                    if time.monotonic() >= until:
                        behind = True
                        break
        except Stopped as error:
            fault = error.fault
        except Full:
            words = "the records name more rules, measures and bundles than an index holds; look at what writes them"
            fault = Fault("index-full", words)
        growing.finish()
        said = (("followed", time.time_ns() // 1000), ("behind", int(behind)))
        connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", said)
        why = ("", "") if fault is None else (fault.slug, fault.words)
        connection.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)", (("fault", why[0]), ("fault_words", why[1]))
        )
        return Step(growing.added, behind, fault)

    def _opened(self) -> sqlite3.Connection | Fault:
        if self._connection is not None and _file_of(self._path) != self._file:
            # Somebody removed it, so that it is made anew; what we have open is nobody's any more.
            self.close()
        if self._connection is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                why = (error.strerror or "it cannot be made").lower()
                return Fault("index-unwritable", f"the folder `{self._path.parent}` cannot be made: {why}")
            found = open_for_writing(self._path)
            if isinstance(found, Fault):
                return found
            self._connection, self._file = found, _file_of(self._path)
        return self._connection

    def _broken(self, error: sqlite3.DatabaseError) -> Step:
        self.close()
        words = f"the index could not be written: {' '.join(str(error).split())[:120]}; remove it if that stays so"
        return Step(0, behind=True, fault=Fault("index-unwritable", words))


def _file_of(path: Path) -> int:
    """Which file a name leads to; 0 where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0
