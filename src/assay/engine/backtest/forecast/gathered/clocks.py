"""When legal clocks start, by hour, and how many run at once. They never know when a person stops one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import domain
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.gathered.cells import NO_ROWS, Weighed, weighed
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.replay.seen import Seen
from assay.engine.backtest.sampling.exact import SCALE
from assay.engine.backtest.sampling.reached import VERSIONS, Reached
from assay.engine.kernel.instants import DAY
from assay.engine.program.columnar.planes import unpack

HOURS = 24
# The place of arrivals whose hour nobody wrote down.
UNKNOWN_HOUR = 24
_PLACES = HOURS + 1
FAMILY = "clock"


@dataclass(frozen=True, slots=True)
class Started:
    """Clocks of one measure that one version starts in one stratum at one hour of the day."""

    measure: str
    version: int
    stratum: str
    hour: int


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """Arrivals at every clock of either version: by hour of the day, and by day and hour."""

    started: dict[Started, Weighed] = field(default_factory=dict)
    arrived: dict[tuple[str, int], Counter[tuple[int, int]]] = field(default_factory=dict)

    def add(self, seen: Seen, reached: Reached) -> None:
        """Count a block's clocks: one for each item and measure, in whichever markets it runs."""
        history = seen.history
        for version in VERSIONS:
            measures = seen.programs[version].pack.measures
            for measure in measures.all:
                plane = reached.anywhere[version][measures.index[measure.id]]
                if measure.family == FAMILY and plane.any():
                    rows = np.flatnonzero(unpack(plane, history.rows))
                    self._count(seen, version, measure.id, rows)

    def _count(self, seen: Seen, version: int, measure: str, rows: NDArray[np.intp]) -> None:
        history = seen.history
        hours = np.full(rows.size, UNKNOWN_HOUR, np.int64)
        if history.hours is not None:
            given = history.hours[rows].astype(np.int64)
            hours = np.where(given < 0, UNKNOWN_HOUR, given)
        names = history.stratum.names
        by_stratum = history.stratum.codes[rows] * _PLACES + hours
        for code, sums in weighed(history, rows, by_stratum, len(names) * _PLACES):
            key = Started(measure, version, names[code // _PLACES], code % _PLACES)
            self.started[key] = self.started.get(key, NO_ROWS) + sums
        as_of = history.block.as_of
        days = np.full(rows.size, as_of // DAY) if isinstance(as_of, int) else as_of[rows] // DAY
        slots, codes = np.unique(days * _PLACES + hours, return_inverse=True)
        into = self.arrived.setdefault((measure, version), Counter())
        for code, sums in weighed(history, rows, codes, slots.size):
            day, hour = divmod(int(slots[code]), _PLACES)
            into[day, hour] += sums.weights

    def merge(self, other: Clocks) -> None:
        """Take in arrivals of other blocks."""
        for key, sums in other.started.items():
            self.started[key] = self.started.get(key, NO_ROWS) + sums
        for key2, slots in other.arrived.items():
            into = self.arrived.setdefault(key2, Counter())
            for slot, weight in slots.items():
                into[slot] += weight

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures whose clocks ran."""
        return tuple(sorted({measure for measure, _ in self.arrived}))

    @property
    def without_hours(self) -> bool:
        """Whether some arrival has no hour."""
        return any(key.hour == UNKNOWN_HOUR for key in self.started)

    def load(self, measure: str, version: int, length: int, days: int, design: Design) -> tuple[Estimate, ...]:
        """For each hour of the day how many clocks run in it, on average over the days.

        Every clock counts in full, also beyond the last day: a history has no end in the middle of a clock.
        """
        return tuple(self._hour(measure, version, hour, length, days, design) for hour in range(HOURS))

    def _hour(self, measure: str, version: int, hour: int, length: int, days: int, design: Design) -> Estimate:
        parts: dict[str, Moments] = {}
        most = 0.0
        for key in sorted(self.started, key=_place_of):
            if key.measure == measure and key.version == version:
                running = running_at(key.hour, hour, length) / days
                most = max(most, running)
                parts[key.stratum] = parts.get(key.stratum, Moments()) + self.started[key].times(running)
        return total(design, domain(parts), whole_of(design, most))

    def peak(self, measure: str, version: int, length: int) -> int:
        """The most clocks that ran in any hour of the history, which began with none."""
        slots = self.arrived.get((measure, version), Counter())
        if not slots:
            return 0
        first, last = min(slots)[0], max(slots)[0]
        arrivals = [0] * ((last - first + 1) * HOURS)
        for (day, hour), weight in slots.items():
            at = (day - first) * HOURS
            if hour == UNKNOWN_HOUR:
                for one in range(HOURS):
                    arrivals[at + one] += weight // HOURS
            else:
                arrivals[at + hour] += weight
        return _rounded(_most_at_once(arrivals, length))


def running_at(start: int, hour: int, length: int) -> float:
    """In how many days' `hour` a clock runs that starts at an hour and runs for some hours, the first included."""
    if start == UNKNOWN_HOUR:
        return length / HOURS
    after = (hour - start) % HOURS
    return float((length - after - 1) // HOURS + 1) if after < length else 0.0


def _most_at_once(arrivals: Sequence[int], length: int) -> int:
    running = most = 0
    for place, arrived in enumerate(arrivals):
        running += arrived - (arrivals[place - length] if place >= length else 0)
        most = max(most, running)
    return most


def _rounded(weight: int) -> int:
    return (weight + (1 << SCALE - 1)) >> SCALE


def _place_of(key: Started) -> tuple[str, int, str, int]:
    return key.measure, key.version, key.stratum, key.hour
