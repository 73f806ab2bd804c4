"""How surely a rate has left its band, when it is looked at every second for years. It knows no measure and no clock.

A plain 95 % interval looked at every second calls a healthy stream sick within minutes, and an interval that leans on
the normal curve is wrong by orders of magnitude so far out. Here the chance of a false alarm is bounded exactly, by
Chernoff's inequality, and every look is paid for.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_YEAR_SECONDS = 365 * 86_400


def evidence(hits: Numbers, trials: Numbers, edge: Numbers) -> Numbers:
    """How unlikely it is that a rate at the edge gives so many hits, or so few: minus the logarithm of a bound on it.

    hits    in `trials` independent decisions
    edge    a rate in (0, 1); at 0 a single hit is proof
    source  Chernoff 1952, doi:10.1214/aoms/1177729330: P <= exp(-n KL(hits/n || edge)), on the side where the hits lie
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = hits / trials
        some = np.where(hits > 0, hits * np.log(rate / edge), 0.0)
        others = np.where(hits < trials, (trials - hits) * np.log((1 - rate) / (1 - edge)), 0.0)
    return np.where(trials > 0, some + others, 0.0)


def wanted_evidence(*, false_alarms: float, looks_per_second: float, judged: int) -> float:
    """How much evidence a look must bring so that all looks of a year stay within the false alarms that are borne.

    false_alarms  a year, for a stream that keeps at the very edge of every band
    judged        rates that are judged at every look: measures, markets, windows, both sides
    """
    looks = _YEAR_SECONDS * looks_per_second * max(judged, 1)
    return log(looks / false_alarms)
