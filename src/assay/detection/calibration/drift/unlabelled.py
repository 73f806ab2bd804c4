"""New scores without labels: could any mixture of the old kinds have given them? It knows nothing of their truth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.detection.calibration.calibration import WHOLE, Calibration, Fitted
from assay.detection.calibration.curves.curve import Floats, short
from assay.detection.calibration.drift.outlook import Outlook
from assay.detection.calibration.measures.resampled import Figure, figure_of

LEAST_NEW = 100
# By custom a stability index below 0.1 is no shift of a whole distribution. Here the mixture is fitted first, which
# takes away what a changed share of AI explains and some of what it does not, so that a fifth of it counts.
WORTH_PSI = 0.02
# Where chance alone reaches this now and then, that nothing was seen is no news.
_BLIND = 0.05
LEAST_PROBABILITY = 0.01
_DRAWS, _MOST_DRAWS = 400, 20_000
_STEPS = 60
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class ScoreShift:
    """New scores of all items or of one bucket, against the calibration's.

    items        how many independent scores the new ones are worth
    share_of_ai  the share of AI with which a mixture of both old kinds comes nearest to the new scores
    psi          stability index of the new scores against that mixture, less what chance alone gives
    distance     largest difference of the cumulative shares (Kolmogorov and Smirnov), at the bins' edges
    probability  how often chance alone gives a misfit as large
    least_seen   the index from which on these few scores would show a shift
    """

    bucket: str
    items: int
    share_of_ai: Figure
    psi: Figure
    distance: float
    probability: float
    least_seen: float
    outlook: Outlook


def score_shift(
    calibration: Calibration, scores: Floats, weights: Floats, bucket: str = WHOLE, looks: int = 1
) -> ScoreShift | None:
    """Compares finite new scores; None where there is none, or the bucket has no figures of its own.

    looks  how many buckets are looked at together, which share the chance of a false alarm

    A changed share of AI is no drift: likelihood ratios do not depend on it. What no mixture of the old kinds gives is.

    source  stability index: Siddiqi 2006, Credit Risk Scorecards; mixture by maximum likelihood, as in Saerens,
            Latinne and Decaestecker 2002, doi:10.1162/089976602753284446; its misfit against resamples of a mixture
    """
    fitted = calibration.whole if bucket == WHOLE else calibration.buckets.get(bucket)
    if fitted is None or not len(scores):
        return None
    worth = float(weights.sum()) ** 2 / float((weights**2).sum())
    new = fitted.reference.counted(scores, weights)
    return _compared(bucket, fitted, new, worth, max(LEAST_PROBABILITY / looks, 1 / _MOST_DRAWS))


def _compared(bucket: str, fitted: Fitted, new: Floats, worth: float, level: float) -> ScoreShift:
    generator = np.random.default_rng(20260803)
    # Written with ten digits, shares need not add up to 1 to the last of them, on which drawing insists.
    by_ai, other = (np.array(kind) / sum(kind) for kind in (fitted.reference.ai, fitted.reference.other))
    sizes = max(int(fitted.ai.worth), 1), max(int(fitted.other.worth), 1), max(int(worth), 1)
    share, mixture = _mixture(new[None], by_ai[None], other[None])

    def drawn(of: Floats, count: int = _DRAWS) -> tuple[Floats, Floats]:
        """Best shares and misfits where new shares are drawn from `of`, and both kinds' from what was seen."""
        kinds = [generator.multinomial(size, p, count) / size for p, size in ((by_ai, sizes[0]), (other, sizes[1]))]
        again = generator.multinomial(sizes[2], of / of.sum(), count) / sizes[2]
        shares, mixtures = _mixture(again, *kinds)
        return shares, _psi(again, mixtures)

    misfit = _psi(new[None], mixture)[0]
    by_chance = drawn(mixture[0])[1]
    again_shares, again = drawn(new)
    # What resampling adds to the index by itself is about what chance alone gives; both are taken away.
    again -= 2 * by_chance.mean()
    if not (by_chance >= misfit).any() and level < 1 / (1 + _DRAWS):
        # So small a chance cannot be told by so few draws.
        by_chance = np.concatenate((by_chance, drawn(mixture[0], math.ceil(1 / level))[1]))
    probability = (1 + int((by_chance >= misfit).sum())) / (1 + len(by_chance))
    least_seen = float(np.percentile(by_chance, 100 * (1 - level))) - float(by_chance.mean())
    psi = figure_of(max(float(misfit - by_chance.mean()), 0.0), np.maximum(again, 0.0))
    return ScoreShift(
        bucket,
        sizes[2],
        figure_of(float(share[0]), again_shares),
        psi,
        short(float(np.abs(np.cumsum(new - mixture[0])).max())),
        short(probability),
        short(max(least_seen, 0.0)),
        _outlook(sizes[2], psi.value, least_seen, rare=probability <= level),
    )


def _outlook(items: int, psi: float, least_seen: float, *, rare: bool) -> Outlook:
    if items < LEAST_NEW:
        return Outlook.CANNOT_TELL
    if rare and psi >= WORTH_PSI:
        return Outlook.RECALIBRATE
    return Outlook.CANNOT_TELL if least_seen > _BLIND else Outlook.STEADY


def _mixture(new: Floats, by_ai: Floats, other: Floats) -> tuple[Floats, Floats]:
    """For each row the share of AI that makes the new shares most likely, and the mixture it gives."""
    # A bin that neither kind was ever seen in can still be reached; without a floor one score in it would be all.
    by_ai, other = (np.maximum(kind, _FLOOR) for kind in (by_ai, other))
    by_ai, other = (kind / kind.sum(1, keepdims=True) for kind in (by_ai, other))
    low, high = np.zeros(len(new)), np.ones(len(new))
    for _ in range(_STEPS):
        share = (low + high) / 2
        slope = (new * (by_ai - other) / (share[:, None] * by_ai + (1 - share[:, None]) * other)).sum(1)
        # The likelihood is concave in the share, so that its slope says on which side the best share lies.
        low, high = np.where(slope > 0, share, low), np.where(slope > 0, high, share)
    share = (low + high) / 2
    return share, share[:, None] * by_ai + (1 - share[:, None]) * other


def _psi(new: Floats, old: Floats) -> Floats:
    new, old = np.maximum(new, _FLOOR), np.maximum(old, _FLOOR)
    return np.asarray(((new - old) * np.log(new / old)).sum(1), np.float64)
