"""What two periods come to when they are held against each other, as values. It works nothing out."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.backtest.drift.calibration import Reliability, Target
from assay.engine.backtest.drift.watch import Thing
from assay.engine.backtest.figures import Estimate


@dataclass(frozen=True, slots=True)
class Worth:
    """The smallest change that is worth telling, however sure it is.

    points    of all rows, the share that is in another category
    relative  of an outcome, how much more or less often it happens, as a part of how often it did
    scores    how far a score's meaning is off, as a share of rows, weighted over its bins
    doubt     the share of false alarms among all that is told, on average (Benjamini and Hochberg 1995)
    """

    points: float = 0.005
    relative: float = 0.10
    scores: float = 0.02
    doubt: float = 0.05


@dataclass(frozen=True, slots=True)
class CategoryMove:
    """One category in both periods, as shares of all rows."""

    name: str
    before: Estimate
    after: Estimate
    change: Estimate


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that was watched.

    size         the population stability index: the sum of (after - before) log(after / before)
    points       the share of rows that is in another category
    probability  of so large a difference, or a larger one, if nothing had changed
    adjusted     the same, corrected for how many things were looked at
    real         whether it is beyond noise; `moved` whether it is also large enough to be told
    categories   the ones that moved most first
    """

    thing: Thing
    title: str
    categories: tuple[CategoryMove, ...]
    size: float
    points: float
    probability: float
    adjusted: float
    real: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A score in both periods; `real` and `moved` as for a shift, by what was found where it said the same."""

    target: Target
    title: str
    before: Reliability
    after: Reliability
    change: Estimate
    points: float
    probability: float
    adjusted: float
    real: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What a period is: its days, its rows, and what they stand for."""

    title: str
    first_day: str
    last_day: str
    days: int
    rows: int
    stands_for: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Two periods held against each other.

    looks  how many things were looked at; `notes` what to bear in mind, each a sentence
    """

    before: PeriodFacts
    after: PeriodFacts
    shifts: tuple[Shift, ...]
    calibrated: tuple[Calibrated, ...]
    worth: Worth
    looks: int
    notes: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many things moved."""
        return sum(one.moved for one in self.shifts) + sum(one.moved for one in self.calibrated)
