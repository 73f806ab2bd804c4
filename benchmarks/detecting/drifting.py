"""How often drift is told where there is some, and where there is none. Every period is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.choices import Method
from assay.detection.calibration.drift.labelled import cost_shift
from assay.detection.calibration.drift.outlook import Outlook
from assay.detection.calibration.drift.unlabelled import score_shift
from assay.detection.calibration.fitting import Wanted
from assay.detection.calibration.sample import Sample, sample_of
from benchmarks.detecting.families import Bools, Drawn, Floats
from benchmarks.detecting.recovered import calibrated

_APART = 2.0
_CALIBRATIONS = 10


@dataclass(frozen=True, slots=True)
class Period:
    """What came after a calibration: how many items, which share of them AI made, and where their scores lie."""

    name: str
    items: int
    share: float
    moved: bool
    shift_ai: float = 0.0
    shift_all: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """How often each outlook was given for periods of one kind, by scores alone and by labels."""

    period: Period
    by_scores: dict[Outlook, float]
    by_labels: dict[Outlook, float]


PERIODS = (
    Period("as before", 5000, 0.5, moved=False),
    Period("as before, AI ten times rarer", 5000, 0.05, moved=False),
    Period("as before, 80 items", 80, 0.5, moved=False),
    Period("a generator that scores 1.5 lower", 5000, 0.5, moved=True, shift_ai=-1.5),
    Period("all scores 0.7 higher", 5000, 0.3, moved=True, shift_all=0.7),
)


def told(runs: int) -> list[Told]:
    """Every kind of period, `runs` times."""
    calibrations = [
        calibrated(Drawn(_scores(np.random.default_rng(seed), _half(1000)), _half(1000)), Wanted(Method.LOGISTIC))
        for seed in range(_CALIBRATIONS)
    ]
    return [_told(period, calibrations, runs) for period in PERIODS]


def _half(count: int) -> Bools:
    return np.arange(2 * count) < count


def _scores(generator: np.random.Generator, ai: Bools, period: Period | None = None) -> Floats:
    moved = (0.0, 0.0) if period is None else (period.shift_ai, period.shift_all)
    return generator.normal(0, 1, len(ai)) + np.where(ai, _APART / 2 + moved[0], -_APART / 2) + moved[1]


def _told(period: Period, calibrations: list[Calibration], runs: int) -> Told:
    def share(ask: Callable[[Calibration, Floats, Bools], Outlook]) -> dict[Outlook, float]:
        seen = []
        for run in range(runs):
            generator = np.random.default_rng(7000 + run)
            ai = generator.random(period.items) < period.share
            seen.append(ask(calibrations[run % len(calibrations)], _scores(generator, ai, period), ai))
        return {outlook: seen.count(outlook) / runs for outlook in Outlook}

    return Told(period, share(_by_scores), share(_by_labels))


def _by_scores(calibration: Calibration, scores: Floats, ai: Bools) -> Outlook:
    found = score_shift(calibration, scores, np.ones(len(ai)))
    return Outlook.CANNOT_TELL if found is None else found.outlook


def _by_labels(calibration: Calibration, scores: Floats, ai: Bools) -> Outlook:
    # People label some of what comes, not all: four hundred at the most.
    made = sample_of(scores[:400], ai[:400])
    assert isinstance(made, Sample)
    found = cost_shift(calibration, made)
    return Outlook.CANNOT_TELL if found is None else found.outlook
