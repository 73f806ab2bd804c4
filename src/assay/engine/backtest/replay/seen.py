"""One block of history under the version in force and the candidate. What is asked for is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import ELSEWHERE, HistoryBlock
from assay.engine.backtest.replay.treatment import Treatment
from assay.engine.kernel.bits import places_of
from assay.engine.language.pack.classes import REST
from assay.engine.program.columnar.compile import Columnar
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.planes import codes_of
from assay.engine.program.lower import Program

OLD, NEW = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """How each row of a block is treated in a market by both versions.

    codes  places in `kinds`, one a row
    kinds  by code: what the old version does, and what the new one does
    """

    codes: NDArray[np.uint32]
    kinds: tuple[tuple[Treatment, Treatment], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A block and what two programs make of it; whoever counts something of a replay is given one of these a block."""

    history: HistoryBlock
    programs: tuple[Program, Program]
    planes: Planes
    _moves: dict[str, Moves] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, history: HistoryBlock, columnar: Columnar) -> Seen:
        """A block decided by the two packs of a columnar program."""
        old, new = (bundle.program for bundle in columnar.bundles)
        return cls(history, (old, new), columnar.evaluate(history.block))

    def place(self, version: int, market: str) -> str:
        """The name by which a version's planes know a market of the history."""
        return REST if market == ELSEWHERE else market

    def moves(self, market: str) -> Moves:
        """How every row is treated in a market, by both versions. Rows that did not reach it have a code too."""
        found = self._moves.get(market)
        if found is None:
            found = self._moves[market] = self._work_out(market)
        return found

    def _work_out(self, market: str) -> Moves:
        standings = [self.planes.standing(version, self.place(version, market)) for version in (OLD, NEW)]
        parts = [planes for found in standings for planes in (found.applied, found.unsettled)]
        codes, sets = codes_of([plane for planes in parts for plane in planes], self.history.rows)
        return Moves(codes, tuple([self._treatments(found) for found in sets]))

    def _treatments(self, bits: int) -> tuple[Treatment, Treatment]:
        found = []
        for program in self.programs:
            names = [measure.id for measure in program.pack.measures.all]
            width = len(names)
            applied, bits = bits & (1 << width) - 1, bits >> width
            unsettled, bits = bits & (1 << width) - 1, bits >> width
            both = [tuple([names[place] for place in places_of(part)]) for part in (applied, unsettled)]
            found.append(Treatment(*both))
        return found[0], found[1]
