"""What an import is asked for and what it comes to, and what every source gives to be written. It reads nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.records.rejects import Rejects


@dataclass(frozen=True, slots=True)
class Asked:
    """An import.

    called   by a name of the source: what of the layout it stands for
    views    the markets that have views, where the source's first rows do not show them all
    design   the sampling design, where the rows do not tell
    """

    source: Path
    out: Path
    pack: Pack
    called: Mapping[str, str] = field(default_factory=dict)
    views: tuple[str, ...] = ()
    design: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to.

    given, kept  rows that came, and rows that were written
    aside        names of the source that nobody knows, with the rows that have them
    """

    given: int
    kept: int
    rejects: Rejects
    aside: Counter[str]

    @property
    def refused(self) -> int:
        """Rows that were not written."""
        return self.given - self.kept


# How far a source has been read, and how much there is; None where nobody can say.
Reached = Callable[[int, int | None], None]


class Incoming(Protocol):
    """A source that is open, of which it is known which columns of views it has."""

    markets: tuple[str, ...]
    design: str
    given: int
    aside: Counter[str]

    def tables(self, schema: Any, reached: Reached | None = None) -> Iterator[Any]:
        """Its rows as tables of a schema, in order; those that are wrong are rejected."""
        ...


class NotReadable(Exception):
    """A source cannot be read at all; carries why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.words for fault in self.faults))


def ordered(markets: Iterable[str]) -> tuple[str, ...]:
    """Markets in the order in which they came, everywhere else last."""
    found = dict.fromkeys(markets)
    named = [market for market in found if market != ELSEWHERE]
    return (*named, ELSEWHERE) if ELSEWHERE in found else tuple(named)
