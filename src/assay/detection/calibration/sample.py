"""Labelled scores that a calibration is fitted on, checked and weighed by kind. It fits nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.errors import Fault

LEAST_OF_A_KIND = 50
MOST_ROWS = 5_000_000
FOLDS = 5

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Scores of items whose truth is known; higher scores speak for AI.

    ai       whether AI made the item
    group    the source of each row: variants of one picture share one, and count as one
    bucket   place in `buckets`, or -1 where the row has none
    weight   how many items of the operator's traffic a row stands for
    names    digests of the groups, by which folds are dealt: the same group falls into the same fold on every run
    """

    score: Floats
    ai: Bools
    group: Indices
    bucket: Indices
    weight: Floats
    names: tuple[str, ...]
    buckets: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.score)

    def balanced(self) -> Floats:
        """Weights with which either kind adds up to one: what is fitted with them knows nothing of how common AI is."""
        weights = self.weight.copy()
        for kind in (self.ai, ~self.ai):
            total = float(weights[kind].sum())
            weights[kind] /= total or 1.0
        return weights

    def effective(self, *, ai: bool) -> float:
        """How many independent items of a kind the rows are worth, by groups and weights.

        source  Kish 1965, Survey Sampling, ch. 8
        """
        kind = self.ai if ai else ~self.ai
        sums = np.bincount(self.group[kind], weights=self.weight[kind])
        square = float((sums**2).sum())
        return float(sums.sum()) ** 2 / square if square else 0.0

    def taken(self, chosen: Bools | Indices) -> Sample:
        """Some of the rows; groups and buckets keep their numbers."""
        columns = {name: getattr(self, name)[chosen] for name in ("score", "ai", "group", "bucket", "weight")}
        return replace(self, **columns)

    def with_scores(self, score: Floats) -> Sample:
        """The same rows with other scores."""
        return replace(self, score=score)

    def folds(self, count: int = FOLDS) -> Indices:
        """The fold of every row; a group is never divided, and both kinds are dealt evenly."""
        share = np.bincount(self.group, weights=self.ai, minlength=len(self.names))
        rows = np.maximum(np.bincount(self.group, minlength=len(self.names)), 1)
        mostly = share / rows > 0.5
        dealt = np.zeros(len(self.names), np.intp)
        order = np.array(sorted(range(len(self.names)), key=lambda place: self.names[place]), np.intp)
        for kind in (mostly, ~mostly):
            of_kind = order[kind[order]]
            dealt[of_kind] = np.arange(len(of_kind)) % count
        return dealt[self.group]

    def digest(self) -> str:
        """What these rows are, in whatever order they came."""
        names = np.array(self.names)[self.group].tolist()
        buckets = [self.buckets[place] if place >= 0 else "" for place in self.bucket.tolist()]
        columns = (self.score.tolist(), self.ai.tolist(), self.weight.tolist(), names, buckets)
        seen = hashlib.sha256()
        for row in sorted(zip(*columns, strict=True)):
            seen.update(repr(row).encode())
        return "sha256:" + seen.hexdigest()


def sample_of(
    scores: Sequence[float] | Floats,
    labels: Sequence[bool] | Bools,
    groups: Sequence[str] | None = None,
    buckets: Sequence[str] | None = None,
    weights: Sequence[float] | Floats | None = None,
) -> Sample | list[Fault]:
    """A sample of rows, or everything that keeps it from being one.

    scores   finite numbers; higher speaks for AI
    labels   whether AI made the item
    groups   the source of each row; without them every row is its own
    buckets  `""` for none; None for none at all
    weights  above 0; None where every row counts alike
    """
    score, ai = np.asarray(scores, np.float64), np.asarray(labels, np.bool_)
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, np.float64)
    faults = _faults(score, ai, weight)
    if faults:
        return faults
    named = [f"row {place}" for place in range(len(score))] if groups is None else list(groups)
    if len(named) != len(score) or (buckets is not None and len(buckets) != len(score)):
        return [Fault("wrong-length", f"{len(score):,} scores need as many groups and buckets", "group")]
    unique, group = np.unique(np.array(named, dtype=np.str_), return_inverse=True)
    digests = tuple(hashlib.sha256(str(name).encode()).hexdigest()[:32] for name in unique)
    kinds = sorted(set(buckets or ()) - {""})
    place_of = {name: place for place, name in enumerate(kinds)}
    bucket = np.array([place_of.get(name, -1) for name in buckets or [""] * len(score)], np.intp)
    return Sample(score, ai, group.astype(np.intp), bucket, weight, digests, tuple(kinds))


def _faults(score: Floats, ai: Bools, weight: Floats) -> list[Fault]:
    faults = []
    if not len(score) == len(ai) == len(weight):
        return [Fault("wrong-length", f"{len(score):,} scores need as many labels and weights", "label")]
    if len(score) > MOST_ROWS:
        faults.append(Fault("too-many", f"{len(score):,} rows are more than {MOST_ROWS:,}; draw a sample", "score"))
    lost = int((~np.isfinite(score)).sum())
    if lost:
        faults.append(Fault("no-number", f"{lost:,} scores are no finite numbers; leave those rows out", "score"))
    if not bool((np.isfinite(weight) & (weight > 0)).all()):
        faults.append(Fault("bad-weight", "every weight is a number above 0", "weight"))
    return faults


def too_few(sample: Sample, least: int = LEAST_OF_A_KIND) -> list[Fault]:
    """Says which kind has too few independent items for a likelihood ratio."""
    faults = []
    for ai, words in ((True, "items made by AI"), (False, "items not made by AI")):
        count, rows = sample.effective(ai=ai), int((sample.ai == ai).sum())
        if not rows:
            faults.append(Fault("one-kind", f"there are no {words}; a likelihood ratio needs both kinds", "label"))
        elif count < least:
            some = f"{rows:,} row of {words} is" if rows == 1 else f"{rows:,} rows of {words} are"
            counted = f"{some} worth {int(count):,} independent {'one' if int(count) == 1 else 'ones'}"
            faults.append(Fault("too-few", f"{counted}; label at least {least} from different sources", "label"))
    return faults
