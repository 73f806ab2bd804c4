from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from assay.engine.backtest.forecast.assumptions import DEFAULT_LANE, Assumptions, Range
from assay.engine.backtest.forecast.forecast import forecast
from assay.engine.backtest.forecast.foreseen import Foreseen
from assay.engine.backtest.rehearsal import Forecast
from assay.engine.backtest.sampling.sampler import Sizes
from tests.engine.backtest.blocks import Row, design_of, seen_of
from tests.engine.backtest.forecast.test_forecast import COLUMNAR, NEW_DECIDER, OLD_DECIDER

# Assumptions without ranges, so that intervals are about sampling alone.
KNOWN = Assumptions(appealed={DEFAULT_LANE: Range(0.1, 0.1)}, hours_a_week=Range(30.0, 30.0))
AGAIN, UPLOADS, WALKS = 150, 2400, 60
# Lines that are about nothing under the old version hold the truth always, which tells nothing.
TOLD_APART = {
    "review-items": ("old", "new", "change"),
    "questions": ("old", "new", "change"),
    "reviewer-hours": ("old", "new", "change"),
    "appeals": ("old", "new", "change"),
    "labelled-items": ("new", "change"),
    "removed-views": ("old", "new", "change"),
    "strikes": ("old", "new", "change"),
}


def uploads(chance: Random) -> list[Row]:
    found = []
    for number in range(UPLOADS):
        risky = number % 6 == 0
        harmful = chance.choices((None, True, False), (25, 30, 45) if risky else (10, 5, 85))[0]
        disclosed = chance.choices((None, True, False), (20, 40, 40))[0]
        signals = {"harmful": harmful, "disclosed": disclosed}
        stratum, views = ("risky" if risky else "low"), {"DE": chance.randrange(1, 100)}
        found.append(Row(f"i{number}", signals, number % 7, number % 24, f"c{number % 90}", 1.0, stratum, views))
    return found


def taken(row: Row, probability: float) -> Row:
    return Row(row.id, row.signals, row.day, row.hour, row.creator, probability, row.stratum, row.views)


def stratified(chance: Random, rows: list[Row]) -> list[Row]:
    found = []
    for stratum, share in (("risky", 0.4), ("low", 0.1)):
        of_stratum = [row for row in rows if row.stratum == stratum]
        drawn = chance.sample(of_stratum, int(len(of_stratum) * share))
        found += [taken(row, len(drawn) / len(of_stratum)) for row in drawn]
    return found


def poisson(chance: Random, rows: list[Row]) -> list[Row]:
    shares = [0.4 if row.stratum == "risky" else 0.1 + row.day * 0.02 for row in rows]
    return [taken(row, share) for row, share in zip(rows, shares, strict=True) if chance.random() < share]


def foretold(rows: list[Row], hint: str = "", walks: int = WALKS) -> Forecast:
    found = Foreseen(KNOWN, Sizes(waiting=walks))
    found.add(seen_of(rows, COLUMNAR))
    return forecast(found, design_of(rows, hint), OLD_DECIDER, NEW_DECIDER, most_walks=walks)


@pytest.mark.slow
@pytest.mark.parametrize("design", ["stratified", "poisson"])
def test_intervals_of_forecasts_hold_the_truth_as_often_as_they_promise(design: str) -> None:
    chance = Random(5)
    rows = uploads(chance)
    truth = {line.slug: line for line in foretold(rows, walks=10 * UPLOADS).lines}
    held: Counter[tuple[str, str]] = Counter()
    for _ in range(AGAIN):
        drawn = stratified(chance, rows) if design == "stratified" else poisson(chance, rows)
        for line in foretold(drawn, design if design == "poisson" else "").lines:
            for side in TOLD_APART.get(line.slug, ()):
                found, value = getattr(line, side), getattr(truth[line.slug], side).value
                held[line.slug, side] += found.low <= value <= found.high
    shares = {key: times / AGAIN for key, times in held.items()}
    assert len(shares) == sum(map(len, TOLD_APART.values()))
    assert min(shares.values()) > 0.87, shares
    assert 0.92 < sum(shares.values()) / len(shares) < 0.985, shares
