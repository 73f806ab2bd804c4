"""How often 95 % intervals hold the truth, over samples of uploads of which everything is known. It tunes nothing.

.venv/bin/python benchmarks/rehearsal.py coverage [--quick]

Exits 1 where an estimator's intervals hold it too seldom or too often.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.covering.run import Covered

ROWS, SEED = 200_000, 1
LEAST, MOST = 0.93, 0.97
# A naive interval that held the truth as often as this would be no worse than the others.
NAIVE_AT_MOST = 0.5
RESAMPLES, QUICK = 1000, 200
# With fewer resamples the share itself is less sure: so much is added on both sides.
_QUICK_SLACK = 0.03


def lines(found: list[Covered]) -> list[list[str]]:
    """The rows of the table."""
    return [
        [
            one.name,
            one.design,
            f"{one.truth:,.4g}",
            f"{one.share:.1%}",
            f"{one.below / one.resamples:.1%}",
            f"{one.above / one.resamples:.1%}",
            f"{one.width:,.4g}",
            f"{one.bias:+.1%}",
        ]
        for one in found
    ]


def main(arguments: list[str]) -> int:
    """Print both tables and the figure; 1 where an estimator falls short."""
    from benchmarks.covering.drawing import PLANS
    from benchmarks.covering.figures import CAUTIOUS, FIGURES, NAIVE
    from benchmarks.covering.population import population
    from benchmarks.covering.run import covered
    from benchmarks.material.measure import machine
    from benchmarks.material.table import table

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} resamples instead of {RESAMPLES:,}")
    quick = parser.parse_args(arguments).quick
    resamples, slack = (QUICK, _QUICK_SLACK) if quick else (RESAMPLES, 0.0)
    began = time.perf_counter()
    print(f"{machine()}\n")
    whole = population(ROWS, SEED)
    found = covered(whole, PLANS, FIGURES, resamples, SEED)
    cautious = covered(whole, PLANS, CAUTIOUS, resamples, SEED)
    naive = covered(whole, PLANS, [NAIVE], resamples, SEED)
    head = ["estimator", "design", "truth", "covered", "too low", "too high", "width", "bias"]
    sizes = ", ".join(f"{plan.size:,} {plan.kind}" for plan in PLANS)
    print(f"{whole.rows:,} uploads, {resamples:,} resamples of each design: {sizes}\n")
    print(table(head, lines(found), words=2))
    print(f"\nwider on purpose, at least {LEAST:.0%}:\n")
    print(table(head, lines(cautious), words=2))
    print("\nfor comparison, the reviewed uploads averaged as they are:\n")
    print(table(head, lines(naive), words=2))
    good = [one for one in found if LEAST - slack <= one.share <= MOST + slack]
    fails = all(one.share <= NAIVE_AT_MOST for one in naive)
    shares = [one.share for one in found]
    print(f"\ntook {time.perf_counter() - began:.0f} s")
    holds = len(good) == len(found) and fails and all(one.share >= LEAST - slack for one in cautious)
    print(
        f"coverage: {len(good)} of {len(found)} estimators within {LEAST:.0%} to {MOST:.0%}"
        f"{f' (± {slack:.0%} for the few resamples)' if slack else ''}, from {min(shares):.1%} to {max(shares):.1%}; "
        f"pooled without weights {max(one.share for one in naive):.1%}: {'holds' if holds else 'FALLS SHORT'}"
    )
    return 0 if holds else 1
