"""Where an item is decided: market classes in groups, and what sets them apart. It never decides."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass

from assay.engine.kernel.bits import places_of

# Of eleven classes there are two thousand sets; an item that names many single markets could make more.
_MOST_NAMED = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """One market class, or one market of it that an item tells apart.

    bit      names the row among all rows
    active   the rules that hold there
    special  those of them that do not hold in every row of its group
    """

    bit: int
    active: int
    special: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows for which market-scoped signals leave the same planes.

    mask     those planes
    bits     the rows, as a set
    common   the rules that hold in all of them, and `special` those that hold in some only
    """

    mask: int
    bits: int
    common: int
    special: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Where an item is decided: groups of rows, and the names of rows in the pack's order."""

    groups: tuple[Group, ...]
    names: tuple[str, ...]
    named: dict[int, tuple[str, ...]]

    def name(self, bits: int) -> tuple[str, ...]:
        """The names of a set of rows."""
        found = self.named.get(bits)
        if found is None:
            if len(self.named) > _MOST_NAMED:
                self.named.clear()
            found = self.named[bits] = tuple([self.names[place] for place in places_of(bits)])
        return found


def group_of(mask: int, rows: list[tuple[int, int]]) -> Group:
    """A group of rows, from the planes they leave and, for each, its bit and the rules that hold there."""
    common = functools.reduce(operator.and_, (active for _, active in rows))
    some = functools.reduce(operator.or_, (active for _, active in rows))
    each = tuple(Row(bit, active, active & ~common) for bit, active in rows)
    return Group(mask, sum(row.bit for row in each), common, some & ~common, each)
