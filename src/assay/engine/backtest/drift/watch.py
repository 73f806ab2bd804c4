"""One period of a history, counted: signals, who uploads what where, outcomes, and scores with what people found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assay.engine.backtest.drift.calibration import Reliabilities
from assay.engine.backtest.drift.categories import NO_CATEGORY, UNKNOWN, sorted_rows
from assay.engine.backtest.drift.counted import Counted, Places
from assay.engine.backtest.history.block import ELSEWHERE, HistoryBlock
from assay.engine.language.pack.classes import REST
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.columns import Column
from assay.engine.program.lower import Program

SIGNAL, MIX, REACH, OUTCOME = "signal", "mix", "reach", "outcome"
OPEN, DONE = "open", "done"


class Thing(NamedTuple):
    """What is watched.

    kind    `signal`, `mix` (who uploads, in which language, where), `reach` (a market) or `outcome`
    name    a signal, a dimension, a market or a measure
    part    the value of a set, where it is about one
    market  of an outcome, or of a signal that has a value for each market
    """

    kind: str
    name: str
    part: str = ""
    market: str = ""


@dataclass(frozen=True, slots=True)
class Strata:
    """By stratum whether all its rows have one weight: the least and the most that was seen."""

    weights: dict[str, tuple[float, float]]

    def see(self, history: HistoryBlock) -> None:
        """The rows of a block."""
        for code, name in enumerate(history.stratum.names):
            own = history.weights[history.stratum.codes == code]
            if own.size:
                self.put(name, (float(own.min()), float(own.max())))

    def put(self, name: str, bounds: tuple[float, float]) -> None:
        """The least and the most of further rows."""
        mine = self.weights.get(name, bounds)
        self.weights[name] = min(mine[0], bounds[0]), max(mine[1], bounds[1])


class Watch:
    """What one period was like, by one pack. Blocks are added in any cut, and periods of one kind merged."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows = 0
        self.everything = Counted()
        self.things: dict[Thing, Counted] = {}
        self.strata = Strata({})
        self.scores = Reliabilities(program.pack.vocabulary)

    def add(self, history: HistoryBlock, planes: Planes) -> None:
        """The rows of a block, and what the pack makes of them."""
        if not history.rows:
            return
        places = Places.of(history)
        self.rows += history.rows
        self.strata.see(history)
        self.everything.add(places, ("all",), np.zeros(history.rows, np.int64))
        self._add_signals(history, places)
        signals = self.program.pack.vocabulary.by_name
        for dimension, group in history.groups.items():
            # A dimension that is a signal is watched as one.
            if dimension in signals:
                continue
            names = [name or UNKNOWN for name in group.names]
            self._counted(Thing(MIX, dimension)).add(places, names, group.codes.astype(np.int64))
        self._add_outcomes(history, planes, places)
        self.scores.add(history)

    def merge(self, other: Watch) -> None:
        """What was counted of later blocks."""
        self.rows += other.rows
        self.everything.merge(other.everything)
        for thing, counted in other.things.items():
            self._counted(thing).merge(counted)
        for name, bounds in other.strata.weights.items():
            self.strata.put(name, bounds)
        self.scores.merge(other.scores)

    def _counted(self, thing: Thing, names: Sequence[str] = ()) -> Counted:
        found = self.things.get(thing)
        if found is None:
            found = self.things[thing] = Counted(names)
        return found

    def _add_signals(self, history: HistoryBlock, places: Places) -> None:
        for signal in self.program.pack.vocabulary.signals:
            # What the calendar says of a day is not seen in any upload.
            if signal.calendar is not None:
                continue
            columns: dict[str, Column | None] = {"": history.block.columns.get(signal.name)}
            if signal.by_market:
                columns = {**history.block.by_market.get(signal.name, {})}
            for market, column in columns.items():
                for each in sorted_rows(signal, column, history.rows):
                    self._counted(Thing(SIGNAL, signal.name, each.part, market)).add(places, each.names, each.codes)

    def _add_outcomes(self, history: HistoryBlock, planes: Planes, places: Places) -> None:
        names = (NO_CATEGORY, OPEN, DONE)
        measures = self.program.pack.measures.all
        for market in history.markets:
            present = history.present(market)
            self._counted(Thing(REACH, market)).add(places, (NO_CATEGORY, DONE), present.astype(np.int64))
            standing = planes.standing(0, REST if market == ELSEWHERE else market)
            for place, measure in enumerate(measures):
                if not standing.applied[place].any() and not standing.unsettled[place].any():
                    continue
                done = unpack(standing.applied[place], history.rows)
                waits = unpack(standing.unsettled[place], history.rows)
                codes = np.where(done, 2, np.where(waits, 1, 0)) * present
                self._counted(Thing(OUTCOME, measure.id, "", market)).add(places, names, codes)
