"""How often verdicts err over many samples, against what each sample's band promised. It fits no curve anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.measures.band import Band, band_of
from assay.detection.calibration.sample import Sample, sample_of
from benchmarks.detecting.families import FAMILIES, Drawn, Family, drawn
from benchmarks.detecting.recovered import sample_from

_NEW = 200_000
# A mean over resamples wavers by chance itself: so many standard errors above the promise are still the promise.
_ERRORS = 3.0


@dataclass(frozen=True, slots=True)
class Promise:
    """Errors of one kind over resamples: their mean, and how many samples exceeded what was said at 95 %.

    means      the mean error and its standard error
    exceeded   share of resamples whose own error is above their `likely`
    decided    share of all new items that got a verdict
    """

    family: str
    design: str
    alpha: float
    accused: tuple[float, float]
    cleared: tuple[float, float]
    exceeded: float
    decided: float

    @property
    def kept(self) -> bool:
        """Whether both errors are at most what was promised, as far as so many resamples can tell."""
        return all(mean <= self.alpha + _ERRORS * error for mean, error in (self.accused, self.cleared))


def promises(resamples: int, count: int, alphas: tuple[float, ...]) -> list[Promise]:
    """Every family with independent items, and one whose items come in several variants of one source."""
    found = [_promise(family, alpha, resamples, count, 1) for family in FAMILIES for alpha in alphas]
    return [*found, *[_promise(FAMILIES[0], alpha, resamples, count, 5) for alpha in alphas]]


def _promise(family: Family, alpha: float, resamples: int, count: int, variants: int) -> Promise:
    new = _varied(drawn(family, _NEW, 998), 998, variants)
    by_ai, other = np.sort(new.scores[new.ai]), np.sort(new.scores[~new.ai])
    errors = np.zeros((2, resamples))
    exceeded, decided = 0, np.zeros(resamples)
    for seed in range(resamples):
        band = band_of(_sample(family, count, seed, variants), alpha, alpha)
        above, below = _thresholds(band)
        accused, hit = _share_above(other, above), _share_above(by_ai, above)
        cleared, right = 1 - _share_at_least(by_ai, below), 1 - _share_at_least(other, below)
        errors[:, seed] = accused, cleared
        decided[seed] = (accused + hit + cleared + right) / 2
        exceeded += (accused > band.above.likely) + (cleared > band.below.likely)
    # The new items are a sample themselves, though a large one.
    spread = alpha * (1 - alpha) / _NEW
    means = [(float(row.mean()), float(np.sqrt(row.var() / resamples + spread))) for row in errors]
    design = f"{count:,} of each" if variants == 1 else f"{count:,} of each, {variants} variants of a source"
    return Promise(family.name, design, alpha, means[0], means[1], exceeded / (2 * resamples), float(decided.mean()))


def _sample(family: Family, count: int, seed: int, variants: int) -> Sample:
    found = drawn(family, count, 10_000 + seed)
    if variants == 1:
        return sample_from(found)
    sources = drawn(family, count // variants, 10_000 + seed)
    every = Drawn(np.repeat(sources.scores, variants), np.repeat(sources.ai, variants))
    groups = [f"source {place // variants}" for place in range(len(every.ai))]
    made = sample_of(_varied(every, seed, variants).scores, every.ai, groups)
    assert isinstance(made, Sample)
    return made


def _varied(found: Drawn, seed: int, variants: int) -> Drawn:
    """Variants of one source differ by a tenth of what sources differ by, as a picture saved anew does."""
    if variants == 1:
        return found
    # Not the seed alone: with it the differences would be the very numbers that the scores were made of.
    return Drawn(found.scores + np.random.default_rng([seed, variants]).normal(0, 0.1, len(found.ai)), found.ai)


def _thresholds(band: Band) -> tuple[float, float]:
    above, below = band.above.beyond, band.below.beyond
    first, second = (np.inf if above is None else above), (-np.inf if below is None else below)
    # Where both would speak none does; between the two thresholds that is so when they cross.
    return (first, second) if first >= second else (second, first)


def _share_above(ordered: np.ndarray[tuple[int], np.dtype[np.float64]], threshold: float) -> float:
    return 1 - float(np.searchsorted(ordered, threshold, side="right")) / len(ordered)


def _share_at_least(ordered: np.ndarray[tuple[int], np.dtype[np.float64]], threshold: float) -> float:
    return 1 - float(np.searchsorted(ordered, threshold, side="left")) / len(ordered)
