"""The brakes' tables: false alarms a day, and how soon a doubled rate is seen. It judges by bars."""

from __future__ import annotations

import numpy as np

from benchmarks.braking.simulated import (
    BANDS,
    DAY_SECONDS,
    Band,
    out_by_habit,
    out_by_ours,
    stream,
    times,
    wanted,
)
from benchmarks.material.table import table

FORECASTS = (0.03, 0.002)
SPEEDS = (1, 10, 1_000)
# A doubled rate of three in a hundred is seen within so many seconds, in 95 of 100 runs.
BARS = {10: 1_800, 1_000: 30}
SEED = 20_261_122
FACTORS = (2, 10)
MOST_DECISIONS = 6_000_000


def false_alarms(days: int) -> tuple[list[list[str]], bool]:
    """One row for each stream; whether none of ours cried wolf."""
    chance, need, rows, good = np.random.default_rng(SEED), wanted(), [], True
    for forecast in FORECASTS:
        band = Band.of(forecast)
        for speed in SPEEDS:
            ours = habit = edge = 0
            for _ in range(days):
                healthy = stream(forecast, speed, DAY_SECONDS, chance)
                ours += times(out_by_ours(healthy, speed, band, need))
                habit += times(out_by_habit(healthy, speed, band))
                edge += times(out_by_ours(stream(band.high, speed, DAY_SECONDS, chance), speed, band, need))
            good = good and not ours and not edge
            shown = f"{forecast:.1%} of {speed:,} a second"
            rows.append([shown, f"{ours / days:.2f}", f"{edge / days:.2f}", f"{habit / days:,.0f}"])
    return rows, good


def delays(runs: int) -> tuple[list[list[str]], bool]:
    """One row for each stream whose rate rises; whether a doubled one was seen in time."""
    rows, good = [], True
    for forecast in FORECASTS:
        for speed in SPEEDS:
            row = [f"{forecast:.1%} of {speed:,} a second"]
            for factor in FACTORS:
                seen = _seen(forecast, speed, factor, runs)
                median, slow = seen[len(seen) // 2], seen[len(seen) * 95 // 100]
                row += [_seconds(median), _seconds(slow)]
                if forecast == FORECASTS[0] and factor == FACTORS[0] and speed in BARS:
                    good = good and slow <= BARS[speed]
            rows.append(row)
    return rows, good


def _seen(forecast: float, speed: int, factor: int, runs: int) -> list[float]:
    """After how many seconds the rails see it, run by run, in order; without end where not within a day."""
    chance, need, band = np.random.default_rng(SEED + factor), wanted(), Band.of(forecast)
    # An hour of health goes before, since brakes do not begin on an empty page.
    before, most = 3_600, min(DAY_SECONDS, MOST_DECISIONS // speed)
    found = []
    for _ in range(runs):
        healthy = stream(forecast, speed, before, chance)
        hits = np.concatenate((healthy, healthy[-1] + stream(factor * forecast, speed, most, chance)[1:]))
        out = np.flatnonzero(out_by_ours(hits, speed, band, need)[before:])
        found.append(float(out[0]) + 1 if len(out) else float("inf"))
    return sorted(found)


def _seconds(found: float) -> str:
    if found == float("inf"):
        return "not"
    return f"{found:,.0f} s" if found < 600 else f"{found / 60:,.0f} min"


def report(*, quick: bool) -> int:
    """Print both tables; 0 where every bar is met, else 1."""
    days, runs = (2, 10) if quick else (30, 60)
    bands = [f"{one:.1%}: {Band.of(one).low:.2%} to {Band.of(one).high:.2%}" for one in FORECASTS]
    print(f"bands: {'; '.join(bands)}. A look must bring {wanted():.1f} nats, for {BANDS} bands of one service.\n")
    rows, calm = false_alarms(days)
    print(table(("alarms a day over one band", "healthy", "at the band's edge", "95 % interval by habit"), rows))
    print(f"{days} days each. Borne by the settings: one a year for all bands together, at the edge of every band.\n")
    rows, soon = delays(runs)
    print(table(("a rate that rises", "twofold: median", "95 of 100", "tenfold: median", "95 of 100"), rows))
    print(f'{runs} runs each. "not": not within a day, or {MOST_DECISIONS:,} decisions.\n')
    for speed, bar in BARS.items():
        print(f"bar: {FORECASTS[0]:.0%} of {speed:,} a second, doubled: seen within {bar:,} s in 95 of 100 runs")
    print(f"bar: no alarm on a healthy stream, nor at the edge: {_met(calm)}; in time: {_met(soon)}")
    return 0 if calm and soon else 1


def _met(good: bool) -> str:
    return "met" if good else "MISSED"
