"""Calibrations against the truth: cost, promises, company, bounds, drift; a real detector as it is. It tunes nothing.

.venv/bin/python benchmarks/detectors.py [--quick]

Exits 1 where a figure falls short of what is promised.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "testdata"
# Fitted likelihood ratios cost at most so much more than the true ones.
EXCESS = 0.05
# Adding an exact twin changes what a group costs by at most so much of it.
TWIN = 0.01
# Periods without drift in which one is told, and periods with some in which none is.
FALSE_ALARMS, DETECTED = 0.03, 0.9
COUNT, BAND_COUNT = 1000, 200
ALPHAS = (0.05, 0.1)


def cost_table(samples: int) -> list[str]:
    """What fitted likelihood ratios cost beside the true ones; every line that falls short."""
    from benchmarks.detecting.recovered import recovered
    from benchmarks.material.table import table

    found = recovered(COUNT, samples)
    rows = [
        [
            one.family,
            one.method.value,
            f"{one.ideal:.4f}",
            f"{one.fitted:.4f}",
            f"{one.excess:+.1%}",
            "-" if one.raw is None else f"{one.raw:.4f}",
            f"{one.coverage:.0%}",
        ]
        for one in found
    ]
    print(f"Cllr on 100,000 new scores of each kind; {samples} samples of {COUNT:,} of each kind\n")
    head = ["scores", "method", "ideal", "fitted", "excess", "believed as they are", "interval holds it"]
    print(table(head, rows, words=2))
    return [f"{one.family}, {one.method}" for one in found if one.excess > EXCESS]


def promise_table(resamples: int) -> list[str]:
    """How often verdicts erred, beside the promise; every line that falls short."""
    from benchmarks.detecting.promises import promises
    from benchmarks.material.table import table

    found = promises(resamples, BAND_COUNT, ALPHAS)
    rows = [
        [
            one.family,
            one.design,
            f"{one.alpha:.0%}",
            *(f"{mean:.2%} ± {1.96 * error:.2%}" for mean, error in (one.accused, one.cleared)),
            f"{one.exceeded:.1%}",
            f"{one.decided:.0%}",
        ]
        for one in found
    ]
    print(f"\nverdicts over {resamples:,} resamples, errors by kind of item\n")
    head = ["scores", "sample", "promised", "accused wrongly", "cleared wrongly", "beyond the 95 % bound", "decided"]
    print(table(head, rows, words=2))
    # The bound is itself a promise for 95 of 100 samples, two of them in each resample.
    most = 0.05 + 3 * (0.05 * 0.95 / (2 * resamples)) ** 0.5
    return [f"{one.family} at {one.alpha:.0%}" for one in found if not one.kept or one.exceeded > most]


def company_table() -> list[str]:
    """What several detectors cost together; every line that falls short."""
    from benchmarks.detecting.company import companies
    from benchmarks.material.table import table

    found = companies(COUNT)
    rows = [
        [
            one.name,
            " ".join(f"{weight:.2f}" for weight in one.weights),
            *(f"{cost:.4f}" for cost in (one.ideal, one.joint, one.alone, one.added)),
        ]
        for one in found
    ]
    print("\nseveral detectors in one group, Cllr on 20,000 new items of each kind\n")
    print(table(["group", "counts", "ideal", "joint", "best alone", "added up"], rows, words=2))
    twin, strangers, relatives, twins, blind = found
    held = {
        "a twin counts once": abs(twin.joint / twin.alone - 1) <= TWIN and sum(twin.weights) <= 1.1,
        "twins change nothing": abs(twins.joint / strangers.joint - 1) <= TWIN,
        "strangers add": strangers.joint <= strangers.ideal * (1 + EXCESS),
        "relatives add less": relatives.joint <= min(relatives.added, relatives.ideal * (1 + EXCESS)),
        "a blind one is not heard": blind.joint <= blind.alone * (1 + TWIN),
    }
    return [name for name, holds in held.items() if not holds]


def bound_table(samples: int) -> list[str]:
    """The bounds that small samples give where the truth lies far beyond them; every line that falls short."""
    from benchmarks.detecting.recovered import supported
    from benchmarks.material.table import table

    found = supported((60, 200, COUNT), samples)
    rows = [
        [f"{one.count:,}", f"{one.smallest:,.0f}", f"{one.largest:,.0f}", f"{one.count / 3:,.0f}", f"{one.truth:.0e}"]
        for one in found
    ]
    print("\nbounds of a detector that is almost never wrong, as likelihood ratios\n")
    print(table(["items of each kind", "smallest bound", "largest", "a third of the items", "largest true"], rows))
    return [f"bound of {one.count}" for one in found if one.largest > one.count]


def drift_table(runs: int) -> list[str]:
    """How often drift was told; every line that falls short."""
    from assay.detection.calibration.drift.outlook import Outlook
    from benchmarks.detecting.drifting import told
    from benchmarks.material.table import table

    found = told(runs)
    rows = [
        [
            one.period.name,
            f"{one.period.items:,}",
            *(f"{seen[o]:.0%}" for seen in (one.by_scores, one.by_labels) for o in Outlook),
        ]
        for one in found
    ]
    print(f"\ndrift told in {runs} periods each: by scores alone, then by at most 400 labels\n")
    names = [outlook.value for outlook in Outlook]
    print(table(["since the calibration", "items", *names, *names], rows))
    slack = 3 * (FALSE_ALARMS / runs) ** 0.5 if runs < 100 else 0.0
    short = []
    for one in found:
        by_scores, by_labels = one.by_scores[Outlook.RECALIBRATE], one.by_labels[Outlook.RECALIBRATE]
        if not one.period.moved and max(by_scores, by_labels) > FALSE_ALARMS + slack:
            short.append(f"false alarms: {one.period.name}")
        if one.period.moved and max(by_scores, by_labels) < DETECTED:
            short.append(f"not seen: {one.period.name}")
    return short


def main() -> int:
    """Print all tables and the figure; 1 where one falls short."""
    from benchmarks.material.measure import machine

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples, and no real detector")
    quick = parser.parse_args().quick
    began = time.perf_counter()
    print(f"{machine()}\n")
    short = [
        *cost_table(3 if quick else 10),
        *promise_table(100 if quick else 1000),
        *company_table(),
        *bound_table(2 if quick else 10),
        *drift_table(20 if quick else 200),
    ]
    if not quick:
        from benchmarks.detecting.example import example_text

        print(f"\n{example_text(ROOT / 'examples' / 'detectors', SHARED / 'image_ai_vs_real')}")
    print(f"\ntook {time.perf_counter() - began:.0f} s")
    print(
        f"detectors: fitted within {EXCESS:.0%} of ideal Cllr, promised errors kept, twins once, bounds supported, "
        f"drift told: {'holds' if not short else 'FALLS SHORT: ' + '; '.join(short)}"
    )
    return 1 if short else 0


if __name__ == "__main__":
    # Run as a file, Python looks for modules beside it; the benchmarks are one package below the project's root.
    sys.path[:1] = [str(ROOT)]
    sys.exit(main())
