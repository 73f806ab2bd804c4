"""What two versions do to each item of a block in the markets that it reached, as planes. It counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.backtest.replay.treatment import Lane, Lanes, Treatment
from assay.engine.program.columnar.outcomes import StandingPlanes
from assay.engine.program.columnar.planes import Plane, nothing, union, unpack
from assay.engine.program.lower import Program

VERSIONS = (OLD, NEW)


class Reached:
    """A block's items under both versions, market by market and in all markets that they reached together."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self.history = seen, seen.history
        self.rows = seen.history.rows
        self.markets = seen.history.markets
        first, second = (program.pack.measures for program in seen.programs)
        self.lanes = Lanes(first, second)
        self._ranks = tuple(_ranks(self.lanes, program) for program in seen.programs)
        self._present = {market: seen.present(market) for market in self.markets}
        self._standing = {
            (version, market): self._masked(seen.standing(version, market), market)
            for version in VERSIONS
            for market in self.markets
        }

    def present(self, market: str) -> Plane:
        """The items that reached a market, or may have."""
        return self._present[market]

    def applied(self, version: int, market: str) -> NDArray[np.uint64]:
        """What is done to items in a market: one plane a measure."""
        return self._standing[version, market].applied

    def lanes_in(self, version: int, market: str) -> Sequence[Plane]:
        """By rank of the lane, the items of a market that are in it."""
        return self._sorted(version, self.applied(version, market), self.present(market))

    @cached_property
    def anywhere(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """By version, what is done to items in some market: one plane a measure."""
        old, new = (_any([self.applied(version, market) for market in self.markets]) for version in VERSIONS)
        return old, new

    @cached_property
    def open(self) -> tuple[Plane, Plane]:
        """By version, the items of which something is open in some market."""
        old, new = (
            union([plane for market in self.markets for plane in self._standing[version, market].unsettled], self.rows)
            for version in VERSIONS
        )
        return old, new

    @cached_property
    def ranks(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """By version, the rank of the strongest lane that each item is in anywhere."""
        old, new = (self._strongest(version) for version in VERSIONS)
        return old, new

    def places(self, version: int, wanted: Sequence[str]) -> list[int]:
        """The places of some measures in a version's planes; those that it does not have are left out."""
        index = self.seen.programs[version].pack.measures.index
        return [index[name] for name in wanted if name in index]

    def having(self, version: int, wanted: Sequence[str]) -> Plane:
        """The items to which some measure of a few is done in some market."""
        planes = self.anywhere[version]
        return union([planes[place] for place in self.places(version, wanted)], self.rows)

    def _masked(self, found: StandingPlanes, market: str) -> StandingPlanes:
        present = self._present[market]
        return StandingPlanes(found.applied & present, found.unsettled & present)

    def _sorted(self, version: int, applied: NDArray[np.uint64], present: Plane) -> list[Plane]:
        planes = [nothing(self.rows) for _ in self.lanes.all]
        for place, rank in self._ranks[version]:
            np.bitwise_or(planes[rank], applied[place], out=planes[rank])
        left = present.copy()
        for rank in range(len(planes) - 1, 0, -1):
            np.bitwise_and(planes[rank], left, out=planes[rank])
            left &= ~planes[rank]
        planes[0] = left
        return planes

    def _strongest(self, version: int) -> NDArray[np.uint8]:
        ranks = np.zeros(self.rows, np.uint8)
        reached = union(self._present.values(), self.rows)
        for rank, plane in enumerate(self._sorted(version, self.anywhere[version], reached)):
            if rank and plane.any():
                ranks[unpack(plane, self.rows)] = rank
        return ranks


def lanes_of(programs: Sequence[Program]) -> tuple[Lane, ...]:
    """The lanes of two versions, the mildest first."""
    return Lanes(*[program.pack.measures for program in programs]).all


def _ranks(lanes: Lanes, program: Program) -> tuple[tuple[int, int], ...]:
    """The places of measures that put an item into a lane, with the lane's rank."""
    ranks = [lanes.lane(Treatment((measure.id,), ())).rank for measure in program.pack.measures.all]
    return tuple((place, rank) for place, rank in enumerate(ranks) if rank)


def _any(planes: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    found = planes[0].copy()
    for more in planes[1:]:
        np.bitwise_or(found, more, out=found)
    return found
