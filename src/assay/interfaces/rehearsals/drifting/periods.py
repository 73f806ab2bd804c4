"""Reads periods of a history and counts what each was like. It compares nothing and keeps no row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.engine.backtest.drift.watch import Watch
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.refusals import Refusals
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.lower import lower_pack
from assay.interfaces.histories.files import History, open_history
from assay.interfaces.histories.reading import Reading, notes_of, prepare, read_piece


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of a history, its first and last day both included; None is the history's own."""

    path: Path
    since: str | None = None
    until: str | None = None

    @property
    def title(self) -> str:
        """What it is called: its days, or the name of its file."""
        if self.since is None and self.until is None:
            return self.path.name
        return f"{self.since or ''}..{self.until or ''}" if self.since != self.until else str(self.since)


@dataclass(frozen=True, slots=True)
class Watched:
    """A period that was read.

    digest    of the files of its history
    refusals  rows that were left out; `aside` of them are of other days
    """

    period: Period
    watch: Watch
    refusals: Refusals
    digest: str


def watch_periods(
    periods: Sequence[Period], pack: Pack, reached: Callable[[int, int], None] | None = None
) -> list[Watched] | list[Fault]:
    """Every period by one pack, or all that keeps them from being read. `reached` is told rows done and rows in all."""
    program = lower_pack(pack)
    columnar = compile_columnar([program])
    needs = Needs.of([program], shown=True, done=False)
    if isinstance(needs, list):
        return needs
    readings: list[Reading] = []
    faults: list[Fault] = []
    for period in periods:
        found = _prepared(period, needs)
        if isinstance(found, list):
            faults += [fault for fault in found if fault not in faults]
        else:
            readings.append(found)
    if faults:
        return faults
    total = sum(reading.history.rows for reading in readings)
    before = 0
    watched = []
    for period, reading in zip(periods, readings, strict=True):
        count = _Reached(reached, before, total)
        watched.append(_watched(period, reading, columnar, count))
        before += reading.history.rows
    return watched


@dataclass(frozen=True, slots=True)
class _Reached:
    """Tells how far it is, over all periods."""

    tell: Callable[[int, int], None] | None
    before: int
    total: int

    def __call__(self, rows: int) -> None:
        if self.tell is not None:
            self.tell(self.before + rows, self.total)


def _prepared(period: Period, needs: Needs) -> Reading | list[Fault]:
    history: History | list[Fault] = open_history(period.path)
    if isinstance(history, list):
        return history
    within = needs.within(period.since, period.until)
    return within if isinstance(within, list) else prepare(history, within)


def _watched(period: Period, reading: Reading, columnar: Columnar, reached: Callable[[int], None]) -> Watched:
    watch, refusals, done = Watch(columnar.bundles[0].program), notes_of(reading), 0
    for piece in reading.history.pieces:
        for block in read_piece(reading, piece, refusals):
            watch.add(block, columnar.evaluate(block.block))
            reached(done + block.first_row - piece.first_row + block.rows)
        done += piece.rows
        reached(done)
    return Watched(period, watch, refusals, reading.history.digest)
