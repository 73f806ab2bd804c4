"""A stream at one rate, second by second, through the windows and the evidence that the rails use. It draws by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.deciding.rails.judging.bands import wilson
from assay.interfaces.deciding.rails.judging.evidence import evidence, wanted_evidence
from assay.interfaces.deciding.rails.judging.windows import window_lengths
from assay.interfaces.deciding.rails.settings import RailSettings

# As the starter pack has them: eight dangerous measures and one that is watched, in seventeen market classes.
BANDS = 9 * 17
HISTORY_ROWS = 20_000
DAY_SECONDS = 86_400
SETTINGS = RailSettings()


@dataclass(frozen=True, slots=True)
class Band:
    """Where a rate should lie, by a rehearsal on so many rows."""

    forecast: float
    low: float
    high: float

    @classmethod
    def of(cls, forecast: float) -> Band:
        """The band that the rails make of a forecast."""
        low, high = wilson(forecast, HISTORY_ROWS)
        return cls(forecast, low / SETTINGS.widen, high * SETTINGS.widen)


def wanted() -> float:
    """The evidence that a look must bring, with the default settings and every band of the starter pack."""
    windows = len(window_lengths(SETTINGS.longest_window))
    return wanted_evidence(
        false_alarms=SETTINGS.false_alarms, looks_per_second=1 / SETTINGS.look_every, judged=BANDS * 2 * windows
    )


def stream(rate: float, a_second: int, seconds: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Hits up to each second, of a stream at a rate."""
    return np.concatenate(([0.0], np.cumsum(chance.binomial(a_second, rate, seconds)))).astype(np.float64)


def out_by_ours(hits: NDArray[np.float64], a_second: int, band: Band, need: float) -> NDArray[np.bool_]:
    """In which seconds the rails see the rate above its band, in any window."""
    found = np.zeros(len(hits) - 1, np.bool_)
    for length in window_lengths(SETTINGS.longest_window):
        found |= _beyond(hits, a_second, int(length), band.high, need)
    return found


def out_by_habit(hits: NDArray[np.float64], a_second: int, band: Band) -> NDArray[np.bool_]:
    """The same by habit: the 95 % interval of the last minute lies above the forecast, looked at every second."""
    grown, decisions = _window(hits, a_second, 60)
    square = 1.96 * 1.96
    rate = grown / decisions
    middle = rate + square / (2 * decisions)
    half = 1.96 * np.sqrt(rate * (1 - rate) / decisions + square / (4 * decisions * decisions))
    low: NDArray[np.bool_] = (middle - half) / (1 + square / decisions) > band.forecast
    return low


def times(out: NDArray[np.bool_]) -> int:
    """How often an alarm begins."""
    return int(np.count_nonzero(out[1:] & ~out[:-1]) + out[0])


def _window(hits: NDArray[np.float64], a_second: int, length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    ends = np.arange(1, len(hits))
    begins = np.maximum(ends - length, 0)
    return hits[ends] - hits[begins], ((ends - begins) * a_second).astype(np.float64)


def _beyond(hits: NDArray[np.float64], a_second: int, length: int, edge: float, need: float) -> NDArray[np.bool_]:
    grown, decisions = _window(hits, a_second, length)
    beyond = (grown > edge * decisions) & (decisions >= SETTINGS.least)
    found = np.zeros(len(grown), np.bool_)
    places = np.flatnonzero(beyond)
    brought = evidence(grown[places], decisions[places], np.full(len(places), edge))
    found[places] = brought >= need
    return found
