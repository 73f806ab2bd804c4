"""Where the rate of each measure should lie, market class by market class. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Loaded
from assay.interfaces.deciding.rails.judging.forecast import EVERYWHERE_ELSE, Forecast, Rate
from assay.interfaces.deciding.rails.written import Limit

REST = "rest"
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Bands:
    """By market class and measure the least and the greatest rate; not a number where there is no band.

    origin  where the bands come from, for people
    """

    classes: tuple[str, ...]
    measures: tuple[str, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    origin: str

    @property
    def count(self) -> int:
        """How many bands there are."""
        return int(np.count_nonzero(~np.isnan(self.high)))


def bands_of(
    bundle: Loaded, measures: tuple[str, ...], limits: Sequence[Limit], forecast: Forecast | None, widen: float
) -> Bands:
    """The bands of a bundle: an operator's limit where there is one, else what the rehearsal forecasts."""
    classes = bundle.decider.program.classes
    shape = (len(classes), len(measures))
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    for row, market in enumerate(classes):
        names = {market.name, *market.codes}
        for column, measure in enumerate(measures):
            limit = _limit(limits, measure, names, bundle.pack)
            if limit is not None:
                low[row, column], high[row, column] = limit.low, limit.high
            elif forecast is not None:
                meantime = _in_the_meantime(bundle.pack, measure)
                rates = _rates(forecast, measure, market.name, market.codes)
                found = _band(rates, meantime, widen)
                if found is not None:
                    low[row, column], high[row, column] = found
    origin = "limits only" if forecast is None else f"the rehearsal of {forecast.title}"
    return Bands(tuple(market.name for market in classes), measures, low, high, origin)


def _limit(limits: Sequence[Limit], measure: str, names: Iterable[str], pack: Pack) -> Limit | None:
    """The limit that is for a market class, or else the one for each market."""
    fitting = [limit for limit in limits if limit.measure == measure]
    known = set(names)
    own = [
        limit
        for limit in fitting
        if limit.market is not None and (limit.market in known or known & _reach(pack, limit.market))
    ]
    return next(iter([*own, *[limit for limit in fitting if limit.market is None]]), None)


def _reach(pack: Pack, market: str) -> frozenset[str]:
    return pack.markets.reach(market) if pack.markets.knows(market) else frozenset()


def _in_the_meantime(pack: Pack, measure: str) -> bool:
    """Whether some rule imposes a measure until more is known, so that open decisions count as well."""
    return any(named.name == measure for rule in pack.rules for named in rule.until_known)


def _rates(forecast: Forecast, measure: str, name: str, codes: Iterable[str]) -> list[Rate]:
    wanted = {name, *codes} | ({EVERYWHERE_ELSE} if name == REST else set())
    found: Mapping[str, Rate | None] = {market: forecast.rate(market, measure) for market in sorted(wanted)}
    return [rate for rate in found.values() if rate is not None]


def _band(rates: Sequence[Rate], meantime: bool, widen: float) -> tuple[float, float] | None:
    """The rehearsal's interval, or that of a rate seen on so many rows if it is wider, widened by a factor."""
    decisions = sum(rate.decisions for rate in rates)
    if not decisions:
        return None
    # Markets of one class see the same items, so that together they are no larger a sample than the largest.
    rows = max(rate.rows for rate in rates)
    low, high = (sum(each) / decisions for each in zip(*[(rate.low, rate.high) for rate in rates], strict=True))
    value = sum(rate.value for rate in rates) / decisions
    below, above = wilson(value, rows)
    low, high = min(low, below), max(high, above)
    if meantime:
        most = sum(rate.most for rate in rates) / decisions
        high = max(high, wilson(min(most, 1.0), rows)[1])
    return max(low, 0.0) / widen, min(high * widen, 1.0)


def wilson(rate: float, trials: float) -> tuple[float, float]:
    """The 95 % interval of a rate that was seen in some trials.

    source  Wilson 1927, doi:10.1080/01621459.1927.10502953
    """
    if trials <= 0:
        return 0.0, 1.0
    square = _Z95 * _Z95
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = _Z95 * sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(middle - half, 0.0), min(middle + half, 1.0)
