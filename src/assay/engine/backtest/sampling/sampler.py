"""A sample of rows to look at more closely, drawn while a history streams by. It never keeps more than it was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.backtest.sampling.draw import draws_of
from assay.engine.backtest.sampling.exact import as_float, exact_sums, exactly
from assay.engine.backtest.sampling.reached import Reached
from assay.engine.backtest.sampling.record import Record, records_of
from assay.engine.program.columnar.planes import Plane, pack, union, unpack


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """Decisions of one market that go from one lane to another; to the same lane where only other measures change."""

    market: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """Items of one stratum of which something is open, under the versions named: `old`, `new` or `both`."""

    stratum: str
    under: str


Pool: TypeAlias = Move | Waiting


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows are kept of each pool."""

    moved: int = 12
    waiting: int = 300


class Drawn:
    """What was drawn of a pool.

    rows    how many rows the pool has; `exact` is the exact sum of their weights
    kept    rows with the smallest draws, in their order
    """

    def __init__(self, rows: int = 0, exact: int = 0, kept: Sequence[tuple[int, Record]] = ()) -> None:
        self.rows, self.exact, self.kept = rows, exact, list(kept)

    @property
    def weights(self) -> float:
        """How many items of the history the pool's rows stand for."""
        return as_float(self.exact)

    @property
    def records(self) -> list[Record]:
        """The rows that were drawn."""
        return [record for _, record in self.kept]

    def join(self, other: Drawn, most: int) -> None:
        """Take in what was drawn of the same pool elsewhere."""
        self.rows += other.rows
        self.exact += other.exact
        self.kept = sorted([*self.kept, *other.kept], key=_order)[:most]


class Sampler:
    """Draws from every pool of a replay the rows whose ids have the smallest draws, whatever the order of blocks.

    Blocks without ids cannot be drawn from: their pools are counted, and nothing of them is kept.
    """

    def __init__(self, sizes: Sizes | None = None) -> None:
        self.sizes = Sizes() if sizes is None else sizes
        self.pools: dict[Pool, Drawn] = {}

    def add(self, seen: Seen, reached: Reached | None = None) -> None:
        """Draw from a block; `reached` saves working it out again."""
        reached = Reached(seen) if reached is None else reached
        pools = list(_pools(reached))
        if not pools:
            return
        weights = seen.history.weights
        wanted = np.flatnonzero(unpack(union([plane for _, plane in pools], reached.rows), reached.rows))
        draws = np.zeros(reached.rows, np.uint64)
        if seen.history.block.ids is not None:
            draws[wanted] = draws_of(seen.history.block.ids.at(wanted))
        chosen: dict[Pool, list[int]] = {}
        for pool, plane in pools:
            rows = np.flatnonzero(unpack(plane, reached.rows))
            drawn = self.pools.setdefault(pool, Drawn())
            drawn.rows += rows.size
            drawn.exact += _weight(weights[rows])
            if seen.history.block.ids is not None:
                chosen[pool] = self._smallest(pool, rows, draws[rows])
        self._keep(seen, chosen, draws)

    def merge(self, other: Sampler) -> None:
        """Take in what was drawn from other blocks."""
        for pool, drawn in other.pools.items():
            self.pools.setdefault(pool, Drawn()).join(drawn, self._most(pool))

    def drawn(self, kind: type[Pool]) -> Iterator[tuple[Pool, Drawn]]:
        """What was drawn from the pools of one kind, in an order that depends on nothing but their names."""
        of_kind = [pool for pool in self.pools if isinstance(pool, kind)]
        for pool in sorted(of_kind):
            yield pool, self.pools[pool]

    def _most(self, pool: Pool) -> int:
        return self.sizes.moved if isinstance(pool, Move) else self.sizes.waiting

    def _smallest(self, pool: Pool, rows: NDArray[np.intp], draws: NDArray[np.uint64]) -> list[int]:
        """Rows that may be among those kept: no later than the last of them, and ties with it."""
        most, kept = self._most(pool), self.pools[pool].kept
        if len(kept) >= most:
            near = draws <= np.uint64(kept[-1][0])
            rows, draws = rows[near], draws[near]
        if rows.size > most:
            near = draws <= np.partition(draws, most - 1)[most - 1]
            rows = rows[near]
        found: list[int] = rows.tolist()
        return found

    def _keep(self, seen: Seen, chosen: dict[Pool, list[int]], draws: NDArray[np.uint64]) -> None:
        rows = sorted({row for found in chosen.values() for row in found})
        records = dict(zip(rows, records_of(seen.history, rows), strict=True))
        for pool, found in chosen.items():
            fresh = [(int(draws[row]), records[row]) for row in found]
            self.pools[pool].join(Drawn(kept=fresh), self._most(pool))


def _pools(reached: Reached) -> Iterator[tuple[Pool, Plane]]:
    for market in reached.markets:
        yield from _moves(reached, market)
    old, new = reached.open
    stratum = reached.history.stratum
    for under, plane in (("old", old & ~new), ("new", new & ~old), ("both", old & new)):
        if not plane.any():
            continue
        flags = unpack(plane, reached.rows)
        for code in np.unique(stratum.codes[flags]).tolist():
            yield Waiting(stratum.names[code], under), pack(flags & (stratum.codes == code))


def _moves(reached: Reached, market: str) -> Iterator[tuple[Move, Plane]]:
    lanes = reached.lanes.all
    before, after = reached.lanes_in(OLD, market), reached.lanes_in(NEW, market)
    otherwise = _otherwise(reached, market)
    for old, here in zip(lanes, before, strict=True):
        if not here.any():
            continue
        for new, there in zip(lanes, after, strict=True):
            plane = here & there
            plane = plane & otherwise if old.id == new.id else plane
            if plane.any():
                yield Move(market, old.id, new.id), plane


def _otherwise(reached: Reached, market: str) -> Plane:
    """Where some measure is done by one version only."""
    old, new = (reached.applied(version, market) for version in (OLD, NEW))
    first, second = (program.pack.measures.index for program in reached.seen.programs)
    planes = [old[place] ^ new[second[name]] if name in second else old[place] for name, place in first.items()]
    planes += [new[place] for name, place in second.items() if name not in first]
    return union(planes, reached.rows)


def _weight(weights: NDArray[np.float64]) -> int:
    """The exact sum of some weights."""
    if (weights == 1.0).all():
        return exactly(1.0) * weights.size
    return exact_sums(weights, np.zeros(weights.size, np.int64), 1)[0]


def _order(entry: tuple[int, Record]) -> tuple[int, str]:
    return entry[0], entry[1].id
