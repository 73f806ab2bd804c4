"""Which decisions somebody wants to see, and a decision as the index has it. It reads nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.engine.kernel.errors import Fault

_KEY = re.compile(r"(\d{1,12})-(\d{1,18})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters, all of which must hold.

    item          an item's id, whole
    market        where `in_market` must hold; empty is anywhere
    in_market     facts that are of a market: measures, open, settled
    anywhere      facts of a decision as a whole: rules, bundles, questions
    since, until  when it was kept, in microseconds since the epoch, `until` left out itself
    """

    item: str = ""
    market: str = ""
    in_market: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A decision in a list.

    number      its row; grows with time
    file        of the record, and how many stand before it there: together they name it
    kept        when it was kept, and `as_of` the instant it was decided for; microseconds since the epoch
    everywhere  measures that are certain in every market; `somewhere` in some
    waiting     how many measures are open in some market
    """

    number: int
    file: int
    ordinal: int
    place: int
    digest: int
    item: str
    kept: int
    as_of: int | None
    bundle: str
    everywhere: tuple[str, ...]
    somewhere: tuple[str, ...]
    rules: tuple[str, ...]
    question: str
    waiting: int
    markets: int
    open_markets: int

    @property
    def key(self) -> str:
        """What addresses and references name it by; the same however often the index is made."""
        return f"{self.file}-{self.ordinal}"

    @property
    def settled(self) -> bool:
        """Whether no question is open in any market."""
        return self.open_markets == 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What the index could not read."""

    file: int
    slug: str
    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by: names that some record has."""

    markets: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    bundles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """How an index is.

    followed  when it was last brought up to date, in microseconds since the epoch; None where never
    behind    whether there was more to read then
    fault     what kept it from going on
    gaps      what could not be read, at most a hundred; `more_gaps` says whether there are others
    """

    rows: int
    followed: int | None
    behind: bool
    fault: Fault | None
    gaps: tuple[Gap, ...] = ()
    more_gaps: bool = False
    said: Mapping[str, object] = field(default_factory=dict)


def place_of(key: str) -> tuple[int, int] | None:
    """File and ordinal from a decision's name; None where it is none."""
    found = _KEY.match(key)
    return (int(found.group(1)), int(found.group(2))) if found else None
