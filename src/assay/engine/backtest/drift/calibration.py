"""Scores held against what people found: how often it is so where a score says so. It trains nothing."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.drift.counted import FINE
from assay.engine.backtest.estimate.intervals import quantile, score_bounds
from assay.engine.backtest.estimate.labels.redecided import values_in
from assay.engine.backtest.estimate.labels.voices import NO, YES, voices_of
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary

BINS = 10
EDGES = tuple([step / BINS for step in range(1, BINS)])
METHOD = "labelled"
# With fewer labelled rows, or fewer of either kind, nothing is said of a score.
LEAST_LABELLED, LEAST_OF_A_KIND = 100, 10
# A score that tells two kinds apart no better than this is not meant for them.
_LEAST_APART = 0.6


class Target(NamedTuple):
    """What a score is held against: what people found of a thing, and which findings count as yes.

    cut  a value; of a scale, it and all above it; of a flag or a measure, `yes`
    """

    score: str
    of: str
    cut: str


# By bin: rows, w, w², w t, w² t, w score; t is 1 where people found it so.
_ROWS, _W, _WW, _WT, _WWT, _WS = range(6)
# The loss (score - t)²: rows, w, w², w loss, w² loss, w² loss².
_LOSS = 6


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores between two edges: what they were on average, and how often it was so."""

    low: float
    high: float
    score: float
    found: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well a score said what people found, in one period.

    brier   the mean of (score - truth)²: 0 is best; Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
    error   how far scores are from what was found, bin by bin, on average (expected calibration error)
    """

    rows: int
    brier: Estimate
    error: Estimate
    bins: tuple[Bin, ...]


class Reliabilities:
    """Scores by bin with what people found, gathered block by block."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_name = vocabulary.by_name
        self.signals = [one for one in vocabulary.signals if one.type is SignalType.SCORE and not one.by_market]
        self.bins: dict[Target, NDArray[np.float64]] = {}
        self.loss: dict[Target, NDArray[np.float64]] = {}

    def add(self, history: HistoryBlock) -> None:
        """The labelled rows of a block that have a score."""
        voices = voices_of(history.labels) if self.signals else {}
        rows = sorted(voices)
        if not rows:
            return
        weights = (np.rint(history.weights[rows] * FINE) / FINE).tolist()
        for signal in self.signals:
            column = history.block.columns.get(signal.name)
            scores = [] if column is None else values_in(column, np.array(rows, np.intp))
            for row, score, weight in zip(rows, scores, weights, strict=False):
                if isinstance(score, int | float):
                    for target, truth in self._targets(signal.name, voices[row].agreed):
                        self._put(target, float(score), weight, truth=truth)

    def _targets(self, score: str, agreed: dict[str, str]) -> Iterator[tuple[Target, bool]]:
        for of, value in agreed.items():
            signal = self._by_name.get(of)
            if signal is None or signal.type is SignalType.FLAG:
                if value in (YES, NO):
                    yield Target(score, of, YES), value == YES
            elif signal.type in (SignalType.SCALE, SignalType.CHOICE) and value in signal.value_names:
                yield from self._cuts(score, signal, value)

    @staticmethod
    def _cuts(score: str, signal: Signal, value: str) -> Iterator[tuple[Target, bool]]:
        names = signal.value_names
        for place, cut in enumerate(names):
            if signal.type is SignalType.CHOICE:
                yield Target(score, signal.name, cut), value == cut
            elif place:
                yield Target(score, signal.name, cut), names.index(value) >= place

    def _put(self, target: Target, score: float, weight: float, *, truth: bool) -> None:
        loss = (score - truth) ** 2
        square = _fine(weight**2)
        found = self.bins.setdefault(target, np.zeros((BINS, 6)))
        so = float(truth)
        found[bisect_right(EDGES, score)] += (1, weight, square, weight * so, square * so, _fine(weight * score))
        lost = self.loss.setdefault(target, np.zeros(_LOSS))
        lost += (1, weight, square, _fine(weight * loss), _fine(square * loss), _fine(square * loss**2))

    def merge(self, other: Reliabilities) -> None:
        """What was gathered of later blocks."""
        for mine, theirs, shape in ((self.bins, other.bins, (BINS, 6)), (self.loss, other.loss, (_LOSS,))):
            for target, found in theirs.items():
                mine[target] = mine.get(target, np.zeros(shape)) + found

    def reliability(self, target: Target) -> Reliability | None:
        """How well a score did; None where too few rows with a score were labelled."""
        found = self.bins.get(target)
        if found is None or not _is_enough(found):
            return None
        lost = self.loss[target]
        brier = _mean(int(lost[0]), *lost[1:].tolist())
        bins = tuple([_bin(place, row) for place, row in enumerate(found.tolist()) if row[_ROWS]])
        return Reliability(int(found[:, _ROWS].sum()), brier, _calibration_error(found), bins)


def _fine(number: float) -> float:
    return round(number * FINE) / FINE


def _is_enough(found: NDArray[np.float64]) -> bool:
    rows, weight, yes = (float(found[:, place].sum()) for place in (_ROWS, _W, _WT))
    of_a_kind = rows * min(yes, weight - yes) / weight
    return rows >= LEAST_LABELLED and of_a_kind >= LEAST_OF_A_KIND


def _mean(rows: int, w: float, ww: float, wx: float, wwx: float, wwxx: float) -> Estimate:
    mean = wx / w
    variance = max(0.0, wwxx - 2 * mean * wwx + mean**2 * ww) / w**2 * rows / max(rows - 1, 1)
    half = quantile(rows - 1) * math.sqrt(variance)
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half), rows, METHOD)


def _bin(place: int, row: list[float]) -> Bin:
    share = row[_WT] / row[_W]
    effective = row[_W] ** 2 / row[_WW]
    low, high = score_bounds(share, effective, quantile())
    found = Estimate(share, low, high, int(row[_ROWS]), METHOD)
    return Bin(place / BINS, (place + 1) / BINS, row[_WS] / row[_W], found)


def variances(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of the share that was found so, by bin, as if one more row had been seen, half of it so."""
    w, ww, wt = found[:, _W], found[:, _WW], found[:, _WT]
    some = w > 0
    rows = np.where(some, w**2 / np.where(some, ww, 1), 0)
    share = (np.where(some, wt / np.where(some, w, 1), 0) * rows + 0.5) / (rows + 1)
    return np.where(some, share * (1 - share) / np.maximum(rows, 1), 0.0)


def shares(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share that was found so in each bin."""
    return np.divide(found[:, _WT], found[:, _W], out=np.zeros(BINS), where=found[:, _W] > 0)


def filled(found: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """The bins with so many rows."""
    return np.asarray(found[:, _ROWS] >= least)


def _calibration_error(found: NDArray[np.float64]) -> Estimate:
    weights = found[:, _W] / found[:, _W].sum()
    scores = np.divide(found[:, _WS], found[:, _W], out=np.zeros(BINS), where=found[:, _W] > 0)
    rows = int(found[:, _ROWS].sum())
    apart = float((weights * np.abs(shares(found) - scores)).sum())
    half = quantile() * math.sqrt(float((weights**2 * variances(found)).sum()))
    return Estimate(apart, max(0.0, apart - half), min(1.0, apart + half), rows, METHOD)


def best_target(reliabilities: Reliabilities, score: str) -> Target | None:
    """What a score tells apart best, of what people labelled: the area under its curve, from its bins.

    Nobody has to say what a detector is for; where it is for nothing that was labelled, nothing is said of it.
    """
    known = [(target, found) for target, found in reliabilities.bins.items() if target.score == score]
    told = [(_apart(found), target) for target, found in known if _is_enough(found)]
    best = max(told, key=lambda one: (one[0], one[1]), default=None)
    return best[1] if best is not None and best[0] >= _LEAST_APART else None


def _apart(found: NDArray[np.float64]) -> float:
    """How likely a row of the thing has the higher score of two; ties count one half (Mann and Whitney 1947)."""
    yes, every = found[:, _WT], found[:, _W]
    no = every - yes
    below = np.concatenate(([0.0], np.cumsum(no)[:-1]))
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))
