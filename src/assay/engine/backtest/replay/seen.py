"""One block of history under the version in force and the candidate. What is asked for is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.backtest.history.block import ELSEWHERE, HistoryBlock
from assay.engine.backtest.replay.paths import PathCodes, Paths
from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.language.pack.classes import REST
from assay.engine.program.columnar.compile import Columnar
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.outcomes import MeasurePlanes, StandingPlanes
from assay.engine.program.columnar.planes import Plane, cut, everything, pack
from assay.engine.program.lower import Program

OLD, NEW = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What has been worked out for a block; markets of which both versions say the same share it."""

    names: dict[tuple[int, str], str] = field(default_factory=dict)
    paths: dict[tuple[str, str], PathCodes] = field(default_factory=dict)
    standings: dict[tuple[int, str], StandingPlanes] = field(default_factory=dict)
    bits: dict[tuple[int, str], tuple[Plane | None, ...]] = field(default_factory=dict)
    present: dict[str, Plane] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A block and what two programs make of it; whoever counts something of a replay is given one of these a block.

    ways  what the codes that `paths` gives stand for
    """

    history: HistoryBlock
    programs: tuple[Program, Program]
    planes: Planes
    ways: Paths
    _kept: _Kept = field(default_factory=_Kept, repr=False)

    @classmethod
    def of(cls, history: HistoryBlock, columnar: Columnar, ways: Paths | None = None) -> Seen:
        """A block decided by the two packs of a columnar program."""
        old, new = (bundle.program for bundle in columnar.bundles)
        known = Paths(Lanes(old.pack.measures, new.pack.measures)) if ways is None else ways
        return cls(history, (old, new), columnar.evaluate(history.block), known)

    def place(self, version: int, market: str) -> str:
        """The name of a market in a version's planes: that of its class, or its own where rows tell it apart."""
        found = self._kept.names.get((version, market))
        if found is None:
            found = self._kept.names[version, market] = self._place(version, market)
        return found

    def _place(self, version: int, market: str) -> str:
        if market == ELSEWHERE or market in self.planes.markets(version):
            return REST if market == ELSEWHERE else market
        return next((of.name for of in self.programs[version].classes if market in of.codes), market)

    def measures(self, version: int, market: str) -> MeasurePlanes:
        """Where a version's measures are certain, certain or unknown, and imposed until more is known."""
        return self.planes.measures(version, self.place(version, market))

    def standing(self, version: int, market: str) -> StandingPlanes:
        """What a version does now, and what may still change."""
        key = (version, self.place(version, market))
        found = self._kept.standings.get(key)
        if found is None:
            found = self._kept.standings[key] = self.planes.standing(*key)
        return found

    def present(self, market: str) -> Plane:
        """The rows that reached a market, or may have."""
        found = self._kept.present.get(market)
        if found is None:
            rows, views = self.history.rows, self.history.views.get(market)
            found = self._kept.present[market] = cut(everything(rows), rows) if views is None else pack(views != 0)
        return found

    def paths(self, market: str) -> PathCodes:
        """From which lane to which rows go in a market, and what is open; also of rows that did not reach it."""
        key = (self.place(OLD, market), self.place(NEW, market))
        found = self._kept.paths.get(key)
        if found is None:
            bits = [self._bits(version, market) for version in (OLD, NEW)]
            found = self._kept.paths[key] = self.ways.codes_of(bits[OLD], bits[NEW], self.history.rows)
        return found

    def _bits(self, version: int, market: str) -> tuple[Plane | None, ...]:
        key = (version, self.place(version, market))
        found = self._kept.bits.get(key)
        if found is None:
            measures = self.programs[version].pack.measures
            found = self.ways.lane_bits(self.standing(version, market), measures, self.history.rows)
            self._kept.bits[key] = found
        return found
