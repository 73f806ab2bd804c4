"""Where a score may be called for or against AI so that errors keep a promise, and where it abstains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assay.detection.calibration.choices import ALPHA
from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.sample import Bools, Sample


class Verdict(StrEnum):
    """What a score comes to. `ABSTAINS` says nothing, and never "no"."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINS = "abstains"
    UNCALIBRATED = "uncalibrated"


@dataclass(frozen=True, slots=True)
class Side:
    """One threshold of the band and what it promises.

    beyond  the score beyond which a verdict is given; None where the sample is too small for any
    alpha   the promise: of new items of the other kind at most this share, in expectation over samples, is misjudged
    likely  with 95 % confidence in this very sample, at most this share
    items   independent items of the other kind behind it
    """

    beyond: float | None
    alpha: float
    likely: float
    items: int


@dataclass(frozen=True, slots=True)
class Band:
    """Above `above` a score speaks for AI, below `below` against it; between them, and where both hold, it abstains."""

    above: Side
    below: Side

    def verdict(self, score: float) -> Verdict:
        """What a score comes to; a score that is no number abstains."""
        speaks_for = self.above.beyond is not None and score > self.above.beyond
        against = self.below.beyond is not None and score < self.below.beyond
        if speaks_for == against:
            return Verdict.ABSTAINS
        return Verdict.FOR if speaks_for else Verdict.AGAINST


def band_of(sample: Sample, alpha_for: float = ALPHA, alpha_against: float = ALPHA) -> Band:
    """Thresholds by split conformal prediction, each kind by itself.

    alpha_for      share of items not made by AI that may be called for AI
    alpha_against  share of items made by AI that may be called against it

    One row of every group counts, so that rows are exchangeable with a new item; the detector was not trained on them.
    Where rows stand for different numbers of items, a new item is taken to weigh as much as the heaviest.

    source  Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, ch. 4 (by kind); Tibshirani,
            Foygel Barber, Candès and Ramdas 2019, arXiv:1904.06019 (weights); Dunn, Wasserman and Ramdas 2022,
            doi:10.1080/01621459.2022.2060112 (one row of a group); Vovk 2012, arXiv:1209.2673 (`likely`)
    """
    return Band(_side(sample, ~sample.ai, 1.0, alpha_for), _side(sample, sample.ai, -1.0, alpha_against))


def _side(sample: Sample, kind: Bools, sign: float, alpha: float) -> Side:
    rows = _one_of_each(sample, np.flatnonzero(kind))
    scores, weights = sign * sample.score[rows], sample.weight[rows]
    order = np.argsort(scores, kind="stable")
    scores, weights = scores[order], weights[order]
    # A new item may stand at any place among them, and is taken to lie above all that were seen.
    new = float(weights.max()) if len(weights) else 1.0
    reached = np.cumsum(weights) / (float(weights.sum()) + new)
    place = int(np.searchsorted(reached, 1 - alpha - 1e-12))
    if place >= len(scores):
        return Side(None, alpha, 0.0, len(rows))
    beyond = float(sign * scores[place])
    return Side(beyond, alpha, _likely(weights, place), len(rows))


def _one_of_each(sample: Sample, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[int]:
    """One row of every group, drawn evenly; the same rows on every run and in every order of the file."""
    generator = np.random.default_rng(20260802)
    ranked = rows[np.lexsort((sample.score[rows], sample.group[rows]))]
    shuffled = ranked[generator.permutation(len(ranked))]
    _, first = np.unique(sample.group[shuffled], return_index=True)
    return [int(place) for place in shuffled[first]]


def _likely(weights: Floats, place: int) -> float:
    """The 95th percentile of the error over samples like this one: a beta distribution of ranks."""
    from scipy.special import betaincinv

    worth = float(weights.sum()) ** 2 / float((weights**2).sum())
    kept = worth * float(weights[: place + 1].sum() / weights.sum())
    return min(1.0, float(betaincinv(max(worth + 1 - kept, 1e-9), kept, 0.95)))


def least_items(alpha: float) -> int:
    """How many independent items of a kind a promise needs before any verdict can be given."""
    return math.ceil(1 / alpha) - 1
