"""What a rehearsal says of measures: a rate for each market. It works nothing out that the rehearsal does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assay.engine.kernel.errors import Fault

SCHEMA = "assay.rehearsal/1"
EVERY_MARKET = "every market"
EVERYWHERE_ELSE = "*"
LARGEST = 256_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a measure is imposed in a market, in decisions of the history.

    value, low, high  decisions for which it is certain, with the interval
    most              decisions for which it is certain or open
    decisions         all decisions of the market; `rows` are the sampled rows behind them
    """

    value: float
    low: float
    high: float
    most: float
    decisions: float
    rows: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a rehearsal forecasts of its candidate.

    digest  of the candidate
    rates   by market and measure; None where the rehearsal kept the figure back
    totals  by market: all decisions, and the rows behind them
    """

    title: str
    digest: str
    rates: Mapping[tuple[str, str], Rate | None]
    totals: Mapping[str, tuple[float, int]]

    def rate(self, market: str, measure: str) -> Rate | None:
        """The rate of a measure in a market; None where the history does not know the market."""
        if (market, measure) in self.rates:
            return self.rates[market, measure]
        if market not in self.totals:
            return None
        # A rehearsal names measures that some row has: what it does not name, none had.
        decisions, rows = self.totals[market]
        return Rate(0.0, 0.0, 0.0, 0.0, decisions, rows)


class _Figure(msgspec.Struct):
    value: float | None
    low: float | None
    high: float | None
    rows: int


class _Bounds(msgspec.Struct):
    least: _Figure
    most: _Figure


class _Scope(msgspec.Struct):
    market: str
    dimension: str
    value: str


class _Line(msgspec.Struct):
    measure: str
    scope: _Scope
    new: _Bounds


class _Matrix(msgspec.Struct):
    scope: _Scope
    decisions: _Figure


class _Comparison(msgspec.Struct):
    matrices: list[_Matrix]
    measures: list[_Line]


class _Version(msgspec.Struct):
    title: str
    version: str
    digest: str


class _Rehearsal(msgspec.Struct):
    schema: str
    new: _Version
    comparison: _Comparison


def read_forecasts(place: Path) -> list[Forecast] | Fault:
    """The forecast in a rehearsal's file, or those in a folder of them."""
    files = sorted(place.glob("*.json")) if place.is_dir() else [place]
    found = []
    for path in files:
        forecast = read_forecast(path)
        if isinstance(forecast, Fault):
            return forecast
        found.append(forecast)
    if not found:
        words = f"`{place}` holds no rehearsal; `assay backtest --json` prints one"
        return Fault("no-rehearsal", words, "rehearsal")
    return found


def read_forecast(path: Path) -> Forecast | Fault:
    """The forecast in a rehearsal's file, or why it is refused."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return Fault("unreadable", f"`{path}` cannot be read: {reason}", "rehearsal")
    try:
        given = msgspec.json.decode(content, type=_Rehearsal) if len(content) <= LARGEST else None
    except (msgspec.DecodeError, RecursionError):
        given = None
    if given is None or given.schema != SCHEMA:
        words = f"`{path}` is no rehearsal; write it by `assay backtest … --json > rehearsal.json`"
        return Fault("bad-rehearsal", words, "rehearsal")
    return _forecast(given)


def _forecast(given: _Rehearsal) -> Forecast:
    totals = {
        one.scope.market: (one.decisions.value, one.decisions.rows)
        for one in given.comparison.matrices
        if not one.scope.dimension and one.decisions.value is not None and one.scope.market != EVERY_MARKET
    }
    rates = {}
    for line in given.comparison.measures:
        market = line.scope.market
        if not line.scope.dimension and market in totals:
            rates[market, line.measure] = _rate(line.new, *totals[market])
    return Forecast(f"{given.new.title} {given.new.version}", given.new.digest, rates, totals)


def _rate(bounds: _Bounds, decisions: float, rows: int) -> Rate | None:
    least, most = bounds.least, bounds.most
    if least.value is None:
        return None
    low = least.value if least.low is None else least.low
    high = least.value if least.high is None else least.high
    certain_or_open = max(high, most.value or 0.0, most.high or 0.0)
    return Rate(least.value, low, high, certain_or_open, decisions, rows)


def forecast_for(digest: str, forecasts: list[Forecast]) -> Forecast | None:
    """The forecast that was made of a bundle, or else the only one there is."""
    own = next((one for one in forecasts if one.digest == digest), None)
    return own if own is not None or len(forecasts) != 1 else forecasts[0]
