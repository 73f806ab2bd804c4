"""Rows that markets treat differently: each way of counting gets entries of its own. It keeps nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.counting.entries import Entries
from assay.engine.backtest.replay.counting.grid import exactly
from assay.engine.backtest.replay.paths import Paths
from assay.engine.program.columnar.planes import Bools

# So many rows are worked out together, which keeps their tables within the processor's caches.
_TOGETHER = 4096


class Of(StrEnum):
    """Which decisions are counted, beside single cells of the matrix."""

    ALL = "all"
    CHANGED = "changed"
    STRICTER = "stricter"
    MILDER = "milder"
    OPENED = "opened"
    SETTLED = "settled"


PARTS = (Of.CHANGED, Of.STRICTER, Of.MILDER, Of.OPENED, Of.SETTLED)


@dataclass(frozen=True, slots=True)
class Rest:
    """What each row has beside a part; a share of what counts in several markets needs it for its error."""

    of: Of


@dataclass(frozen=True, slots=True)
class CellOf:
    """One cell of the matrix."""

    cell: int


@dataclass(frozen=True, slots=True, eq=False)
class InMarket:
    """One market of a block: which rows reached it, their paths and views. Unknown views count as none."""

    name: str
    present: Bools
    paths: NDArray[np.int64]
    views: NDArray[np.int64] | None


def table_of(ways: Paths, of: Of) -> Bools:
    """For every path, whether it is counted."""
    tables = {
        Of.CHANGED: ways.changed,
        Of.STRICTER: ways.stricter,
        Of.MILDER: ways.milder,
        Of.OPENED: ways.opened,
        Of.SETTLED: ways.settled,
    }
    return tables.get(of, np.ones(ways.size, np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class _Some:
    """Entries of one kind."""

    rows: NDArray[np.intp]
    kind: Hashable
    counts: NDArray[np.int64]
    views: NDArray[np.int64]


def mixed_entries(markets: Sequence[InMarket], rows: NDArray[np.intp], ways: Paths, *, rests: bool) -> Entries:
    """What some rows count as over all their markets.

    rests  whether shares need an error
    """
    found: list[_Some] = []
    for start in range(0, rows.size, _TOGETHER):
        found += _worked_out(markets, rows[start : start + _TOGETHER], ways, rests=rests)
    places: dict[Hashable, int] = {}
    kinds = [np.full(some.rows.size, places.setdefault(some.kind, len(places)), np.int64) for some in found]
    none = [np.zeros(0, np.int64)]
    has_views = markets[0].views is not None
    return Entries(
        np.concatenate([some.rows for some in found] or none),
        np.concatenate(kinds or none),
        tuple(places),
        np.concatenate([some.counts for some in found] or none),
        np.concatenate([some.views for some in found] or none) if has_views else None,
    )


def _worked_out(markets: Sequence[InMarket], rows: NDArray[np.intp], ways: Paths, *, rests: bool) -> list[_Some]:
    own, paths, views = [], [], []
    for market in markets:
        here = np.flatnonzero(market.present[rows])
        own.append(here)
        paths.append(market.paths[rows[here]])
        views.append(np.zeros(here.size, np.int64) if market.views is None else market.views[rows[here]])
    of, path, seen = np.concatenate(own), np.concatenate(paths), np.concatenate(views)
    everything = _counted(of, seen, rows.size)
    found = [_some(rows, Of.ALL, *everything)]
    for part in PARTS:
        chosen = np.flatnonzero(table_of(ways, part)[path])
        counts, sums = _counted(of[chosen], seen[chosen], rows.size)
        found.append(_some(rows, part, counts, sums))
        if rests:
            found.append(_some(rows, Rest(part), everything[0] - counts, everything[1] - sums))
    cells = ways.cell[path]
    for cell in np.flatnonzero(np.bincount(cells)).tolist():
        chosen = np.flatnonzero(cells == cell)
        found.append(_some(rows, CellOf(cell), *_counted(of[chosen], seen[chosen], rows.size)))
    return found


def _counted(of: NDArray[np.intp], views: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.bincount(of, minlength=size), exactly(of, views, size)


def _some(rows: NDArray[np.intp], kind: Hashable, counts: NDArray[np.int64], views: NDArray[np.int64]) -> _Some:
    has = np.flatnonzero(counts)
    return _Some(rows[has], kind, counts[has], views[has])
