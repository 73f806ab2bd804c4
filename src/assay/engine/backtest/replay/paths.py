"""From where to where rows go: one small code for both lanes and for what is open. It never names a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.language.pack.measures import Measures
from assay.engine.program.columnar.outcomes import StandingPlanes
from assay.engine.program.columnar.planes import Bools, Plane, union, unpack

PathCodes: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]


class Paths:
    """What the codes stand for, the same in every block of a replay.

    A code holds, from its lowest bit: the lane under the old version, the lane under the new one, whether something is
    open under the old version, and under the new one. Tables have a place for every code.
    """

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.bits = max(1, (len(lanes.all) - 1).bit_length())
        self.size = 1 << 2 * self.bits + 2
        codes = np.arange(self.size)
        lane = (1 << self.bits) - 1
        self.old: NDArray[np.int64] = codes & lane
        self.new: NDArray[np.int64] = codes >> self.bits & lane
        # One number for both lanes, whatever is open.
        self.cell: NDArray[np.int64] = codes & (1 << 2 * self.bits) - 1
        was_open, is_open = (codes >> 2 * self.bits & 1).astype(np.bool_), (codes >> 2 * self.bits + 1).astype(np.bool_)
        self.was_open: Bools = was_open
        self.is_open: Bools = is_open
        self.opened: Bools = is_open & ~was_open
        self.settled: Bools = was_open & ~is_open
        self.stricter: Bools = self.new > self.old
        self.milder: Bools = self.new < self.old
        self.changed: Bools = self.stricter | self.milder

    def code(self, old: str, new: str, *, was_open: bool = False, is_open: bool = False) -> int:
        """The code of a path by the names of its lanes."""
        ranks = self.lanes.by_id[old].rank | self.lanes.by_id[new].rank << self.bits
        return ranks | was_open << 2 * self.bits | is_open << 2 * self.bits + 1

    def codes_of(self, old: Sequence[Plane | None], new: Sequence[Plane | None], rows: int) -> PathCodes:
        """A code for each row, from `lane_bits` of both versions."""
        planes = [*old[:-1], *new[:-1], old[-1], new[-1]]
        low = _joined(planes[:8], rows)
        if len(planes) <= 8:
            return low
        high = np.left_shift(_joined(planes[8:], rows), 8, dtype=np.uint16)
        return np.bitwise_or(high, low, dtype=np.uint16)

    def lane_bits(self, standing: StandingPlanes, measures: Measures, rows: int) -> tuple[Plane | None, ...]:
        """The bits of the rank of each row's lane, and then where something is open; None is a plane of no row."""
        by_rank: list[list[Plane]] = [[] for _ in self.lanes.all]
        for measure, plane in zip(measures.all, standing.applied, strict=True):
            rank = self.lanes.rank_of(measure.id)
            if rank:
                by_rank[rank].append(plane)
        bits: list[list[Plane]] = [[] for _ in range(self.bits)]
        taken: Plane | None = None
        # From the strongest lane down, so that a row is in one lane only.
        for rank in range(len(by_rank) - 1, 0, -1):
            planes = [plane for plane in by_rank[rank] if plane.any()]
            if not planes:
                continue
            found = union(planes, rows) if len(planes) > 1 else planes[0]
            own = found if taken is None else found & ~taken
            taken = found if taken is None else taken | found
            for place in range(self.bits):
                if rank >> place & 1:
                    bits[place].append(own)
        joined = [union(planes, rows) if planes else None for planes in bits]
        unsettled = [plane for plane in standing.unsettled if plane.any()]
        return (*joined, union(unsettled, rows) if unsettled else None)


def _joined(planes: Sequence[Plane | None], rows: int) -> NDArray[np.uint8]:
    """Up to eight planes as the bits of one byte a row."""
    codes = np.zeros(rows, np.uint8)
    for place, plane in enumerate(planes):
        if plane is not None:
            codes |= unpack(plane, rows).view(np.uint8) << np.uint8(place)
    return codes
