"""How many AI items a detector finds at a fixed share of false accusations, with intervals. It chooses no threshold."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.measuring.area import CONFIDENCE, Rate
from assay.detection.measuring.sample import Floats, Sample
from assay.engine.backtest.estimate.intervals import exact_interval

SHARES = (0.01, 0.05)
REPLICATES = 1_000
SEED = 20_261_123
# So many numbers are drawn at once; more would only fill the memory.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Operating:
    """What is found where no more than `share` of real files may be called AI.

    can_tell   whether the sample holds enough independent real items to speak of such a share at all
    threshold  a file is called AI where its score is above it; a tie speaks against the detector
    found      of AI files; without it nothing can be told
    false_items, real_items   independent real items that are called AI, of how many; by what weighted ones are worth
    false_high upper end of the interval of the true share of false accusations
    """

    share: float
    can_tell: bool
    threshold: float
    found: Rate | None
    false_items: int
    real_items: int
    false_high: float

    @property
    def words(self) -> str:
        """Why nothing can be told, or an empty text."""
        if self.can_tell:
            return ""
        needed = math.ceil(1 / self.share)
        items = f"{self.real_items:,} independent real item{'' if self.real_items == 1 else 's'}"
        return f"cannot be told from {items}; {needed:,} are needed at the least"


def operating_points(sample: Sample, shares: tuple[float, ...] = SHARES) -> tuple[Operating, ...]:
    """One for each share of false accusations; none where a kind is missing."""
    if not sample.ai.any() or sample.ai.all():
        return ()
    drawn = _found_in_replicates(sample, shares)
    return tuple(_operating(sample, share, drawn[:, place]) for place, share in enumerate(shares))


def _operating(sample: Sample, share: float, drawn: Floats) -> Operating:
    real, ai = ~sample.ai, sample.ai
    threshold = _threshold(sample.scores[real], sample.weights[real], share)
    real_items = int(sample.worth(ai=False))
    # An item of which one variant is called AI is called AI.
    false = np.isin(sample.groups, sample.groups[real & (sample.scores > threshold)]) & real
    false_share = float(sample.weights[false].sum() / sample.weights[real].sum())
    false_items = min(math.ceil(false_share * real_items - 1e-9), real_items)
    _low, false_high = exact_interval(false_items, real_items, confidence=CONFIDENCE)
    can_tell = share * real_items >= 1
    found = float(sample.weights[ai & (sample.scores > threshold)].sum() / sample.weights[ai].sum())
    rate = _rate(found, int(sample.worth(ai=True)), drawn, _surely(sample, share, real_items)) if can_tell else None
    return Operating(share, can_tell, threshold, rate, false_items, real_items, false_high)


def _surely(sample: Sample, share: float, real_items: int) -> float:
    """What is found above a threshold that surely accuses no more than it may; 0 where no real item is high enough.

    Resamples hold no real score beyond those that were seen, so that with few of them they never look there.
    """
    counts = range(int(share * real_items) + 1)
    safe = bisect_right(counts, share, key=lambda count: exact_interval(count, real_items, confidence=CONFIDENCE)[1])
    if not safe:
        return 0.0
    real, ai = ~sample.ai, sample.ai
    threshold = _threshold(sample.scores[real], sample.weights[real], (safe - 1) / real_items)
    return float(sample.weights[ai & (sample.scores > threshold)].sum() / sample.weights[ai].sum())


def _rate(found: float, items: int, drawn: Floats, surely: float) -> Rate:
    """The widest of three intervals: one knows that the threshold is an estimate, one that items are few.

    surely  what is found at a threshold that may be taken for granted: the third lower end

    source  percentile bootstrap by items; Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404
    """
    tail = (1 - CONFIDENCE) / 2
    low, high = (float(each) for each in np.quantile(drawn, (tail, 1 - tail)))
    hits = min(items, round(found * items))
    exact_low, exact_high = exact_interval(hits, items, confidence=CONFIDENCE)
    return Rate(found, min(low, exact_low, surely, found), max(high, exact_high, found))


def _threshold(scores: Floats, weights: Floats, share: float) -> float:
    """The highest real score that more than `share` of real files reach: whoever is to be called AI is above it."""
    order = np.argsort(-scores, kind="stable")
    reached = np.cumsum(weights[order])
    # What a sum of floating-point weights misses by must not let one false accusation more through.
    first = int(np.argmax(reached > share * reached[-1] * (1 + 1e-12)))
    return float(scores[order][first])


def _found_in_replicates(sample: Sample, shares: tuple[float, ...]) -> Floats:
    """For each replicate, whose items are drawn with replacement, what is found at its own threshold."""
    ai, real = sample.ai, ~sample.ai
    down = np.argsort(-sample.scores[real], kind="stable")
    up = np.argsort(sample.scores[ai], kind="stable")
    falling, rising = sample.scores[real][down], sample.scores[ai][up]
    results = []
    for counts in _drawn_counts(sample):
        weights = counts * sample.weights
        reached = np.cumsum(weights[:, real][:, down], axis=1)
        passed = np.cumsum(weights[:, ai][:, up], axis=1)
        row = []
        for share in shares:
            first = np.argmax(reached > share * reached[:, -1:] * (1 + 1e-12), axis=1)
            place = np.searchsorted(rising, falling[first], side="right")
            below = np.where(place > 0, np.take_along_axis(passed, np.maximum(place - 1, 0)[:, None], 1)[:, 0], 0.0)
            total = passed[:, -1]
            row.append(np.where(total > 0, 1 - below / np.where(total > 0, total, 1), 0.0))
        results.append(np.stack(row, axis=1))
    return np.concatenate(results)


def _drawn_counts(sample: Sample) -> Iterator[NDArray[np.float64]]:
    """How often each file's item is drawn, replicate by replicate; each kind keeps its number of items."""
    chance = np.random.default_rng(SEED)
    kinds = [np.ones(len(sample.ai), dtype=np.bool_)] if sample.is_paired else [sample.ai, ~sample.ai]
    numbered = [np.unique(sample.groups[kind], return_inverse=True)[1] for kind in kinds]
    replicates = max(200, min(REPLICATES, 40_000_000 // max(len(sample.ai), 1)))
    at_once = max(1, _AT_ONCE // max(len(sample.ai), 1))
    for start in range(0, replicates, at_once):
        size = min(at_once, replicates - start)
        counts = np.zeros((size, len(sample.ai)))
        for kind, numbers in zip(kinds, numbered, strict=True):
            items = int(numbers.max()) + 1
            counts[:, kind] = chance.multinomial(items, np.full(items, 1 / items), size=size)[:, numbers]
        # With pairs, a replicate may hold no item of one kind; it then tells nothing.
        whole = (counts[:, sample.ai].sum(1) > 0) & (counts[:, ~sample.ai].sum(1) > 0)
        if whole.any():
            yield counts[whole]
