"""Fitted likelihood ratios against the true ones, on scores that the fit has never seen. It tunes nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.calibration import Calibration, Origin
from assay.detection.calibration.choices import Method
from assay.detection.calibration.fitting import Wanted, fit
from assay.detection.calibration.measures.costs import cllr
from assay.detection.calibration.sample import Sample, sample_of
from benchmarks.detecting.families import FAMILIES, SHARP, Drawn, Family, Floats, drawn

NEW = 100_000
ORIGIN = Origin("made-up", "sha256:none", "", "2026-11-23")


@dataclass(frozen=True, slots=True)
class Recovered:
    """The cost of what was fitted and of the truth, on new scores, over several samples.

    excess      mean of fitted over ideal, less 1
    raw         what the scores cost where they are believed as they are; none for scores that are no probability
    coverage    share of samples whose reported interval holds the cost on new scores
    beyond      the greatest bound that any sample gave, as a ratio, against the number of items that supports it
    """

    family: str
    method: Method
    ideal: float
    fitted: float
    excess: float
    raw: float | None
    coverage: float
    beyond: float


def sample_from(found: Drawn) -> Sample:
    """Drawn scores as a sample; each is its own source."""
    made = sample_of(found.scores, found.ai)
    assert isinstance(made, Sample)
    return made


def calibrated(found: Drawn, wanted: Wanted) -> Calibration:
    """The calibration of drawn scores; refuses to go on where there is none."""
    made = fit(sample_from(found), ORIGIN, wanted)
    assert isinstance(made, Calibration), made
    return made


def recovered(count: int, samples: int) -> list[Recovered]:
    """Every family by both methods, from samples of `count` of either kind."""
    return [_recovered(family, method, count, samples) for family in FAMILIES for method in Method]


def _recovered(family: Family, method: Method, count: int, samples: int) -> Recovered:
    new = drawn(family, NEW, 999)
    ideal = _cost(family.nats(new.scores) / math.log(10), new)
    costs, held, bounds = [], 0, 0.0
    for seed in range(samples):
        made = calibrated(drawn(family, count, seed), Wanted(method))
        cost = _cost(made.log10_lrs(new.scores), new)
        costs.append(cost)
        reported = made.whole.figures.cllr
        held += reported.low <= cost <= reported.high
        bounds = max(bounds, 10 ** max(made.whole.bounds.upper, -made.whole.bounds.lower))
    fitted = float(np.mean(costs))
    shares = bool((new.scores > 0).all() and (new.scores < 1).all())
    raw = _cost(np.log10(new.scores / (1 - new.scores)), new) if shares else None
    return Recovered(family.name, method, ideal, fitted, fitted / ideal - 1, raw, held / samples, bounds / count)


def _cost(log10_lr: Floats, found: Drawn) -> float:
    balanced = np.full(len(found.ai), 1 / (len(found.ai) / 2))
    return cllr(np.clip(log10_lr, -300, 300), found.ai, balanced)


@dataclass(frozen=True, slots=True)
class Supported:
    """The bound that samples of one size gave for a detector that tells the kinds apart almost always.

    largest   the largest of them, as a ratio, to either side
    """

    count: int
    smallest: float
    largest: float
    truth: float


def supported(counts: tuple[int, ...], samples: int) -> list[Supported]:
    """Bounds for growing samples of scores that far exceed them."""
    found = []
    for count in counts:
        bounds = []
        for seed in range(samples):
            for method in Method:
                made = calibrated(drawn(SHARP, count, 50 + seed), Wanted(method)).whole.bounds
                bounds += [10**made.upper, 10**-made.lower]
        truth = math.exp(float(np.abs(SHARP.nats(drawn(SHARP, count, 50).scores)).max()))
        found.append(Supported(count, min(bounds), max(bounds), truth))
    return found
