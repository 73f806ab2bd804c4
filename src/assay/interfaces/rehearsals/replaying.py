"""One piece of a history decided again by two versions, and all that is counted of it. It keeps no row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from assay.engine.backtest.estimate.labels.gathered import Labels
from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.foreseen import Foreseen
from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.history.facts import Facts
from assay.engine.backtest.history.layout import LABELS
from assay.engine.backtest.history.refusals import Refusals
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.seen import Seen
from assay.engine.backtest.replay.tally import Tally
from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.lower import Program
from assay.interfaces.histories.files import Piece
from assay.interfaces.histories.reading import Reading, read_piece


@dataclass(frozen=True, slots=True)
class Job:
    """What is replayed, and for what: all that a process elsewhere needs besides the number of a piece.

    programs  the version in force and the candidate
    markets   those asked for; None is all that the history has
    """

    reading: Reading
    programs: tuple[Program, Program]
    assumptions: Assumptions
    markets: tuple[str, ...] | None = None
    _compiled: list[Columnar] = field(default_factory=list, repr=False, compare=False)

    def __getstate__(self) -> tuple[object, ...]:
        # Compiled programs keep answers of the process that they run in.
        return self.reading, self.programs, self.assumptions, self.markets

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(
            ("reading", "programs", "assumptions", "markets", "_compiled"), (*state, []), strict=True
        ):
            object.__setattr__(self, name, value)

    @property
    def columnar(self) -> Columnar:
        """Both versions, compiled together once a process."""
        if not self._compiled:
            self._compiled.append(compile_columnar(self.programs))
        return self._compiled[0]

    @property
    def ways(self) -> Paths:
        """The lanes of both versions, and what the codes of paths stand for."""
        return Paths(Lanes(*[program.pack.measures for program in self.programs]))

    @property
    def has_labels(self) -> bool:
        """Whether the history has a column of what people found."""
        return LABELS in self.reading.history.columns

    def only(self, block: HistoryBlock) -> HistoryBlock:
        """A block without the markets that nobody asked for."""
        if self.markets is None or not block.views:
            return block
        return replace(block, views={market: block.views[market] for market in self.markets})


class Replayed:
    """Everything that is counted over a replay: an accumulator of accumulators.

    labels  None where the history has none
    """

    def __init__(self, job: Job) -> None:
        self.tally = Tally(job.ways)
        self.facts = Facts([signal.name for signal in job.reading.needs.declared])
        self.foreseen = Foreseen(job.assumptions)
        self.labels = Labels(job.columnar) if job.has_labels else None
        self.refusals = Refusals()

    def add(self, block: HistoryBlock, job: Job) -> None:
        """The rows of a block."""
        seen = Seen.of(block, job.columnar, self.tally.ways)
        self.facts.add(block)
        self.tally.add(seen)
        self.foreseen.add(seen)
        if self.labels is not None:
            self.labels.add(seen)

    def merge(self, later: Replayed) -> None:
        """What was counted of the pieces that follow."""
        self.tally.merge(later.tally)
        self.facts.merge(later.facts)
        self.foreseen.merge(later.foreseen)
        self.refusals.merge(later.refusals)
        if self.labels is not None and later.labels is not None:
            self.labels.merge(later.labels)


def replay_piece(job: Job, piece: Piece) -> Replayed:
    """A piece, decided and counted. The same wherever it runs, so that engines give the same bytes."""
    found = Replayed(job)
    for block in read_piece(job.reading, piece, found.refusals):
        found.add(job.only(block), job)
    return found


def replay_here(job: Job, reached: Callable[[int], None]) -> Replayed:
    """All pieces, one after the other, in this process; `reached` is told how many rows are done."""
    return merged(job, (replay_piece(job, piece) for piece in job.reading.history.pieces), reached)


def merged(job: Job, parts: Iterable[Replayed], reached: Callable[[int], None]) -> Replayed:
    """What was counted of all pieces, in their order, as one."""
    found, done = Replayed(job), 0
    for piece, part in zip(job.reading.history.pieces, parts, strict=True):
        found.merge(part)
        done += piece.rows
        reached(done)
    return found
